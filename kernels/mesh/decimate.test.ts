import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inTurn, type RunParts } from '../parts.ts';
import { checkMesh } from './check.ts';
import { type DecimateOptions, decimateMesh } from './decimate.ts';
import { pointOf, toMeshSlowly } from './distance-oracle.ts';
import { retreat } from './float32.ts';
import { ballMask, closed, closedness, maskWhere, obliqueGrid, throughStl, torusMask, unitGrid } from './mask-shapes.ts';
import type { Mesh } from './mesh.ts';
import { NearestTriangle } from './nearest.ts';
import { partTwins } from './part-twins.ts';
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

/** The surface of a mask without its steps: Taubin's smoothing, whose figures do not matter here. */
function rounded(surface: Mesh, iterations: number): Mesh {
  const { triangles } = surface;
  const moved: Mesh = { positions: Float64Array.from(surface.positions), triangles };
  const p = moved.positions;
  for (let n = 0; n < iterations * 2; n++) {
    const sum = new Float64Array(p.length);
    const count = new Float64Array(p.length / 3);
    for (let h = 0; h < triangles.length; h++) {
      const [a, b] = [triangles[h], triangles[h % 3 === 2 ? h - 2 : h + 1]];
      count[a]++;
      for (let axis = 0; axis < 3; axis++) sum[a * 3 + axis] += p[b * 3 + axis];
    }
    const step = n % 2 === 0 ? 0.33 : -0.34;
    for (let at = 0; at < p.length; at++) p[at] += step * (sum[at] / count[Math.floor(at / 3)] - p[at]);
  }
  retreat(moved, surface.positions);
  return moved;
}

/** Decimates on this thread, and holds what must hold of every result: same parts and genus, still closed as float32, within the bound. */
async function decimated(surface: Mesh, options: Partial<DecimateOptions>): Promise<Mesh & { boundMm: number }> {
  const { mesh, boundMm } = await decimateMesh(surface, { errorMm: null, part: 1, ...options }, inTurn);
  const { flaws, parts, euler } = closedness(surface);
  expect(closedness(throughStl(mesh))).toMatchObject({ flaws, parts, euler });
  if (options.errorMm !== undefined && options.errorMm !== null) expect(boundMm).toBeLessThanOrEqual(options.errorMm + 1e-6);
  expect(furthest(mesh, surface)).toBeLessThanOrEqual(boundMm + 1e-4);
  expect(furthest(surface, mesh)).toBeLessThanOrEqual(boundMm + 1e-4);
  return { ...mesh, boundMm };
}

/** A ball of so many rings and segments, exact to the last digit of float32. */
function sphere(rings: number, radius: number, centre: [number, number, number] = [0, 0, 0]): Mesh {
  const positions: number[] = [];
  const triangles: number[] = [];
  const around = rings * 2;
  const put = (theta: number, phi: number) =>
    positions.push(
      Math.fround(centre[0] + radius * Math.sin(theta) * Math.cos(phi)),
      Math.fround(centre[1] + radius * Math.sin(theta) * Math.sin(phi)),
      Math.fround(centre[2] + radius * Math.cos(theta)),
    );
  put(0, 0);
  for (let r = 1; r < rings; r++) for (let s = 0; s < around; s++) put((Math.PI * r) / rings, (2 * Math.PI * s) / around);
  put(Math.PI, 0);
  const at = (r: number, s: number) => (r === 0 ? 0 : r === rings ? 1 + (rings - 1) * around : 1 + (r - 1) * around + (s % around));
  for (let r = 0; r < rings; r++) {
    for (let s = 0; s < around; s++) {
      if (r > 0) triangles.push(at(r, s), at(r + 1, s), at(r, s + 1));
      if (r < rings - 1) triangles.push(at(r, s + 1), at(r + 1, s), at(r + 1, s + 1));
    }
  }
  return { positions: Float32Array.from(positions), triangles: Uint32Array.from(triangles) };
}

