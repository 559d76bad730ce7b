import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packBox, packMask } from '../labels/bits.ts';
import { applyRuns, runsFromText } from '../labels/runs.ts';
import { maskWhere } from '../mesh/mask-shapes.ts';
import type { Triple } from '../volume/geometry.ts';
import { agreementFixture } from './agreement.fixture.ts';
import { agreementOf } from './agreement.ts';
import { mirrored, placed, twoMasks } from './metrics.fixture.ts';
import { directedDistances, percentileByArea, surfaceFigures } from './surface-distances.ts';
import { distancesByDefinition, percentileByDefinition, surfelsByDefinition } from './surface-oracle.ts';
import { surfelAreasMm2 } from './surfel-areas.ts';

const distancesOf = (t: Uint8Array, r: Uint8Array, dimensions: Triple, spacingMm: Triple) =>
  directedDistances(packMask(t, dimensions), packMask(r, dimensions), spacingMm);
const figuresOf = (t: Uint8Array, r: Uint8Array, dimensions: Triple, spacingMm: Triple) =>
  surfaceFigures(distancesOf(t, r, dimensions, spacingMm), 0.5);
const total = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);

test('[11.2-metrics] distances and areas of surfels are those of every pair compared, on any spacing', () => {
  fc.assert(
    fc.property(twoMasks, ({ dimensions, spacingMm, truth, result }) => {
      const areas = surfelAreasMm2(spacingMm);
      const [t, r] = [truth, result].map((mask) => surfelsByDefinition(mask, dimensions, spacingMm));
      const found = distancesOf(truth, result, dimensions, spacingMm);
      if (t.length === 0 || r.length === 0) {
        expect(found).toBeNull();
        return;
      }
      for (const [n, [from, to]] of [
        [t, r],
        [r, t],
      ].entries()) {
        const { distancesMm, areasMm2 } = found![n];
        const expected = distancesByDefinition(from, to);
        expect(distancesMm.length).toBe(expected.length);
        for (let m = 0; m < expected.length; m++) expect(distancesMm[m]).toBeCloseTo(expected[m], 9);
        expect([...areasMm2]).toEqual(from.map((surfel) => areas[surfel.code]));
        const percentile = percentileByDefinition([...distancesMm], [...areasMm2], 0.95);
        expect(percentileByArea(found![n], 0.95)).toBe(percentile);
      }
    }),
    { numRuns: 120 },
  );
});

test('[11.2-metrics] agrees with an independent implementation on ten pairs of masks', () => {
  for (const { name, dimensions, spacingMm, truth, result, expected } of agreementFixture) {
    const [t, r] = [truth, result].map((code) => {
      const mask = new Uint8Array(dimensions[0] * dimensions[1] * dimensions[2]);
      applyRuns(mask, runsFromText(code), 1);
      return packMask(mask, dimensions as Triple);
    });
    const found = agreementOf({ truth: t, result: r, roi: null, thin: null, spacingMm: spacingMm as Triple, toleranceMm: 0.5 });
    expect(found.voxels, name).toEqual(expected.voxels);
    expect(found.state, name).toBe('ok');
    expect(found.dsc, name).toBeCloseTo(expected.dsc, 12);
    expect(found.iou, name).toBeCloseTo(expected.iou, 12);
    expect(found.hd95Mm, name).toBeCloseTo(expected.hd95Mm, 9);
    expect(found.maxDistanceMm, name).toBeCloseTo(expected.maxMm, 9);
    expect(found.assdMm, name).toBeCloseTo(expected.assdMm, 9);
    expect(found.surfaceDice, name).toBeCloseTo(expected.surfaceDice, 9);
    for (const n of [0, 1]) {
      expect(found.directedMeanMm?.[n], name).toBeCloseTo(expected.directedMeanMm[n], 9);
      expect(found.surfaceAreasMm2?.[n], name).toBeCloseTo(expected.areasMm2[n], 9);
    }
  }
});

