import { inTurn, type RunParts, stretches } from '../parts.ts';
import { type SimdKernels, simdKernels } from '../simd/instance.ts';
import { type Triple, voxelCount } from '../volume/geometry.ts';
import { type BitGrid, emptyBits, lastWordMask, runOn } from './bits.ts';

/** A mask with the number of its voxels. */
export interface CountedBits {
  bits: BitGrid;
  voxels: number;
}

/** Rows [from, to) of a volume, and where their bits go. Both bounds belong to the range. */
export interface RangeStretch {
  values: Int16Array | Float32Array;
  dimensions: Triple;
  words: Uint32Array;
  from: number;
  to: number;
  low: number;
  high: number;
}

/** Bytes of the vector kernels' memory that hold values; bits lie behind them. Small enough for a core's own cache. */
const chunkBytes = 128 * 1024;

/** What float32 has at or above (`up`), at or below a number: the same numbers of it lie in the range. */
function nearestFloat(bound: number, up: boolean): number {
  const bits = new Int32Array(1);
  const float = new Float32Array(bits.buffer);
  float[0] = bound;
  if (up ? float[0] >= bound : float[0] <= bound) return float[0];
  if (float[0] === 0) return up ? 2 ** -149 : -(2 ** -149);
  bits[0] += float[0] > 0 === up ? 1 : -1;
  return float[0];
}

/** As `rangeRows`, by vector instructions: 16 bytes of values a step, copied through a chunk of the thread's own memory. */
function rangeRowsSimd(simd: SimdKernels, { values, dimensions, words, from, to, low, high }: RangeStretch): number {
  const nx = dimensions[0];
  const wordsPerRow = (nx + 31) >> 5;
  const last = lastWordMask(nx);
  const size = values.BYTES_PER_ELEMENT;
  const rows = Math.floor(chunkBytes / (wordsPerRow * 32 * size));
  const buffer = simd.memory.buffer;
  const inside = values instanceof Int16Array ? new Int16Array(buffer, 0, chunkBytes / 2) : new Float32Array(buffer, 0, chunkBytes / 4);
  const bounds: [number, number] =
    values instanceof Int16Array
      ? [Math.max(-32768, Math.ceil(low)), Math.min(32767, Math.floor(high))]
      : [nearestFloat(low, true), nearestFloat(high, false)];
  // No int16 lies beyond its own ends.
  if (bounds[0] > bounds[1]) bounds.splice(0, 2, 1, 0);
  let voxels = 0;
  for (let row = from; row < to; row += rows) {
    const some = Math.min(rows, to - row);
    if (nx % 32 === 0) inside.set(values.subarray(row * nx, (row + some) * nx));
    else for (let n = 0; n < some; n++) inside.set(values.subarray((row + n) * nx, (row + n + 1) * nx), n * wordsPerRow * 32);
    if (values instanceof Int16Array) voxels += simd.rangeInt16(0, some, wordsPerRow, last, ...bounds, chunkBytes);
    else voxels += simd.rangeFloat32(0, some, wordsPerRow, last, ...bounds, chunkBytes);
    words.set(new Uint32Array(buffer, chunkBytes, some * wordsPerRow), row * wordsPerRow);
  }
  return voxels;
}

/**
 * Sets the bits of some rows of a volume and returns how many are set; NaN is never inside.
 * Cost: some 1 ns a voxel. The twin of `rangeRowsSimd`.
 */
export function rangeRows({ values, dimensions, words, from, to, low, high }: RangeStretch): number {
  const nx = dimensions[0];
  const wordsPerRow = (nx + 31) >> 5;
  let voxels = 0;
  for (let row = from; row < to; row++) {
    for (let word = 0; word < wordsPerRow; word++) {
      const first = row * nx + word * 32;
      const last = Math.min(first + 32, (row + 1) * nx);
      let bits = 0;
      for (let at = first; at < last; at++) {
        if (values[at] >= low && values[at] <= high) {
          bits |= 1 << (at - first);
          voxels++;
        }
      }
      words[row * wordsPerRow + word] = bits;
    }
  }
  return voxels;
}

/** A part of `thresholdBits`. */
export function rangePart(stretch: RangeStretch): number {
  const simd = simdKernels();
  const fits = ((stretch.dimensions[0] + 31) >> 5) * 32 * stretch.values.BYTES_PER_ELEMENT <= chunkBytes;
  return simd && fits ? rangeRowsSimd(simd, stretch) : rangeRows(stretch);
}

/** Rows of a volume in stretches for threads, none below the size that is worth handing over. */
export function rowStretches([nx, ny, nz]: Triple, leastVoxels = 1 << 20): [number, number][] {
  const pieces = Math.min(16, Math.ceil((nx * ny * nz) / leastVoxels));
  return stretches(ny * nz, pieces);
}

/**
 * Marks the voxels whose value lies in [lowHu, highHu] (M-threshold; Annex B c and d).
 * @param values HU (or plain intensity), i fastest; NaN is never inside. Threads take part where they lie on shared memory
 * @param lowHu inclusive
 * @param highHu inclusive; null: no upper limit
 * @throws RangeError where a bound is NaN or the values do not fit the grid
 * Cost: one pass at the speed of memory, an eighth of a byte a voxel.
 */
export async function thresholdBits(
  values: Int16Array | Float32Array,
  dimensions: Triple,
  lowHu: number,
  highHu: number | null,
  run: RunParts = inTurn,
): Promise<CountedBits> {
  if (Number.isNaN(lowHu) || Number.isNaN(highHu)) throw new RangeError('a bound of the threshold is not a number');
  if (values.length !== voxelCount(dimensions)) throw new RangeError(`${values.length} values on a grid of ${dimensions}`);
  const bits = emptyBits(dimensions);
  const common = { values, dimensions, words: bits.words, low: lowHu, high: highHu ?? Number.POSITIVE_INFINITY };
  const parts = rowStretches(dimensions).map(([from, to]) => ({ ...common, from, to }));
  const counts = await runOn(values, run)(rangePart, parts);
  return { bits, voxels: counts.reduce((sum, count) => sum + count, 0) };
}
