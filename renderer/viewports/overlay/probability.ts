import { integrateProbabilities, thresholdByte } from '../../../kernels/networks/integrate.ts';
import type { ProbabilityField } from '../../stores/viewer.ts';
import type { PlaneGrid } from './plane-grid.ts';

type Values = Int16Array | Float32Array;

let cortical = new Uint8Array(0);
let thin = new Uint8Array(0);
let hu = new Float32Array(0);

/**
 * A field's probability (uint8) at every pixel of a view; 0 outside of its box. Two networks are joined for these pixels alone, by the
 * kernel that joins the volume, so that a moving weight costs one view and never a volume.
 * @param offsets into the field's box (see box-offsets.ts)
 */
export function sampleProbability(grid: PlaneGrid, offsets: Int32Array, field: ProbabilityField, valuesHu: Values, into: Uint8Array): void {
  const { width, left, right } = grid;
  const one = field.parts[0]!;
  const air = field.airHu ?? Number.NEGATIVE_INFINITY;
  if (!field.integration) {
    for (let r = grid.top; r < grid.bottom; r++)
      for (let p = r * width + left, end = r * width + right; p < end; p++) {
        const at = offsets[p]!;
        into[p] = at >= 0 && valuesHu[grid.offsets[p]!]! >= air ? one[at]! : 0;
      }
    return;
  }
  const two = field.parts[1]!;
  const across = Math.max(0, right - left);
  const pixels = across * Math.max(0, grid.bottom - grid.top);
  if (cortical.length < pixels) {
    cortical = new Uint8Array(pixels);
    thin = new Uint8Array(pixels);
    hu = new Float32Array(pixels);
  }
  let n = 0;
  for (let r = grid.top; r < grid.bottom; r++)
    for (let p = r * width + left, end = r * width + right; p < end; p++, n++) {
      const at = offsets[p]!;
      cortical[n] = at >= 0 ? one[at]! : 0;
      thin[n] = at >= 0 ? two[at]! : 0;
      hu[n] = at >= 0 ? valuesHu[grid.offsets[p]!]! : 0;
    }
  const joined = integrateProbabilities(cortical.subarray(0, pixels), thin.subarray(0, pixels), hu.subarray(0, pixels), field.integration);
  n = 0;
  for (let r = grid.top; r < grid.bottom; r++, n += across) into.set(joined.subarray(n, n + across), r * width + left);
}

/** Turns sampled probabilities into 1 where they reach the threshold. In place; answers the number of pixels. */
export function classifyProbability(grid: PlaneGrid, probability: number, classes: Uint8Array): number {
  const least = thresholdByte(probability);
  let pixels = 0;
  for (let r = grid.top; r < grid.bottom; r++)
    for (let p = r * grid.width + grid.left, end = r * grid.width + grid.right; p < end; p++) {
      const inside = classes[p]! >= least ? 1 : 0;
      classes[p] = inside;
      pixels += inside;
    }
  return pixels;
}
