import { tmpdir } from 'node:os';
import { Refusal } from '../../../contract/errors.ts';
import type { ScanResult, SeriesSummary } from '../../../contract/volume.ts';
import type { ImageFile } from '../../ports/dicom/image.ts';
import { rejectReasons, sideFindings } from '../../ports/dicom/outcome.ts';
import { type Candidate, gridOf, planVolumes } from '../../ports/dicom/plan.ts';
import type { Slice } from '../../ports/dicom/slice.ts';
import { shownSlice, thumbnail } from '../../ports/dicom/thumbnail.ts';
import { type Gathered, gather } from '../../ports/gather.ts';
import { volumeFileSummary } from '../../ports/volume-file-summary.ts';
import { distinctVolumeFiles } from '../../ports/volume-file-uid.ts';
import type { Task, TaskContext } from '../protocol.ts';

/** The slice to show: the middle one, also where the geometry could not be told. */
function middle(plan: Candidate): Slice | null {
  const slice = plan.slices[plan.slices.length >> 1];
  if (slice) return slice;
  const file = plan.files[plan.files.length >> 1];
  const frame = file?.frames[file.frames.length >> 1];
  return file && frame && !file.fault ? { file, frame, position: frame.position ?? [0, 0, 0] } : null;
}

function summary(plan: Candidate): SeriesSummary {
  const first = plan.files[0] as ImageFile;
  const reasons = [...plan.reasons];
  const shown = middle(plan);
  let picture: SeriesSummary['thumbnail'] = null;
  if (shown) {
    try {
      const isHu = first.modality === 'CT' && !plan.warnings.some((item) => item.code === 'HU_NOT_CALIBRATED');
      picture = thumbnail(shownSlice(shown, plan.inPlaneMm, isHu));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      reasons.push(...error.reasons);
    }
  }
  const { stack } = plan;
  return {
    seriesInstanceUid: plan.uid,
    kind: plan.kind,
    modality: first.modality,
    description: first.description,
    patientName: first.patientName,
    studyDate: first.studyDate,
    dimensions: [
      first.format.columns,
      first.format.rows,
      plan.slices.length || plan.files.reduce((sum, file) => sum + file.frames.length, 0),
    ],
    spacingMm: stack && stack.stepMm > 0 ? gridOf(plan).spacingMm : null,
    reasons,
    warnings: plan.warnings,
    thumbnail: picture,
  };
}

/** Lists the series of files and folders for the picker: headers, and one decoded slice each. */
export const scan: Task<'scan'> = async ({ paths }, context) => {
  const found = await gather(paths, tmpdir(), (done, total) => {
    context.throwIfCancelled();
    context.progress(0.8 * (done / total), `Reading headers: ${done} of ${total}`);
  });
  try {
    return await list(found, context);
  } finally {
    found.dispose();
  }
};

/** What a person can choose again: an entry of an archive is reached by its archive. */
const chosenPath = (path: string, found: Gathered): string => found.told({ text: '', path }).path ?? path;

/** Files of all volumes of one series: alone, each volume would be numbered anew. */
function pathsOf(plan: Candidate, planned: Candidate[], found: Gathered): string[] {
  const series = (uid: string) => uid.replace(/#\d+$/, '');
  const all = planned.filter((one) => series(one.uid) === series(plan.uid)).flatMap((one) => one.files);
  return [...new Set(all.map((file) => chosenPath(file.path, found)))];
}

async function list(found: Gathered, context: TaskContext): Promise<ScanResult> {
  const planned = planVolumes(found.images, context.throwIfCancelled);
  const series: SeriesSummary[] = [];
  for (const [n, plan] of planned.entries()) {
    context.throwIfCancelled();
    series.push({ ...summary(plan), paths: pathsOf(plan, planned, found) });
    context.progress(0.8 + 0.2 * ((n + 1) / planned.length), `Series ${n + 1} of ${planned.length}`);
  }
  for (const { path, uid } of await distinctVolumeFiles(found)) {
    context.throwIfCancelled();
    try {
      series.push({ ...(await volumeFileSummary(path, found.nameOf(path), uid, found.beside(path))), paths: [chosenPath(path, found)] });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      found.damaged.push(...error.reasons.map((reason) => ({ path, reason })));
    }
  }
  return {
    series,
    findings: [...found.findings, ...sideFindings(found)].map(found.told),
    reasons: series.length === 0 ? rejectReasons(found, []) : [],
  };
}
