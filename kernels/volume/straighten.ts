import type { Triple } from './geometry.ts';

/** Slices as acquired: parallel planes at true distances, each slid in its plane in proportion to its distance. */
export interface SlantedStack {
  values: Int16Array | Float32Array;
  /** Columns, rows, slices. */
  dimensions: Triple;
  /** Between columns, between rows, mm. */
  inPlaneMm: [number, number];
  /** Distance of each slice along the normal, mm, increasing. */
  positionsMm: number[];
  /** Slide along row and column, mm for each mm along the normal. */
  shear: [number, number];
  /** What stands outside the acquired planes. */
  outside: number;
}
export interface StraightStack {
  values: Int16Array | Float32Array;
  dimensions: Triple;
  spacingMm: number;
  /** Where the new first voxel lies against the old one, along row and column, mm. */
  shiftMm: [number, number];
}

/** How many pixels the planes reach over the first one, before and behind. */
function reach(slideMm: number, spacingMm: number): [number, number] {
  const pixels = slideMm / spacingMm;
  return [Math.floor(Math.min(0, pixels) + 1e-6), Math.ceil(Math.max(0, pixels) - 1e-6)];
}

interface Plane {
  width: number;
  height: number;
}

/** Adds `weight` times the slice at `start`, slid by whole and part pixels, to `into`: linear in both directions. */
function addSlice(source: SlantedStack, start: number, slide: [number, number], weight: number, into: Float64Array, plane: Plane): void {
  const [nx, ny] = source.dimensions;
  const { values, outside } = source;
  const whole: [number, number] = [Math.floor(slide[0] + 1e-9), Math.floor(slide[1] + 1e-9)];
  const fx = Math.max(0, slide[0] - whole[0]);
  const fy = Math.max(0, slide[1] - whole[1]);
  for (let y = 0; y < plane.height; y++) {
    const sy = y + whole[1];
    for (let x = 0; x < plane.width; x++) {
      const sx = x + whole[0];
      let sum = 0;
      for (let dy = 0; dy < 2; dy++) {
        const wy = dy === 0 ? 1 - fy : fy;
        if (wy === 0) continue;
        const row = sy + dy;
        for (let dx = 0; dx < 2; dx++) {
          const wx = dx === 0 ? 1 - fx : fx;
          if (wx === 0) continue;
          const column = sx + dx;
          const inside = row >= 0 && row < ny && column >= 0 && column < nx;
          sum += wy * wx * (inside ? values[start + row * nx + column] : outside);
        }
      }
      into[y * plane.width + x] += weight * sum;
    }
  }
}

/**
 * Resamples a slanted or unevenly spaced stack onto a right-angled grid of even spacing (8.3): linear between the two nearest acquired
 * planes at their true distances, and linear within each plane. First and last plane stay where they are.
 * @param spacingMm wished distance of the new slices; it is changed so little that both ends stay planes
 * @throws RangeError where positions are not increasing or do not match the slices
 * Cost: eight samples a new voxel.
 */
export function straighten(source: SlantedStack, spacingMm: number): StraightStack {
  const [nx, ny, nz] = source.dimensions;
  const at = source.positionsMm;
  if (at.length !== nz || nz < 2 || at.some((p, n) => n > 0 && !(p > at[n - 1]))) throw new RangeError('positions do not match the slices');
  const along = at[nz - 1] - at[0];
  const count = Math.max(1, Math.round(along / spacingMm)) + 1;
  const step = along / (count - 1);
  const [left, right] = reach(source.shear[0] * along, source.inPlaneMm[0]);
  const [top, bottom] = reach(source.shear[1] * along, source.inPlaneMm[1]);
  const plane: Plane = { width: nx + right - left, height: ny + bottom - top };
  const size = plane.width * plane.height;
  const whole = source.values instanceof Int16Array;
  const values = whole ? new Int16Array(size * count) : new Float32Array(size * count);
  const sum = new Float64Array(size);
  let below = 0;
  for (let k = 0; k < count; k++) {
    const p = k === count - 1 ? at[nz - 1] : at[0] + k * step;
    while (below < nz - 2 && at[below + 1] <= p) below++;
    const w = Math.min(1, Math.max(0, (p - at[below]) / (at[below + 1] - at[below])));
    sum.fill(0);
    for (const [n, weight] of [
      [below, 1 - w],
      [below + 1, w],
    ] as const) {
      if (weight < 1e-9) continue;
      const slid = at[n] - at[0];
      const slide: [number, number] = [
        left - (source.shear[0] * slid) / source.inPlaneMm[0],
        top - (source.shear[1] * slid) / source.inPlaneMm[1],
      ];
      addSlice(source, n * nx * ny, slide, weight, sum, plane);
    }
    if (whole) for (let n = 0; n < size; n++) values[k * size + n] = Math.round(sum[n]);
    else values.set(sum, k * size);
  }
  return {
    values,
    dimensions: [plane.width, plane.height, count],
    spacingMm: step,
    shiftMm: [left * source.inPlaneMm[0], top * source.inPlaneMm[1]],
  };
}
