import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Triple } from '../volume/geometry.ts';
import { countBits, packMask, unpackMask } from './bits.ts';
import { floodBits } from './flood-bits.ts';
import { floodLabels } from './flood-oracle.ts';

test('[9.1-types][13-ccl] the part of a voxel is that of a plain flood fill, for every connectivity and width of row', () => {
  const masks = fc
    .tuple(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 4 }), fc.constantFrom(2, 3, 6))
    .chain(([nx, ny, nz, share]) =>
      fc.record({
        dimensions: fc.constant<Triple>([nx, ny, nz]),
        mask: fc
          .array(fc.nat(share), { minLength: nx * ny * nz, maxLength: nx * ny * nz })
          .map((v) => Uint8Array.from(v, (n) => (n === 0 ? 0 : 1))),
        seed: fc.nat(nx * ny * nz - 1),
      }),
    );
  fc.assert(
    fc.property(masks, fc.constantFrom(6 as const, 18 as const, 26 as const), ({ dimensions, mask, seed }, connectivity) => {
      const [nx, ny] = dimensions;
      const labels = floodLabels(mask, dimensions, connectivity);
      const part = floodBits(packMask(mask, dimensions), [seed % nx, Math.floor(seed / nx) % ny, Math.floor(seed / nx / ny)], connectivity);
      expect(unpackMask(part)).toEqual(Uint8Array.from(labels, (label) => (mask[seed] === 1 && label === labels[seed] ? 1 : 0)));
    }),
    { numRuns: 400 },
  );
});

test('[9.1-types] outside of the grid there is no part, and the mask itself stays as it is', () => {
  const mask = packMask(new Uint8Array(64 * 4).fill(1), [64, 2, 2]);
  for (const seed of [
    [-1, 0, 0],
    [64, 0, 0],
    [0, 2, 0],
    [0, 0, -1],
    [Number.NaN, 0, 0],
  ])
    expect(countBits(floodBits(mask, seed, 26))).toBe(0);
  expect(countBits(floodBits(mask, [63, 1, 1], 6))).toBe(256);
  expect(countBits(mask)).toBe(256);
});
