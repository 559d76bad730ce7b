import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunParts } from '../parts.ts';
import type { Triple } from '../volume/geometry.ts';
import { dilateByBall, dilatePlanes } from './ball-dilation.ts';
import { type BitGrid, bitsAndNot, bitsNot, bitsOr, countBits, emptyBits, packMask, unpackMask } from './bits.ts';
import { boxAround, cutBits, pasteBits } from './bits-box.ts';
import { nearestVoxels, reachSquaredMm, signedDistance, squaredDistance, withinDistance } from './distance.ts';
import { none } from './distance-parts.ts';
import { close, dilate, erode, hollow, margin, open, type Reach } from './morphology.ts';
import { complement, dilateOracle, distanceOracle, erodeOracle, ijk, roundsOracle } from './morphology-oracle.ts';
import { dilateRounds, erodeRounds } from './rounds.ts';

const dimensionsOf = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 5 }));
const spacingOf = fc.constantFrom<Triple>([1, 1, 1], [0.1, 0.3, 0.2], [0.4, 0.7, 1.5], [0.4492, 0.4492, 0.625]);
/** From a lone voxel to a lone hole. */
const masks = dimensionsOf.chain((dimensions) =>
  fc.record({
    dimensions: fc.constant(dimensions as Triple),
    mask: fc.tuple(fc.integer({ min: 0, max: 20 }), fc.infiniteStream(fc.integer({ min: 0, max: 19 }))).map(([part, stream]) => {
      const mask = new Uint8Array(dimensions[0] * dimensions[1] * dimensions[2]);
      for (let n = 0; n < mask.length; n++) mask[n] = (stream.next().value as number) < part ? 1 : 0;
      return mask;
    }),
    spacingMm: spacingOf,
  }),
);
const bitsOf = ({ mask, dimensions }: { mask: Uint8Array; dimensions: Triple }): BitGrid => packMask(mask, dimensions);
const ballNear =
  (mm: number, [sx, sy, sz]: Triple) =>
  (a: number, b: number, c: number): boolean =>
    (a * sx) ** 2 + (b * sy) ** 2 + (c * sz) ** 2 <= mm * mm * (1 + 2e-9);
const reaches = fc.oneof(
  fc.record({ mm: fc.constantFrom(0.1, 0.3, 0.7, 1, 1.5, 2.2) }),
  fc.record({ rounds: fc.integer({ min: 1, max: 3 }), neighbours: fc.constantFrom<6 | 18 | 26>(6, 18, 26) }),
);
const dilatedBy = (reach: Reach, m: { mask: Uint8Array; dimensions: Triple; spacingMm: Triple }): Uint8Array =>
  'mm' in reach
    ? dilateOracle(m.mask, m.dimensions, ballNear(reach.mm, m.spacingMm))
    : roundsOracle(m.mask, m.dimensions, reach.rounds, reach.neighbours);
const erodedBy = (reach: Reach, m: { mask: Uint8Array; dimensions: Triple; spacingMm: Triple }): Uint8Array =>
  complement(dilatedBy(reach, { ...m, mask: complement(m.mask) }));

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

describe('exact distance', () => {
  test('[M-cavity] to the nearest voxel, squared, agrees with every voxel against every other', async () => {
    await fc.assert(
      fc.asyncProperty(masks, async (m) => {
        const truth = distanceOracle(m.mask, m.dimensions, m.spacingMm);
        const found = await squaredDistance(bitsOf(m), m.spacingMm);
        expect([...found]).toEqual([...Float32Array.from(truth)]);
        const nearest = await nearestVoxels(bitsOf(m), m.spacingMm);
        for (let n = 0; n < truth.length; n++) {
          if (!Number.isFinite(truth[n])) {
            expect(nearest[n]).toBe(none);
            continue;
          }
          expect(m.mask[nearest[n]]).toBe(1);
          const [a, b] = [ijk(n, m.dimensions), ijk(nearest[n], m.dimensions)];
          const squared = a.reduce((sum, v, axis) => sum + ((v - b[axis]) * m.spacingMm[axis]) ** 2, 0);
          expect(squared).toBeCloseTo(truth[n], 9);
        }
      }),
      { numRuns: 60 },
    );
  });
  test('[M-cavity] signed: below 0 inside, above 0 outside, the same at both sides of a wall', async () => {
    const dimensions: Triple = [6, 1, 1];
    const found = await signedDistance(packMask(Uint8Array.of(0, 0, 1, 1, 1, 0), dimensions), [0.5, 1, 1]);
    expect([...found]).toEqual([1, 0.5, -0.5, -1, -0.5, 0.5]);
    expect([...(await signedDistance(emptyBits(dimensions), [1, 1, 1]))]).toEqual(Array(6).fill(Infinity));
    expect([...(await signedDistance(bitsNot(emptyBits(dimensions)), [1, 1, 1]))]).toEqual(Array(6).fill(-Infinity));
  });
  test('[M-cavity] the same however the work is cut', async () => {
    const dimensions: Triple = [70, 31, 29];
    const mask = new Uint8Array(70 * 31 * 29).map((_, n) => ((Math.imul(n, 2654435761) >>> 0) % 97 < 2 ? 1 : 0));
    const spacing: Triple = [0.4, 0.5, 0.7];
    const one = await squaredDistance(packMask(mask, dimensions), spacing);
    const backwards = await squaredDistance(packMask(mask, dimensions), spacing, asThreads);
    expect(backwards).toEqual(one);
  });
  test('[M-cavity] a spacing that is none is our mistake', async () => {
    await expect(squaredDistance(emptyBits([2, 2, 2]), [0, 1, 1])).rejects.toThrow(RangeError);
    await expect(withinDistance(emptyBits([2, 2, 2]), [1, 1, 1], Number.NaN)).rejects.toThrow(RangeError);
  });
});

