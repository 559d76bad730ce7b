import { Refusal } from '../../../contract/errors.ts';
import { lpsToIndex, type Triple } from '../../../kernels/volume/geometry.ts';
import type { ObjectTarget } from './object-input.ts';

/** What a file says of where its points in mm belong. */
export interface SaidPlace {
  /** SeriesInstanceUIDs that it refers to. */
  seriesUids: string[];
  /** Frame of reference of its points; null: it says none. */
  frameUid: string | null;
}

/** Half a voxel belongs to the outermost centres, and what is drawn or smoothed may lie a little outside. */
const marginVoxels = 1;

function liesIn(target: ObjectTarget, pointsLps: Iterable<Triple>): boolean {
  for (const [x, y, z] of pointsLps) {
    const at = lpsToIndex(target, x, y, z);
    if (at.some((v, n) => !(v >= -marginVoxels && v <= (target.dimensions[n] as number) - 1 + marginVoxels))) return false;
  }
  return true;
}

/**
 * The series that points of a file lie on: the one it refers to, else one in the same frame of reference, else the only one that holds all of
 * the points, which is told. Throws Refusal GRID_MISMATCH where there is none or several.
 * @param what 'The model', 'The report': for the words
 */
export function placeOnSeries(
  targets: ObjectTarget[],
  said: SaidPlace,
  pointsLps: () => Iterable<Triple>,
  what: string,
): { target: ObjectTarget; findings: string[] } {
  const named = targets.filter(
    ({ seriesInstanceUid, source }) =>
      said.seriesUids.includes(seriesInstanceUid) || (source !== null && said.seriesUids.includes(source.seriesInstanceUid)),
  );
  const framed = targets.filter(({ source }) => said.frameUid !== null && source?.frameOfReferenceUid === said.frameUid);
  for (const group of [named, framed]) {
    const [only] = group.length === 1 ? group : group.filter((target) => liesIn(target, pointsLps()));
    if (only) return { target: only, findings: [] };
    if (group[0]) return { target: group[0], findings: [] };
  }
  const holding = targets.filter((target) => liesIn(target, pointsLps()));
  if (holding.length === 1 && holding[0])
    return {
      target: holding[0],
      findings: [
        `${what} names neither this series nor its frame of reference. It was placed here because all of it lies within: check it.`,
      ],
    };
  throw new Refusal(
    'GRID_MISMATCH',
    holding.length > 1
      ? `${what} names none of the series, and lies within several. Name the series.`
      : `${what} names none of the series nor their frame of reference, and does not lie within one. Open the case with the scan that it belongs to.`,
  );
}
