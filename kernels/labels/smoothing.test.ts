import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunParts } from '../parts.ts';
import { indexToLps, type Triple, type VolumeGeometry } from '../volume/geometry.ts';
import { bitsAnd, bitsNot, bitsOr, countBits, emptyBits, packMask, unpackMask } from './bits.ts';
import { boxAround } from './bits-box.ts';
import { bitsInBox } from './box-mask.ts';
import { inBox } from './morphology.ts';
import { complement, ijk } from './morphology-oracle.ts';
import { gaussianMask, smoothTogether } from './smooth-gaussian.ts';
import { medianMask } from './smooth-median.ts';
import { blurOracle, medianOracle } from './smoothing-oracle.ts';

const dimensionsOf = fc.tuple(fc.integer({ min: 1, max: 36 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }));
const spacingOf = fc.constantFrom<Triple>([1, 1, 1], [0.4, 0.7, 1.5], [0.3, 0.3, 0.6]);
const labelmaps = dimensionsOf.chain((dimensions) =>
  fc.record({
    dimensions: fc.constant(dimensions as Triple),
    labels: fc
      .array(fc.integer({ min: 0, max: 3 }), {
        minLength: dimensions[0] * dimensions[1] * dimensions[2],
        maxLength: dimensions[0] * dimensions[1] * dimensions[2],
      })
      .map((labels) => Uint8Array.from(labels)),
    spacingMm: spacingOf,
    mm: fc.constantFrom(0.3, 0.5, 0.8, 1),
  }),
);
const oneOf = (labels: Uint8Array, label: number): Uint8Array => labels.map((v) => (v === label ? 1 : 0));
/** In the middle there is no telling which way the last digit falls. */
const undecided = 1e-5;

/** Threads get nothing but numbers and shared memory: what a part wrote into a copy would be lost. */
const asThreads: RunParts = async (part, inputs) => {
  const look = (value: unknown): void => {
    if (ArrayBuffer.isView(value)) expect(value.buffer).toBeInstanceOf(SharedArrayBuffer);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(look);
  };
  inputs.forEach(look);
  return [...inputs]
    .reverse()
    .map((input) => part(input))
    .reverse();
};

describe('median', () => {
  test('[M-combine] sets what most of the ball has, up to the border, as counted one by one', async () => {
    await fc.assert(
      fc.asyncProperty(labelmaps, async ({ dimensions, labels, spacingMm, mm }) => {
        const mask = labels.map((v) => (v > 1 ? 1 : 0));
        const found = await medianMask(packMask(mask, dimensions), spacingMm, mm, asThreads);
        expect(unpackMask(found)).toEqual(medianOracle(mask, dimensions, spacingMm, mm));
        // What is not set is smoothed as what is.
        expect(await medianMask(packMask(complement(mask), dimensions), spacingMm, mm)).toEqual(bitsNot(found));
        // The box around the mask and one voxel more is enough.
        expect(await inBox(packMask(mask, dimensions), [1, 1, 1], (part) => medianMask(part, spacingMm, mm))).toEqual(found);
      }),
      { numRuns: 25 },
    );
  });
  test('[M-combine] takes a speck away, fills a pinhole and leaves a large flat face where it is', async () => {
    const dimensions: Triple = [12, 12, 12];
    const slab = new Uint8Array(12 ** 3).map((_, n) => (n % 12 < 6 ? 1 : 0));
    const spoilt = slab.slice();
    spoilt[(6 * 12 + 6) * 12 + 10] = 1;
    spoilt[(6 * 12 + 6) * 12 + 2] = 0;
    expect(unpackMask(await medianMask(packMask(spoilt, dimensions), [1, 1, 1], 1.5))).toEqual(slab);
    await expect(medianMask(packMask(slab, dimensions), [1, 1, 1], Number.NaN)).rejects.toThrow(RangeError);
  });
});

describe('Gaussian', () => {
  test('[M-combine] sets what a blur leaves at half and above, up to the border, as summed one by one', async () => {
    await fc.assert(
      fc.asyncProperty(labelmaps, async ({ dimensions, labels, spacingMm, mm }) => {
        const mask = oneOf(labels, 1);
        const truth = blurOracle(mask, dimensions, spacingMm, mm);
        const bits = packMask(mask, dimensions);
        const found = await gaussianMask(bits, spacingMm, mm);
        const bytes = unpackMask(found);
        for (let n = 0; n < truth.length; n++)
          if (Math.abs(truth[n] - 0.5) > undecided) expect(bytes[n], `voxel ${n} at ${truth[n]}`).toBe(truth[n] > 0.5 ? 1 : 0);
        const box = boxAround(bits, [0, 0, 0]);
        const after = boxAround(found, [0, 0, 0]);
        if (after !== null)
          for (let a = 0; a < 3; a++) {
            expect(after.offsetIjk[a]).toBeGreaterThanOrEqual(box!.offsetIjk[a]);
            expect(after.offsetIjk[a] + after.dimensions[a]).toBeLessThanOrEqual(box!.offsetIjk[a] + box!.dimensions[a]);
          }
      }),
      { numRuns: 25 },
    );
  });
  test('[M-combine] empty stays empty, full stays full, and what is cut into parts is the same', async () => {
    const empty = emptyBits([3, 3, 3]);
    expect(await gaussianMask(empty, [1, 1, 1], 2)).toEqual(empty);
    expect(await gaussianMask(bitsNot(empty), [1, 1, 1], 2)).toEqual(bitsNot(empty));
    const dimensions: Triple = [33, 20, 40];
    const mask = new Uint8Array(33 * 20 * 40).map((_, n) => ((Math.imul(n, 2654435761) >>> 8) % 5 < 2 ? 1 : 0));
    const bits = packMask(mask, dimensions);
    const whole = await gaussianMask(bits, [1, 1, 1], 0.7);
    // Cut at its first planes alone, the planes before the cut's reach cannot tell.
    const half = await gaussianMask(packMask(mask.subarray(0, 33 * 20 * 20), [33, 20, 20]), [1, 1, 1], 0.7);
    expect(unpackMask(half).subarray(0, 33 * 20 * 17)).toEqual(unpackMask(whole).subarray(0, 33 * 20 * 17));
    await expect(gaussianMask(bits, [1, 1, 1], -1)).rejects.toThrow(RangeError);
  });
});

