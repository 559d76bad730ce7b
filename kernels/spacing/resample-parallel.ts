import type { Triple } from '../volume/geometry.ts';
import { type Step, sameKind, type Values } from '../volume/values.ts';
import type { AxisTaps } from './axis-taps.ts';

export interface Along {
  /** Of the old grid. */
  dimensions: Triple;
  /** For each axis of the old grid, how the new axis along it reads it. */
  taps: AxisTaps[];
  /** For each axis of the old grid, how far apart neighbours along the new axis lie in the new volume. */
  strides: Triple;
}

const isWhole = ({ from, to, first }: AxisTaps): boolean => from === 0 && to === first.length;

/**
 * Weighted sums along the three axes in turn, slice by slice of the old volume: each is brought to its new width and height once and added
 * to the new slices that read it.
 */
export function blendAlongAxes(
  values: Values,
  { dimensions, taps, strides }: Along,
  size: number,
  outside: number,
  step: Step,
): Float32Array {
  const out = new Float32Array(size);
  const [nx, ny, nz] = dimensions;
  const [tx, ty, tz] = taps;
  if (!taps.every(isWhole)) out.fill(outside);
  const width = tx.to - tx.from;
  const height = ty.to - ty.from;
  const narrow = new Float32Array(ny * width);
  const slice = new Float32Array(height * width);
  const readers = readersOf(tz, nz);
  const [sx, sy, sz] = strides;
  for (let k = 0; k < nz; k++) {
    step(k / nz);
    if (readers[k].length === 0 || width === 0 || height === 0) continue;
    alongRows(values, k * nx * ny, [nx, ny], tx, narrow);
    alongColumns(narrow, width, ty, slice);
    for (const { place, weight, isFirst } of readers[k]) {
      const base = place * sz + ty.from * sy + tx.from * sx;
      for (let j = 0, n = 0; j < height; j++)
        for (let i = 0, to = base + j * sy; i < width; i++, n++, to += sx) {
          if (isFirst) out[to] = weight * slice[n];
          else out[to] += weight * slice[n];
        }
    }
  }
  step(1);
  return out;
}

interface Reader {
  place: number;
  weight: number;
  isFirst: boolean;
}

/** The new slices that read each old one. A place's last reads may weigh nothing; its first one always comes, to clear the place. */
function readersOf({ first, start, weight, from, to }: AxisTaps, length: number): Reader[][] {
  const readers: Reader[][] = Array.from({ length }, () => []);
  for (let place = from; place < to; place++)
    for (let n = start[place]; n < start[place + 1]; n++) {
      const isFirst = n === start[place];
      if (weight[n] !== 0 || isFirst) readers[first[place] + n - start[place]].push({ place, weight: weight[n], isFirst });
    }
  return readers;
}

function alongRows(
  values: Values,
  at: number,
  [nx, ny]: [number, number],
  { first, start, weight, from, to }: AxisTaps,
  into: Float32Array,
): void {
  const width = to - from;
  for (let j = 0; j < ny; j++) {
    const row = at + j * nx;
    for (let t = from; t < to; t++) {
      let sum = 0;
      for (let n = start[t], p = row + first[t]; n < start[t + 1]; n++, p++) sum += weight[n] * values[p];
      into[j * width + t - from] = sum;
    }
  }
}

function alongColumns(narrow: Float32Array, width: number, { first, start, weight, from, to }: AxisTaps, into: Float32Array): void {
  for (let t = from; t < to; t++) {
    const row = (t - from) * width;
    into.fill(0, row, row + width);
    for (let n = start[t], p = first[t] * width; n < start[t + 1]; n++, p += width) {
      const w = weight[n];
      if (w !== 0) for (let i = 0; i < width; i++) into[row + i] += w * narrow[p + i];
    }
  }
}

/** One old voxel for each new one. */
export function pickAlongAxes(values: Values, { dimensions, taps, strides }: Along, size: number, outside: number, step: Step): Values {
  const out = sameKind(values, size);
  const [nx, ny] = dimensions;
  const [tx, ty, tz] = taps;
  if (!taps.every(isWhole)) out.fill(outside);
  for (let k = tz.from; k < tz.to; k++) {
    step((k - tz.from) / (tz.to - tz.from));
    for (let j = ty.from; j < ty.to; j++) {
      const row = (tz.first[k] * ny + ty.first[j]) * nx;
      const base = k * strides[2] + j * strides[1];
      for (let i = tx.from; i < tx.to; i++) out[base + i * strides[0]] = values[row + tx.first[i]];
    }
  }
  step(1);
  return out;
}
