import type { BoxLps } from './crop.ts';
import { extentLps } from './extent.ts';
import type { Triple, VolumeGeometry } from './geometry.ts';

/** The openings above and below the eye, each on the right and on the left (in any order), LPS mm. */
export interface ForaminaLps {
  supraorbitalLps: readonly [Triple, Triple];
  infraorbitalLps: readonly [Triple, Triple];
}

/** Annex A. */
const aboveMm = 10;

/**
 * Annex A, A-roi: the orbits' part of a head scan, from 1 cm above the supraorbital foramen (the higher one) to the infraorbital foramen
 * (the lower one), along the patient's foot-to-head axis; across, all that the grid holds.
 * @returns box in LPS mm
 * @throws RangeError where a supraorbital foramen does not lie above both infraorbital ones
 */
export function landmarkRegion({ supraorbitalLps, infraorbitalLps }: ForaminaLps, grid: VolumeGeometry): BoxLps {
  const [above, below] = [supraorbitalLps.map((p) => p[2]), infraorbitalLps.map((p) => p[2])];
  if (!(Math.min(...above) > Math.max(...below)))
    throw new RangeError('a supraorbital foramen must lie above both infraorbital ones: check that the marks are not exchanged');
  const extent = extentLps(grid);
  return [extent[0], extent[1], Math.min(...below), extent[3], extent[4], Math.max(...above) + aboveMm];
}
