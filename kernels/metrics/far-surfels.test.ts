import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packMask } from '../labels/bits.ts';
import type { Triple } from '../volume/geometry.ts';
import { settleFar } from './far-surfels.ts';
import { NearestSurfel } from './nearest-surfel.ts';
import { SliceDistances } from './slice-distances.ts';
import { distancesByDefinition, type Surfel, surfelsByDefinition } from './surface-oracle.ts';
import { frameOf, surfelsOf } from './surfels.ts';

/** A few voxels far from each other on a grid of more than one word a row and more than one block of rows. */
const scattered = fc
  .record({
    // More slices than the shortest ring holds.
    dimensions: fc.tuple(fc.integer({ min: 30, max: 70 }), fc.integer({ min: 1, max: 20 }), fc.constantFrom(1, 9, 150)),
    spacingMm: fc.tuple(...[0, 1, 2].map(() => fc.double({ min: 0.3, max: 3, noNaN: true }))) as fc.Arbitrary<Triple>,
    voxels: fc.array(fc.tuple(fc.nat(99), fc.nat(29), fc.nat(149)), { minLength: 1, maxLength: 4 }),
    corners: fc.array(fc.tuple(fc.nat(100), fc.nat(30), fc.nat(150)), { minLength: 1, maxLength: 12 }),
  })
  .map(({ dimensions, spacingMm, voxels, corners }) => {
    const [nx, ny, nz] = dimensions as Triple;
    const mask = new Uint8Array(nx * ny * nz);
    for (const [i, j, k] of voxels) mask[(i % nx) + nx * ((j % ny) + ny * (k % nz))] = 1;
    // A frame of the whole grid, so that any corner may be asked for.
    const frame = { jFrom: 0, jTo: ny + 1, kFrom: 0, kTo: nz + 1, wordFrom: 0, wordTo: (nx >> 5) + 1 };
    const surfels = surfelsOf(packMask(mask, [nx, ny, nz]), frame);
    const asked = corners.map(([i, j, k]) => [i % (nx + 1), j % (ny + 1), k % (nz + 1)] as Triple).sort((a, b) => a[2] - b[2]);
    const at: Surfel[] = asked.map((index) => ({ code: 1, pointMm: index.map((v, n) => v * spacingMm[n]) as Triple }));
    const expected = distancesByDefinition(at, surfelsByDefinition(mask, [nx, ny, nz], spacingMm));
    const first = Int32Array.from({ length: nz + 2 }, (_, k) => asked.filter((a) => a[2] < k).length);
    const start = () => ({
      i: Int32Array.from(asked, (a) => a[0] + 32),
      j: Int32Array.from(asked, (a) => a[1]),
      first,
      squaredMm: new Float64Array(asked.length).fill(Infinity),
    });
    return { surfels, spacingMm, asked, expected, start };
  });

test('[11.2-metrics] far corners: one by one, by slices, and by slices with a short ring, all as every pair compared', () => {
  fc.assert(
    fc.property(scattered, ({ surfels, spacingMm, expected, start }) => {
      for (const plan of [
        { costOfOne: 0, ringBytes: 1 },
        { costOfOne: Infinity, ringBytes: 1e6 },
        { costOfOne: Infinity, ringBytes: 1 },
      ]) {
        const corners = start();
        settleFar(corners, surfels, new NearestSurfel(surfels, spacingMm), spacingMm, () => {}, plan);
        for (const [n, mm] of expected.entries()) expect(Math.sqrt(corners.squaredMm[n])).toBeCloseTo(mm, 9);
      }
    }),
    { numRuns: 80 },
  );
});

test('[11.2-metrics] a corner by itself: near and far looks together are exact in any order of asking', () => {
  fc.assert(
    fc.property(scattered, ({ surfels, spacingMm, asked, expected }) => {
      const nearest = new NearestSurfel(surfels, spacingMm);
      const order = [...asked.keys(), ...[...asked.keys()].reverse()];
      for (const n of order) {
        const [i, j, k] = asked[n];
        expect(Math.sqrt(nearest.squaredMm(i + 32, j, k))).toBeCloseTo(expected[n], 9);
      }
    }),
    { numRuns: 80 },
  );
});

test('[11.2-metrics] a slice without a surfel says so', () => {
  const mask = new Uint8Array(4 * 4 * 6);
  mask[5] = 1;
  const surfels = surfelsOf(packMask(mask, [4, 4, 6]), { jFrom: 0, jTo: 5, kFrom: 0, kTo: 7, wordFrom: 0, wordTo: 1 });
  const slices = new SliceDistances(surfels, [1, 1, 1], { iFrom: 32, iTo: 37, jFrom: 0, jTo: 5 });
  const out = new Int32Array(25).fill(-7);
  expect(slices.compute(3, out)).toBe(false);
  expect(new Set(out)).toEqual(new Set([-7]));
  expect(slices.compute(1, out)).toBe(true);
  // Surfels at i, j of 1 and 2; the corner at 4, 0 is two steps along i and one along j from one of them.
  expect(out[4]).toBe((1 << 16) | 2);
});

test('[11.2-metrics] two masks stand in one frame, and nothing has none', () => {
  const [a, b] = [new Uint8Array(40 * 9 * 9), new Uint8Array(40 * 9 * 9)];
  expect(frameOf(packMask(a, [40, 9, 9]), packMask(b, [40, 9, 9]))).toBeNull();
  a[31 + 40 * (2 + 9 * 3)] = 1;
  b[35 + 40 * (7 + 9 * 8)] = 1;
  expect(frameOf(packMask(a, [40, 9, 9]), packMask(b, [40, 9, 9]))).toEqual({
    jFrom: 2,
    jTo: 9,
    kFrom: 3,
    kTo: 10,
    wordFrom: 0,
    wordTo: 2,
  });
});
