import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resampleTurned as resample } from '../spacing/resample-turned.ts';
import { boxGrid, cutBox, pasteBox } from '../volume/box.ts';
import { indexToLps, type Nine, type Triple, type VolumeGeometry, voxelCount } from '../volume/geometry.ts';
import { boxOfRoi, networkGrid } from './network-grid.ts';

const trained = {
  pixelMm: { trained: [0.41, 0.59] as [number, number], resampleTo: 0.5 },
  sliceMm: { trained: [0.63, 1] as [number, number] },
};
const plain: Nine = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** The three axes in any order and direction: 48 ways to store the same head. */
const orders: Triple[] = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
];
const directions = orders.flatMap((order) =>
  [0, 1, 2, 3, 4, 5, 6, 7].map((signs) => {
    const d: number[] = new Array(9).fill(0);
    for (let n = 0; n < 3; n++) d[3 * n + order[n]!] = signs & (1 << n) ? -1 : 1;
    return d as Nine;
  }),
);

function filled(g: VolumeGeometry, value: (point: Triple) => number): Float32Array {
  const values = new Float32Array(voxelCount(g.dimensions));
  const [nx, ny, nz] = g.dimensions;
  for (let k = 0, at = 0; k < nz; k++)
    for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++) values[at++] = value(indexToLps(g, i, j, k));
  return values;
}
/** Not symmetric in anything, and linear: trilinear interpolation is exact on it. */
const slope = ([x, y, z]: Triple): number => 3 * x - 5 * y + 7 * z + 11;

describe('what a network sees', () => {
  it.each(directions)(
    '[7.2-hu] is right to left, front to back, foot to head, exact to the voxel, for direction %s',
    (...direction: number[]) => {
      const spacingMm: Triple = [0, 1, 2].map((n) => (Math.abs(direction[3 * n + 2]!) === 1 ? 0.8 : 0.5)) as Triple;
      const volume: VolumeGeometry = { dimensions: [7, 6, 5], spacingMm, originLps: [-3, 20, 100], directionLps: direction as Nine };
      const box = { offsetIjk: [1, 2, 0] as Triple, dimensions: [4, 3, 5] as Triple };
      const grid = networkGrid(volume, box, trained);
      expect(grid.spacingMm).toEqual([0.5, 0.5, 0.8]);
      expect(grid.directionLps.map((v) => v + 0)).toEqual(plain);
      const part = cutBox(filled(volume, slope), volume.dimensions, box);
      const seen = resample(part, boxGrid(volume, box), grid, -9999);
      expect(Math.max(...seen.map((v, n) => Math.abs(v - filled(grid, slope)[n]!)))).toBeLessThan(1e-3);
      // And back: every voxel of the box gets its own value again.
      const back = resample(seen, grid, boxGrid(volume, box), -9999);
      expect([...back]).toEqual([...part]);
    },
  );

  it('[8.3-spacing] other spacings are laid on the trained ones around the same centre', () => {
    const volume: VolumeGeometry = { dimensions: [40, 40, 20], spacingMm: [0.96, 0.96, 1.5], originLps: [5, 6, 7], directionLps: plain };
    const grid = networkGrid(volume, { offsetIjk: [0, 0, 0], dimensions: volume.dimensions }, trained);
    expect(grid.spacingMm).toEqual([0.5, 0.5, 0.75]);
    expect(grid.dimensions).toEqual([77, 77, 40]);
    const middle = (g: VolumeGeometry) => indexToLps(g, ...(g.dimensions.map((n) => (n - 1) / 2) as Triple));
    for (const [a, v] of middle(grid).entries()) expect(v).toBeCloseTo(middle(volume)[a]!, 9);
    const values = resample(filled(volume, slope), volume, grid, -9999);
    const inner = values[(20 * 77 + 38) * 77 + 38]!;
    expect(inner).toBeCloseTo(slope(indexToLps(grid, 38, 38, 20)), 2);
  });

  it('finer slices are averaged, not skipped', () => {
    const volume: VolumeGeometry = { dimensions: [4, 4, 80], spacingMm: [0.5, 0.5, 0.2], originLps: [0, 0, 0], directionLps: plain };
    const grid = networkGrid(volume, { offsetIjk: [0, 0, 0], dimensions: volume.dimensions }, trained);
    expect(grid.spacingMm[2]).toBeCloseTo(0.8, 9);
    const stripes = Float32Array.from({ length: 4 * 4 * 80 }, (_, n) => (Math.floor(n / 16) % 4 === 0 ? 400 : 0));
    const seen = resample(stripes, volume, grid, 0);
    expect(Math.abs(seen[16 * 10]! - 100)).toBeLessThan(30);
  });

  it('a grid that is turned by 30 degrees is laid along the patient, values where they belong', () => {
    const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
    const volume: VolumeGeometry = {
      dimensions: [30, 30, 20],
      spacingMm: [0.5, 0.5, 0.8],
      originLps: [1, 2, 3],
      directionLps: [c, s, 0, -s, c, 0, 0, 0, 1],
    };
    const grid = networkGrid(volume, { offsetIjk: [0, 0, 0], dimensions: volume.dimensions }, trained);
    expect(grid.directionLps).toEqual(plain);
    const seen = resample(filled(volume, slope), volume, grid, -9999);
    const inside = [...seen].map((v, n) => [v, n] as const).filter(([v]) => v > -2000);
    expect(inside.length).toBeGreaterThan(2000);
    const [nx, ny] = grid.dimensions;
    const centre = Math.floor(grid.dimensions[2] / 2) * nx * ny + Math.floor(ny / 2) * nx + Math.floor(nx / 2);
    const at = indexToLps(grid, Math.floor(nx / 2), Math.floor(ny / 2), Math.floor(grid.dimensions[2] / 2));
    expect(seen[centre]).toBeCloseTo(slope(at), 2);
  });
});

