import type { Triple } from '../volume/geometry.ts';
import type { IndexMap } from '../volume/index-map.ts';

/** What the axes of a grid may drift from those of another over its whole length, in voxels of the other, and still count as parallel. */
const drift = 1e-3;

/**
 * For each axis of an old grid the axis of a new one that runs along it, forwards or backwards; null where the grids are turned against
 * each other.
 * @param map from the new grid's indices to the old one's
 */
export function parallelAxes({ map }: IndexMap, newDimensions: Triple): Triple | null {
  const newAxis: Triple = [-1, -1, -1];
  for (let a = 0; a < 3; a++) {
    const along = [map[a], map[3 + a], map[6 + a]].map(Math.abs);
    const r = along.indexOf(Math.max(...along));
    if (newAxis[r] !== -1) return null;
    if (along.some((v, other) => other !== r && v * (newDimensions[a] - 1) > drift)) return null;
    newAxis[r] = a;
  }
  return newAxis;
}