test('[11.2-metrics] swapping truth and result changes no symmetric figure; mirroring and moving both change none', () => {
  fc.assert(
    fc.property(twoMasks, fc.constantFrom(0, 1, 2), fc.tuple(fc.nat(40), fc.nat(9), fc.nat(9)), (masks, axis, offset) => {
      const { dimensions, spacingMm, truth, result } = masks;
      const plain = figuresOf(truth, result, dimensions, spacingMm);
      const swapped = figuresOf(result, truth, dimensions, spacingMm);
      const into = dimensions.map((sides, n) => sides + offset[n] + 1) as Triple;
      const others = [
        figuresOf(mirrored(truth, dimensions, axis), mirrored(result, dimensions, axis), dimensions, spacingMm),
        figuresOf(placed(truth, dimensions, into, offset), placed(result, dimensions, into, offset), into, spacingMm),
      ];
      if (!plain) {
        expect([swapped, ...others]).toEqual([null, null, null]);
        return;
      }
      for (const other of [swapped, ...others]) {
        expect(other!.hd95Mm).toBeCloseTo(plain.hd95Mm, 9);
        expect(other!.assdMm).toBeCloseTo(plain.assdMm, 9);
        expect(other!.maxMm).toBeCloseTo(plain.maxMm, 9);
        expect(other!.surfaceDice).toBeCloseTo(plain.surfaceDice, 9);
      }
      for (const other of others) expect(other!.directedHd95Mm[0]).toBeCloseTo(plain.directedHd95Mm[0], 9);
      expect(swapped!.directedHd95Mm).toEqual([plain.directedHd95Mm[1], plain.directedHd95Mm[0]]);
    }),
    { numRuns: 100 },
  );
});

test('[11.2-metrics] a surface against itself: no distance, all of it within any tolerance', () => {
  const mask = maskWhere([40, 30, 20], (i, j, k) => (i - 20) ** 2 + (j - 15) ** 2 + (k - 10) ** 2 <= 64);
  expect(figuresOf(mask, mask, [40, 30, 20], [0.4, 0.7, 1.5])).toMatchObject({ hd95Mm: 0, assdMm: 0, maxMm: 0, surfaceDice: 1 });
});

test('[11.2-metrics] two parallel plates: the distance between their nearer faces, and to their far faces', () => {
  // Plates of one voxel and of two, faces 4, 5 and 8, 10 voxels along i; 0.5 mm.
  const dimensions: Triple = [16, 200, 200];
  const inPlane = (j: number, k: number) => j > 0 && k > 0 && j < 199 && k < 199;
  const thin = maskWhere(dimensions, (i, j, k) => i === 4 && inPlane(j, k));
  const thick = maskWhere(dimensions, (i, j, k) => (i === 8 || i === 9) && inPlane(j, k));
  const found = figuresOf(thin, thick, dimensions, [0.5, 0.3, 0.3])!;
  expect(found.directedHd95Mm).toEqual([2, 2.5]);
  expect(found.hd95Mm).toBe(2.5);
  expect(found.assdMm).toBeCloseTo((1.5 + 2 + 1.5 + 2.5) / 4, 1);
});

test('[11.2-metrics] two concentric balls of radius 12 and 15 mm: every distance about 3 mm, areas of spheres', () => {
  const spacingMm: Triple = [0.5, 0.5, 0.75];
  const dimensions: Triple = [70, 70, 50];
  const ball = (radius: number) =>
    maskWhere(dimensions, (i, j, k) => Math.hypot((i - 34.6) * 0.5, (j - 34.4) * 0.5, (k - 24.7) * 0.75) <= radius);
  const found = figuresOf(ball(12), ball(15), dimensions, spacingMm)!;
  // Either surface is a layer of voxel corners: half a voxel's diagonal on either side is what its place is worth.
  const halfDiagonalMm = Math.hypot(...spacingMm) / 2;
  expect(Math.abs(found.assdMm - 3)).toBeLessThan(halfDiagonalMm);
  expect(Math.abs(found.hd95Mm - 3)).toBeLessThan(halfDiagonalMm);
  expect(found.maxMm).toBeLessThan(3 + 2 * halfDiagonalMm);
  // Marching cubes on a mask overstates a sphere by about a tenth.
  for (const [n, radius] of [12, 15].entries()) {
    const ratio = found.areasMm2[n] / (4 * Math.PI * radius ** 2);
    expect(ratio).toBeGreaterThan(1);
    expect(ratio).toBeLessThan(1.12);
  }
});

