import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inTurn, type RunParts } from '../parts.ts';
import type { Triple } from '../volume/geometry.ts';
import type { Connectivity } from './bit-runs.ts';
import { bitsNot, countBits, emptyBits, packMask, unpackMask } from './bits.ts';
import { componentsOfBits, dropBelow, keepLargest, keepSeeded, listIslands } from './components.ts';
import { fillHoles } from './fill-holes.ts';
import { floodLabels } from './flood-oracle.ts';
import { hysteresis } from './hysteresis.ts';
import type { CountedBits } from './threshold.ts';

const bytes = ({ bits }: CountedBits) => [...unpackMask(bits)];
const connectivities: Connectivity[] = [4, 6, 8, 18, 26];
/** Random masks of every density, so that parts of all sizes come up. */
const grids = fc
  .tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 9 }))
  .chain(([nx, ny, nz, density]) =>
    fc.tuple(
      fc.constant([nx, ny, nz] as Triple),
      fc
        .array(fc.integer({ min: 0, max: 9 }), { minLength: nx * ny * nz, maxLength: nx * ny * nz })
        .map((v) => Uint8Array.from(v, (n) => (n < density ? 1 : 0))),
    ),
  );

describe.each(connectivities)('connectivity %i', (connectivity) => {
  test(`[13-ccl] agrees with flood fill, ${connectivity}-connected`, async () => {
    await fc.assert(
      fc.asyncProperty(grids, async ([dimensions, mask]) => {
        const oracle = floodLabels(mask, dimensions, connectivity);
        const parts = await componentsOfBits(packMask(mask, dimensions), connectivity);
        const sizes = new Map<number, number>();
        for (const label of oracle) if (label >= 0) sizes.set(label, (sizes.get(label) ?? 0) + 1);
        // The oracle names a part by its first voxel.
        expect([...parts.first].map((first, n) => [first, parts.voxels[n]])).toEqual([...sizes].sort((a, b) => a[0] - b[0]));
        const bySize = [...sizes].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
        expect(listIslands(parts, 3)).toEqual(bySize.slice(0, 3).map(([first, voxels]) => ({ first, voxels })));
        for (const index of [0, mask.length >> 1, mask.length - 1]) {
          const kept = keepSeeded(parts, index);
          if (oracle[index] < 0) expect(kept).toBeNull();
          else expect(bytes(kept!)).toEqual(Array.from(oracle, (label) => (label === oracle[index] ? 1 : 0)));
        }
        const kept = dropBelow(parts, 3);
        expect(bytes(kept)).toEqual(Array.from(oracle, (label) => (label >= 0 && sizes.get(label)! >= 3 ? 1 : 0)));
        expect(kept.voxels).toBe(countBits(kept.bits));
      }),
      { seed: 1300 + connectivity, numRuns: 300 },
    );
  });

  test('[13-ccl] keeps the largest, of each slice for 4 and 8, the first of equals', async () => {
    await fc.assert(
      fc.asyncProperty(grids, async ([dimensions, mask]) => {
        const oracle = floodLabels(mask, dimensions, connectivity);
        const area = connectivity === 4 || connectivity === 8 ? dimensions[0] * dimensions[1] : mask.length;
        const expected = new Uint8Array(mask.length);
        for (let from = 0; from < mask.length; from += area) {
          const labels = oracle.slice(from, from + area);
          let best = -1;
          let most = 0;
          for (const label of new Set(labels)) {
            const size = labels.filter((l) => l === label).length;
            if (label >= 0 && (size > most || (size === most && label < best))) [best, most] = [label, size];
          }
          for (let n = 0; n < area; n++) expected[from + n] = best >= 0 && labels[n] === best ? 1 : 0;
        }
        expect(bytes(keepLargest(await componentsOfBits(packMask(mask, dimensions), connectivity)))).toEqual([...expected]);
      }),
      { seed: 1400 + connectivity, numRuns: 300 },
    );
  });

  test('[13-ccl] fills exactly the background that the border cannot reach', async () => {
    const dual = { 26: 6, 18: 6, 6: 26, 8: 4, 4: 8 } as const;
    const flat = connectivity === 4 || connectivity === 8;
    await fc.assert(
      fc.asyncProperty(grids, async ([dimensions, mask]) => {
        const [nx, ny, nz] = dimensions;
        const outside = floodLabels(
          mask.map((v) => 1 - v),
          dimensions,
          dual[connectivity],
        );
        const reached = new Set<number>();
        outside.forEach((label, n) => {
          const [i, j, k] = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny)];
          if (i === 0 || j === 0 || i === nx - 1 || j === ny - 1 || (!flat && (k === 0 || k === nz - 1))) reached.add(label);
        });
        const filled = await fillHoles(packMask(mask, dimensions), connectivity);
        expect(bytes(filled)).toEqual(Array.from(outside, (label) => (label < 0 || !reached.has(label) ? 1 : 0)));
        expect(filled.voxels).toBe(countBits(filled.bits));
      }),
      { seed: 1500 + connectivity, numRuns: 300 },
    );
  });

  test('[M-hysteresis] keeps the parts of the low range that hold a seed', async () => {
    await fc.assert(
      fc.asyncProperty(grids, fc.infiniteStream(fc.integer({ min: 0, max: 5 })), async ([dimensions, mask], noise) => {
        const values = Float32Array.from(mask, (v) => (v ? 100 * noise.next().value : Number.NaN));
        const low = Uint8Array.from(values, (v) => (v >= 100 && v <= 400 ? 1 : 0));
        const oracle = floodLabels(low, dimensions, connectivity);
        const seeded = new Set(Array.from(oracle).filter((_, n) => low[n] === 1 && values[n] >= 300));
        const grown = await hysteresis(values, dimensions, { seedHu: 300, lowHu: 100, highHu: 400 }, connectivity);
        expect(bytes(grown)).toEqual(Array.from(oracle, (label) => (label >= 0 && seeded.has(label) ? 1 : 0)));
        expect(grown.voxels).toBe(countBits(grown.bits));
      }),
      { seed: 1600 + connectivity, numRuns: 300 },
    );
  });
});

