import { rm } from 'node:fs/promises';
import type { Coded, Finding } from '../../../contract/errors.ts';
import { Refusal } from '../../../contract/errors.ts';
import type { ImportReport, SeriesEntry } from '../../../contract/volume.ts';
import { assemble } from '../../ports/dicom/assemble.ts';
import { collect } from '../../ports/dicom/collect.ts';
import { refusedFindings, rejectReasons, sideFindings, sideWarnings } from '../../ports/dicom/outcome.ts';
import { type Candidate, planVolumes } from '../../ports/dicom/plan.ts';
import type { StagedFile, Task } from '../protocol.ts';
import { stage } from './masks.ts';

const sameSeries = (uid: string, asked: string) => uid === asked || uid.split('#')[0] === asked;

function merged(lists: Coded[][]): Coded[] {
  const seen = new Set<string>();
  return lists.flat().filter((item) => {
    const key = `${item.code}\n${item.message}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/**
 * Imports every volume of the input, or one series: raw voxels into the folder `into`, and the report of every file, used or not (7.2, 7.3).
 * A rejected import leaves `into` as it was. Throws what the file system throws where `into` cannot be written.
 */
export const importSeries: Task<'import'> = async ({ paths, seriesInstanceUid, allow, into }, context) => {
  const found = collect(paths, (done, total) => {
    context.throwIfCancelled();
    context.progress(0.2 * (done / total), `Reading headers: ${done} of ${total}`);
  });
  const planned = planVolumes(found.images);
  const chosen = seriesInstanceUid === null ? planned : planned.filter((item) => sameSeries(item.uid, seriesInstanceUid));
  if (seriesInstanceUid !== null && chosen.length === 0) throw new Refusal('NOT_FOUND', `The input holds no series ${seriesInstanceUid}.`);
  const volumes = chosen.filter((item) => item.kind === 'volume' && item.reasons.every((r) => (allow as string[]).includes(r.code)));
  const refused: Candidate[] = chosen.filter((item) => !volumes.includes(item));
  const findings: Finding[] = [...found.findings, ...sideFindings(found)];
  const files: StagedFile[] = [];
  const series: SeriesEntry[] = [];
  const warnings: Coded[][] = [sideWarnings(found)];
  try {
    for (const [n, plan] of volumes.entries()) {
      const share = 0.8 / volumes.length;
      try {
        const volume = assemble(plan, (part) => {
          context.throwIfCancelled();
          context.progress(0.2 + share * (n + part), `Decoding ${plan.slices.length} slices`);
        });
        const file = await stage(into, volume.values, volume.dtype === 'int16' ? '.int16' : '.float32');
        files.push(file);
        series.push({ ...volume.entry, voxels: { path: file.path, dtype: volume.dtype, units: volume.units } });
        warnings.push(volume.warnings);
        findings.push(...volume.findings);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        refused.push({ ...plan, reasons: error.reasons });
      }
    }
  } catch (error) {
    await Promise.all(files.map((file) => rm(file.path, { force: true })));
    throw error;
  }
  findings.push(...refusedFindings(refused));
  if (series.length === 0) {
    const reasons = rejectReasons(found, refused);
    return { report: { outcome: 'reject', reasons, warnings: [], findings, series: [] }, files: [] };
  }
  for (const item of refused)
    if (item.kind === 'volume')
      warnings.push(item.reasons.map((r) => ({ code: r.code, message: `Series ${item.uid} was not imported. ${r.message}` })));
  const all = merged(warnings);
  context.progress(1, 'Imported');
  const report: ImportReport = { outcome: all.length > 0 ? 'accept_with_warning' : 'accept', reasons: [], warnings: all, findings, series };
  return { report, files };
};
