import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Triple } from '../volume/geometry.ts';
import { ballRows } from './ball.ts';
import { dilatePlanes } from './ball-dilation.ts';
import { emptyBits, packMask, unpackMask } from './bits.ts';
import { dilateOracle } from './morphology-oracle.ts';

test('[M-combine] a ball whose rows are longer than two words covers what voxel by voxel is near enough, however the planes are cut', () => {
  const grids = fc.tuple(fc.integer({ min: 1, max: 130 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }));
  fc.assert(
    fc.property(
      grids,
      fc.constantFrom(0, 1, 3, 18),
      fc.infiniteStream(fc.nat({ max: 19 })),
      fc.constantFrom(1.3, 3.1, 3.2, 4.7),
      fc.nat({ max: 4 }),
      (dimensions: Triple, part, stream, mm, cut) => {
        const [nx, ny, nz] = dimensions;
        // Few voxels at all, so that what one covers is seen alone; and nearly full, so that faces are what is laid.
        const mask = Uint8Array.from({ length: nx * ny * nz }, (_, n) =>
          (n % 37 === 5 || part > 3) && stream.next().value < part ? 1 : 0,
        );
        const spacingMm: Triple = [0.1, 1, 1.5];
        const { words, wordsPerRow } = packMask(mask, dimensions);
        const out = emptyBits(dimensions);
        const whole = { words, into: out.words, wordsPerRow, dimensions, ball: ballRows(mm, spacingMm) };
        const at = Math.min(cut, nz);
        dilatePlanes({ ...whole, from: at, to: nz });
        dilatePlanes({ ...whole, from: 0, to: at });
        const near = (a: number, b: number, c: number): boolean => (a * 0.1) ** 2 + b ** 2 + (c * 1.5) ** 2 <= mm * mm * (1 + 2e-9);
        expect(unpackMask(out)).toEqual(dilateOracle(mask, dimensions, near));
      },
    ),
    { numRuns: 60 },
  );
});