test('[11.2-metrics] a box of a x b x c voxels has the faces’ area less what its edges are cut by', () => {
  const dimensions: Triple = [20, 20, 20];
  const box = maskWhere(dimensions, (i, j, k) => i >= 3 && i < 13 && j >= 4 && j < 16 && k >= 5 && k < 13);
  const [{ areasMm2 }] = distancesOf(box, box, dimensions, [1, 1, 1])!;
  const [a, b, c] = [10, 12, 8];
  const faces = 2 * ((a - 1) * (b - 1) + (b - 1) * (c - 1) + (a - 1) * (c - 1));
  const edges = 4 * (a - 1 + (b - 1) + (c - 1)) * Math.SQRT1_2;
  const corners = 8 * (Math.sqrt(3) / 8);
  expect(total(areasMm2)).toBeCloseTo(faces + edges + corners, 9);
});

test('[11.2-metrics] the larger of the two directions is the answer, not the pool: a small extra part far away', () => {
  const dimensions: Triple = [80, 20, 20];
  const plate = maskWhere(dimensions, (i, j, k) => i === 5 && j > 1 && j < 18 && k > 1 && k < 18);
  const more = plate.map((v, at) => ((at % 80 === 70 && (v || plate[at - 65])) || v ? 1 : 0));
  const found = figuresOf(plate, more, dimensions, [1, 1, 1])!;
  expect(found.directedHd95Mm).toEqual([0, 65]);
  expect(found.hd95Mm).toBe(65);
});

test('[11.2-metrics] in a region of interest only its surfels count, and their nearest may lie outside', () => {
  const dimensions: Triple = [40, 12, 12];
  const plate = (at: number) => maskWhere(dimensions, (i) => i === at || i === 30);
  const roi = packBox(dimensions, [0, 0, 0], [11, 12, 12]);
  const whole = directedDistances(packMask(plate(10), dimensions), packMask(plate(12), dimensions), [1, 1, 1]);
  const part = directedDistances(packMask(plate(10), dimensions), packMask(plate(12), dimensions), [1, 1, 1], roi);
  // Of the truth's four faces one lies within, 2 mm from a face beyond the region; of the result's none.
  expect(whole![0].distancesMm.length).toBe(4 * 13 * 13);
  expect(part![0].distancesMm.length).toBe(13 * 13);
  expect(new Set(part![0].distancesMm)).toEqual(new Set([2]));
  expect(part![1].distancesMm.length).toBe(0);
  expect(surfaceFigures(part, 0.5)).toBeNull();
  const all = directedDistances(
    packMask(plate(10), dimensions),
    packMask(plate(12), dimensions),
    [1, 1, 1],
    packBox(dimensions, [0, 0, 0], dimensions),
  );
  expect(surfaceFigures(all, 0.5)).toEqual(surfaceFigures(whole, 0.5));
});

test('[11.2-metrics] refuses masks of different sizes and spacing that is none', () => {
  const small = packMask(new Uint8Array(8).fill(1), [2, 2, 2]);
  expect(() => directedDistances(small, packMask(new Uint8Array(4), [2, 2, 1]), [1, 1, 1])).toThrow(RangeError);
  expect(() => directedDistances(small, small, [1, 0, 1])).toThrow(RangeError);
  expect(() => directedDistances(small, small, [1, Number.NaN, 1])).toThrow(RangeError);
});
