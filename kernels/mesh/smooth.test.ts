import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lpsToIndex, type Triple } from '../volume/geometry.ts';
import { checkMesh } from './check.ts';
import { ballMask, closed, closedness, maskWhere, obliqueGrid, throughStl, unitGrid } from './mask-shapes.ts';
import { largestBoxVoxels, smoothMesh } from './smooth.ts';
import { surfaceOfBytes } from './surface-oracle.ts';

const dimensions: Triple = [36, 36, 36];
/** A plate one to two voxels thick whose normal is far from every axis. */
const plateMask = maskWhere(dimensions, (i, j, k) => {
  const height = 0.5 * (i - 17.5) + 0.3 * (j - 17.5) + 0.81 * (k - 17.5);
  return Math.abs(height) <= 0.9 && Math.hypot(i - 17.5, j - 17.5, k - 17.5) < 15;
});

describe('bounded smoothing', () => {
  test('[P-finish] random masks stay closed, manifold and outward through STL', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 64, maxLength: 64, max: 1 }),
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        (mask, iterations, left) => {
          fc.pre(mask.includes(1));
          const grid = obliqueGrid([4, 4, 4], left);
          const surface = surfaceOfBytes(mask, grid.dimensions, grid);
          const smooth = throughStl(smoothMesh(surface, grid, { iterations }));
          expect(closedness(smooth)).toEqual(closedness(surface));
          expect(closedness(smooth)).toMatchObject(closed);
        },
      ),
      { numRuns: 300 },
    );
  });

  test('[P-finish] all 256 configurations of 2 x 2 x 2 voxels stay closed through STL', () => {
    const grid = obliqueGrid([2, 2, 2]);
    for (let bits = 1; bits < 256; bits++) {
      const surface = surfaceOfBytes(
        Uint8Array.from({ length: 8 }, (_, n) => (bits >> n) & 1),
        grid.dimensions,
        grid,
      );
      expect(closedness(throughStl(smoothMesh(surface, grid, { iterations: 16 }))), `configuration ${bits}`).toMatchObject(closed);
    }
  });

  test('[P-finish] a ball keeps its volume and comes close to the area of a sphere', () => {
    const grid = unitGrid([43, 43, 43]);
    const surface = surfaceOfBytes(ballMask(43, 20), grid.dimensions, grid);
    const before = checkMesh(surface);
    const after = checkMesh(smoothMesh(surface, grid, { iterations: 16 }));
    expect(Math.abs(after.volumeMm3 / before.volumeMm3 - 1)).toBeLessThan(0.002);
    expect(Math.abs(after.areaMm2 / (4 * Math.PI * 20 ** 2) - 1)).toBeLessThan(0.02);
    expect(after.areaMm2).toBeLessThan(before.areaMm2);
  });

  test('[P-finish] a tilted thin plate survives: same parts, same genus, volume within 5 %', () => {
    for (const grid of [unitGrid(dimensions), obliqueGrid(dimensions)]) {
      const surface = surfaceOfBytes(plateMask, dimensions, grid);
      const smooth = smoothMesh(surface, grid, { iterations: 60 });
      expect(closedness(smooth)).toMatchObject({ ...closed, parts: closedness(surface).parts, euler: closedness(surface).euler });
      expect(Math.abs(checkMesh(smooth).volumeMm3 / checkMesh(surface).volumeMm3 - 1)).toBeLessThan(0.05);
    }
  });

  test('[P-finish] the sides of a wall one voxel thick stay on their own side of its middle', () => {
    const grid = unitGrid([14, 14, 3]);
    const surface = surfaceOfBytes(
      maskWhere([14, 14, 3], (i, j, k) => k === 1 && Math.hypot(i - 6.5, j - 6.5) < 6),
      grid.dimensions,
      grid,
    );
    const smooth = smoothMesh(surface, grid, { iterations: 200 });
    for (let at = 2; at < smooth.positions.length; at += 3) {
      if (surface.positions[at] > 1) expect(smooth.positions[at]).toBeGreaterThan(1);
      if (surface.positions[at] < 1) expect(smooth.positions[at]).toBeLessThan(1);
    }
  });

  test('[P-finish] no vertex leaves its box of index units, nor its ball of millimetres', () => {
    const grid = obliqueGrid(dimensions);
    const surface = surfaceOfBytes(plateMask, dimensions, grid);
    const boundMm = 0.11;
    const boxed = smoothMesh(surface, grid, { iterations: 40 });
    const balled = smoothMesh(surface, grid, { iterations: 40, boundMm });
    let furthest = 0;
    for (let at = 0; at < surface.positions.length; at += 3) {
      const [x, y, z] = surface.positions.subarray(at, at + 3);
      const from = lpsToIndex(grid, x, y, z);
      const to = lpsToIndex(grid, boxed.positions[at], boxed.positions[at + 1], boxed.positions[at + 2]);
      for (let axis = 0; axis < 3; axis++) expect(Math.abs(to[axis] - from[axis])).toBeLessThan(largestBoxVoxels + 1e-9);
      const moved = Math.hypot(balled.positions[at] - x, balled.positions[at + 1] - y, balled.positions[at + 2] - z);
      furthest = Math.max(furthest, moved);
    }
    expect(furthest).toBeLessThan(boundMm + 1e-9);
    expect(furthest).toBeGreaterThan(boundMm * 0.99);
  });

  test('no rounds change nothing; wrong settings are our mistake', () => {
    const grid = unitGrid([2, 2, 2]);
    const surface = surfaceOfBytes(new Uint8Array(8).fill(1), grid.dimensions, grid);
    expect(smoothMesh(surface, grid, { iterations: 0 })).toEqual(surface);
    expect(() => smoothMesh(surface, grid, { iterations: -1 })).toThrow(RangeError);
    expect(() => smoothMesh(surface, grid, { iterations: 1, boxVoxels: 0.5 })).toThrow(RangeError);
    expect(() => smoothMesh(surface, grid, { iterations: 1, boundMm: 0 })).toThrow(RangeError);
  });
});
