import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ballMask, obliqueGrid, torusMask, unitGrid } from './mask-shapes.ts';
import { emptyMesh, type Mesh } from './mesh.ts';
import { sectionMesh } from './section.ts';
import { surfaceOfBytes } from './surface-oracle.ts';

const cube: Mesh = {
  positions: Float64Array.from({ length: 24 }, (_, n) => (Math.floor(n / 3) >> (n % 3)) & 1),
  triangles: Uint32Array.of(0, 2, 1, 1, 2, 3, 4, 5, 6, 5, 7, 6, 0, 1, 4, 1, 5, 4, 2, 6, 3, 3, 6, 7, 0, 4, 2, 2, 4, 6, 1, 3, 5, 3, 7, 5),
};

const lengthOf = (lines: Float32Array) => {
  let sum = 0;
  for (let at = 0; at < lines.length; at += 6)
    sum += Math.hypot(lines[at] - lines[at + 3], lines[at + 1] - lines[at + 4], lines[at + 2] - lines[at + 5]);
  return sum;
};

/** How often each end point occurs; in closed outlines always an even number of times. */
function ends(lines: Float32Array): number[] {
  const seen = new Map<string, number>();
  for (let at = 0; at < lines.length; at += 3) {
    const key = lines.subarray(at, at + 3).join();
    seen.set(key, (seen.get(key) ?? 0) + 1);
  }
  return [...seen.values()];
}

describe('section of a mesh', () => {
  test('[P-surface] a cube cut across is its square, cut on the diagonal a rectangle', () => {
    const square = sectionMesh(cube, [5, 5, 0.25], [0, 0, 2]);
    expect(lengthOf(square)).toBeCloseTo(4, 6);
    for (let at = 2; at < square.length; at += 3) expect(square[at]).toBe(0.25);
    expect(lengthOf(sectionMesh(cube, [0.5, 0.5, 0.5], [1, 1, 0]))).toBeCloseTo(2 + 2 * Math.SQRT2, 6);
  });

  test('[P-surface] on a face the outline comes once or not at all; beside the mesh there is none', () => {
    expect(lengthOf(sectionMesh(cube, [0, 0, 1], [0, 0, 1]))).toBeCloseTo(4, 6);
    expect(sectionMesh(cube, [0, 0, 0], [0, 0, 1]).length).toBe(0);
    expect(sectionMesh(cube, [0, 0, 7], [0, 0, 1]).length).toBe(0);
    expect(sectionMesh(emptyMesh(), [0, 0, 0], [0, 0, 1]).length).toBe(0);
  });

  test('[P-surface] a ball is cut in a circle, a torus in two', () => {
    const grid = unitGrid([43, 43, 43]);
    const ball = surfaceOfBytes(ballMask(43, 20), grid.dimensions, grid);
    const circle = sectionMesh(ball, [21, 21, 21.01], [0, 0, 1]);
    for (let at = 0; at < circle.length; at += 3) expect(Math.abs(Math.hypot(circle[at] - 21, circle[at + 1] - 21) - 20)).toBeLessThan(0.8);
    const torus = surfaceOfBytes(torusMask(43, 13, 5), grid.dimensions, grid);
    const rings = sectionMesh(torus, [21, 21, 21.01], [0, 0, 1]);
    const radii = Array.from({ length: rings.length / 3 }, (_, n) => Math.hypot(rings[n * 3] - 21, rings[n * 3 + 1] - 21));
    expect(radii.every((mm) => Math.abs(mm - 8) < 0.8 || Math.abs(mm - 18) < 0.8)).toBe(true);
    expect(new Set(radii.map((mm) => mm < 13)).size).toBe(2);
  });

  test('[P-surface] outlines close: every end point is shared, for any mask and plane', () => {
    const component = fc.integer({ min: -10, max: 10 }).map((n) => n / 7);
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 27, maxLength: 27, max: 1 }),
        fc.tuple(component, component, component),
        fc.nat(20),
        (mask, normal, place) => {
          fc.pre(Math.hypot(...normal) > 0.1);
          const grid = obliqueGrid([3, 3, 3]);
          const origin = [-120.3 + place / 20, 85.7, -410.1 + place / 8];
          const counts = ends(sectionMesh(surfaceOfBytes(mask, grid.dimensions, grid), origin, normal));
          expect(counts.filter((count) => count % 2 !== 0)).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('a plane without a normal is our mistake', () => {
    expect(() => sectionMesh(cube, [0, 0, 0], [0, 0, 0])).toThrow(RangeError);
    expect(() => sectionMesh(cube, [0, 0, 0], [NaN, 0, 0])).toThrow(RangeError);
  });
});
