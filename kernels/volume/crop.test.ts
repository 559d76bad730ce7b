import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BoxLps, boxToIndices, crop } from './crop.ts';
import { extentLps } from './extent.ts';
import { indexToLps, type Triple, type VolumeGeometry, voxelCount } from './geometry.ts';
import { anyGrid, sampled, slope } from './grids.fixture.ts';
import { landmarkRegion } from './landmark-region.ts';
import { pad } from './pad.ts';

const triple = (min: number, max: number) => fc.tuple(fc.integer({ min, max }), fc.integer({ min, max }), fc.integer({ min, max }));

function centres(g: VolumeGeometry): { ijk: Triple; point: Triple }[] {
  const all: { ijk: Triple; point: Triple }[] = [];
  const [nx, ny, nz] = g.dimensions;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++) all.push({ ijk: [i, j, k], point: indexToLps(g, i, j, k) });
  return all;
}

describe('regions', () => {
  it('[A-roi] a box keeps every voxel whose centre lies in it, on any grid, and no plane of voxels too many', () => {
    fc.assert(
      fc.property(anyGrid(6), triple(-20, 20), triple(0, 25), (g, middle, size) => {
        const at = indexToLps(g, ...(g.dimensions.map((n) => n / 2) as Triple));
        const box = [0, 1, 2].map((a) => at[a]! + middle[a]! / 3 - size[a]! / 3);
        box.push(...[0, 1, 2].map((a) => box[a]! + (2 * size[a]!) / 3));
        const kept = boxToIndices(g, box as BoxLps);
        const inside = centres(g).filter(({ point }) => point.every((v, a) => v > box[a]! + 1e-9 && v < box[a + 3]! - 1e-9));
        for (const { ijk } of inside) expect(kept && ijk.every((v, a) => v >= kept.from[a]! && v <= kept.to[a]!)).toBe(true);
        const upright = g.directionLps.every((d) => Number.isInteger(d));
        if (upright && kept) {
          const near = centres(g).filter(({ point }) => point.every((v, a) => v > box[a]! - 1e-4 && v < box[a + 3]! + 1e-4));
          expect(near.length).toBeGreaterThanOrEqual(kept.to.reduce((n, last, a) => n * (last - kept.from[a]! + 1), 1));
        }
      }),
    );
  });

  it('[A-roi] a box outside of the grid, or between its centres, is none; one with its ends exchanged is a mistake', () => {
    const g: VolumeGeometry = {
      dimensions: [4, 4, 4],
      spacingMm: [1, 1, 1],
      originLps: [0, 0, 0],
      directionLps: [-1, 0, 0, 0, -1, 0, 0, 0, 1],
    };
    expect(boxToIndices(g, [1, 1, 1, 9, 9, 9])).toBeNull();
    expect(boxToIndices(g, [-1.9, -3, 0, -1.1, 0, 3])).toBeNull();
    expect(boxToIndices(g, [-2, -3, 0.5, -1.1, 0, 30])).toEqual({ from: [2, 0, 1], to: [2, 3, 3] });
    expect(() => boxToIndices(g, [1, 0, 0, 0, 1, 1])).toThrow(/ends before it starts/);
    expect(() => boxToIndices(g, [Number.NaN, 0, 0, 0, 1, 1])).toThrow(RangeError);
  });

  it('[A-roi] what is cut out stays where it was in the patient, on any grid', () => {
    fc.assert(
      fc.property(anyGrid(), triple(0, 8), triple(0, 8), (g, a, b) => {
        const from = g.dimensions.map((n, x) => Math.min(a[x]!, b[x]!) % n) as Triple;
        const to = g.dimensions.map((n, x) => from[x]! + ((a[x]! + b[x]!) % (n - from[x]!))) as Triple;
        const part = crop(sampled(g, slope), g, { from, to });
        expect(part.grid.dimensions).toEqual(to.map((last, x) => last - from[x]! + 1));
        const expected = sampled(part.grid, slope);
        expect(Math.max(...part.values.map((v, n) => Math.abs(v - expected[n]!)))).toBeLessThan(1e-3);
      }),
    );
    const g: VolumeGeometry = {
      dimensions: [3, 3, 3],
      spacingMm: [1, 1, 1],
      originLps: [0, 0, 0],
      directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    };
    expect(() => crop(new Int16Array(27), g, { from: [0, 0, 0], to: [3, 2, 2] })).toThrow(RangeError);
    expect(() => crop(new Int16Array(27), g, { from: [2, 0, 0], to: [1, 2, 2] })).toThrow(RangeError);
  });

  it('[A-roi] by landmarks: 1 cm above the higher supraorbital to the lower infraorbital foramen, whole across', () => {
    const g: VolumeGeometry = {
      dimensions: [100, 100, 80],
      spacingMm: [2, 2, 2],
      originLps: [99, -99, -70],
      directionLps: [-1, 0, 0, 0, 1, 0, 0, 0, 1],
    };
    const supraorbitalLps: [Triple, Triple] = [
      [-25, -80, 31],
      [24, -80, 33.5],
    ];
    const infraorbitalLps: [Triple, Triple] = [
      [-27, -78, -7],
      [27, -78, -9.5],
    ];
    const box = landmarkRegion({ supraorbitalLps, infraorbitalLps }, g);
    expect(box).toEqual([-100, -100, -9.5, 100, 100, 43.5]);
    // Slices at -70 + 2k: from -8 to 42.
    expect(boxToIndices(g, box)).toEqual({ from: [0, 0, 31], to: [99, 99, 56] });
    expect(() => landmarkRegion({ supraorbitalLps: infraorbitalLps, infraorbitalLps: supraorbitalLps }, g)).toThrow(/above/);
    expect(() => landmarkRegion({ supraorbitalLps: [supraorbitalLps[0], [0, 0, Number.NaN]], infraorbitalLps }, g)).toThrow(RangeError);
  });

  it('[8.1-sequence] padding moves nothing in space, keeps every value, and sits in the middle', () => {
    const anyPad = fc.record({
      multiple: fc.option(triple(1, 8)),
      size: fc.option(triple(1, 14)),
      value: fc.integer({ min: -1024, max: 10 }),
    });
    fc.assert(
      fc.property(anyGrid(), anyPad, (g, options) => {
        fc.pre(options.multiple !== null || options.size !== null);
        const values = Int16Array.from({ length: voxelCount(g.dimensions) }, (_, n) => 100 + n);
        const padded = pad(values, g, options);
        padded.grid.dimensions.forEach((side, a) => {
          const least = Math.max(g.dimensions[a]!, options.size?.[a] ?? 1);
          expect(side).toBeGreaterThanOrEqual(least);
          expect(side % (options.multiple?.[a] ?? side)).toBe(0);
          expect(side - least).toBeLessThan(options.multiple?.[a] ?? 1);
          const behind = side - g.dimensions[a]! - padded.before[a]!;
          expect(behind - padded.before[a]! === 0 || behind - padded.before[a]! === 1).toBe(true);
        });
        const back = crop(padded.values, padded.grid, {
          from: padded.before,
          to: padded.before.map((v, a) => v + g.dimensions[a]! - 1) as Triple,
        });
        expect(back.values).toEqual(values);
        back.grid.originLps.forEach((v, a) => {
          expect(v).toBeCloseTo(g.originLps[a]!, 9);
        });
        expect(padded.values.filter((v) => v === options.value).length).toBe(padded.values.length - values.length);
      }),
    );
    const g: VolumeGeometry = {
      dimensions: [1, 1, 1],
      spacingMm: [1, 1, 1],
      originLps: [0, 0, 0],
      directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    };
    expect(() => pad(new Int16Array(1), g, { multiple: null, size: [2, 2, 2], value: 0.5 })).toThrow(/16-bit/);
    expect(() => pad(new Int16Array(1), g, { multiple: [0, 1, 1], size: null, value: 0 })).toThrow(RangeError);
    expect(() => pad(new Int16Array(1), g, { multiple: null, size: [9e4, 9e4, 9e4], value: 0 })).toThrow(/too large/);
    expect(() => pad(new Int16Array(1), g, { multiple: null, size: null, value: 0 })).toThrow(RangeError);
  });

  it('the extent of a grid reaches to the outer faces of its voxels', () => {
    fc.assert(
      fc.property(anyGrid(4), (g) => {
        const box = extentLps(g);
        for (const { point } of centres(g)) expect(point.every((v, a) => v > box[a]! && v < box[a + 3]!)).toBe(true);
      }),
    );
  });
});
