import { beforeAll, describe, expect, test } from 'vitest';
import { componentsOfBits, listIslands } from '../labels/components.ts';
import { thresholdBits } from '../labels/threshold.ts';
import { lpsToIndex } from '../volume/geometry.ts';
import { type HeadPhantom, makeHead } from './head.ts';
import { makeOrbit } from './orbit.ts';
import { drawOrbitProtocol } from './protocol.ts';
import { createRandom } from './random.ts';

let head: HeadPhantom;
beforeAll(() => {
  head = makeHead(1, 'small');
});

const digest = (values: Int16Array | Uint8Array): number => {
  let h = 0;
  for (const v of values) h = (Math.imul(h, 31) + v) | 0;
  return h;
};

describe('head phantom', () => {
  test('one seed gives one head, another seed another, and progress is told for every slice', () => {
    const told: number[] = [];
    const again = makeHead(1, 'small', (done, total) => told.push(done / total));
    expect(digest(again.hu)).toBe(digest(head.hu));
    expect(digest(again.labels)).toBe(digest(head.labels));
    expect(told.length).toBe(128);
    expect(told.at(-1)).toBe(1);
    expect(digest(makeHead(2, 'small').hu)).not.toBe(digest(head.hu));
  });

  test('[7.2-hu] holds air, fat, soft tissue, bone and enamel in their HU, clipped to 12 bits', () => {
    const histogram = new Map<string, number>();
    const kinds: [string, number, number][] = [
      ['air', -1024, -950],
      ['fat', -130, -60],
      ['soft', 0, 80],
      ['bone', 700, 1700],
      ['enamel', 1800, 3071],
    ];
    for (const v of head.hu)
      for (const [kind, low, high] of kinds) if (v >= low && v <= high) histogram.set(kind, (histogram.get(kind) ?? 0) + 1);
    const share = (kind: string) => (histogram.get(kind) ?? 0) / head.hu.length;
    expect(share('air')).toBeGreaterThan(0.3);
    expect(share('fat')).toBeGreaterThan(0.03);
    expect(share('soft')).toBeGreaterThan(0.15);
    expect(share('bone')).toBeGreaterThan(0.015);
    expect(share('enamel')).toBeGreaterThan(0.0002);
    expect(Math.min(...new Set(head.hu))).toBeGreaterThanOrEqual(-1024);
    expect(Math.max(...new Set(head.hu))).toBeLessThanOrEqual(3071);
  });

  test('each marker reads its HU at its point and none at the mirrored one', () => {
    const [nx, ny] = head.geometry.dimensions;
    const at = (p: [number, number, number]): number => {
      const [i, j, k] = lpsToIndex(head.geometry, ...p).map(Math.round);
      return head.hu[(k * ny + j) * nx + i];
    };
    const middle = head.geometry.originLps[0] + ((nx - 1) / 2) * head.geometry.spacingMm[0];
    for (const marker of head.markers) {
      expect(Math.abs(at(marker.centreLps) - marker.hu)).toBeLessThan(60 + 0.06 * marker.hu);
      const [x, y, z] = marker.centreLps;
      expect(Math.abs(at([2 * middle - x, y, z]) - marker.hu)).toBeGreaterThan(250);
    }
  });

  test('[13-ccl] at 200 HU the skull is one large part and the markers are islands', async () => {
    const parts = await componentsOfBits((await thresholdBits(head.hu, head.geometry.dimensions, 200, null)).bits, 26);
    const [skull, second] = listIslands(parts, 2);
    expect(skull.voxels).toBeGreaterThan(30_000);
    expect(second.voxels).toBeLessThan(skull.voxels / 10);
    expect(parts.count).toBeGreaterThan(4);
  });

  test('a threshold loses thin walls that the truth holds, the more the higher it is', () => {
    const lost = (hu: number): number => {
      let thin = 0;
      let below = 0;
      for (let n = 0; n < head.labels.length; n++) {
        if (head.labels[n] !== 3) continue;
        thin++;
        if (head.hu[n] < hu) below++;
      }
      return below / thin;
    };
    expect(lost(300)).toBeGreaterThan(lost(200));
    expect(lost(200)).toBeGreaterThan(lost(50));
    expect(lost(300)).toBeGreaterThan(0.2);
  });

  test('walls are as thin as in life', () => {
    expect(head.walls.length).toBe(4);
    for (const { wall, thicknessMm } of head.walls) {
      expect(thicknessMm.least).toBeGreaterThanOrEqual(wall === 'medial' ? 0.19 : 0.29);
      expect(thicknessMm.most).toBeLessThanOrEqual(wall === 'medial' ? 0.55 : 0.75);
    }
    for (let seed = 0; seed < 20; seed++) {
      const orbit = makeOrbit(createRandom(seed), 1);
      const at = orbit.section(15);
      expect(orbit.distance(at.x, 15, at.z)).toBeLessThan(-8);
      expect(orbit.distance(at.x + at.halfWidth, 15, at.z)).toBeCloseTo(0, 6);
      const medial = orbit.wallMm(at.x - at.halfWidth, 15, at.z);
      const lateral = orbit.wallMm(at.x + at.halfWidth, 15, at.z);
      expect(medial).toBeGreaterThanOrEqual(0.2);
      expect(medial).toBeLessThanOrEqual(0.5);
      expect(lateral).toBeGreaterThan(1);
      const [x, y, z] = orbit.rim(1, 2);
      expect(Math.abs(orbit.behindRim(x, y, z))).toBeLessThan(0.05);
    }
  });

  test('a cut around the orbits draws voxels, kernel and noise from the seed, and knows the thickness of each wall', () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 40; seed++) {
      const { spacingMm, dimensions, scanner, kernel } = drawOrbitProtocol(createRandom(seed, 5));
      seen.add(kernel);
      expect(spacingMm[0]).toBeGreaterThanOrEqual(0.41);
      expect(spacingMm[0]).toBeLessThanOrEqual(0.59);
      expect(spacingMm[2]).toBeGreaterThanOrEqual(0.63);
      expect(spacingMm[2]).toBeLessThanOrEqual(1);
      expect(dimensions[0] * spacingMm[0]).toBeCloseTo(124, 0);
      expect(scanner.undershoot! > 0).toBe(kernel === 'bone');
    }
    expect(seen).toEqual(new Set(['standard', 'bone', 'soft']));
    const thin = Array.from(head.labels.keys()).filter((n) => head.labels[n] === 3);
    expect(thin.every((n) => head.thickness[n]! >= 5 && head.thickness[n]! <= 160)).toBe(true);
    expect(head.thickness.every((mm, n) => mm === 0 || head.labels[n] === 3)).toBe(true);
    // Walls of the orbit are drawn at 0.2 to 0.7 mm, of the sinuses up to 1.4 mm.
    expect(thin.some((n) => head.thickness[n]! < 40)).toBe(true);
    expect(thin.some((n) => head.thickness[n]! > 90)).toBe(true);
  });

  test('refuses what is no seed', () => {
    expect(() => makeHead(-3, 'small')).toThrow(RangeError);
  });
});
