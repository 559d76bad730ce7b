import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inTurn } from '../parts.ts';
import { checkMesh, faultsOf } from './check.ts';
import { throughStl } from './mask-shapes.ts';
import type { Mesh } from './mesh.ts';
import { partsOf } from './parts-of.ts';
import { repairMesh } from './repair.ts';
import { selfIntersections } from './self-intersections.ts';
import { badMeshes, ballMesh, boxMesh, insideOut, meshOf, moved, together, torusMesh, without } from './solid-shapes.ts';
import { weld } from './weld.ts';

const settings = { fillHolesUpToMm: 20, dropPartsBelowMm3: 0, mendSelfIntersections: true };
const repaired = (mesh: Mesh, more: Partial<typeof settings> = {}) => repairMesh(mesh, { ...settings, ...more }, inTurn);
const kinds = (result: Awaited<ReturnType<typeof repaired>>) => result.repairs.map((one) => [one.kind, one.count]);
const bad = (name: string) => badMeshes[name]!.mesh;

/** Points of a mesh as text, to see which stayed to the last bit. */
const points = (mesh: Mesh): Set<string> => {
  const all = new Set<string>();
  for (let at = 0; at < mesh.positions.length; at += 3) all.add(mesh.positions.subarray(at, at + 3).join(' '));
  return all;
};

