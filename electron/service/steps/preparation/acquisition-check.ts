import type { AcquisitionCheck } from '../../../../contract/acquisition.ts';
import type { CaseSeries, CaseState } from '../../../../contract/case.ts';
import { Refusal } from '../../../../contract/errors.ts';
import type { SeriesEntry } from '../../../../contract/volume.ts';
import type { CheckSubject, Tasks } from '../../../processes/protocol.ts';
import { derivationsOf, importedOf } from '../../cases/derivations.ts';
import type { JobContext } from '../../jobs.ts';
import type { Ports } from '../../ports.ts';

/** A series of a case or an import report as the check takes it. */
export function subjectOf(series: SeriesEntry): CheckSubject {
  const { modality, dimensions, spacingMm, originLps, directionLps, slicePositionsMm, resampled, acquisition, quality } = series;
  const geometry = { dimensions, spacingMm, originLps, directionLps };
  const grid = resampled ? 'resampled' : 'exact';
  return { modality, units: series.voxels.units, geometry, slicePositionsMm, grid, acquisition, quality, derived: null };
}

const edgeKeeping: Record<string, string> = { median: 'median', 'non-local-means': 'non-local means', anisotropic: 'anisotropic' };

/**
 * A series of a case as the check takes it: the conditions of one that preprocessing made are those of the scan that it came from, the walls
 * those of its own voxels. Throws RangeError where the case does not hold that scan.
 */
export function subjectInCase(state: Pick<CaseState, 'series'>, series: CaseSeries): CheckSubject {
  const scan = importedOf(state, series);
  if (scan.derivation) throw new RangeError(`series ${series.seriesInstanceUid} comes of no scan of the case`);
  if (scan === series) return subjectOf(series);
  const { quality, spacingMm, voxels } = series;
  const done = derivationsOf(state, series);
  const filters = done.flatMap(({ settings }) => edgeKeeping[settings.denoise?.method ?? ''] ?? []);
  const steps = done.flatMap((one) => one.steps.map(({ step }) => step));
  return { ...subjectOf(scan), derived: { steps, edgeKeeping: filters.at(-1) ?? null, units: voxels.units, spacingMm, quality } };
}

/**
 * 7.3, Annex A. `profile` null: the one that fits the modality. Throws Refusal NOT_FOUND for a profile that nobody knows, and what reading
 * the files refuses.
 */
export async function checkAcquisition(
  ports: Ports,
  of: Tasks['check']['in']['of'],
  profile: string | null,
  context?: JobContext,
): Promise<AcquisitionCheck[]> {
  const { profiles } = await ports.profiles.list();
  if (profile !== null && !profiles.some((one) => one.id === profile))
    throw new Refusal('NOT_FOUND', `There is no profile ${profile}. There are: ${profiles.map((one) => one.id).join(', ')}`);
  const { lists } = await ports.profiles.kernels();
  const options = context ? { onProgress: context.progress, signal: context.signal } : {};
  return (await ports.compute.run('check', { of, profile, profiles, kernels: lists }, options)).checks;
}