/** Runs parts one after the other, the last first. */
const backwards: RunParts = async (part, inputs) => inputs.toReversed().map(part).toReversed();

/** Several parts of a million voxels, with parts through every seam: a noise of fibres along k, j and i. */
function fibres(dimensions: Triple, seed: number): Uint8Array {
  const [nx, ny, nz] = dimensions;
  const mask = new Uint8Array(nx * ny * nz);
  for (let n = 0; n < mask.length; n++) {
    const [i, j, k] = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny)];
    const hash = (a: number, b: number) => (Math.imul(Math.imul(a + seed, 0x9e3779b1) ^ (b + 1), 0x85ebca6b) >>> 16) % 40 === 0;
    mask[n] = hash(i, j) || (k % 5 === 0 && hash(j, k + 99)) || (k % 7 === 3 && hash(i + 7, k)) ? 1 : 0;
  }
  return mask;
}

test.each(connectivities)('[13-ccl] parts through the seams between threads are one, %i-connected', async (connectivity) => {
  const dimensions: Triple = [150, 140, 150];
  const mask = fibres(dimensions, connectivity);
  const bits = packMask(mask, dimensions);
  const labels = floodLabels(mask, dimensions, connectivity);
  const sizes = new Map<number, number>();
  for (const label of labels) if (label >= 0) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  for (const run of [inTurn, backwards]) {
    const parts = await componentsOfBits(bits, connectivity, run);
    expect([...parts.first]).toEqual([...sizes.keys()]);
    expect([...parts.voxels]).toEqual([...sizes.values()]);
    expect(keepLargest(parts).voxels).toBeGreaterThan(0);
  }
  expect((await fillHoles(bits, connectivity, backwards)).bits).toEqual((await fillHoles(bits, connectivity)).bits);
});

test('[13-ccl] knows an empty mask and a full one, of rows as long as words, shorter and longer', async () => {
  for (const dimensions of [
    [1, 1, 1],
    [2, 2, 2],
    [1, 5, 7],
    [31, 3, 2],
    [32, 3, 2],
    [33, 3, 2],
    [64, 2, 1],
  ] as Triple[]) {
    const voxels = dimensions[0] * dimensions[1] * dimensions[2];
    const empty = await componentsOfBits(emptyBits(dimensions), 26);
    expect(empty.count).toBe(0);
    expect(keepLargest(empty).voxels).toBe(0);
    expect(keepSeeded(empty, 0)).toBeNull();
    expect((await fillHoles(emptyBits(dimensions), 26)).voxels).toBe(0);
    const full = bitsNot(emptyBits(dimensions));
    const parts = await componentsOfBits(full, 26);
    expect([[...parts.voxels], [...parts.first]]).toEqual([[voxels], [0]]);
    expect(keepLargest(parts)).toEqual({ bits: full, voxels });
    expect(keepSeeded(parts, voxels - 1)).toEqual({ bits: full, voxels });
    expect(keepSeeded(parts, voxels)).toBeNull();
    expect(await fillHoles(full, 26)).toEqual({ bits: full, voxels });
  }
});

test('[13-ccl] a closed box is filled, an open one is not', async () => {
  const box = new Uint8Array(125);
  for (let n = 0; n < 125; n++) {
    const worst = Math.max(Math.abs((n % 5) - 2), Math.abs((Math.floor(n / 5) % 5) - 2), Math.abs(Math.floor(n / 25) - 2));
    box[n] = worst === 1 ? 1 : 0;
  }
  expect((await fillHoles(packMask(box, [5, 5, 5]), 26)).voxels).toBe(27);
  box[62 - 1] = 0;
  expect((await fillHoles(packMask(box, [5, 5, 5]), 26)).voxels).toBe(25);
});