describe('repairMesh', () => {
  test('[P-finish] a sound mesh comes back as it was', async () => {
    for (const mesh of [
      boxMesh(),
      ballMesh(5),
      torusMesh(5, 1),
      together(boxMesh([10, 10, 10]), insideOut(boxMesh([1, 1, 1], [4, 4, 4]))),
    ]) {
      const result = await repaired(mesh);
      expect(result.repairs).toEqual([]);
      expect(result.mesh).toEqual(mesh);
    }
    expect((await repaired(meshOf([], []))).repairs).toEqual([]);
  });

  test('[P-finish] holes up to the limit are closed, flat and over corners, longer ones stay', async () => {
    const cube = await repaired(bad('open cube'));
    expect(kinds(cube)).toEqual([['filled-hole', 1]]);
    expect(checkMesh(cube.mesh)).toMatchObject({ openEdges: 0, genus: 0 });
    expect(checkMesh(cube.mesh).volumeMm3).toBeCloseTo(1, 9);
    expect(faultsOf(checkMesh((await repaired(bad('open cube'), { fillHolesUpToMm: 3.9 })).mesh))).toEqual(['MESH_NOT_WATERTIGHT']);
    const ball = ballMesh(5, 8);
    const holed = await repaired(without(ball, 0, 1, 2, 3, 40, 41, 99));
    expect(checkMesh(holed.mesh)).toMatchObject({ openEdges: 0, nonManifoldEdges: 0, genus: 0, misorientedEdges: 0 });
    expect(checkMesh(holed.mesh).volumeMm3 / checkMesh(ball).volumeMm3).toBeCloseTo(1, 2);
    expect((await selfIntersections(holed.mesh, inTurn)).pairs).toBe(0);
  });

  test('[P-finish] a rim of many corners is closed too, and a whole face of them flat', async () => {
    const box = boxMesh([4, 4, 4], [0, 0, 0], 44);
    const lid = Array.from({ length: box.triangles.length / 3 }, (_, n) => n).filter((n) =>
      [0, 1, 2].every((corner) => box.positions[box.triangles[n * 3 + corner]! * 3 + 2] === 4),
    );
    const result = await repaired(without(box, ...lid));
    expect(kinds(result)).toEqual([['filled-hole', 1]]);
    expect(checkMesh(result.mesh)).toMatchObject({ openEdges: 0, nonManifoldEdges: 0, degenerateTriangles: 0, genus: 0 });
    expect(checkMesh(result.mesh).volumeMm3).toBeCloseTo(64, 6);
    expect(checkMesh(result.mesh).areaMm2).toBeCloseTo(96, 6);
  });

  test('[P-finish] repeated, turned and inside-out triangles are put right', async () => {
    expect(kinds(await repaired(bad('doubled face')))).toEqual([['removed-duplicate', 1]]);
    expect(kinds(await repaired(bad('one flipped triangle')))).toEqual([['turned-triangles', 1]]);
    expect(kinds(await repaired(bad('inside out')))).toEqual([['turned-triangles', 12]]);
    for (const name of ['doubled face', 'one flipped triangle', 'inside out']) {
      const { mesh } = await repaired(bad(name));
      expect(faultsOf(checkMesh(mesh))).toEqual([]);
      expect(checkMesh(mesh).volumeMm3).toBeCloseTo(1, 9);
    }
    const flap = together(boxMesh(), meshOf([], []));
    const fold: Mesh = {
      positions: Float64Array.from([...flap.positions, 3, 3, 3]),
      triangles: Uint32Array.from([...flap.triangles, 0, 1, 8, 1, 0, 8]),
    };
    const unfolded = await repaired(fold);
    expect(kinds(unfolded)).toEqual([['removed-duplicate', 2]]);
    expect(checkMesh(unfolded.mesh)).toMatchObject({ triangles: 12, genus: 0 });
  });

  test('[P-finish] cavities face inward, what lies in them outward again', async () => {
    const box = (size: number) => boxMesh([size, size, size], [-size / 2, -size / 2, -size / 2 + 0.1]);
    const nested = together(
      insideOut(box(10)),
      box(8),
      insideOut(box(6)),
      moved(box(1), (x, y, z) => [x + 30, y, z]),
    );
    const { mesh, repairs } = await repaired(nested, { mendSelfIntersections: false });
    expect(repairs.map((one) => [one.kind, one.count])).toEqual([['turned-triangles', 36]]);
    for (const [n, volume] of [1000, -512, 216, 1].entries()) expect(partsOf(mesh)[n]!.volumeMm3).toBeCloseTo(volume, 6);
  });

  test('[P-print] what touches in a vertex or an edge is parted so that an STL keeps it apart', async () => {
    for (const [other, moves] of [
      [boxMesh([1, 1, 1], [1, 1, 1]), 1],
      [boxMesh([1, 1, 1], [1, 1, 0]), 2],
    ] as const) {
      const touching = throughStl(together(boxMesh(), other));
      expect(faultsOf(checkMesh(touching))).toEqual(['MESH_NON_MANIFOLD']);
      const result = await repaired(touching);
      expect(kinds(result)).toEqual([['split-vertices', moves]]);
      const back = throughStl(result.mesh);
      expect(faultsOf(checkMesh(back))).toEqual([]);
      expect(checkMesh(back)).toMatchObject({ parts: 2, genus: 0 });
      expect((await selfIntersections(back, inTurn)).pairs).toBe(0);
      expect(checkMesh(back).volumeMm3).toBeCloseTo(2, 2);
      const kept = points(result.mesh);
      expect([...points(touching)].every((point) => kept.has(point))).toBe(true);
    }
  });

  test('[P-finish] a flap goes; a handle that touches itself along an edge is parted in its middle', async () => {
    const cube = boxMesh();
    const flap: Mesh = {
      positions: Float64Array.from([...cube.positions, 3, 3, 3]),
      triangles: Uint32Array.from([...cube.triangles, cube.triangles[0]!, cube.triangles[1]!, 8]),
    };
    const trimmed = await repaired(flap);
    expect(kinds(trimmed)).toEqual([['dropped-part', 1]]);
    expect(trimmed.mesh.triangles).toEqual(cube.triangles);
    // Two bars that share an edge and are joined at both of its ends.
    const voxels = [
      [0, 0, 0],
      [1, 1, 0],
      [0, 0, -1],
      [1, 0, -1],
      [1, 1, -1],
      [0, 0, 1],
      [1, 0, 1],
      [1, 1, 1],
    ] as const;
    const has = (x: number, y: number, z: number) => voxels.some(([i, j, k]) => i === x && j === y && k === z);
    const soup: number[] = [];
    for (const [x, y, z] of voxels) {
      const box = boxMesh([1, 1, 1], [x, y, z]);
      for (let n = 0; n < 12; n++) {
        const corners = [0, 1, 2].flatMap((m) => [
          ...box.positions.subarray(box.triangles[n * 3 + m]! * 3, box.triangles[n * 3 + m]! * 3 + 3),
        ]);
        const inner = [0, 1, 2].some((axis) => {
          const value = corners[axis]!;
          if (corners[axis + 3] !== value || corners[axis + 6] !== value) return false;
          const beside: number[] = [x, y, z];
          beside[axis] = value === beside[axis] ? value - 1 : value;
          return has(beside[0]!, beside[1]!, beside[2]!);
        });
        if (!inner) soup.push(...corners);
      }
    }
    const ring = weld(Float32Array.from(soup));
    expect(faultsOf(checkMesh(ring))).toEqual(['MESH_NON_MANIFOLD']);
    const parted = await repaired(ring);
    const back = throughStl(parted.mesh);
    expect(faultsOf(checkMesh(back))).toEqual([]);
    expect(checkMesh(back).volumeMm3).toBeCloseTo(8, 2);
    expect((await selfIntersections(back, inTurn)).pairs).toBe(0);
  });

  test('[P-finish] corners a hair apart are joined where that closes the surface, others are not', async () => {
    const half = (low: number, high: number, gap: number) =>
      without(boxMesh([high - low, 1, 1], [low + gap, 0, 0]), ...(gap > 0 ? [4, 5] : []));
    const whole = boxMesh([2, 1, 1]);
    const soup: number[] = [];
    for (const vertex of whole.triangles)
      for (let axis = 0; axis < 3; axis++) soup.push(whole.positions[vertex * 3 + axis]! + (soup.length % 5) * 1e-5);
    const loose: Mesh = { positions: Float64Array.from(soup), triangles: Uint32Array.from({ length: 36 }, (_, n) => n) };
    const result = await repaired(loose);
    expect(kinds(result)[0]![0]).toBe('joined-corners');
    expect(faultsOf(checkMesh(result.mesh))).toEqual([]);
    expect(checkMesh(result.mesh)).toMatchObject({ vertices: 8, triangles: 12 });
    const near = await repaired(together(half(0, 1, 0), half(1, 2, 1e-4)));
    expect(near.repairs.some((one) => one.kind === 'joined-corners')).toBe(false);
  });

  test('[P-finish] slivers and cracks are turned away without moving a vertex; corners that are not numbers go', async () => {
    // A vertex in the middle of an edge on one side only: the crack is closed by a sliver, which is turned into its neighbour.
    const cube = boxMesh();
    const edge = [cube.triangles[0]!, cube.triangles[1]!, cube.triangles[2]!] as const;
    const middle = [0, 1, 2].map((axis) => (cube.positions[edge[0] * 3 + axis]! + cube.positions[edge[1] * 3 + axis]!) / 2);
    const cracked: Mesh = {
      positions: Float64Array.from([...cube.positions, ...middle]),
      triangles: Uint32Array.from([edge[0], 8, edge[2], 8, edge[1], edge[2], ...cube.triangles.subarray(3)]),
    };
    expect(faultsOf(checkMesh(cracked))).toEqual(['MESH_NOT_WATERTIGHT']);
    const result = await repaired(cracked);
    expect(checkMesh(result.mesh)).toMatchObject({ openEdges: 0, degenerateTriangles: 0, genus: 0, vertices: 9 });
    expect([...result.mesh.positions]).toEqual([...cracked.positions]);
    const healed = await repaired(bad('not a number'));
    expect(kinds(healed).map(([kind]) => kind)).toEqual(['removed-degenerate', 'filled-hole']);
    expect(checkMesh(healed.mesh)).toMatchObject({ invalidVertices: 0, openEdges: 0, vertices: 7 });
  });

  test('[P-finish] a small tangle is cut out and closed; cubes that cross are left and told', async () => {
    const ball = ballMesh(5, 12);
    const positions = Float64Array.from(ball.positions);
    // One vertex pulled through its neighbours.
    const at = ball.triangles[300]! * 3;
    const beside = ball.triangles[315]! * 3;
    for (let axis = 0; axis < 3; axis++)
      positions[at + axis] = positions[beside + axis]! * 0.98 + (positions[beside + axis]! - positions[at + axis]!) * 0.5;
    const tangled: Mesh = { positions, triangles: ball.triangles };
    const pairs = (await selfIntersections(tangled, inTurn)).pairs;
    expect(pairs).toBeGreaterThan(0);
    const result = await repaired(tangled);
    expect(kinds(result)).toEqual([['mended-self-intersection', pairs]]);
    expect((await selfIntersections(result.mesh, inTurn)).pairs).toBe(0);
    expect(checkMesh(result.mesh)).toMatchObject({ openEdges: 0, nonManifoldEdges: 0, genus: 0, parts: 1 });
    const cubes = await repaired(bad('two crossing cubes'), {});
    expect(cubes.repairs).toEqual([]);
    expect(cubes.mesh).toEqual(bad('two crossing cubes'));
  });

  test('[P-finish] small bodies are left out', async () => {
    const result = await repaired(together(boxMesh([5, 5, 5]), boxMesh([0.5, 0.5, 0.5], [9, 0, 0])), { dropPartsBelowMm3: 1 });
    expect(kinds(result)).toEqual([['dropped-part', 1]]);
    expect(checkMesh(result.mesh)).toMatchObject({ parts: 1, volumeMm3: 125 });
  });

  test('[P-finish] cavities stay where small bodies go, also in a file that is inside out', async () => {
    const hollow = insideOut(boxMesh([0.5, 0.5, 0.5], [2, 2, 2]));
    const small = together(boxMesh([0.9, 0.9, 0.9], [9, 0, 0]), insideOut(boxMesh([0.5, 0.5, 0.5], [9.2, 0.2, 0.2])));
    const mesh = together(boxMesh([5, 5, 5]), hollow, small);
    for (const way of [mesh, insideOut(mesh)]) {
      const result = await repaired(way, { dropPartsBelowMm3: 1 });
      expect(result.repairs.find((one) => one.kind === 'dropped-part')).toMatchObject({
        count: 1,
        text: expect.stringContaining('1 cavity'),
      });
      expect(checkMesh(result.mesh)).toMatchObject({ parts: 2, cavities: 1, volumeMm3: 125 - 0.125 });
    }
  });

  test('[P-finish] any ball with holes, turned and repeated triangles in any order is a ball again', async () => {
    const ball = ballMesh(5, 5);
    const count = ball.triangles.length / 3;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(count - 1), { maxLength: 6 }),
        fc.uniqueArray(fc.nat(count - 1), { maxLength: 20 }),
        fc.uniqueArray(fc.nat(count - 1), { maxLength: 4 }),
        async (gone, turned, twice) => {
          const corners: number[] = [];
          for (let n = 0; n < count; n++) {
            if (gone.includes(n)) continue;
            const [a, b, c] = [...ball.triangles.subarray(n * 3, n * 3 + 3)] as [number, number, number];
            corners.push(...(turned.includes(n) ? [a, c, b] : [a, b, c]));
            if (twice.includes(n)) corners.push(a, b, c);
          }
          const { mesh } = await repaired({ positions: ball.positions, triangles: Uint32Array.from(corners) });
          const check = checkMesh(mesh);
          expect(faultsOf(check)).toEqual([]);
          expect(check.genus).toBe(0);
          expect(check.volumeMm3 / checkMesh(ball).volumeMm3).toBeGreaterThan(0.9);
          const known = points(ball);
          expect([...points(mesh)].filter((point) => !known.has(point))).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('[P-finish] whatever comes in, nothing fails and faults do not grow in kind', async () => {
    for (const [name, { mesh }] of Object.entries(badMeshes)) {
      const result = await repaired(mesh);
      const before = new Set<string>(faultsOf(checkMesh(mesh)));
      const after = faultsOf(checkMesh(result.mesh)).filter((fault) => !before.has(fault) && fault !== 'MESH_NOT_WATERTIGHT');
      expect([name, after]).toEqual([name, []]);
    }
    const tangle = fc.array(fc.tuple(fc.nat(6), fc.nat(6), fc.nat(6)), { maxLength: 12 });
    const place = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 21, maxLength: 21 });
    await fc.assert(
      fc.asyncProperty(tangle, place, async (triangles, places) => {
        const mesh: Mesh = { positions: Float64Array.from(places), triangles: Uint32Array.from(triangles.flat()) };
        const after = checkMesh((await repaired(mesh)).mesh);
        expect(after).toMatchObject({ nonManifoldEdges: 0, nonManifoldVertices: 0, invalidVertices: 0 });
      }),
      { numRuns: 100 },
    );
    await expect(repairMesh(boxMesh(), { ...settings, fillHolesUpToMm: -1 }, inTurn)).rejects.toThrow(RangeError);
  });
});
