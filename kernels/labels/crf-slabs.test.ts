import { expect, test } from 'vitest';
import type { Triple } from '../volume/geometry.ts';
import { type CrfSettings, crf } from './crf.ts';
import { crfMask } from './crf-mask.ts';
import { crfInSlabs, crfLimits, crfSlabs } from './crf-slabs.ts';

const settings: CrfSettings = {
  iterations: 4,
  appearance: { sigmaMm: 1, sigmaHu: 60, weight: 2 },
  smoothness: { sigmaMm: 0.6, weight: 0.5 },
  rangeHu: [-300, 700],
  everyVoxel: false,
};

function scene(dimensions: Triple) {
  let state = 9;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const voxels = dimensions[0] * dimensions[1] * dimensions[2];
  const hu = Int16Array.from({ length: voxels }, (_, n) => (n % dimensions[0] > 8 ? 400 : -100) + 80 * (random() - 0.5));
  const probability = Uint8Array.from(hu, (v) => 255 * Math.min(1, Math.max(0, (v > 100 ? 0.65 : 0.3) + 0.5 * (random() - 0.5))));
  return { dimensions, spacingMm: [0.5, 0.5, 1] as Triple, hu, probability };
}

test('[13-crf] slabs cover every slice once, look three sigma further, and stay below the limits', () => {
  const wide: Triple = [512, 512, 256];
  const slabs = crfSlabs(wide, [0.45, 0.45, 0.75], { ...settings, appearance: { sigmaMm: 2, sigmaHu: 30, weight: 2 } })!;
  expect(slabs.length).toBeGreaterThan(1);
  expect(slabs[0]!.from).toBe(0);
  expect(slabs.at(-1)!.to).toBe(256);
  for (const [n, slab] of slabs.entries()) {
    if (n > 0) expect(slab.from).toBe(slabs[n - 1]!.to);
    expect(slab.from - slab.low).toBe(Math.min(slab.from, 8));
    expect(slab.high - slab.to).toBe(Math.min(256 - slab.to, 8));
    expect((slab.high - slab.low) * 512 * 512).toBeLessThanOrEqual(crfLimits.voxels);
  }
  expect(crfSlabs([260, 224, 90], [0.45, 0.45, 0.75], settings)).toEqual([{ from: 0, to: 90, low: 0, high: 90 }]);
  expect(crfSlabs([6000, 6000, 3], [0.1, 0.1, 1], settings)).toBeNull();
});

test('[13-crf] in slabs as in one run: no voxel in 200 turns, and every step is told', () => {
  const box = scene([24, 20, 40]);
  const whole = crf(box, settings).probability;
  const told: [number, number][] = [];
  const parts = crfInSlabs(box, settings, (done, steps) => told.push([done, steps]), { voxels: 24 * 20 * 18, cells: 1e6 });
  let turned = 0;
  for (let n = 0; n < whole.length; n++) if (whole[n]! >= 0.5 !== parts.probability[n]! >= 0.5) turned++;
  expect(turned).toBeLessThan(whole.length / 200);
  expect(told.map(([done]) => done)).toEqual(Array.from({ length: told[0]![1] }, (_, n) => n));
  expect(told.length).toBeGreaterThan(6);
  expect(crfInSlabs(box, settings).probability).toEqual(whole);
  expect(() => crfInSlabs(box, settings, () => {}, { voxels: 100, cells: 1e6 })).toThrow(RangeError);
});

test('[13-crf] in the zone of thin walls voxels are only added, elsewhere only taken away; held ones stay', () => {
  const before = Uint8Array.of(0, 1, 0, 1, 0, 1, 0, 1);
  const turn = Float32Array.of(0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.4999, 0.5);
  const held = Uint8Array.of(0, 0, 0, 0, 1, 1, 0, 0);
  const zone = Uint8Array.of(1, 1, 0, 0, 1, 0, 1, 0);
  expect(crfMask(before, turn, held, zone)).toEqual({ mask: Uint8Array.of(1, 1, 0, 0, 0, 1, 0, 1), added: 1, removed: 1 });
  expect(crfMask(before, turn, held, null)).toEqual({ mask: Uint8Array.of(1, 0, 1, 0, 0, 1, 0, 1), added: 2, removed: 2 });
  expect(before).toEqual(Uint8Array.of(0, 1, 0, 1, 0, 1, 0, 1));
  expect(() => crfMask(before, turn, held.subarray(1), null)).toThrow(RangeError);
});
