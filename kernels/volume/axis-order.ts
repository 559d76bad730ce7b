import { indexToLps, type Nine, type Triple, type VolumeGeometry } from './geometry.ts';

/** How a grid is stored otherwise: axis n of the new order is axis `axes[n]` of the old one, run backwards where `flips[n]`. */
export interface AxisOrder {
  axes: Triple;
  flips: [boolean, boolean, boolean];
}

const permutations: readonly Triple[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];

/** The 48 orders in which a grid can be stored; the first leaves it as it is. */
export const axisOrders: readonly AxisOrder[] = permutations.flatMap((axes) =>
  Array.from({ length: 8 }, (_, n): AxisOrder => ({ axes, flips: [(n & 1) > 0, (n & 2) > 0, (n & 4) > 0] })),
);

export const isSameOrder = ({ axes, flips }: AxisOrder): boolean => axes.every((axis, n) => axis === n && !flips[n]);

/** The same voxels, stored in another order: no point in space moves. */
export function reorderGeometry(g: VolumeGeometry, { axes, flips }: AxisOrder): VolumeGeometry {
  const first: Triple = [0, 0, 0];
  for (let n = 0; n < 3; n++) first[axes[n]!] = flips[n] ? g.dimensions[axes[n]!]! - 1 : 0;
  return {
    dimensions: axes.map((axis) => g.dimensions[axis]) as Triple,
    spacingMm: axes.map((axis) => g.spacingMm[axis]) as Triple,
    originLps: indexToLps(g, ...first),
    directionLps: axes.flatMap((axis, n) => g.directionLps.slice(3 * axis, 3 * axis + 3).map((d) => (flips[n] ? -d : d))) as Nine,
  };
}

/**
 * Largest distance in mm between voxels of one index in two grids, or between their spacings (a grid of one voxel along an axis has no
 * corner that tells its spacing there). Infinite where the grids have other dimensions.
 */
export function gridsApartMm(a: VolumeGeometry, b: VolumeGeometry): number {
  if (a.dimensions.some((side, n) => side !== b.dimensions[n])) return Number.POSITIVE_INFINITY;
  let most = Math.max(...a.spacingMm.map((mm, n) => Math.abs(mm - b.spacingMm[n]!)));
  // Both maps are affine, so that no voxel lies further apart than some corner.
  for (let corner = 0; corner < 8; corner++) {
    const at = a.dimensions.map((side, n) => ((corner >> n) & 1 ? side - 1 : 0)) as Triple;
    const [p, q] = [indexToLps(a, ...at), indexToLps(b, ...at)];
    most = Math.max(most, Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
  }
  return most;
}

/**
 * The order that brings one grid closest to another, voxel for voxel.
 * @returns the order to store `from` in, and how far apart the grids then are (see `gridsApartMm`); the stored order where none is closer
 */
export function closestOrder(from: VolumeGeometry, onto: VolumeGeometry): { order: AxisOrder; apartMm: number } {
  let best = { order: axisOrders[0]!, apartMm: gridsApartMm(from, onto) };
  for (const order of axisOrders) {
    const apartMm = gridsApartMm(reorderGeometry(from, order), onto);
    if (apartMm < best.apartMm) best = { order, apartMm };
  }
  return best;
}
