import type { Triple } from '../volume/geometry.ts';
import { ijk } from './morphology-oracle.ts';

/** Slow and obvious twins of the smoothing of masks, which go on beyond the grid as they end there. Only for tests. */

const at = (mask: Uint8Array, dimensions: Triple, point: Triple): number => {
  const [i, j, k] = point.map((v, a) => Math.min(dimensions[a] - 1, Math.max(0, v)));
  return mask[(k * dimensions[1] + j) * dimensions[0] + i];
};

/** Steps up to `reach` voxels along each axis. */
function* steps(reach: Triple): Generator<Triple> {
  for (let k = -reach[2]; k <= reach[2]; k++)
    for (let j = -reach[1]; j <= reach[1]; j++) for (let i = -reach[0]; i <= reach[0]; i++) yield [i, j, k];
}

/** Set where more than half of the voxels within `mm` are. */
export function medianOracle(mask: Uint8Array, dimensions: Triple, spacingMm: Triple, mm: number): Uint8Array {
  const reach = spacingMm.map((s) => Math.ceil(mm / s) + 1) as Triple;
  const ball = [...steps(reach)].filter((step) => step.reduce((sum, v, a) => sum + (v * spacingMm[a]) ** 2, 0) <= mm * mm * (1 + 2e-9));
  return mask.map((_, n) => {
    const centre = ijk(n, dimensions);
    const set = ball.reduce((sum, step) => sum + at(mask, dimensions, step.map((v, a) => v + centre[a]) as Triple), 0);
    return 2 * set > ball.length ? 1 : 0;
  });
}

/** Every voxel's mean with Gaussian weights that end at three deviations. */
export function blurOracle(mask: Uint8Array, dimensions: Triple, spacingMm: Triple, mm: number): Float64Array {
  const reach = spacingMm.map((s) => Math.ceil(3 * (mm / s))) as Triple;
  const weights = [...steps(reach)].map((step) => ({
    step,
    weight: Math.exp(-step.reduce((sum, v, a) => sum + (v * spacingMm[a]) ** 2, 0) / (2 * mm * mm)),
  }));
  const whole = weights.reduce((sum, one) => sum + one.weight, 0);
  return Float64Array.from(mask, (_, n) => {
    const centre = ijk(n, dimensions);
    return (
      weights.reduce((sum, { step, weight }) => sum + weight * at(mask, dimensions, step.map((v, a) => v + centre[a]) as Triple), 0) / whole
    );
  });
}