/** The same mesh with vertices and triangles in an order that says nothing of place. */
function shuffled({ positions, triangles }: Mesh): Mesh {
  let state = 7;
  const mixed = (count: number) => {
    const order = Uint32Array.from({ length: count }, (_, n) => n);
    for (let n = count - 1; n > 0; n--) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      const m = state % (n + 1);
      [order[n], order[m]] = [order[m], order[n]];
    }
    return order;
  };
  const vertices = mixed(positions.length / 3);
  const faces = mixed(triangles.length / 3);
  const to = { positions: new Float32Array(positions.length), triangles: new Uint32Array(triangles.length) };
  for (let v = 0; v < vertices.length; v++) for (let n = 0; n < 3; n++) to.positions[vertices[v] * 3 + n] = positions[v * 3 + n];
  for (let t = 0; t < faces.length; t++) for (let n = 0; n < 3; n++) to.triangles[faces[t] * 3 + n] = vertices[triangles[t * 3 + n]];
  return to;
}

const together = (a: Mesh, b: Mesh): Mesh => ({
  positions: Float32Array.of(...a.positions, ...b.positions),
  triangles: Uint32Array.of(...a.triangles, ...Array.from(b.triangles, (n) => n + a.positions.length / 3)),
});

const tetrahedron: Mesh = {
  positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1),
  triangles: Uint32Array.of(0, 2, 1, 0, 1, 3, 1, 2, 3, 0, 3, 2),
};

