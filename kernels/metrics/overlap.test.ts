import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packBox, packMask } from '../labels/bits.ts';
import type { Triple } from '../volume/geometry.ts';
import { agreementOf } from './agreement.ts';
import { twoMasks } from './metrics.fixture.ts';
import { countVoxels, overlapOf } from './overlap.ts';

test('[11.2-metrics] true and false, positive and negative are counted as voxel by voxel, in any region', () => {
  fc.assert(
    fc.property(twoMasks, fc.tuple(fc.nat(9), fc.nat(5), fc.nat(5)), fc.tuple(fc.nat(40), fc.nat(9), fc.nat(9)), (masks, offset, size) => {
      const { dimensions, truth, result } = masks;
      const [nx, ny] = dimensions;
      for (const box of [null, { offset, size }]) {
        const expected = { tp: 0, fp: 0, tn: 0, fn: 0 };
        truth.forEach((t, at) => {
          const index = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
          if (box && index.some((v, n) => v < box.offset[n] || v >= box.offset[n] + box.size[n])) return;
          expected[t ? (result[at] ? 'tp' : 'fn') : result[at] ? 'fp' : 'tn']++;
        });
        const roi = box && packBox(dimensions, box.offset, box.size);
        expect(countVoxels(packMask(truth, dimensions), packMask(result, dimensions), roi)).toEqual(expected);
      }
    }),
    { numRuns: 150 },
  );
});

test('[11.2-metrics] the five quotients of 11.2 by hand', () => {
  const found = overlapOf({ tp: 30, fp: 10, tn: 50, fn: 20 });
  expect(found.sensitivity).toBe(30 / 50);
  expect(found.specificity).toBe(50 / 60);
  expect(found.accuracy).toBe(80 / 110);
  expect(found.dsc).toBe(60 / 90);
  expect(found.iou).toBe(30 / 60);
});

test('[11.2-metrics] DSC and IoU say the same: DSC = 2 IoU / (1 + IoU)', () => {
  fc.assert(
    fc.property(fc.nat(10_000), fc.nat(10_000), fc.nat(10_000), fc.nat(10_000), (tp, fp, tn, fn) => {
      const { dsc, iou, accuracy } = overlapOf({ tp, fp, tn, fn });
      if (tp + fp + fn === 0) {
        expect([dsc, iou]).toEqual([null, null]);
        return;
      }
      expect(dsc).toBeCloseTo((2 * iou!) / (1 + iou!), 12);
      expect(accuracy).toBeLessThanOrEqual(1);
    }),
  );
});

const dimensions: Triple = [10, 6, 4];
const nothing = () => packMask(new Uint8Array(240), dimensions);
const something = () => packBox(dimensions, [2, 2, 1], [3, 2, 2]);
const compared = (truth: ReturnType<typeof nothing>, result: ReturnType<typeof nothing>, roi: ReturnType<typeof nothing> | null = null) =>
  agreementOf({ truth, result, roi, thin: null, spacingMm: [0.5, 0.5, 2], toleranceMm: 0.5 });

test('[11.2-metrics] neither has a voxel: undefined, not perfect', () => {
  expect(compared(nothing(), nothing())).toMatchObject({
    state: 'undefined',
    voxels: { tp: 0, fp: 0, tn: 240, fn: 0 },
    sensitivity: null,
    dsc: null,
    iou: null,
    hd95Mm: null,
    assdMm: null,
    surfaceDice: null,
    volumeErrorMl: 0,
  });
});

test('[11.2-metrics] one of them has none: missed, DSC 0, no distance', () => {
  const missed = compared(something(), nothing());
  expect(missed).toMatchObject({
    state: 'missed',
    sensitivity: 0,
    specificity: 1,
    dsc: 0,
    iou: 0,
    hd95Mm: null,
    assdMm: null,
    surfaceDice: 0,
  });
  expect(missed.volumeErrorMl).toBeCloseTo((-12 * 0.5) / 1000, 12);
  expect(compared(nothing(), something())).toMatchObject({ state: 'missed', sensitivity: null, dsc: 0, hd95Mm: null });
});

test('[11.2-metrics] the region of interest decides whether anything was missed', () => {
  const there = packBox(dimensions, [7, 0, 0], [3, 6, 4]);
  expect(compared(something(), something()).state).toBe('ok');
  expect(compared(something(), something(), there)).toMatchObject({ state: 'undefined', voxels: { tp: 0, fp: 0, fn: 0, tn: 72 } });
  expect(compared(nothing(), nothing(), nothing())).toMatchObject({ state: 'undefined', accuracy: null, specificity: null });
});

test('[11.2-metrics] no figure is ever NaN or infinite', () => {
  fc.assert(
    fc.property(twoMasks, ({ dimensions: size, spacingMm, truth, result }) => {
      const [t, r] = [packMask(truth, size), packMask(result, size)];
      const found = agreementOf({ truth: t, result: r, roi: null, thin: t, spacingMm });
      expect(JSON.parse(JSON.stringify(found))).toEqual(found);
      const empty = [!truth.includes(1), !result.includes(1)];
      expect(found.state).toBe(empty[0] && empty[1] ? 'undefined' : empty[0] || empty[1] ? 'missed' : 'ok');
    }),
    { numRuns: 100 },
  );
});
