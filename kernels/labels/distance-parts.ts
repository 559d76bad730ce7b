import type { Triple } from '../volume/geometry.ts';

/** No voxel is set anywhere near. */
export const none = 0xffffffff;

interface Plane {
  words: Uint32Array;
  wordsPerRow: number;
  dimensions: Triple;
  spacingMm: Triple;
  nearest: Uint32Array;
  from: number;
  to: number;
}

/** The nearest set voxel of a row for each of its voxels; of two equally near ones the lower. False: the row has none. */
function nearestInRow(words: Uint32Array, row: number, wordsPerRow: number, nx: number, near: Uint32Array, at: number): boolean {
  let before = -1;
  let first = 0;
  for (let w = 0; w < wordsPerRow; w++) {
    for (let bits = words[row + w]; bits !== 0; bits &= bits - 1) {
      const i = w * 32 + 31 - Math.clz32(bits & -bits);
      // Up to half-way the voxel before is nearer.
      const turn = before < 0 ? 0 : ((before + i) >> 1) + 1;
      if (before >= 0) near.fill(before, at + first, at + turn);
      first = turn;
      before = i;
    }
  }
  near.fill(before < 0 ? none : before, at + first, at + nx);
  return before >= 0;
}

/** Lower envelope of the parabolas height[n] + (spacing * (x - n))² over whole x: `low[x]` becomes the n of the lowest. */
class Envelope {
  readonly height: Float64Array;
  readonly low: Int32Array;
  private readonly apex: Int32Array;
  private readonly begins: Float64Array;
  private readonly raised: Float64Array;

  constructor(length: number) {
    this.height = new Float64Array(length);
    this.low = new Int32Array(length);
    this.apex = new Int32Array(length);
    this.begins = new Float64Array(length);
    this.raised = new Float64Array(length);
  }

  /** False: all heights are Infinity. */
  solve(length: number, spacing: number): boolean {
    const { height, low, apex, begins, raised } = this;
    const scale = 1 / (spacing * spacing);
    let top = -1;
    for (let n = 0; n < length; n++) {
      if (height[n] === Number.POSITIVE_INFINITY) continue;
      const high = height[n] * scale + n * n;
      raised[n] = high;
      let begin = Number.NEGATIVE_INFINITY;
      while (top >= 0) {
        const below = apex[top];
        begin = (high - raised[below]) / (2 * (n - below));
        if (begin > begins[top]) break;
        top--;
        begin = Number.NEGATIVE_INFINITY;
      }
      top++;
      apex[top] = n;
      begins[top] = begin;
    }
    if (top < 0) return false;
    for (let x = length - 1; x >= 0; x--) {
      while (begins[top] > x) top--;
      low[x] = apex[top];
    }
    return true;
  }
}

/** First and second pass over planes from..to of k: `nearest` becomes i + 65536 * j of the nearest voxel in the plane. */
export function nearestByPlanes({ words, wordsPerRow, dimensions: [nx, ny], spacingMm, nearest, from, to }: Plane): void {
  const [sx, sy] = spacingMm;
  const envelope = new Envelope(ny);
  const { height, low } = envelope;
  const column = new Uint32Array(ny);
  for (let k = from; k < to; k++) {
    const start = k * ny * nx;
    let any = false;
    for (let j = 0; j < ny; j++) any = nearestInRow(words, (k * ny + j) * wordsPerRow, wordsPerRow, nx, nearest, start + j * nx) || any;
    if (!any) continue;
    for (let i = 0; i < nx; i++) {
      for (let j = 0, at = start + i; j < ny; j++, at += nx) {
        const near = nearest[at];
        column[j] = near;
        const x = (i - near) * sx;
        height[j] = near === none ? Number.POSITIVE_INFINITY : x * x;
      }
      envelope.solve(ny, sy);
      for (let j = 0, at = start + i; j < ny; j++, at += nx) nearest[at] = column[low[j]] | (low[j] << 16);
    }
  }
}

interface Rows {
  dimensions: Triple;
  spacingMm: Triple;
  nearest: Uint32Array;
  squaredMm: Float32Array | null;
  /** Bits of the voxels at most the square root of `limit` away. */
  within: { words: Uint32Array; wordsPerRow: number; limit: number } | null;
  from: number;
  to: number;
}

/** Voxels of a row that are taken through k together: a word of bits. */
const together = 32;

/** Third pass, through k, over rows from..to of j: `nearest` becomes the index of the nearest voxel of all. */
export function nearestThrough({ dimensions: [nx, ny, nz], spacingMm, nearest, squaredMm, within, from, to }: Rows): void {
  const [sx, sy, sz] = spacingMm;
  const envelope = new Envelope(nz);
  const { height, low } = envelope;
  // Gathered line by line of memory, and not voxel by voxel through planes that lie far apart.
  const near = new Uint32Array(nz * together);
  const heights = new Float64Array(nz * together);
  for (let j = from; j < to; j++) {
    for (let first = 0; first < nx; first += together) {
      const count = Math.min(together, nx - first);
      for (let k = 0; k < nz; k++) {
        const start = (k * ny + j) * nx + first;
        for (let n = 0; n < count; n++) {
          const of = nearest[start + n];
          const at = n * nz + k;
          near[at] = of;
          const x = (first + n - (of & 0xffff)) * sx;
          const y = (j - (of >>> 16)) * sy;
          heights[at] = of === none ? Number.POSITIVE_INFINITY : x * x + y * y;
        }
      }
      for (let n = 0; n < count; n++) {
        const line = n * nz;
        for (let k = 0; k < nz; k++) height[k] = heights[line + k];
        if (!envelope.solve(nz, sz)) {
          if (squaredMm) for (let k = 0; k < nz; k++) squaredMm[(k * ny + j) * nx + first + n] = Number.POSITIVE_INFINITY;
          continue;
        }
        for (let k = 0; k < nz; k++) {
          const of = near[line + low[k]];
          const at = (k * ny + j) * nx + first + n;
          nearest[at] = (low[k] * ny + (of >>> 16)) * nx + (of & 0xffff);
          const z = (k - low[k]) * sz;
          const squared = height[low[k]] + z * z;
          if (squaredMm) squaredMm[at] = squared;
          if (within && squared <= within.limit) within.words[(k * ny + j) * within.wordsPerRow + (first >> 5)] |= 1 << n;
        }
      }
    }
  }
}
