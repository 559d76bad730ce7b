import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inTurn } from '../parts.ts';
import { pointOf, toMeshSlowly } from './distance-oracle.ts';
import { obliqueGrid } from './mask-shapes.ts';
import { emptyMesh, type Mesh } from './mesh.ts';
import { signedDistances } from './signed-distances.ts';
import { surfaceOfBytes } from './surface-oracle.ts';
import { gridBox, sphere, together, turned } from './wall-shapes.ts';

const points = (...list: [number, number, number][]): Mesh => ({
  positions: Float64Array.from(list.flat()),
  triangles: new Uint32Array(0),
});

/** Inside by the whole solid angle of all triangles (Van Oosterom and Strackee 1983), which needs no normals. */
function insideSlowly(p: [number, number, number], mesh: Mesh): boolean {
  let angle = 0;
  for (let at = 0; at < mesh.triangles.length; at += 3) {
    const [a, b, c] = [0, 1, 2].map((n) => pointOf(mesh, mesh.triangles[at + n]).map((x, axis) => x - p[axis]));
    const [la, lb, lc] = [a, b, c].map((v) => Math.hypot(...v));
    const dot = (u: number[], v: number[]) => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
    const triple = a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
    angle += 2 * Math.atan2(triple, la * lb * lc + dot(a, b) * lc + dot(b, c) * la + dot(c, a) * lb);
  }
  return angle > 2 * Math.PI;
}

describe('signed distances', () => {
  test('[P-finish] nearest to a face, an edge and a corner of a box', async () => {
    const box = gridBox([2, 2, 2], [1, 1, 1]);
    const of = points([0.25, 0, 0], [1.5, 0, 0], [2, 2, 0], [2, 2, 2], [0.9, 0.9, 0.2], [1, 0.3, 0.1], [-1.5, -1.5, 0.3]);
    const mm = await signedDistances(of, box, inTurn);
    const expected = [-0.75, 0.5, Math.SQRT2, Math.sqrt(3), -0.1, 0, Math.hypot(0.5, 0.5)];
    expected.forEach((value, n) => {
      expect(mm[n]).toBeCloseTo(value, 6);
    });
  });

  test('[P-finish] two spheres: what is between them', async () => {
    const mm = await signedDistances(sphere(5, 10), sphere(4, 24), inTurn);
    for (const value of mm) expect(Math.abs(value - 1)).toBeLessThan(0.02);
    const back = await signedDistances(sphere(4, 10), sphere(5, 24), inTurn);
    for (const value of back) expect(Math.abs(value + 1)).toBeLessThan(0.02);
    // Within the wall of a shell is inside, within its hollow outside.
    const shell = together(sphere(5, 16), sphere(3, 16, true));
    const [wall, hollow] = await signedDistances(points([4, 0, 0], [2, 0, 0]), shell, inTurn);
    expect(wall).toBeLessThan(-0.9);
    expect(hollow).toBeGreaterThan(0.9);
  });

  test('[P-finish] random masks: size as asking every triangle, sign as the solid angle says', async () => {
    const coordinate = fc.integer({ min: -30, max: 130 }).map((n) => n / 100);
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 27, maxLength: 27, max: 1 }),
        fc.array(fc.tuple(coordinate, coordinate, coordinate), { minLength: 5, maxLength: 20 }),
        async (mask, list) => {
          fc.pre(mask.includes(1));
          const grid = obliqueGrid([3, 3, 3]);
          const mesh = surfaceOfBytes(mask, grid.dimensions, grid);
          const low = [0, 1, 2].map((axis) => [...mesh.positions].filter((_, n) => n % 3 === axis).reduce((a, b) => Math.min(a, b)));
          const high = [0, 1, 2].map((axis) => [...mesh.positions].filter((_, n) => n % 3 === axis).reduce((a, b) => Math.max(a, b)));
          const places = list.map((p) => p.map((x, axis) => low[axis] + x * (high[axis] - low[axis])) as [number, number, number]);
          const mm = await signedDistances(points(...places), mesh, inTurn);
          places.forEach((place, n) => {
            const slow = toMeshSlowly(place, mesh);
            expect(Math.abs(mm[n])).toBeCloseTo(slow, 4);
            if (slow > 1e-6) expect(mm[n] < 0).toBe(insideSlowly(place, mesh));
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  test('to nothing there is no distance; of nothing none; of an open square its side', async () => {
    expect([...(await signedDistances(points([1, 2, 3]), emptyMesh(), inTurn))]).toEqual([NaN]);
    expect(await signedDistances(emptyMesh(), gridBox([1, 1, 1], [1, 1, 1], turned), inTurn)).toHaveLength(0);
    const square: Mesh = { positions: Float64Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0), triangles: Uint32Array.of(0, 1, 2, 0, 2, 3) };
    expect([...(await signedDistances(points([0.5, 0.5, 2], [0.5, 0.5, -2]), square, inTurn))]).toEqual([2, -2]);
  });
});
