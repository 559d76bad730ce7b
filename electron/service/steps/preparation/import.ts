import type { FileUse } from '../../../../contract/acquisition.ts';
import type { CaseSeries, CaseState } from '../../../../contract/case.ts';
import { type Finding, Refusal } from '../../../../contract/errors.ts';
import type { ImportRequest } from '../../../../contract/routes.ts';
import type { ImportReport } from '../../../../contract/volume.ts';
import { importAct } from '../../cases/acts.ts';
import type { JobContext } from '../../jobs.ts';
import type { OpenCases, Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';
import { checkAcquisition, subjectOf } from './acquisition-check.ts';
import { filesBlob } from './files.ts';

/**
 * Clause 7: reads the inputs in the compute process and makes a case of them. The case folder appears only when something was imported;
 * a refusal leaves nothing. Throws Refusal with the import report.
 */
export async function importIntoCase(
  ports: Ports,
  open: OpenCases,
  request: ImportRequest,
  context: JobContext,
): Promise<{ session: Session; report: ImportReport; files: FileUse[]; case: CaseState }> {
  const paths = request.paths.map((path) => ports.files.absolute(path));
  const wanted = request.folder === null ? null : ports.files.absolute(request.folder);
  if (wanted !== null && paths.some((input) => ports.files.isInside(wanted, input)))
    throw new Refusal(
      'OUTPUT_NOT_WRITABLE',
      'The case would lie inside the folder that is read, and nothing is ever written there. Choose another place.',
    );
  const into = await ports.files.temporary();
  try {
    const {
      report: read,
      files,
      sources,
      uses,
    } = await ports.compute.run(
      'import',
      { paths, seriesInstanceUid: request.seriesInstanceUid, allow: request.allow, into },
      { onProgress: context.progress, signal: context.signal },
    );
    if (read.outcome === 'reject' || !read.series.length) throw refused(read, uses);
    const report = { ...read, findings: [...read.findings, ...(await acquisitionFindings(ports, read.series))] };
    const folder = wanted ?? (await freeFolder(ports, report));
    const session = await open.create(folder, caseName(folder));
    const sha256 = new Map(files.map((file) => [file.path, file.sha256]));
    try {
      for (const file of [...files, ...sources]) if (file) await session.files.adopt(file);
      const series: CaseSeries[] = report.series.map((entry, n) => {
        const hash = sha256.get(entry.voxels.path);
        if (!hash) throw new RangeError('import named voxels that it did not write');
        return { ...entry, voxels: { ...entry.voxels, path: '', sha256: hash }, derivation: null, source: sources[n]?.sha256 ?? null };
      });
      const list = await session.files.putBlob(filesBlob(uses));
      await session.append(importAct({ sources: paths, allow: request.allow, report: { ...report, series: [] }, series, files: list }));
    } catch (error) {
      await open.close(session.id);
      await ports.files.remove(folder);
      throw error;
    }
    const state = session.state();
    return { session, report: { ...report, series: state.series }, files: uses, case: state };
  } finally {
    await ports.files.remove(into);
  }
}

/**
 * 7.3: what the check of each series says, as findings of the import. They are held against the profile that fits the modality; they
 * neither warn nor change the outcome.
 */
async function acquisitionFindings(ports: Ports, series: ImportReport['series']): Promise<Finding[]> {
  const checks = await checkAcquisition(ports, { subjects: series.map(subjectOf) }, null);
  const several = series.length > 1;
  return checks.flatMap((check, n) => {
    const of = several ? `${series[n]?.description || series[n]?.seriesInstanceUid}: ` : '';
    return check.findings.map((text) => ({ text: `${of}${text}` }));
  });
}

function refused(report: ImportReport, files: FileUse[]): Refusal {
  const first = report.reasons[0] ?? { code: 'NO_READABLE_IMAGES' as const, message: 'No volume was found in these files.' };
  const whole: ImportReport = { ...report, outcome: 'reject', reasons: report.reasons.length ? report.reasons : [first], series: [] };
  return new Refusal(first.code, first.message, { reasons: whole.reasons, report: { ...whole, files } });
}

/** The case's name is its folder's; nothing of the patient gets into a path. */
function caseName(folder: string): string {
  const last =
    folder
      .replace(/[/\\]+$/, '')
      .split(/[/\\]/)
      .at(-1) ?? 'case';
  return last.replace(/\.lamina$/, '') || 'case';
}

async function freeFolder(ports: Ports, report: ImportReport): Promise<string> {
  const modality = report.series[0]?.modality.replace(/[^A-Z]/g, '') || 'CASE';
  for (let n = 1; ; n++) {
    const folder = ports.files.join(ports.files.casesFolder(), `${modality}-${String(n).padStart(4, '0')}.lamina`);
    if (!(await ports.files.exists(folder))) return folder;
  }
}
