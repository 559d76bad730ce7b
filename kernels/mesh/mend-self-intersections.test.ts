import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inTurn } from '../parts.ts';
import { checkMesh } from './check.ts';
import { mendSelfIntersections } from './mend-self-intersections.ts';
import type { Mesh } from './mesh.ts';
import { dropParts, partsOf } from './parts-of.ts';
import { selfIntersections } from './self-intersections.ts';
import { ballMesh, boxMesh, insideOut, meshOf, moved, together, torusMesh, without } from './solid-shapes.ts';

describe('mendSelfIntersections', () => {
  test('[P-finish] a surface pushed through itself goes back until nothing crosses, and nothing else moves', async () => {
    const start = ballMesh(5, 7);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(start.positions.length / 3 - 1), fc.double({ min: -1.6, max: 1, noNaN: true })), {
          minLength: 1,
          maxLength: 12,
        }),
        async (pushes) => {
          const positions = Float64Array.from(start.positions);
          for (const [vertex, by] of pushes) for (let at = vertex * 3; at < vertex * 3 + 3; at++) positions[at] = start.positions[at]! * by;
          const mesh = { positions, triangles: start.triangles };
          const before = await selfIntersections(mesh, inTurn);
          const result = await mendSelfIntersections(mesh, start.positions, inTurn);
          expect(result).toMatchObject({ mended: before.pairs, left: 0 });
          expect((await selfIntersections(result.mesh, inTurn)).pairs).toBe(0);
          expect(result.mesh.triangles).toBe(start.triangles);
          if (before.pairs === 0) {
            expect(result.mesh).toBe(mesh);
            return;
          }
          for (let at = 0; at < positions.length; at++) {
            const [low, high] = [Math.min(positions[at]!, start.positions[at]!), Math.max(positions[at]!, start.positions[at]!)];
            expect(result.mesh.positions[at]).toBeGreaterThanOrEqual(low - 1e-12);
            expect(result.mesh.positions[at]).toBeLessThanOrEqual(high + 1e-12);
          }
          const check = checkMesh(result.mesh);
          expect(check).toMatchObject({ degenerateTriangles: 0, openEdges: 0, genus: 0 });
        },
      ),
      { numRuns: 12 },
    );
  });

  test('[P-finish] vertices far from a crossing stay bit for bit', async () => {
    const start = ballMesh(5, 10);
    const positions = Float32Array.from(start.positions, (v) => v * 1.01);
    for (let at = 0; at < 3; at++) positions[at] = -1.3 * positions[at]!;
    const { mesh, left } = await mendSelfIntersections(
      { positions, triangles: start.triangles },
      Float32Array.from(start.positions),
      inTurn,
    );
    expect(left).toBe(0);
    expect(mesh.positions).toBeInstanceOf(Float32Array);
    const still = Array.from(mesh.positions).filter((v, at) => v === positions[at]).length;
    expect(still).toBeGreaterThan(positions.length * 0.5);
    expect(still).toBeLessThan(positions.length);
  });

  test('[P-finish] what crosses at the start too is told as left', async () => {
    const both = together(boxMesh(), boxMesh([1, 1, 1], [0.5, 0.25, 0.375]));
    const result = await mendSelfIntersections(both, both.positions, inTurn);
    expect(result).toMatchObject({ mended: 0, left: 12 });
    expect(await mendSelfIntersections(meshOf([], []), new Float64Array(0), inTurn)).toMatchObject({ mended: 0, left: 0 });
    await expect(mendSelfIntersections(both, new Float64Array(3), inTurn)).rejects.toThrow(RangeError);
  });
});

describe('dropParts', () => {
  const kinds = (mesh: Mesh) => partsOf(mesh).map((part) => [part.triangles, part.closed, Math.sign(part.volumeMm3)]);
  const hollow = (size: number, low: number) => insideOut(boxMesh([size, size, size], [low, low, low]));

  test('[P-finish] small bodies go, open ones and all others stay bit for bit', () => {
    const box = boxMesh([10, 10, 10]);
    const open = without(
      moved(boxMesh(), (x, y, z) => [x + 40, y, z]),
      0,
    );
    const mesh = together(boxMesh([1, 1, 1], [20, 0, 0]), box, hollow(1, 4), open, torusMesh(3, 0.5));
    const ring = partsOf(torusMesh(3, 0.5))[0]!.volumeMm3;
    const { mesh: kept, dropped } = dropParts(mesh, partsOf(mesh), 2);
    expect(dropped).toBe(1);
    expect(kinds(kept)).toEqual([
      [12, true, 1],
      [12, true, -1],
      [11, false, 1],
      [576, true, 1],
    ]);
    expect([...kept.positions.subarray(0, 24)]).toEqual([...box.positions]);
    expect([...kept.triangles.subarray(0, 36)]).toEqual([...box.triangles]);
    expect(dropParts(mesh, partsOf(mesh), 0)).toEqual({ mesh, dropped: 0, cavities: 0 });
    expect(dropParts(mesh, partsOf(mesh), 2000).mesh.triangles.length / 3).toBe(11);
    expect(dropParts(mesh, partsOf(mesh), ring).dropped).toBe(1);
  });

  test('[P-finish] a cavity stays, however small, unless the body that it lies in goes; what lies in that goes too', () => {
    // A body of 1000 mm3 with two cavities, in the larger one a body of 27 mm3 with a cavity of its own, and beside it a shell.
    const shell = together(boxMesh([3, 3, 3], [20, 0, 0]), insideOut(boxMesh([1, 1, 1], [21, 1, 1])));
    const mesh = together(hollow(0.1, 1), boxMesh([10, 10, 10]), hollow(5, 3), boxMesh([3, 3, 3], [4, 4, 4]), hollow(1, 5), shell);
    expect(checkMesh(mesh)).toMatchObject({ parts: 7, cavities: 4 });
    const { mesh: kept, ...told } = dropParts(mesh, partsOf(mesh), 28);
    expect(told).toEqual({ dropped: 2, cavities: 2 });
    expect(partsOf(kept).map((part) => Math.round(part.volumeMm3 * 1000) / 1000)).toEqual([-0.001, 1000, -125]);
    expect(checkMesh(kept)).toMatchObject({ parts: 3, cavities: 2 });
    expect(dropParts(mesh, partsOf(mesh), 26)).toEqual({ mesh, dropped: 0, cavities: 0 });
    expect(dropParts(mesh, partsOf(mesh), 1001)).toMatchObject({ dropped: 3, cavities: 4 });
  });

  test('[P-finish] cavities are counted where parts are closed: an open cup that faces inward is none', () => {
    expect(checkMesh(without(insideOut(boxMesh()), 0))).toMatchObject({ parts: 1, cavities: 0 });
    expect(checkMesh(together(boxMesh([3, 3, 3], [-1, -1, -1]), insideOut(boxMesh())))).toMatchObject({ parts: 2, cavities: 1 });
    expect(checkMesh(meshOf([], []))).toMatchObject({ parts: 0, cavities: 0 });
  });
});
