import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../contract/errors.ts';
import { largestTensorBytes, planTiles, type Span, type Tile } from './tiles.ts';

const card = (widest: number, haloSlices = 2, haloPixels = 64, leastTilePixels = 128) => ({
  memory: { widestFloatsPerVoxel: widest },
  input: { haloSlices, haloPixels, leastTilePixels },
});
const size = (s: Span) => s.to - s.from;
const voxels = (t: Tile) => size(t.w) * size(t.h) * size(t.d);

describe('tiles', () => {
  test('[12-environment] a region around both orbits, 260 x 224 x 90 at 32 floats a voxel, is three tiles of whole slices', () => {
    const tiles = planTiles([260, 224, 90], card(32));
    expect(tiles.map((t) => [t.d.from, t.d.keepFrom, t.d.keepTo, t.d.to])).toEqual([
      [0, 0, 34, 36],
      [32, 34, 66, 68],
      [64, 66, 90, 90],
    ]);
    for (const tile of tiles) {
      expect([size(tile.w), size(tile.h)]).toEqual([260, 224]);
      expect(4 * 32 * voxels(tile)).toBeLessThanOrEqual(largestTensorBytes);
    }
  });

  test('[12-environment] a region that fits is one tile', () => {
    expect(planTiles([256, 224, 24], card(96))).toEqual([
      {
        w: { from: 0, to: 256, keepFrom: 0, keepTo: 256 },
        h: { from: 0, to: 224, keepFrom: 0, keepTo: 224 },
        d: { from: 0, to: 24, keepFrom: 0, keepTo: 24 },
      },
    ]);
  });

  test('[12-environment] slices stay whole as long as one with its halo fits, since networks normalise over the tile', () => {
    for (const tile of planTiles([512, 512, 200], card(96))) {
      expect([size(tile.w), size(tile.h)]).toEqual([512, 512]);
      expect(size(tile.d)).toBeLessThanOrEqual(5);
    }
    // 512 x 512 x 5 slices of 512 floats are above the bound: cut, and no window below the least tile.
    for (const tile of planTiles([512, 512, 200], card(512))) {
      expect(size(tile.w) * size(tile.h)).toBeLessThan(512 * 512);
      expect(Math.min(size(tile.w), size(tile.h))).toBeGreaterThanOrEqual(128);
    }
  });

  test('[12-environment] every voxel is kept once, with its halo, and no tile is above the bound', () => {
    const span = (s: Span, halo: number, whole: number) => {
      expect(s.from).toBeGreaterThanOrEqual(0);
      expect(s.to).toBeLessThanOrEqual(whole);
      expect(s.keepFrom).toBeLessThan(s.keepTo);
      // Either the halo, or the true end of the volume.
      expect(s.from <= Math.max(0, s.keepFrom - halo)).toBe(true);
      expect(s.to >= Math.min(whole, s.keepTo + halo)).toBe(true);
    };
    let cut = 0;
    fc.assert(
      fc.property(
        fc.tuple(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 40 })),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 1, max: 24 }),
        fc.integer({ min: 400, max: 200_000 }),
        (dimensions, haloSlices, haloPixels, least, bound) => {
          let tiles: Tile[];
          try {
            tiles = planTiles(dimensions, card(1, haloSlices, haloPixels, least), 4 * bound);
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal);
            const floor = (n: number) => Math.min(n, Math.max(least, 2 * haloPixels + 1));
            // Refused only where even the least tile is above the bound, give or take the rounding of one cut.
            expect((floor(dimensions[0]) + 1) * (floor(dimensions[1]) + 1) * Math.min(dimensions[2], 2 * haloSlices + 1)).toBeGreaterThan(
              bound,
            );
            return;
          }
          const [w, h, d] = dimensions;
          const seen = new Uint8Array(w * h * d);
          for (const tile of tiles) {
            span(tile.w, haloPixels, w);
            span(tile.h, haloPixels, h);
            span(tile.d, haloSlices, d);
            expect(voxels(tile)).toBeLessThanOrEqual(bound);
            expect(size(tile.w)).toBeGreaterThanOrEqual(Math.min(w, least));
            expect(size(tile.h)).toBeGreaterThanOrEqual(Math.min(h, least));
            for (let z = tile.d.keepFrom; z < tile.d.keepTo; z++)
              for (let y = tile.h.keepFrom; y < tile.h.keepTo; y++)
                for (let x = tile.w.keepFrom; x < tile.w.keepTo; x++) seen[(z * h + y) * w + x]!++;
          }
          expect(seen.every((n) => n === 1)).toBe(true);
          if (tiles.length > 1) cut++;
        },
      ),
      { numRuns: 300, seed: 42 },
    );
    expect(cut).toBeGreaterThan(20);
  });

  test('[12-environment] where even the least tile does not fit, it is refused in words', () => {
    expect(() => planTiles([512, 512, 100], card(3000))).toThrow(
      expect.objectContaining({ code: 'OUT_OF_MEMORY', message: expect.stringMatching(/least tile is above 512 MiB/) }),
    );
    expect(largestTensorBytes).toBe(512 * 2 ** 20);
  });
});
