import { describe, expect, test } from 'vitest';
import { checkMesh } from './check.ts';
import { isDegenerate, retreat } from './float32.ts';
import { ballMask, closed, closedness, throughStl, unitGrid } from './mask-shapes.ts';
import { surfaceOfBytes } from './surface-oracle.ts';

describe('what float32 keeps of a mesh', () => {
  test('[P-finish] vertices that would coincide go back to their start, and the file stays closed', () => {
    const grid = unitGrid([9, 9, 9]);
    const surface = surfaceOfBytes(ballMask(9, 3.5), grid.dimensions, grid);
    const positions = Float64Array.from(surface.positions);
    // Two far vertices in one place, and one within float32's rounding of its neighbour.
    positions.set(positions.subarray(0, 3), 150);
    positions.set([positions[60] + 1e-12, positions[61], positions[62]], 90);
    const moved = { positions, triangles: surface.triangles };
    expect(closedness(throughStl(moved))).not.toMatchObject(closed);
    expect(retreat(moved, surface.positions)).toBeGreaterThanOrEqual(2);
    expect(closedness(throughStl(moved))).toMatchObject({ ...closed, parts: 1, euler: 2 });
  });

  test('[P-finish] a triangle flattened to a line goes back', () => {
    const grid = unitGrid([9, 9, 9]);
    const surface = surfaceOfBytes(ballMask(9, 3.5), grid.dimensions, grid);
    const positions = Float64Array.from(surface.positions);
    const [a, b, c] = surface.triangles.subarray(30, 33);
    for (let axis = 0; axis < 3; axis++) positions[a * 3 + axis] = (positions[b * 3 + axis] + positions[c * 3 + axis]) / 2;
    const moved = { positions, triangles: surface.triangles };
    expect(checkMesh(moved).degenerateTriangles).toBeGreaterThan(0);
    retreat(moved, surface.positions);
    expect(checkMesh(moved).degenerateTriangles).toBe(0);
  });

  test('[P-finish] a mesh that has no such vertex is left as it is', () => {
    const grid = unitGrid([9, 9, 9]);
    const surface = surfaceOfBytes(ballMask(9, 3.5), grid.dimensions, grid);
    const moved = { positions: Float64Array.from(surface.positions, (value) => value * 1.01), triangles: surface.triangles };
    const before = moved.positions.slice();
    expect(retreat(moved, surface.positions)).toBe(0);
    expect(moved.positions).toEqual(before);
  });

  test('[P-print] no area: equal corners, corners on a line, or a height lost to rounding', () => {
    const triangle = (...p: number[]) => isDegenerate(p, 0, 1, 2);
    expect(triangle(0, 0, 0, 0, 0, 0, 1, 0, 0)).toBe(true);
    expect(triangle(0, 0, 0, 1, 1, 1, 3, 3, 3)).toBe(true);
    expect(triangle(0, 0, 0, 1, 0, 0, 0.5, 1e-8, 0)).toBe(true);
    expect(triangle(0, 0, 0, 1, 0, 0, 0.5, 1e-3, 0)).toBe(false);
    expect(triangle(1e-9, 0, 0, 2e-9, 0, 0, 0, 1e-9, 0)).toBe(false);
  });
});
