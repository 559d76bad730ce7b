import type { MeshMap } from '../../contract/mesh.ts';

/** A value in mm for each welded vertex of the model on screen, and how it is coloured. */
export interface MeshColours {
  kind: MeshMap['kind'];
  values: Float32Array;
  histogram: MeshMap['histogram'];
  minMm: number;
  maxMm: number;
  /** What the printer can do, as a line on the scale; null: none. */
  limitMm: number | null;
  scale: Scale;
}
/** Colours run from `lowMm` to `highMm`; what lies beyond takes the colour of the end. */
export interface Scale {
  lowMm: number;
  highMm: number;
}

/** The next figure that people read easily: few digits. */
function niceUp(mm: number): number {
  const power = 10 ** Math.floor(Math.log10(mm));
  const step = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].find((s) => s * power >= mm * (1 - 1e-9)) ?? 10;
  return Number((step * power).toPrecision(3));
}

/**
 * Thickness: from 0 to six times the printer's limit at most, so that what is near the limit takes a good part of the ramp, sound bone its
 * end. Deviation: as far below 0 as above, to where 98 % of the surface ends.
 */
export function scaleOf(map: Pick<MeshMap, 'kind' | 'p95Mm' | 'histogram'>, limitMm: number | null): Scale {
  if (map.kind === 'deviation') {
    const highMm = niceUp(Math.max(0.01, Math.abs(map.histogram.fromMm), Math.abs(map.histogram.toMm)));
    return { lowMm: -highMm, highMm };
  }
  const limit = limitMm ?? 0.5;
  return { lowMm: 0, highMm: niceUp(Math.max(3 * limit, Math.min(6 * limit, map.p95Mm))) };
}

/** 0 at the low end of the scale, 1 at the high end and beyond. */
export const placeOn = ({ lowMm, highMm }: Scale, mm: number): number => Math.max(0, Math.min(1, (mm - lowMm) / (highMm - lowMm)));

/** The histogram over the scale in `bins` bins; each bin's area is shared out by overlap, what lies beyond falls into the ends. mm². */
export function rebin({ fromMm, toMm, areaMm2 }: MeshMap['histogram'], scale: Scale, bins: number): number[] {
  const out = new Array<number>(bins).fill(0);
  const width = (toMm - fromMm) / areaMm2.length;
  areaMm2.forEach((area, n) => {
    const from = placeOn(scale, fromMm + n * width) * bins;
    const to = placeOn(scale, fromMm + (n + 1) * width) * bins;
    const first = Math.min(bins - 1, Math.floor(from));
    if (to - from < 1e-12) {
      out[first] = (out[first] as number) + area;
      return;
    }
    // A bin that reaches beyond the end of the scale is cut there by placeOn: all of its area stays with the part that is on it.
    for (let bin = first; bin < bins && bin < to; bin++) {
      const overlap = Math.min(bin + 1, to) - Math.max(bin, from);
      out[bin] = (out[bin] as number) + (area * overlap) / (to - from);
    }
  });
  return out;
}

/**
 * Where each corner looks its colour up: place on the scale, and the row (0.25: the ramp, 0.75: no value). Two numbers a corner, corners
 * in the order of the triangles. Throws RangeError where there are not as many values as vertices.
 */
export function rampPlaces(
  triangles: Uint32Array,
  vertices: number,
  { values, scale }: Pick<MeshColours, 'values' | 'scale'>,
): Float32Array {
  if (values.length !== vertices) throw new RangeError(`the map has ${values.length} values for ${vertices} vertices`);
  const out = new Float32Array(2 * triangles.length);
  for (let corner = 0; corner < triangles.length; corner++) {
    const value = values[triangles[corner] as number] as number;
    out[2 * corner] = Number.isNaN(value) ? 0 : placeOn(scale, value);
    out[2 * corner + 1] = Number.isNaN(value) ? 0.75 : 0.25;
  }
  return out;
}

/** The value where a ray met a triangle, by the areas over against its corners; NaN where a corner has none. Positions 9 numbers a triangle. */
export function valueAt(
  positions: Float32Array,
  triangles: Uint32Array,
  values: Float32Array,
  triangle: number,
  point: readonly [number, number, number],
): number {
  const corner = (c: number) => [0, 1, 2].map((axis) => positions[9 * triangle + 3 * c + axis] as number);
  const [a, b, c] = [corner(0), corner(1), corner(2)] as [number[], number[], number[]];
  const area = (p: readonly number[], q: readonly number[], r: readonly number[]) => {
    const u = [0, 1, 2].map((n) => (q[n] as number) - (p[n] as number)) as [number, number, number];
    const v = [0, 1, 2].map((n) => (r[n] as number) - (p[n] as number)) as [number, number, number];
    return Math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]);
  };
  const weights = [area(point, b, c), area(a, point, c), area(a, b, point)];
  const sum = weights.reduce((x, y) => x + y, 0);
  const value = (n: number) => values[triangles[3 * triangle + n] as number] as number;
  return sum === 0 ? value(0) : weights.reduce((total, w, n) => total + (w / sum) * value(n), 0);
}