describe('boxes of bits', () => {
  test('[M-combine] cut out and pasted back, a mask is as it was', () => {
    fc.assert(
      fc.property(masks, fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)), (m, room) => {
        const bits = bitsOf(m);
        const box = boxAround(bits, room);
        if (box === null) {
          expect(m.mask.includes(1)).toBe(false);
          return;
        }
        const cut = cutBits(bits, box);
        expect(unpackMask(pasteBits(m.dimensions, box, cut))).toEqual(m.mask);
        const seen = unpackMask(cut);
        for (let n = 0; n < seen.length; n++) {
          const [i, j, k] = ijk(n, box.dimensions).map((v, a) => v + box.offsetIjk[a]);
          expect(seen[n]).toBe(m.mask[(k * m.dimensions[1] + j) * m.dimensions[0] + i]);
        }
        // No smaller box would do without the room.
        const tight = boxAround(bits, [0, 0, 0])!;
        const set = [...m.mask.keys()].filter((n) => m.mask[n] === 1).map((n) => ijk(n, m.dimensions));
        for (let a = 0; a < 3; a++) {
          expect(tight.offsetIjk[a]).toBe(Math.min(...set.map((v) => v[a])));
          expect(tight.offsetIjk[a] + tight.dimensions[a] - 1).toBe(Math.max(...set.map((v) => v[a])));
        }
      }),
    );
    expect(() => cutBits(emptyBits([4, 4, 4]), { offsetIjk: [2, 0, 0], dimensions: [3, 1, 1] })).toThrow(RangeError);
  });
});

