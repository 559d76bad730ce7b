import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Triple } from '../volume/geometry.ts';
import { bitsNot, countBits, packMask, unpackMask } from './bits.ts';
import { componentsOfBits } from './components.ts';
import { squaredDistance } from './distance.ts';
import { floodLabels } from './flood-oracle.ts';
import { splitParts } from './split-parts.ts';
import { watershed } from './watershed.ts';

const all = { connectivity: 26 as const, most: 1000, minimumVoxels: 0, neckMm: 0 };
const side = (most: number) => fc.integer({ min: 1, max: most });
const masks = fc.tuple(side(36), side(6), side(4)).chain(([x, y, z]) =>
  fc.record({
    dimensions: fc.constant([x, y, z] as Triple),
    mask: fc
      .tuple(fc.integer({ min: 0, max: 8 }), fc.array(fc.integer({ min: 0, max: 7 }), { minLength: x * y * z, maxLength: x * y * z }))
      .map(([part, of]) => Uint8Array.from(of, (v) => (v < part ? 1 : 0))),
    connectivity: fc.constantFrom<6 | 18 | 26>(6, 18, 26),
  }),
);

/** Slow twin: of all voxels in line the highest, then the oldest. */
function flooded(mask: Uint8Array, squaredMm: Float32Array, markers: Uint32Array, [nx, ny, nz]: Triple, away: number): Uint32Array {
  const labels = markers.slice();
  const highest = Math.max(0, ...squaredMm.filter(Number.isFinite));
  const heightOf = (n: number) => (highest === 0 ? 0 : Math.min(4095, Math.floor(Math.sqrt(squaredMm[n] / highest) * 4095)));
  const line = [...labels].flatMap((label, n) => (label > 0 ? [{ n, height: heightOf(n) }] : []));
  while (line.length > 0) {
    const best = line.reduce((a, b) => (b.height > a.height ? b : a));
    line.splice(line.indexOf(best), 1);
    for (let to = 0; to < mask.length; to++) {
      const d = [(to % nx) - (best.n % nx), (Math.floor(to / nx) % ny) - (Math.floor(best.n / nx) % ny)];
      d.push(Math.floor(to / nx / ny) - Math.floor(best.n / nx / ny));
      if (d.some((v) => Math.abs(v) > 1) || d.reduce((sum, v) => sum + Math.abs(v), 0) > away) continue;
      if (mask[to] === 0 || labels[to] > 0 || nz === 0) continue;
      labels[to] = labels[best.n];
      line.push({ n: to, height: Math.min(best.height, heightOf(to)) });
    }
  }
  return labels;
}