describe('several masks together', () => {
  test('[M-combine] neither gap nor overlap: together they are their union smoothed, and each voxel goes to the highest', async () => {
    await fc.assert(
      fc.asyncProperty(labelmaps, async ({ dimensions, labels, spacingMm, mm }) => {
        const masks = [1, 2, 3].map((label) => oneOf(labels, label));
        const found = await smoothTogether(
          masks.map((mask) => packMask(mask, dimensions)),
          spacingMm,
          mm,
          asThreads,
        );
        const union = packMask(
          labels.map((v) => (v > 0 ? 1 : 0)),
          dimensions,
        );
        expect(found.reduce(bitsOr)).toEqual(await gaussianMask(union, spacingMm, mm));
        expect(found.reduce((sum, one) => sum + countBits(one), 0)).toBe(countBits(found.reduce(bitsOr)));
        const truth = masks.map((mask) => blurOracle(mask, dimensions, spacingMm, mm));
        for (const [m, one] of found.entries()) {
          const bytes = unpackMask(one);
          for (let n = 0; n < bytes.length; n++)
            if (bytes[n] === 1) for (const other of truth) expect(truth[m][n]).toBeGreaterThanOrEqual(other[n] - undecided);
        }
      }),
      { numRuns: 10 },
    );
  });
  test('[M-combine] one alone is the Gaussian; two blocks that meet keep their flat wall; one inside of another keeps its place there', async () => {
    const dimensions: Triple = [20, 10, 10];
    const left = packMask(
      new Uint8Array(2000).map((_, n) => (n % 20 < 10 ? 1 : 0)),
      dimensions,
    );
    expect(await smoothTogether([left], [1, 1, 1], 1)).toEqual([await gaussianMask(left, [1, 1, 1], 1)]);
    expect(await smoothTogether([left, bitsNot(left)], [1, 1, 1], 1.5)).toEqual([left, bitsNot(left)]);
    // All of it, and its right half once more: the half is the later one's.
    const full = bitsNot(emptyBits(dimensions));
    expect(await smoothTogether([full, bitsNot(left)], [1, 1, 1], 1)).toEqual([left, bitsNot(left)]);
    await expect(smoothTogether([], [1, 1, 1], 1)).rejects.toThrow(RangeError);
    await expect(smoothTogether([left, emptyBits([2, 2, 2])], [1, 1, 1], 1)).rejects.toThrow(RangeError);
  });
});

describe('a box along the patient', () => {
  const cell = fc.double({ min: -6, max: 6, noNaN: true });
  const grids: fc.Arbitrary<VolumeGeometry> = fc.record({
    dimensions: dimensionsOf as fc.Arbitrary<Triple>,
    spacingMm: spacingOf,
    originLps: fc.constant<Triple>([-3, 1, -2]),
    directionLps: fc.constantFrom<VolumeGeometry['directionLps']>(
      [1, 0, 0, 0, 1, 0, 0, 0, 1],
      [-1, 0, 0, 0, 0, 1, 0, 1, 0],
      [0.6, 0.8, 0, -0.8, 0.6, 0, 0, 0, -1],
      [0.6, 0, 0.8, 0, 1, 0, -0.8, 0, 0.6],
    ),
  });
  test('[M-combine] holds the voxels whose centres lie in it, on turned and left-handed grids', () => {
    fc.assert(
      fc.property(grids, fc.tuple(cell, cell, cell, cell, cell, cell), (grid, ends) => {
        const box = [0, 1, 2, 3, 4, 5].map((n) => (n < 3 ? Math.min(ends[n], ends[n + 3]) : Math.max(ends[n - 3], ends[n])));
        const found = unpackMask(bitsInBox(grid, box as [number, number, number, number, number, number]));
        for (let n = 0; n < found.length; n++) {
          const point = indexToLps(grid, ...ijk(n, grid.dimensions));
          expect(found[n]).toBe(point.every((v, a) => v >= box[a] - 1e-6 && v <= box[a + 3] + 1e-6) ? 1 : 0);
        }
      }),
      { numRuns: 200 },
    );
  });
  test('[M-combine] a face through centres holds them; a box that ends before it starts is our mistake', () => {
    const grid: VolumeGeometry = {
      dimensions: [40, 2, 2],
      spacingMm: [0.1, 1, 1],
      originLps: [0, 0, 0],
      directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    };
    expect(countBits(bitsInBox(grid, [0.1, 0, 0, 0.3, 1, 0]))).toBe(6);
    expect(bitsAnd(bitsInBox(grid, [9, 9, 9, 10, 10, 10]), bitsInBox(grid, [0, 0, 0, 9, 9, 9]))).toEqual(emptyBits([40, 2, 2]));
    expect(() => bitsInBox(grid, [1, 0, 0, 0, 1, 1])).toThrow(RangeError);
  });
});
