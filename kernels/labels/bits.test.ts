import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Triple } from '../volume/geometry.ts';
import {
  type BitGrid,
  bitAt,
  bitsAnd,
  bitsAndNot,
  bitsNot,
  bitsOr,
  bitsXor,
  copyBits,
  countBits,
  emptyBits,
  ones,
  packMask,
  packSlice,
  unpackMask,
} from './bits.ts';

test('bits say of every voxel what the bytes say, whatever the width', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 70 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      fc.nat(),
      (nx, ny, nz, seed) => {
        const mask = Uint8Array.from({ length: nx * ny * nz }, (_, n) => [0, 0, 1, 2, 3, 128, 255][(n * 31 + seed) % 7]);
        for (const label of [null, 3]) {
          const bits = packMask(mask, [nx, ny, nz], label);
          const fromNumbers = emptyBits([nx, ny, nz]);
          for (let k = 0; k < nz; k++) packSlice(fromNumbers, k, Array.from(mask.subarray(k * nx * ny, (k + 1) * nx * ny)), label);
          expect(fromNumbers.words).toEqual(bits.words);
          let set = 0;
          for (let k = 0, at = 0; k < nz; k++)
            for (let j = 0; j < ny; j++)
              for (let i = 0; i < nx; i++, at++) {
                const wanted = label === null ? mask[at] !== 0 : mask[at] === label;
                if (wanted) set++;
                expect(bitAt(bits, i, j, k)).toBe(wanted);
              }
          expect(bits.words.reduce((sum, word) => sum + ones(word), 0)).toBe(set);
        }
      },
    ),
    { numRuns: 60 },
  );
});

/** Two masks of bytes on one grid, of widths around the length of a word. */
const pairs = fc
  .tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }))
  .chain(([nx, ny, nz]) => {
    const bytes = fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: nx * ny * nz, maxLength: nx * ny * nz })
      .map((v) => Uint8Array.from(v));
    return fc.tuple(fc.constant([nx, ny, nz] as Triple), bytes, bytes);
  });

test('[M-combine] masks joined as bits are the masks joined byte by byte, and nothing is set beyond a row', () => {
  fc.assert(
    fc.property(pairs, ([dimensions, a, b]) => {
      const [p, q] = [packMask(a, dimensions), packMask(b, dimensions)];
      const same = (made: BitGrid, byte: (x: number, y: number) => number) => {
        const expected = a.map((x, n) => byte(x, b[n]));
        expect(made).toEqual(packMask(expected, dimensions));
        expect(unpackMask(made)).toEqual(expected);
        expect(countBits(made)).toBe(expected.reduce((sum, v) => sum + v, 0));
      };
      same(copyBits(p), (x) => x);
      same(bitsAnd(p, q), (x, y) => x & y);
      same(bitsOr(p, q), (x, y) => x | y);
      same(bitsAndNot(p, q), (x, y) => x & ~y);
      same(bitsXor(p, q), (x, y) => x ^ y);
      same(bitsNot(p), (x) => 1 - x);
    }),
    { seed: 501, numRuns: 200 },
  );
});

test('[M-combine] bytes that are written into may lie anywhere, and hold nothing of what they held', () => {
  const bits = packMask(
    Uint8Array.from({ length: 64 }, (_, n) => (n % 3) & 1),
    [32, 2, 1],
  );
  const bytes = new Uint8Array(70).fill(9);
  unpackMask(bits, bytes.subarray(3, 67));
  expect([...bytes.subarray(3, 67)]).toEqual(Array.from({ length: 64 }, (_, n) => (n % 3) & 1));
  expect([bytes[2], bytes[67]]).toEqual([9, 9]);
});

test('[M-combine] refuses grids of other sizes', () => {
  const [a, b] = [emptyBits([3, 2, 1]), emptyBits([2, 3, 1])];
  for (const join of [bitsAnd, bitsOr, bitsAndNot, bitsXor]) expect(() => join(a, b)).toThrow(RangeError);
  expect(() => unpackMask(a, new Uint8Array(5))).toThrow(RangeError);
  expect(() => packMask(new Uint8Array(5), [3, 2, 1])).toThrow(RangeError);
  expect(() => emptyBits([0, 2, 1])).toThrow(RangeError);
});
