import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inTurn } from '../parts.ts';
import { type CheckedMesh, checkMesh, faultsOf } from './check.ts';
import { crossingPairs } from './crossing-oracle.ts';
import type { Mesh } from './mesh.ts';
import { partsOf } from './parts-of.ts';
import { selfIntersections } from './self-intersections.ts';
import { badMeshes, ballMesh, boxMesh, insideOut, meshOf, moved, together, torusMesh, without } from './solid-shapes.ts';

/** What checkMesh counts, told of edges as a dictionary and of fans by joining corners until nothing changes. */
function countSlowly(mesh: Mesh): Partial<CheckedMesh> {
  const faces = Array.from({ length: mesh.triangles.length / 3 }, (_, n) => [...mesh.triangles.subarray(n * 3, n * 3 + 3)]).filter(
    ([a, b, c]) => a !== b && b !== c && c !== a,
  );
  const uses = new Map<string, { face: number; from: number }[]>();
  faces.forEach((face, n) => {
    for (let k = 0; k < 3; k++) {
      const [a, b] = [face[k]!, face[(k + 1) % 3]!];
      const key = `${Math.min(a, b)} ${Math.max(a, b)}`;
      uses.set(key, [...(uses.get(key) ?? []), { face: n, from: a }]);
    }
  });
  const part = faces.map((_, n) => n);
  const fan = new Map<string, string>();
  for (const [n, face] of faces.entries()) for (const vertex of face) fan.set(`${vertex} ${n}`, `${vertex} ${n}`);
  for (let changed = true; changed; ) {
    changed = false;
    for (const [key, list] of uses) {
      for (const { face } of list) {
        const other = list[0]!.face;
        if (part[face] !== part[other]) {
          const low = Math.min(part[face]!, part[other]!);
          part[face] = part[other] = low;
          changed = true;
        }
        for (const vertex of key.split(' ')) {
          const [p, q] = [fan.get(`${vertex} ${face}`)!, fan.get(`${vertex} ${other}`)!];
          if (p !== q) {
            const low = [p, q].sort()[0]!;
            fan.set(`${vertex} ${face}`, low);
            fan.set(`${vertex} ${other}`, low);
            changed = true;
          }
        }
      }
    }
  }
  const lists = [...uses.values()];
  const vertices = [...new Set(faces.flat())];
  const fansAt = (vertex: number) => new Set([...fan].filter(([key]) => key.startsWith(`${vertex} `)).map(([, value]) => value)).size;
  return {
    openEdges: lists.filter((list) => list.length === 1).length,
    nonManifoldEdges: lists.filter((list) => list.length > 2).length,
    misorientedEdges: lists.filter((list) => list.length === 2 && list[0]!.from === list[1]!.from).length,
    parts: new Set(part).size,
    nonManifoldVertices: vertices.filter((vertex) => fansAt(vertex) > 1).length,
    eulerNumber: vertices.length - lists.length + faces.length,
  };
}

describe('edges, fans and parts', () => {
  test('[P-print] any tangle of triangles is counted as by a dictionary of edges', () => {
    const tangle = fc.array(fc.tuple(fc.nat(7), fc.nat(7), fc.nat(7)), { maxLength: 14 });
    fc.assert(
      fc.property(tangle, (triangles) => {
        const mesh: Mesh = { positions: new Float64Array(24), triangles: Uint32Array.from(triangles.flat()) };
        const expected = countSlowly(mesh);
        expect(checkMesh(mesh)).toMatchObject(expected);
        expect(partsOf(mesh).length).toBe(expected.parts);
      }),
      { numRuns: 1500 },
    );
  });

  test('[P-print] edges of a vertex with many neighbours are sorted to the same answer', () => {
    const many = fc.array(fc.tuple(fc.constant(0), fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 40 })), {
      minLength: 30,
      maxLength: 60,
    });
    fc.assert(
      fc.property(many, (triangles) => {
        const mesh: Mesh = { positions: new Float64Array(123), triangles: Uint32Array.from(triangles.flat()) };
        expect(checkMesh(mesh)).toMatchObject(countSlowly(mesh));
      }),
      { numRuns: 30 },
    );
  });

  test('[P-print] Euler number and genus of a ball, a ring, both, and a ball with a hole', () => {
    expect(checkMesh(ballMesh(5))).toMatchObject({ eulerNumber: 2, genus: 0, parts: 1 });
    expect(checkMesh(torusMesh(5, 1))).toMatchObject({ eulerNumber: 0, genus: 1, parts: 1 });
    const ring = moved(torusMesh(5, 1), (x, y, z) => [x + 30, y, z]);
    expect(checkMesh(together(ballMesh(5), ring))).toMatchObject({ eulerNumber: 2, genus: 1, parts: 2 });
    expect(checkMesh(without(ballMesh(5), 0))).toMatchObject({ eulerNumber: 1, genus: null });
    expect(checkMesh(meshOf([], []))).toMatchObject({ eulerNumber: 0, genus: null });
    const unused = boxMesh();
    expect(checkMesh({ ...unused, positions: Float64Array.from([...unused.positions, 9, 9, 9]) })).toMatchObject({
      eulerNumber: 2,
      genus: 0,
    });
  });

  test('[P-print] parts are listed with their own figures; a cavity has negative volume', () => {
    const far = (mesh: Mesh) => moved(mesh, (x, y, z) => [x - 300, y + 200, z + 1000]);
    const shell = far(together(boxMesh([10, 10, 10]), insideOut(boxMesh([2, 2, 2], [4, 4, 4])), boxMesh([1, 2, 3], [20, 0, 0])));
    const parts = partsOf(shell);
    expect(parts.map((part) => part.triangles)).toEqual([12, 12, 12]);
    expect(parts.map((part) => part.first)).toEqual([0, 12, 24]);
    for (const [n, volume] of [1000, -8, 6].entries()) expect(parts[n]!.volumeMm3).toBeCloseTo(volume, 9);
    for (const [n, area] of [600, 24, 22].entries()) expect(parts[n]!.areaMm2).toBeCloseTo(area, 9);
    expect(parts[1]!.boundsLps).toEqual({ min: [-296, 204, 1004], max: [-294, 206, 1006] });
    expect(parts.reduce((sum, part) => sum + part.volumeMm3, 0)).toBeCloseTo(checkMesh(shell).volumeMm3, 6);
    expect(partsOf(meshOf([], []))).toEqual([]);
    expect(() => partsOf(meshOf([[0, 0, 0]], [[0, 0, 1]]))).toThrow(RangeError);
  });

  test('[P-print] bad meshes are named by code, and what crosses is counted', async () => {
    for (const [name, { mesh, faults, crossings }] of Object.entries(badMeshes)) {
      expect([name, faultsOf(checkMesh(mesh))]).toEqual([name, faults]);
      expect([name, (await selfIntersections(mesh, inTurn)).pairs]).toEqual([name, crossings]);
      const whole = moved(mesh, (x, y, z) => [x * 8, y * 8, z * 8]);
      if (!mesh.positions.some(Number.isNaN)) expect([name, crossingPairs(whole).length]).toEqual([name, crossings]);
    }
  });
});
