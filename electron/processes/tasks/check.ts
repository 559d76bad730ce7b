import { tmpdir } from 'node:os';
import type { AcquisitionFacts, AcquisitionProfile } from '../../../contract/acquisition.ts';
import { Refusal } from '../../../contract/errors.ts';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { assemble } from '../../ports/dicom/assemble.ts';
import { DecodeHelpers } from '../../ports/dicom/decode-helpers.ts';
import { rejectReasons } from '../../ports/dicom/outcome.ts';
import { type Candidate, gridOf, planVolumes } from '../../ports/dicom/plan.ts';
import { memoryFor } from '../../ports/dicom/volume-memory.ts';
import { type Gathered, gather } from '../../ports/gather.ts';
import { distinctVolumeFiles } from '../../ports/volume-file-uid.ts';
import { readVolumeFile } from '../../ports/volume-file-volume.ts';
import { acquisitionCheck, profileFor } from '../acquisition/check.ts';
import { measureQuality } from '../acquisition/measure-quality.ts';
import type { CheckSubject, Task, TaskContext } from '../protocol.ts';
import { factsOfPlan, factsOfVolumeFile } from './series-facts.ts';

interface Volume {
  entry: VolumeGeometry & { modality: string; slicePositionsMm: number[]; resampled: boolean };
  values: Int16Array | Float32Array;
  units: string;
}
function subjectOf({ entry, values, units }: Volume, acquisition: AcquisitionFacts | null, pause: () => void): CheckSubject {
  const { modality, slicePositionsMm, resampled, dimensions, spacingMm, originLps, directionLps } = entry;
  const geometry = { dimensions, spacingMm, originLps, directionLps };
  const quality = measureQuality(values, geometry, units, pause);
  return { modality, units, geometry, slicePositionsMm, grid: resampled ? 'resampled' : 'exact', acquisition, quality, derived: null };
}

/** A volume that needs consent, or cannot be read at all: what its headers say is checked, its voxels are not measured. */
function unreadSubject(plan: Candidate): CheckSubject {
  const { stack } = plan;
  if (!stack || plan.slices.length < 3) {
    const [first] = plan.reasons;
    throw new Refusal(first?.code ?? 'TOO_FEW_SLICES', first?.message ?? 'The series is no volume: there is nothing to check.', {
      reasons: plan.reasons.length > 0 ? plan.reasons : undefined,
    });
  }
  const { format, modality } = plan.files[0]!;
  const isHu = modality === 'CT' && !plan.warnings.some((item) => item.code === 'HU_NOT_CALIBRATED');
  const { directionLps, spacingMm } = gridOf(plan);
  return {
    modality,
    units: isHu ? 'HU' : 'stored',
    geometry: {
      dimensions: [format.columns, format.rows, plan.slices.length],
      spacingMm,
      originLps: plan.slices[0]!.position,
      directionLps,
    },
    slicePositionsMm: stack.positionsMm,
    grid: 'refused',
    acquisition: factsOfPlan(plan),
    quality: null,
    derived: null,
  };
}

async function decodedSubject(plan: Candidate, step: (part: number) => void, pause: () => void): Promise<CheckSubject> {
  const helpers = new DecodeHelpers();
  try {
    return subjectOf(await assemble(plan, step, { helpers, memory: memoryFor([plan]) }), factsOfPlan(plan), pause);
  } finally {
    await helpers.close();
  }
}

async function examine(found: Gathered, uid: string | null, context: TaskContext): Promise<CheckSubject> {
  const planned = planVolumes(found.images, context.throwIfCancelled);
  const plans = planned.filter((plan) => (uid === null ? plan.kind === 'volume' : plan.uid === uid));
  const files = (await distinctVolumeFiles(found)).filter((file) => uid === null || file.uid === uid);
  if (plans.length + files.length === 0) {
    if (uid !== null) throw new Refusal('NOT_FOUND', `The input holds no series ${uid}.`);
    const reasons = rejectReasons(found, planned);
    throw new Refusal(reasons[0]!.code, reasons[0]!.message, { reasons });
  }
  if (plans.length + files.length > 1) {
    const list = [...plans, ...files].slice(0, 20).map((one) => one.uid);
    throw new Refusal('SERIES_AMBIGUOUS', `The input holds ${plans.length + files.length} volumes; name one: ${list.join(', ')}`);
  }
  const step = (part: number) => {
    context.throwIfCancelled();
    context.progress(0.3 + 0.6 * part, 'Reading the voxels');
  };
  const [plan] = plans;
  if (plan) return plan.reasons.length > 0 ? unreadSubject(plan) : decodedSubject(plan, step, context.throwIfCancelled);
  const { path } = files[0]!;
  const volume = await readVolumeFile(path, [], step, { name: found.nameOf(path), uid: files[0]!.uid, beside: found.beside(path) });
  return subjectOf(volume, factsOfVolumeFile(path, volume.entry.modality), context.throwIfCancelled);
}

/** Conditions of another modality would judge by what the series cannot have. */
function fitting(modality: string, id: string | null, profiles: readonly AcquisitionProfile[]): AcquisitionProfile | null {
  const profile = profileFor(modality, id, profiles);
  if (!profile || profile.modality === modality) return profile;
  const ids = profiles.filter((one) => one.modality === modality).map((one) => one.id);
  const named = modality || 'of no known modality';
  throw new Refusal(
    'NOT_FOUND',
    `The profile ${profile.id} is for ${profile.modality}, and this series is ${named}. ${ids.length > 0 ? `Those for ${modality}: ${ids.join(', ')}` : 'There is none for it'}.`,
  );
}

/**
 * 7.3, Annex A: what the headers and voxels of series say against a profile. Of paths, the one series that they hold is read for it;
 * nothing is written. Throws Refusal NOT_FOUND (also for a profile of another modality), SERIES_AMBIGUOUS, and what the import would refuse the series for.
 */
export const check: Task<'check'> = async ({ of, profile, profiles, kernels }, context) => {
  let subjects: CheckSubject[];
  if ('subjects' in of) subjects = of.subjects;
  else {
    const found = await gather(of.paths, tmpdir(), (done, total) => {
      context.throwIfCancelled();
      context.progress(0.3 * (done / total), `Reading headers: ${done} of ${total}`);
    });
    try {
      subjects = [await examine(found, of.seriesInstanceUid, context)];
    } finally {
      found.dispose();
    }
  }
  return { checks: subjects.map((one) => acquisitionCheck(one, fitting(one.modality, profile, profiles), profiles, kernels)) };
};