describe('decimation', () => {
  test('[P-finish] random masks stay closed and manifold with the same parts and genus, within the error both ways', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 64, maxLength: 64, max: 1 }),
        fc.integer({ min: 0, max: 12 }),
        fc.constantFrom(0, 0.01, 0.1, 0.5, 5, null),
        fc.constantFrom(1, 0.5, 0.1),
        async (mask, iterations, errorMm, part) => {
          fc.pre(mask.includes(1) && (errorMm !== null || part < 1));
          const grid = obliqueGrid([4, 4, 4]);
          const surface = rounded(surfaceOfBytes(mask, grid.dimensions, grid), iterations);
          const light = await decimated(surface, { errorMm, part });
          expect(light.triangles.length).toBeGreaterThanOrEqual(
            Math.min(surface.triangles.length, part < 1 ? surface.triangles.length * part - 6 : 12),
          );
        },
      ),
      { numRuns: 40 },
    );
  });

  test('[P-finish] thin tilted plates and shells with a fracture keep both sides and the error, by an oracle that asks every triangle', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })),
        fc.double({ min: 0.7, max: 1.6, noNaN: true }),
        fc.integer({ min: -3, max: 3 }),
        fc.boolean(),
        fc.constantFrom(0.05, 0.2),
        async ([a, b], half, cut, round, errorMm) => {
          const grid = unitGrid([12, 12, 12]);
          const norm = Math.hypot(a, b, 1);
          const mask = maskWhere(grid.dimensions, (i, j, k) => {
            const [x, y, z] = [i - 5.5, j - 5.5, k - 5.5];
            const away = round ? Math.hypot(x, y, z) - 4.2 : (a * x + b * y + z) / norm;
            return Math.abs(away) <= half && Math.abs(x - cut + 0.3 * y) > 0.6;
          });
          fc.pre(mask.includes(1));
          const surface = rounded(surfaceOfBytes(mask, grid.dimensions, grid), 10);
          const light = await decimated(surface, { errorMm });
          for (let vertex = 0; vertex < light.positions.length / 3; vertex += 7) {
            expect(toMeshSlowly(pointOf(light, vertex), surface)).toBeLessThanOrEqual(errorMm + 1e-4);
          }
          for (let vertex = 0; vertex < surface.positions.length / 3; vertex += 29) {
            expect(toMeshSlowly(pointOf(surface, vertex), light)).toBeLessThanOrEqual(errorMm + 1e-4);
          }
        },
      ),
      { numRuns: 6 },
    );
  });

  test('[P-finish] all 256 configurations of 2 x 2 x 2 voxels stay closed and outward', async () => {
    const grid = obliqueGrid([2, 2, 2]);
    for (let bits = 1; bits < 256; bits++) {
      const surface = surfaceOfBytes(
        Uint8Array.from({ length: 8 }, (_, n) => (bits >> n) & 1),
        grid.dimensions,
        grid,
      );
      const { mesh } = await decimateMesh(surface, { errorMm: 0.1, part: 1 }, inTurn);
      expect(closedness(throughStl(mesh)), `configuration ${bits}`).toMatchObject(closed);
    }
  });

  test('[P-finish] a ball and a torus get much lighter and keep volume, genus and the error', async () => {
    for (const mask of [ballMask(41, 17), torusMask(41, 12, 6)]) {
      const grid = unitGrid([41, 41, 41]);
      const surface = rounded(surfaceOfBytes(mask, grid.dimensions, grid), 20);
      const light = await decimated(surface, { errorMm: 0.2 });
      expect(light.triangles.length).toBeLessThan(surface.triangles.length / 2);
      expect(Math.abs(checkMesh(light).volumeMm3 / checkMesh(surface).volumeMm3 - 1)).toBeLessThan(0.005);
    }
  });

  test('[P-finish] the part of the triangles that is asked for is what is left, to the triangle', async () => {
    const ball = sphere(40, 20);
    for (const part of [0.5, 0.25, 0.1]) {
      const light = await decimated(ball, { part });
      const wanted = (ball.triangles.length / 3) * part;
      expect(light.triangles.length / 3).toBeLessThanOrEqual(wanted);
      expect(light.triangles.length / 3).toBeGreaterThan(wanted - 2);
    }
  });

  test('[P-finish] a sphere keeps its radius within the bound, its volume within 0.5 %, far from the origin as well', async () => {
    for (const centre of [
      [0, 0, 0],
      [180, -240, 900],
    ] as [number, number, number][]) {
      const light = await decimated(sphere(40, 20, centre), { part: 0.25 });
      for (let at = 0; at < light.positions.length; at += 3) {
        const radius = Math.hypot(...[0, 1, 2].map((n) => light.positions[at + n] - centre[n]));
        expect(Math.abs(radius - 20)).toBeLessThan(0.1);
      }
      expect(Math.abs(checkMesh(light).volumeMm3 / ((4 / 3) * Math.PI * 20 ** 3) - 1)).toBeLessThan(0.005);
    }
  });

  test('[P-finish] a flat box needs few triangles at no error, and keeps its corners and its shape to the last digit', async () => {
    const grid = unitGrid([12, 12, 12]);
    const box = surfaceOfBytes(new Uint8Array(12 ** 3).fill(1), grid.dimensions, grid);
    const light = await decimated(box, { errorMm: 0 });
    expect(light.triangles.length / 3).toBeLessThan(200);
    expect(checkMesh(light).volumeMm3).toBeCloseTo(checkMesh(box).volumeMm3, 9);
    expect(checkMesh(light).areaMm2).toBeCloseTo(checkMesh(box).areaMm2, 9);
    expect(checkMesh(light).boundsLps).toEqual(checkMesh(box).boundsLps);
    expect(light.boundMm).toBe(0);
  });

  test('[P-finish] a thin tilted plate keeps its parts and both its sides', async () => {
    const grid = unitGrid([30, 30, 30]);
    const mask = maskWhere(grid.dimensions, (i, j, k) => Math.abs(0.5 * (i - 14) + 0.3 * (j - 14) + 0.8 * (k - 14)) <= 0.9);
    const surface = rounded(surfaceOfBytes(mask, grid.dimensions, grid), 16);
    const light = await decimated(surface, { errorMm: 0.1 });
    expect(light.triangles.length).toBeLessThan(surface.triangles.length * 0.7);
  });

  test('[P-finish] the bytes do not depend on how many threads there are, in which order they run, or how vertices are numbered along the way', async () => {
    const ball = sphere(210, 60);
    const backwards: RunParts = async (part, inputs) =>
      [...inputs]
        .reverse()
        .map((input) => part(input))
        .reverse();
    for (const surface of [ball, shuffled(ball)]) {
      let rounds = 0;
      const counted: RunParts = (part, inputs) => {
        rounds = Math.max(rounds, inputs.length);
        return inTurn(part, inputs);
      };
      const one = await decimateMesh(surface, { errorMm: null, part: 0.25 }, counted);
      expect(rounds).toBeGreaterThan(1);
      expect(await decimateMesh(surface, { errorMm: null, part: 0.25 }, backwards)).toEqual(one);
      expect(one.mesh.triangles.length / 3).toBe(Math.floor(((surface.triangles.length / 3) * 0.25) / 2) * 2);
      expect(closedness(one.mesh)).toMatchObject({ ...closed, parts: 1, euler: 2 });
    }
  });

  test('[P-finish] nothing, a tetrahedron and two of them are left as they are, whatever the error', async () => {
    const two = together(tetrahedron, { ...tetrahedron, positions: tetrahedron.positions.map((n) => n + 5) });
    for (const mesh of [{ positions: new Float32Array(0), triangles: new Uint32Array(0) }, tetrahedron, two]) {
      for (const options of [
        { errorMm: 100, part: 1 },
        { errorMm: null, part: 0.1 },
      ]) {
        expect(await decimateMesh(mesh, options, inTurn)).toEqual({ mesh, boundMm: 0 });
      }
    }
  });

  test('[P-finish] two bodies that meet in an edge and a vertex keep both, and what is shared stays where it is', async () => {
    const ball = sphere(12, 5);
    const wedge: Mesh = {
      positions: ball.positions,
      triangles: Uint32Array.of(...ball.triangles, 0, 1, 2),
    };
    const before = checkMesh(wedge);
    const after = checkMesh((await decimateMesh(wedge, { errorMm: 0.5, part: 1 }, inTurn)).mesh);
    expect(after.triangles).toBeLessThan(before.triangles);
    expect(after).toMatchObject({
      nonManifoldEdges: before.nonManifoldEdges,
      openEdges: before.openEdges,
      misorientedEdges: before.misorientedEdges,
    });
  });

  test('[P-finish] open edges are left alone', async () => {
    const grid = unitGrid([9, 9, 9]);
    const ball = rounded(surfaceOfBytes(ballMask(9, 3.5), grid.dimensions, grid), 10);
    const open = { ...ball, triangles: ball.triangles.slice(0, -30) };
    const before = checkMesh(open);
    const after = checkMesh((await decimateMesh(open, { errorMm: 0.3, part: 1 }, inTurn)).mesh);
    expect(after.triangles).toBeLessThan(before.triangles);
    expect(after.openEdges).toBe(before.openEdges);
    expect(after).toMatchObject({ nonManifoldEdges: 0, misorientedEdges: 0 });
  });

  test('refuses an error or a part that is none, and no limit at all', async () => {
    for (const options of [
      { errorMm: -1, part: 1 },
      { errorMm: Number.NaN, part: 1 },
      { errorMm: null, part: 1 },
      { errorMm: 1, part: 0 },
      { errorMm: 1, part: 1.5 },
    ]) {
      await expect(decimateMesh(tetrahedron, options, inTurn)).rejects.toThrow(RangeError);
    }
  });

  test('vertices that would coincide in float32 are parted by the least step, others stay', () => {
    const positions = Float32Array.of(1, 2, 3, 1, 2, 3, 0, 0, 0, 0, 0, 0, -1, 2, 3, -0, 0, 0);
    const moved = partTwins({ positions, triangles: new Uint32Array(0) });
    expect(moved).toBeGreaterThan(0);
    expect(moved).toBeLessThan(1e-6);
    const keys = Array.from({ length: 6 }, (_, n) => [0, 1, 2].map((axis) => positions[n * 3 + axis] + 0).join());
    expect(new Set(keys).size).toBe(6);
    expect([...positions.subarray(0, 3), ...positions.subarray(12, 15)]).toEqual([1, 2, 3, -1, 2, 3]);
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
