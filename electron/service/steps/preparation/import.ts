import type { CaseSeries, CaseState } from '../../../../contract/case.ts';
import { Refusal } from '../../../../contract/errors.ts';
import type { ImportRequest } from '../../../../contract/routes.ts';
import type { ImportReport } from '../../../../contract/volume.ts';
import { importAct } from '../../cases/acts.ts';
import type { JobContext } from '../../jobs.ts';
import type { OpenCases, Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';

/**
 * Clause 7: reads the inputs in the compute process and makes a case of them. The case folder appears only when something was imported;
 * a refusal leaves nothing. Throws Refusal with the import report.
 */
export async function importIntoCase(
  ports: Ports,
  open: OpenCases,
  request: ImportRequest,
  context: JobContext,
): Promise<{ session: Session; report: ImportReport; case: CaseState }> {
  const paths = request.paths.map((path) => ports.files.absolute(path));
  const wanted = request.folder === null ? null : ports.files.absolute(request.folder);
  if (wanted !== null && paths.some((input) => ports.files.isInside(wanted, input)))
    throw new Refusal(
      'OUTPUT_NOT_WRITABLE',
      'The case would lie inside the folder that is read, and nothing is ever written there. Choose another place.',
    );
  const into = await ports.files.temporary();
  try {
    const { report, files } = await ports.compute.run(
      'import',
      { paths, seriesInstanceUid: request.seriesInstanceUid, allow: request.allow, into },
      { onProgress: context.progress, signal: context.signal },
    );
    if (report.outcome === 'reject' || !report.series.length) throw refused(report);
    const folder = wanted ?? (await freeFolder(ports, report));
    const session = await open.create(folder, caseName(folder));
    const sha256 = new Map(files.map((file) => [file.path, file.sha256]));
    try {
      for (const file of files) await session.files.adopt(file);
      const series: CaseSeries[] = report.series.map((entry) => {
        const hash = sha256.get(entry.voxels.path);
        if (!hash) throw new RangeError('import named voxels that it did not write');
        return { ...entry, voxels: { ...entry.voxels, path: '', sha256: hash }, derivation: null };
      });
      await session.append(importAct({ sources: paths, allow: request.allow, report: { ...report, series: [] }, series }));
    } catch (error) {
      await open.close(session.id);
      await ports.files.remove(folder);
      throw error;
    }
    const state = session.state();
    return { session, report: { ...report, series: state.series }, case: state };
  } finally {
    await ports.files.remove(into);
  }
}

function refused(report: ImportReport): Refusal {
  const first = report.reasons[0] ?? { code: 'NO_READABLE_IMAGES' as const, message: 'No volume was found in these files.' };
  const whole: ImportReport = { ...report, outcome: 'reject', reasons: report.reasons.length ? report.reasons : [first], series: [] };
  return new Refusal(first.code, first.message, { reasons: whole.reasons, report: whole });
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
