import type { Finding } from '../../contract/errors.ts';
import type { Nine, Triple } from '../../kernels/volume/geometry.ts';
import { cross } from '../../kernels/volume/stack.ts';
import { straighten } from '../../kernels/volume/straighten.ts';

/** A stack that was judged slanted or uneven, and the consent to resample it. */
export interface AcquiredStack {
  values: Int16Array | Float32Array;
  dimensions: Triple;
  originLps: Triple;
  rowDirection: Triple;
  columnDirection: Triple;
  inPlaneMm: [number, number];
  positionsMm: number[];
  shear: [number, number];
  spacingMm: number;
  /** Stands outside the acquired planes: the lowest value of the volume. */
  outside: number;
}
export interface StraightVolume {
  values: Int16Array | Float32Array;
  dimensions: Triple;
  spacingMm: Triple;
  originLps: Triple;
  directionLps: Nine;
  finding: Finding;
}

/** Resamples onto a right-angled grid in the plane of the slices; the finding says what was done. */
export function straightVolume(stack: AcquiredStack): StraightVolume {
  const straight = straighten(stack, stack.spacingMm);
  const { rowDirection: row, columnDirection: column } = stack;
  const [a, b] = straight.shiftMm;
  const normal = cross(row, column);
  const spacing = straight.spacingMm;
  const originLps = stack.originLps.map((value, n) => value + a * (row[n] as number) + b * (column[n] as number)) as Triple;
  const text = `Resampled with consent: ${stack.dimensions.join(' x ')} acquired voxels became ${straight.dimensions.join(' x ')}, ${spacing.toFixed(3)} mm between slices, linear along the true positions.`;
  return {
    values: straight.values,
    dimensions: straight.dimensions,
    spacingMm: [stack.inPlaneMm[0], stack.inPlaneMm[1], spacing],
    originLps,
    directionLps: [...row, ...column, ...normal],
    finding: { text },
  };
}
