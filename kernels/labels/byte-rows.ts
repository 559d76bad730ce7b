import { type SimdKernels, simdKernels } from '../simd/instance.ts';

/** Bytes of the vector kernels' memory that hold bytes of a mask; words lie behind them. Small enough for a core's own cache. */
const chunkBytes = 128 * 1024;

/** The vector kernels, where rows of nx bytes fit their memory. */
function kernelsFor(nx: number): SimdKernels | null {
  return ((nx + 31) >> 5) * 32 <= chunkBytes ? simdKernels() : null;
}

/** As `packPlainly` for every value but zero, by vector instructions where there are any. Cost: about 0.15 ns a voxel. */
export function packRows(bytes: Uint8Array, nx: number, last: number, words: Uint32Array): void {
  const simd = kernelsFor(nx);
  if (simd === null) {
    packPlainly(bytes, nx, null, words);
    return;
  }
  const wordsPerRow = (nx + 31) >> 5;
  const rows = bytes.length / nx;
  const most = Math.floor(chunkBytes / (wordsPerRow * 32));
  const inside = new Uint8Array(simd.memory.buffer, 0, chunkBytes);
  for (let row = 0; row < rows; row += most) {
    const some = Math.min(most, rows - row);
    if (nx % 32 === 0) inside.set(bytes.subarray(row * nx, (row + some) * nx));
    else for (let n = 0; n < some; n++) inside.set(bytes.subarray((row + n) * nx, (row + n + 1) * nx), n * wordsPerRow * 32);
    simd.bytesToBits(0, some, wordsPerRow, last, chunkBytes);
    words.set(new Uint32Array(simd.memory.buffer, chunkBytes, some * wordsPerRow), row * wordsPerRow);
  }
}

/**
 * Sets the words of whole rows of nx values each.
 * @param label the one value that is wanted; null: every value but zero
 * Cost: some 1 ns a value.
 */
export function packPlainly(values: ArrayLike<number>, nx: number, label: number | null, words: Uint32Array): void {
  const wordsPerRow = (nx + 31) >> 5;
  for (let row = 0, start = 0; start < values.length; row++, start += nx) {
    for (let word = 0; word < wordsPerRow; word++) {
      const first = start + word * 32;
      const end = Math.min(first + 32, start + nx);
      let bits = 0;
      for (let at = first; at < end; at++) if (label === null ? values[at] !== 0 : values[at] === label) bits |= 1 << (at - first);
      words[row * wordsPerRow + word] = bits;
    }
  }
}

/** Four bytes of 0 and 1 for each four bits, bit 0 in the lowest byte. */
const fourBytes = Uint32Array.from({ length: 16 }, (_, n) => (n & 1) | ((n & 2) << 7) | ((n & 4) << 14) | ((n & 8) << 21));

/**
 * As `unpackPlainly`; words without a voxel are passed over, which is faster than vector instructions that write every byte.
 * Cost: about 0.2 ns a voxel of a bone's mask where rows are a multiple of four, some 1 ns otherwise.
 */
export function unpackRows(words: Uint32Array, nx: number, bytes: Uint8Array): void {
  if (nx % 4 !== 0 || bytes.byteOffset % 4 !== 0) {
    unpackPlainly(words, nx, bytes);
    return;
  }
  bytes.fill(0);
  const quads = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  const wordsPerRow = (nx + 31) >> 5;
  for (let n = 0, row = 0; n < words.length; row += nx >> 2) {
    for (let at = row; at < row + wordsPerRow * 8; at += 8, n++)
      for (let bits = words[n], to = at; bits !== 0; bits >>>= 4, to++) quads[to] = fourBytes[bits & 15];
  }
}

/** Writes bytes of 0 and 1 for the words of whole rows of nx voxels each. Cost: some 1 ns a voxel. */
export function unpackPlainly(words: Uint32Array, nx: number, bytes: Uint8Array): void {
  const wordsPerRow = (nx + 31) >> 5;
  for (let row = 0, start = 0; start < bytes.length; row++, start += nx)
    for (let i = 0; i < nx; i++) bytes[start + i] = (words[row * wordsPerRow + (i >> 5)] >>> (i & 31)) & 1;
}
