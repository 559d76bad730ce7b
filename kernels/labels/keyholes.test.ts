import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VolumeGeometry } from '../volume/geometry.ts';
import { packMask } from './bits.ts';
import { contoursOfSlice } from './contours-of.ts';
import { keyholes } from './keyholes.ts';

const plain = (nx: number, ny: number): VolumeGeometry => ({
  dimensions: [nx, ny, 1],
  spacingMm: [1, 1, 1],
  originLps: [0.5, 0.5, 0],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
});
const outlinesOf = (mask: Uint8Array, nx: number, ny: number) =>
  contoursOfSlice(packMask(mask, [nx, ny, 1]), plain(nx, ny), 2, 0).map((loop) => loop.map(([u, v]): [number, number] => [u, v]));

/** How often outlines go around each cell's centre: by the even-odd rule, and by the winding. */
function filled(outlines: [number, number][][], nx: number, ny: number): { odd: Uint8Array; wound: Int8Array } {
  const odd = new Uint8Array(nx * ny);
  const wound = new Int8Array(nx * ny);
  for (let n = 0; n < odd.length; n++) {
    const [u, v] = [(n % nx) + 0.5, Math.floor(n / nx) + 0.5];
    for (const outline of outlines)
      outline.forEach((a, m) => {
        const b = outline[(m + 1) % outline.length]!;
        if (a[1] > v === b[1] > v) return;
        if (u >= a[0] + ((v - a[1]) * (b[0] - a[0])) / (b[1] - a[1])) return;
        odd[n]! ^= 1;
        wound[n]! += b[1] > a[1] ? 1 : -1;
      });
  }
  return { odd, wound };
}

describe('outlines joined to their holes', () => {
  test('[9.1-interop] any slice: each outline alone encloses what is set, by either rule of filling', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 12 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 9 })),
        fc.integer({ min: 1, max: 9 }),
        (nx, ny, stream, share) => {
          const mask = Uint8Array.from({ length: nx * ny }, () => (stream.next().value! < share ? 1 : 0));
          const outlines = keyholes(outlinesOf(mask, nx, ny));
          const { odd, wound } = filled(outlines, nx, ny);
          expect([...odd]).toEqual([...mask]);
          expect([...wound]).toEqual([...mask]);
          for (const outline of outlines)
            outline.forEach((a, n) => {
              const b = outline[(n + 1) % outline.length]!;
              expect(Number.isInteger(a[0]) && Number.isInteger(a[1])).toBe(true);
              expect((a[0] === b[0]) !== (a[1] === b[1])).toBe(true);
            });
        },
      ),
      { numRuns: 500 },
    );
  });

  test('[9.1-interop] a ring with an island in its hole is two outlines; what has no hole stays as it is', () => {
    const ring = Uint8Array.from({ length: 49 }, (_, n) => {
      const reach = Math.max(Math.abs((n % 7) - 3), Math.abs(Math.floor(n / 7) - 3));
      return reach === 3 || reach === 0 ? 1 : 0;
    });
    expect(outlinesOf(ring, 7, 7).length).toBe(3);
    expect(keyholes(outlinesOf(ring, 7, 7)).length).toBe(2);
    const square: [number, number][][] = [
      [
        [0, 0],
        [2, 0],
        [2, 2],
        [0, 2],
      ],
    ];
    expect(keyholes(square)).toEqual(square);
    expect(keyholes([])).toEqual([]);
  });
});
