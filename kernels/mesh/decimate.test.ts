import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkMesh } from './check.ts';
import { decimateMesh } from './decimate.ts';
import { toMeshSlowly } from './distance-oracle.ts';
import { ballMask, closed, closedness, maskWhere, obliqueGrid, throughStl, torusMask, unitGrid } from './mask-shapes.ts';
import type { Mesh } from './mesh.ts';
import { NearestTriangle } from './nearest.ts';
import { smoothMesh } from './smooth.ts';
import { surfaceOfBytes } from './surface-oracle.ts';

/** Points spread over every triangle: corners, and a grid of barycentric steps inside. */
function* spread(mesh: Mesh, steps: number): Generator<[number, number, number]> {
  for (let t = 0; t < mesh.triangles.length; t += 3) {
    const corner = [0, 1, 2].map((n) => mesh.positions.subarray(mesh.triangles[t + n] * 3, mesh.triangles[t + n] * 3 + 3));
    for (let a = 0; a <= steps; a++) {
      for (let b = 0; a + b <= steps; b++) {
        const weights = [a / steps, b / steps, (steps - a - b) / steps];
        yield [0, 1, 2].map((axis) => weights.reduce((sum, w, n) => sum + w * corner[n][axis], 0)) as [number, number, number];
      }
    }
  }
}

function furthest(from: Mesh, to: Mesh): number {
  const nearest = new NearestTriangle(to);
  let most = 0;
  for (const [x, y, z] of spread(from, 4)) most = Math.max(most, nearest.distanceMm(x, y, z));
  return most;
}

describe('decimation', () => {
  test('[P-finish] random masks stay closed and manifold with the same parts and genus, within the error both ways', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 64, maxLength: 64, max: 1 }),
        fc.integer({ min: 0, max: 12 }),
        fc.constantFrom(0, 0.01, 0.1, 0.5, 5),
        (mask, iterations, errorMm) => {
          fc.pre(mask.includes(1));
          const grid = obliqueGrid([4, 4, 4]);
          const surface = smoothMesh(surfaceOfBytes(mask, grid.dimensions, grid), grid, { iterations });
          const light = decimateMesh(surface, errorMm);
          const { flaws, parts, euler } = closedness(surface);
          expect(closedness(throughStl(light))).toMatchObject({ flaws, parts, euler });
          expect(light.boundMm).toBeLessThanOrEqual(errorMm);
          expect(furthest(light, surface)).toBeLessThanOrEqual(light.boundMm + 1e-4);
          expect(furthest(surface, light)).toBeLessThanOrEqual(light.boundMm + 1e-4);
        },
      ),
      { numRuns: 120 },
    );
  });

  test('[P-finish] all 256 configurations of 2 x 2 x 2 voxels stay closed and outward', () => {
    const grid = obliqueGrid([2, 2, 2]);
    for (let bits = 1; bits < 256; bits++) {
      const surface = surfaceOfBytes(
        Uint8Array.from({ length: 8 }, (_, n) => (bits >> n) & 1),
        grid.dimensions,
        grid,
      );
      expect(closedness(throughStl(decimateMesh(surface, 0.1))), `configuration ${bits}`).toMatchObject(closed);
    }
  });

  test('[P-finish] a ball and a torus get much lighter and keep volume, genus and the error', () => {
    for (const mask of [ballMask(41, 17), torusMask(41, 12, 6)]) {
      const grid = unitGrid([41, 41, 41]);
      const surface = smoothMesh(surfaceOfBytes(mask, grid.dimensions, grid), grid, { iterations: 20 });
      const light = decimateMesh(surface, 0.2);
      expect(light.triangles.length).toBeLessThan(surface.triangles.length / 2);
      expect(closedness(light)).toMatchObject({ ...closed, parts: 1, euler: closedness(surface).euler });
      expect(Math.abs(checkMesh(light).volumeMm3 / checkMesh(surface).volumeMm3 - 1)).toBeLessThan(0.005);
      expect(furthest(light, surface)).toBeLessThanOrEqual(0.2);
      expect(furthest(surface, light)).toBeLessThanOrEqual(0.2);
    }
  });

  test('[P-finish] a flat box needs few triangles at no error, and keeps its shape to the last digit', () => {
    const grid = unitGrid([12, 12, 12]);
    const box = surfaceOfBytes(new Uint8Array(12 ** 3).fill(1), grid.dimensions, grid);
    const light = decimateMesh(box, 0);
    expect(light.triangles.length / 3).toBeLessThan(200);
    expect(checkMesh(light).volumeMm3).toBeCloseTo(checkMesh(box).volumeMm3, 9);
    expect(checkMesh(light).areaMm2).toBeCloseTo(checkMesh(box).areaMm2, 9);
    expect(light.boundMm).toBe(0);
  });

  test('[P-finish] a thin tilted plate keeps its parts and both its sides', () => {
    const grid = unitGrid([30, 30, 30]);
    const mask = maskWhere(grid.dimensions, (i, j, k) => Math.abs(0.5 * (i - 14) + 0.3 * (j - 14) + 0.8 * (k - 14)) <= 0.9);
    const surface = smoothMesh(surfaceOfBytes(mask, grid.dimensions, grid), grid, { iterations: 16 });
    const light = decimateMesh(surface, 0.1);
    expect(closedness(light)).toMatchObject({ ...closed, parts: closedness(surface).parts, euler: closedness(surface).euler });
    expect(light.triangles.length).toBeLessThan(surface.triangles.length * 0.7);
  });

  test('[P-finish] a tetrahedron is left as it is, whatever the error', () => {
    const tetrahedron = {
      positions: Float64Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1),
      triangles: Uint32Array.of(0, 2, 1, 0, 1, 3, 1, 2, 3, 0, 3, 2),
    };
    expect(decimateMesh(tetrahedron, 100)).toEqual({ ...tetrahedron, boundMm: 0 });
  });

  test('[P-finish] open edges are left alone', () => {
    const grid = unitGrid([9, 9, 9]);
    const ball = smoothMesh(surfaceOfBytes(ballMask(9, 3.5), grid.dimensions, grid), grid, { iterations: 10 });
    const open = { ...ball, triangles: ball.triangles.slice(0, -30) };
    const before = checkMesh(open);
    const after = checkMesh(decimateMesh(open, 0.3));
    expect(after.triangles).toBeLessThan(before.triangles);
    expect(after.openEdges).toBeLessThanOrEqual(before.openEdges);
    expect(after).toMatchObject({ nonManifoldEdges: 0, misorientedEdges: 0 });
  });

  test('the oracle and the tree agree on what the tests above measure', () => {
    const grid = unitGrid([3, 3, 3]);
    const surface = surfaceOfBytes(new Uint8Array(27).fill(1), grid.dimensions, grid);
    const nearest = new NearestTriangle(surface);
    for (const point of spread(surface, 2)) {
      const [x, y, z] = [point[0] * 1.3, point[1] * 0.7, point[2] + 0.2];
      expect(nearest.distanceMm(x, y, z)).toBeCloseTo(toMeshSlowly([x, y, z], surface), 9);
    }
  });
});
