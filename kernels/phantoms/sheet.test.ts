import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packMask, unpackMask } from '../labels/bits.ts';
import { componentsOfBits, keepSeeded } from '../labels/components.ts';
import type { Triple } from '../volume/geometry.ts';
import { airCells } from './cells.ts';
import { extentAlong, sheetCoverage, sheetLabelled } from './sheet.ts';

const side = 16;
const spacing = fc.tuple(
  fc.double({ min: 0.4, max: 1.2, noNaN: true }),
  fc.double({ min: 0.4, max: 1.2, noNaN: true }),
  fc.double({ min: 0.4, max: 2.5, noNaN: true }),
);
const normal = fc
  .tuple(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
  )
  .filter((v) => Math.hypot(...v) > 0.1)
  .map((v) => v.map((c) => c / Math.hypot(...v)) as Triple);

/** Distance of each voxel's centre to a plane through the middle of the grid, shifted by `offset`. */
function distances(spacingMm: Triple, [a, b, c]: Triple, offset: number): Float64Array {
  const d = new Float64Array(side ** 3);
  for (let n = 0; n < d.length; n++) {
    const [i, j, k] = [n % side, Math.floor(n / side) % side, Math.floor(n / side / side)].map((v) => v - (side - 1) / 2);
    d[n] = a * i * spacingMm[0] + b * j * spacingMm[1] + c * k * spacingMm[2] - offset;
  }
  return d;
}

describe('sheets', () => {
  test('a sheet along the grid fills exactly its thickness, wherever it lies', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 4, noNaN: true }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.double({ min: 0.3, max: 2, noNaN: true }),
        (t, at, width) => {
          let sum = 0;
          for (let n = -20; n <= 20; n++) sum += width * sheetCoverage(n * width - at, t, width);
          expect(sum).toBeCloseTo(t, 9);
        },
      ),
      { seed: 31 },
    );
  });

  test('a slanted sheet fills its thickness too, on the mean over where it lies', () => {
    fc.assert(
      fc.property(spacing, normal, fc.double({ min: 0.1, max: 1.5, noNaN: true }), (spacingMm, n, t) => {
        const extent = extentAlong(...n, spacingMm);
        // Over offsets of one extent the mean of a voxel's coverage is thickness over extent, whatever its centre.
        let sum = 0;
        const steps = 4000;
        for (let s = 0; s < steps; s++) sum += sheetCoverage((s / steps - 0.5) * (extent + t), t, extent);
        expect((sum / steps) * (extent + t)).toBeCloseTo(t, 2);
      }),
      { seed: 32, numRuns: 50 },
    );
  });

  test('[9.1-values] a wall thinner than a voxel is labelled as one closed layer', async () => {
    await fc.assert(
      fc.asyncProperty(spacing, normal, fc.double({ min: -0.5, max: 0.5, noNaN: true }), async (spacingMm, n, offset) => {
        const extent = extentAlong(...n, spacingMm);
        const d = distances(spacingMm, n, offset);
        const open = Uint8Array.from(d, (v) => (sheetLabelled(v, 0.13, extent) ? 0 : 1));
        const parts = await componentsOfBits(packMask(open, [side, side, side]), 6);
        // No way leads from one side to the other.
        for (const seed of parts.first) {
          const one = unpackMask(keepSeeded(parts, seed)!.bits);
          expect(new Set(d.filter((_, v) => one[v] === 1).map(Math.sign)).size).toBe(1);
        }
      }),
      { seed: 33, numRuns: 100 },
    );
  });

  test('walls between air cells stand where the cell changes', () => {
    const cells = airCells(5, [5, 6, 7]);
    let changes = 0;
    for (let line = 0; line < 12; line++) {
      let last = -1;
      for (let n = 0; n < 1500; n++) {
        const { cell, wallMm } = cells(line * 1.7 - 9 + n * 0.02, line * 0.9, line * 1.3);
        expect(wallMm).toBeGreaterThanOrEqual(0);
        if (n > 0 && cell !== last) {
          expect(wallMm).toBeLessThan(0.0201);
          changes++;
        }
        last = cell;
      }
    }
    expect(changes).toBeGreaterThan(30);
  });
});
