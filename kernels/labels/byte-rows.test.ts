import fc from 'fast-check';
import { expect, test } from 'vitest';
import { simdKernels } from '../simd/instance.ts';
import { lastWordMask } from './bits.ts';
import { packPlainly, packRows, unpackPlainly, unpackRows } from './byte-rows.ts';

function agree(bytes: Uint8Array, nx: number): void {
  const rows = bytes.length / nx;
  const [words, plain] = [0, 1].map(() => new Uint32Array(rows * ((nx + 31) >> 5)).fill(0xdeadbeef));
  packRows(bytes, nx, lastWordMask(nx), words);
  packPlainly(bytes, nx, null, plain);
  expect(words).toEqual(plain);
  // At the place in its memory where the bytes themselves lie.
  const [back, slow] = [0, 1].map(() => new Uint8Array(bytes.byteOffset + bytes.length).fill(7).subarray(bytes.byteOffset));
  unpackRows(words, nx, back);
  unpackPlainly(words, nx, slow);
  expect(back).toEqual(slow);
  expect(back).toEqual(bytes.map((v) => (v === 0 ? 0 : 1)));
}

test('[M-combine] bytes to bits and back agree with vector instructions and without, wherever the bytes lie', () => {
  expect(simdKernels(), 'this runtime has vector instructions').not.toBeNull();
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 5 }), fc.nat(3), fc.nat(), (nx, rows, offset, seed) => {
      const held = new Uint8Array(nx * rows + offset).map((_, n) => [0, 0, 1, 2, 127, 128, 255][(Math.imul(n + 1, seed | 1) >>> 9) % 7]);
      agree(held.subarray(offset), nx);
    }),
    { seed: 502, numRuns: 200 },
  );
});

test('[M-combine] rows over several chunks of the vector kernels’ memory, and rows longer than one', () => {
  for (const [nx, rows] of [
    [512, 700],
    [500, 700],
    [140_000, 2],
  ])
    agree(
      new Uint8Array(nx * rows).map((_, n) => (Math.imul(n, 40_503) >> 7) & 1),
      nx,
    );
});