describe('erode, dilate, open, close', () => {
  test('[M-combine] agree with every voxel against every other, by ball and by rounds, up to the border', async () => {
    await fc.assert(
      fc.asyncProperty(masks, reaches, async (m, reach) => {
        const bits = bitsOf(m);
        expect(unpackMask(await dilate(bits, reach, m.spacingMm))).toEqual(dilatedBy(reach, m));
        expect(unpackMask(await erode(bits, reach, m.spacingMm))).toEqual(erodedBy(reach, m));
        const opened = dilatedBy(reach, { ...m, mask: erodedBy(reach, m) });
        expect(unpackMask(await open(bits, reach, m.spacingMm))).toEqual(opened);
        expect(unpackMask(await close(bits, reach, m.spacingMm))).toEqual(erodedBy(reach, { ...m, mask: dilatedBy(reach, m) }));
      }),
      { numRuns: 60 },
    );
  });
  test('[M-combine] erosion is the dual of dilation; opening and closing are idempotent, one below the mask, one above', async () => {
    await fc.assert(
      fc.asyncProperty(masks, reaches, async (m, reach) => {
        const bits = bitsOf(m);
        if ('rounds' in reach)
          expect(erodeRounds(bits, reach.rounds, reach.neighbours)).toEqual(
            bitsNot(dilateRounds(bitsNot(bits), reach.rounds, reach.neighbours)),
          );
        const opened = await open(bits, reach, m.spacingMm);
        expect(await open(opened, reach, m.spacingMm)).toEqual(opened);
        expect(countBits(bitsAndNot(opened, bits))).toBe(0);
        const closed = await close(bits, reach, m.spacingMm);
        expect(await close(closed, reach, m.spacingMm)).toEqual(closed);
        expect(countBits(bitsAndNot(bits, closed))).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
  test('[M-combine] a mask that meets the border is not eaten from there', async () => {
    const dimensions: Triple = [5, 5, 5];
    const full = bitsNot(emptyBits(dimensions));
    expect(await erode(full, { mm: 2 }, [1, 1, 1])).toEqual(full);
    expect(await erode(full, { rounds: 4, neighbours: 26 }, [1, 1, 1])).toEqual(full);
    // A slab from the border inwards goes from its inner face alone.
    const slab = packMask(
      new Uint8Array(125).map((_, n) => (n % 5 < 3 ? 1 : 0)),
      dimensions,
    );
    const left = unpackMask(await erode(slab, { mm: 1 }, [1, 1, 1]));
    expect([...left.subarray(0, 5)]).toEqual([1, 1, 0, 0, 0]);
    expect(left.reduce((a, b) => a + b)).toBe(50);
  });
  test('[M-combine] empty, full, a lone voxel, 2 x 2 x 2 and a line have defined answers', async () => {
    const empty = emptyBits([4, 3, 2]);
    for (const work of [dilate, erode, open, close]) expect(countBits(await work(empty, { mm: 3 }, [1, 1, 1]))).toBe(0);
    const lone = packMask(Uint8Array.of(1), [1, 1, 1]);
    for (const work of [dilate, erode, open, close]) expect(countBits(await work(lone, { mm: 3 }, [1, 1, 1]))).toBe(1);
    const corner = packMask(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0), [2, 2, 2]);
    expect(countBits(await dilate(corner, { mm: 1 }, [1, 1, 1]))).toBe(4);
    expect(countBits(await dilate(corner, { rounds: 1, neighbours: 18 }, [1, 1, 1]))).toBe(7);
    expect(countBits(await dilate(corner, { rounds: 1, neighbours: 26 }, [1, 1, 1]))).toBe(8);
    const line = packMask(Uint8Array.of(0, 1, 0, 0, 0), [1, 5, 1]);
    expect([...unpackMask(await dilate(line, { mm: 2 }, [9, 1, 9]))]).toEqual([1, 1, 1, 1, 0]);
    expect(() => dilateRounds(lone, -1, 6)).toThrow(RangeError);
    await expect(dilateByBall(lone, [1, 1, 1], -1)).rejects.toThrow(RangeError);
  });
});

describe('margin and hollow', () => {
  test('[M-combine] +r is every voxel within r and no other, also where the radius is a multiple of the spacing', async () => {
    await fc.assert(
      fc.asyncProperty(masks, fc.constantFrom(0.3, 0.6, 1.2, 2.1), async (m, mm) => {
        const truth = distanceOracle(m.mask, m.dimensions, m.spacingMm).map((v) => (v <= reachSquaredMm(mm) ? 1 : 0));
        const bits = bitsOf(m);
        expect([...unpackMask(await margin(bits, mm, m.spacingMm))]).toEqual([...truth]);
        // Small balls go row by row, large ones through the distance: the two may never differ.
        expect(await withinDistance(bits, m.spacingMm, mm)).toEqual(await dilateByBall(bits, m.spacingMm, mm, asThreads));
        expect(unpackMask(await margin(bits, -mm, m.spacingMm))).toEqual(erodeOracle(m.mask, m.dimensions, ballNear(mm, m.spacingMm)));
      }),
      { numRuns: 60 },
    );
    const lone = packMask(new Uint8Array(41).fill(1, 20, 21), [41, 1, 1]);
    expect(countBits(await margin(lone, 0.3, [0.1, 1, 1]))).toBe(7);
    expect(await margin(lone, 0, [1, 1, 1])).toEqual(lone);
  });
  test('[M-combine] a ball large enough goes through the exact distance and is the same', async () => {
    const dimensions: Triple = [60, 60, 60];
    const bits = emptyBits(dimensions);
    bits.words[(30 * 60 + 30) * bits.wordsPerRow] = 1 << 30;
    const grown = await dilateByBall(bits, [1, 1, 1], 13);
    const rows = emptyBits(dimensions);
    const ball = (await import('./ball.ts')).ballRows(13, [1, 1, 1]);
    expect(ball.length).toBeGreaterThan(400);
    const { words, wordsPerRow } = bits;
    dilatePlanes({ words, into: rows.words, wordsPerRow, dimensions, ball, from: 0, to: 60 });
    expect(grown).toEqual(rows);
    expect(countBits(grown)).toBe(ball.reduce((sum, row) => sum + 2 * row.half + 1, 0));
  });
  test('[M-combine] hollow: shell and core are the mask, its grown form, or half of each', async () => {
    await fc.assert(
      fc.asyncProperty(masks, fc.constantFrom(0.4, 1, 2), async (m, mm) => {
        const bits = bitsOf(m);
        const outside = await hollow(bits, mm, 'outside', m.spacingMm);
        expect(outside).toEqual(bitsAndNot(bits, await margin(bits, -mm, m.spacingMm)));
        const inside = await hollow(bits, mm, 'inside', m.spacingMm);
        expect(bitsOr(inside, bits)).toEqual(await margin(bits, mm, m.spacingMm));
        expect(countBits(bitsAndNot(inside, bits))).toBe(countBits(inside));
        const medial = await hollow(bits, mm, 'medial', m.spacingMm);
        expect(medial).toEqual(bitsAndNot(await margin(bits, mm / 2, m.spacingMm), await margin(bits, -mm / 2, m.spacingMm)));
      }),
      { numRuns: 40 },
    );
  });
});