describe('boxes', () => {
  const side = fc.integer({ min: 1, max: 6 });
  it('what is cut out and pasted back changes nothing, and a box that leaves the grid is a mistake', () => {
    fc.assert(
      fc.property(fc.tuple(side, side, side), fc.tuple(side, side, side), fc.tuple(side, side, side), (dimensions, offset, size) => {
        const values = Int16Array.from({ length: voxelCount(dimensions) }, (_, n) => n);
        const box = { offsetIjk: offset.map((v) => v - 1) as Triple, dimensions: size };
        if (box.offsetIjk.some((v, a) => v + size[a]! > dimensions[a]!)) {
          expect(() => cutBox(values, dimensions, box)).toThrow(RangeError);
          return;
        }
        const part = cutBox(values, dimensions, box);
        const again = new Int16Array(values.length).fill(-1);
        pasteBox(again, dimensions, box, part);
        expect(again.filter((v) => v >= 0)).toEqual(part);
        expect(again.every((v, n) => v === -1 || v === n)).toBe(true);
      }),
    );
  });

  it('a region in LPS mm becomes the voxels whose centres it holds, also on a mirrored grid; outside there is none', () => {
    const g: VolumeGeometry = {
      dimensions: [10, 10, 10],
      spacingMm: [1, 1, 2],
      originLps: [9, 9, 0],
      directionLps: [-1, 0, 0, 0, -1, 0, 0, 0, 1],
    };
    expect(boxOfRoi(g, [2, 3, 4, 5, 5, 8])).toEqual({ offsetIjk: [4, 4, 2], dimensions: [4, 3, 3] });
    expect(boxOfRoi(g, [-50, -50, -50, 50, 50, 50])).toEqual({ offsetIjk: [0, 0, 0], dimensions: [10, 10, 10] });
    expect(boxOfRoi(g, [20, 20, 0, 30, 30, 9])).toBeNull();
  });
});