describe('split into parts', () => {
  test('[13-ccl] without a neck: the parts that a plain flood finds, largest first, each once', async () => {
    await fc.assert(
      fc.asyncProperty(masks, async ({ mask, dimensions, connectivity }) => {
        const parts = (await splitParts(packMask(mask, dimensions), [1, 1, 1], { ...all, connectivity })).map((bits) => unpackMask(bits));
        const flood = floodLabels(mask, dimensions, connectivity);
        const names = [...new Set(flood.filter((one) => one >= 0))];
        const size = (name: number) => flood.filter((one) => one === name).length;
        names.sort((a, b) => size(b) - size(a) || a - b);
        expect(parts).toEqual(names.map((name) => Uint8Array.from(flood, (one) => (one === name ? 1 : 0))));
        const few = await splitParts(packMask(mask, dimensions), [1, 1, 1], { ...all, connectivity, most: 2, minimumVoxels: 3 });
        expect(few.map((bits) => unpackMask(bits))).toEqual(parts.filter((part) => part.reduce((a, b) => a + b, 0) >= 3).slice(0, 2));
      }),
      { numRuns: 80 },
    );
  });

  test('[13-ccl] with a neck: every voxel in one part and one alone, no part in two pieces, none that was not joined before', async () => {
    await fc.assert(
      fc.asyncProperty(masks, fc.constantFrom(0.5, 2, 2.5, 4), async ({ mask, dimensions, connectivity }, neckMm) => {
        const bits = packMask(mask, dimensions);
        const parts = await splitParts(bits, [1, 0.8, 1.2], { ...all, connectivity, neckMm });
        const sum = new Uint8Array(mask.length);
        for (const part of parts) {
          for (const [n, v] of unpackMask(part).entries()) sum[n] += v;
          expect((await componentsOfBits(part, connectivity)).count).toBe(1);
        }
        expect(sum).toEqual(mask);
        expect(parts.map(countBits)).toEqual(parts.map(countBits).sort((a, b) => b - a));
      }),
      { numRuns: 80 },
    );
  });

  test('[13-ccl] the watershed floods as a line of voxels does, highest and then oldest first', async () => {
    await fc.assert(
      fc.asyncProperty(masks, fc.array(fc.nat(), { maxLength: 4 }), async ({ mask, dimensions, connectivity }, starts) => {
        if (mask.length > 200) return;
        const bits = packMask(mask, dimensions);
        const squaredMm = await squaredDistance(bitsNot(bits), [1, 0.7, 1.3]);
        const labels = new Uint32Array(mask.length);
        for (const [n, start] of starts.entries()) if (mask[start % mask.length] === 1) labels[start % mask.length] = n + 1;
        const slow = flooded(mask, squaredMm, labels, dimensions, { 6: 1, 18: 2, 26: 3 }[connectivity]);
        watershed(bits, squaredMm, labels, connectivity, () => {});
        expect(labels).toEqual(slow);
      }),
      { numRuns: 100 },
    );
  });

  test('[13-ccl] two balls on a bar part in the middle of the bar where it is narrower than the neck, and only there', async () => {
    const dimensions: Triple = [60, 26, 26];
    const inBall = (x: number, i: number, j: number, k: number) => Math.hypot(i - x, j - 12.5, k - 12.5) <= 10;
    const mask = Uint8Array.from({ length: 60 * 26 * 26 }, (_, n) => {
      const [i, j, k] = [n % 60, Math.floor(n / 60) % 26, Math.floor(n / 1560)];
      const bar = i > 14 && i < 44 && Math.abs(j - 12.5) < 2 && Math.abs(k - 12.5) < 2;
      return bar || inBall(14.5, i, j, k) || inBall(44.5, i, j, k) ? 1 : 0;
    });
    const bits = packMask(mask, dimensions);
    const parted = await splitParts(bits, [0.5, 0.5, 0.5], { ...all, neckMm: 3 });
    expect(parted).toHaveLength(2);
    expect(countBits(parted[0]) + countBits(parted[1])).toBe(countBits(bits));
    const first = unpackMask(parted[0]);
    const [low, high] = first[(12 * 26 + 12) * 60 + 14] === 1 ? [parted[0], parted[1]] : [parted[1], parted[0]];
    const [a, b] = [unpackMask(low), unpackMask(high)];
    for (let n = 0; n < mask.length; n++) {
      if (mask[n] === 0) continue;
      if (n % 60 < 27) expect(a[n]).toBe(1);
      if (n % 60 > 32) expect(b[n]).toBe(1);
    }
    expect(await splitParts(bits, [0.5, 0.5, 0.5], { ...all, neckMm: 1 })).toHaveLength(1);
    // Wider than the whole: no cores, so the part stays as it is.
    expect((await splitParts(bits, [0.5, 0.5, 0.5], { ...all, neckMm: 40 })).map(countBits)).toEqual([countBits(bits)]);
  });

  test('[13-ccl] empty, full and single voxels; settings that are none', async () => {
    const empty = packMask(new Uint8Array(8), [2, 2, 2]);
    const full = packMask(new Uint8Array(8).fill(1), [2, 2, 2]);
    for (const neckMm of [0, 1]) {
      expect(await splitParts(empty, [1, 1, 1], { ...all, neckMm })).toEqual([]);
      expect((await splitParts(full, [1, 1, 1], { ...all, neckMm })).map(countBits)).toEqual([8]);
      expect((await splitParts(packMask(Uint8Array.of(1), [1, 1, 1]), [1, 1, 1], { ...all, neckMm })).map(countBits)).toEqual([1]);
    }
    await expect(splitParts(full, [1, 1, 1], { ...all, most: 0 })).rejects.toThrow(RangeError);
    await expect(splitParts(full, [1, 1, 1], { ...all, neckMm: Number.NaN })).rejects.toThrow(RangeError);
  });
});
