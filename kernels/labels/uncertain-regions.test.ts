import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Triple } from '../volume/geometry.ts';
import { uncertainRegions } from './uncertain-regions.ts';

const dimensions: Triple = [10, 5, 4];
const voxels = 200;
const ijk = (at: number): Triple => [at % 10, Math.floor(at / 10) % 5, Math.floor(at / 50)];
const one: Triple = [1, 1, 1];

/** The slow twin: labels of voxels by passing them on until nothing changes. */
function twin(probability: Uint8Array, spread: Uint8Array | null, threshold: number): number[] {
  const doubt = Array.from(
    probability,
    (p, n) => Math.fround(Math.max(1 - Math.abs(p / 255 - threshold) / 0.2, spread ? Math.min(1, spread[n] / 255 / 0.3) : 0)) >= 0.5,
  );
  const has = (i: number, j: number, k: number) => i >= 0 && j >= 0 && k >= 0 && i < 10 && j < 5 && k < 4 && doubt[i + 10 * (j + 5 * k)];
  const cube = [0, 1].flatMap((a) => [0, 1].flatMap((b) => [0, 1].map((c) => [a, b, c] as const)));
  const label = Array.from(doubt, (_, at) => {
    const [i, j, k] = ijk(at);
    return cube.some(([a, b, c]) => cube.every(([d, e, f]) => has(i - a + d, j - b + e, k - c + f))) ? at : -1;
  });
  for (let changed = true; changed; ) {
    changed = false;
    for (let at = 0; at < voxels; at++)
      for (let to = 0; to < voxels; to++) {
        const [p, q] = [ijk(at), ijk(to)];
        const touch = Math.abs(p[0] - q[0]) + Math.abs(p[1] - q[1]) + Math.abs(p[2] - q[2]) === 1;
        const sameCell = p.every((v, n) => Math.floor(v / 8) === Math.floor(q[n] / 8));
        if (!touch || !sameCell || label[at] < 0 || label[to] < 0 || label[to] <= label[at]) continue;
        label[to] = label[at];
        changed = true;
      }
  }
  const sizes = new Map<number, number>();
  for (const l of label) if (l >= 0) sizes.set(l, (sizes.get(l) ?? 0) + 1);
  return [...sizes.entries()].sort((a, b) => a[0] - b[0]).map(([, size]) => size);
}

describe('where a network was not sure', () => {
  it('[9.1-types] regions are those of a slow twin, each with a voxel of its own', () => {
    const bytes = fc.uint8Array({ minLength: voxels, maxLength: voxels });
    const lumpy = fc
      .tuple(bytes, fc.integer({ min: 1, max: 3 }))
      .map(([raw, grain]) => Uint8Array.from(raw, (_, at) => raw[ijk(at).reduce((sum, v) => sum * 7 + Math.floor(v / grain), 0) % voxels]));
    fc.assert(
      fc.property(lumpy, fc.option(lumpy), fc.constantFrom(0.3, 0.5, 0.8), (probability, spread, threshold) => {
        const regions = uncertainRegions(probability, spread, dimensions, one, threshold, 1);
        expect(regions.map((region) => region.voxels)).toEqual(twin(probability, spread, threshold));
        for (const { index, doubt, lowest, highest } of regions) {
          expect(doubt).toBeGreaterThanOrEqual(0.5 - 1e-6);
          expect(probability[index]).toBeGreaterThanOrEqual(lowest);
          expect(probability[index]).toBeLessThanOrEqual(highest);
        }
      }),
      { numRuns: 8 },
    );
  });
  it('[9.1-types] the face of bone, where the probability falls within a voxel, is none; a cloud is one', () => {
    const face = Uint8Array.from({ length: voxels }, (_, at) => [0, 0, 0, 0, 128, 255, 255, 255, 255, 255][at % 10]!);
    expect(uncertainRegions(face, null, dimensions, one, 0.5, 1)).toEqual([]);
    const cloud = face.map((byte, at) => (ijk(at).every((v, n) => v >= [6, 1, 1][n]! && v <= [7, 3, 3][n]!) ? 120 : byte));
    expect(uncertainRegions(cloud, null, dimensions, one, 0.5, 1)).toMatchObject([
      { voxels: 18, index: 6 + 10 * (2 + 5 * 2), lowest: 120, highest: 120 },
    ]);
    expect(uncertainRegions(cloud, null, dimensions, one, 0.5, 19)).toEqual([]);
    expect(uncertainRegions(cloud, null, dimensions, one, 0.8, 1)).toEqual([]);
  });
  it('[9.1-types] runs that differ are in doubt however sure each is; what does not fit is refused', () => {
    const sure = new Uint8Array(voxels).fill(255);
    const spread = new Uint8Array(voxels).map((_, at) => (ijk(at).every((v) => v >= 1 && v <= 2) ? 90 : 0));
    expect(uncertainRegions(sure, spread, dimensions, one, 0.5, 1)).toMatchObject([{ voxels: 8 }]);
    expect(() => uncertainRegions(sure, new Uint8Array(3), dimensions, one, 0.5, 1)).toThrow(RangeError);
    expect(() => uncertainRegions(new Uint8Array(3), null, dimensions, one, 0.5, 1)).toThrow(RangeError);
  });
});
