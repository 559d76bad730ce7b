import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packMask } from '../labels/bits.ts';
import { inTurn, type RunParts } from '../parts.ts';
import { recut } from '../recut.fixture.ts';
import { lpsToIndex, type Triple, type VolumeGeometry } from '../volume/geometry.ts';
import { checkMesh } from './check.ts';
import { ballMask, closed, closedness, maskWhere, obliqueGrid, throughStl, torusMask, unitGrid } from './mask-shapes.ts';
import type { Mesh } from './mesh.ts';
import { largestBoxVoxels, type SmoothOptions, smoothMesh } from './smooth.ts';
import { extractSurface } from './surface.ts';

const surfaceOf = (mask: Uint8Array, grid: VolumeGeometry) => extractSurface(packMask(mask, grid.dimensions), grid, inTurn);
const smoothed = (mesh: Mesh, grid: VolumeGeometry, options: Partial<SmoothOptions> = {}, run: RunParts = inTurn, simd = true) =>
  smoothMesh(mesh, grid, { iterations: 20, maskToleranceMm: null, ...options }, run, undefined, simd);

const dimensions: Triple = [36, 36, 36];
const normal = [0.5, 0.3, 0.81].map((n) => n / Math.hypot(0.5, 0.3, 0.81)) as Triple;
const height = (i: number, j: number, k: number) => normal[0] * (i - 17.5) + normal[1] * (j - 17.5) + normal[2] * (k - 17.5);
/** A plate about one and a half voxels thick whose normal is far from every axis. */
const plateMask = maskWhere(dimensions, (i, j, k) => Math.abs(height(i, j, k)) <= 0.9 && Math.hypot(i - 17.5, j - 17.5, k - 17.5) < 15);

/** Angles in degrees between triangles and the normal that the shape has there: root of the mean square, by area. */
function normalDeviation({ positions, triangles }: Mesh, normalAt: (x: number, y: number, z: number) => Triple | null): number {
  let sum = 0;
  let whole = 0;
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [0, 1, 2].map((n) => positions.subarray(triangles[at + n] * 3, triangles[at + n] * 3 + 3));
    const wanted = normalAt((a[0] + b[0] + c[0]) / 3, (a[1] + b[1] + c[1]) / 3, (a[2] + b[2] + c[2]) / 3);
    if (!wanted) continue;
    const u = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    const v = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
    const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    const area = Math.hypot(...n);
    const angle = Math.acos(Math.max(-1, Math.min(1, (n[0] * wanted[0] + n[1] * wanted[1] + n[2] * wanted[2]) / area)));
    sum += area * angle * angle;
    whole += area;
  }
  return (Math.sqrt(sum / whole) * 180) / Math.PI;
}

function furthestMm(before: Mesh, after: Mesh): number {
  let furthest = 0;
  for (let at = 0; at < before.positions.length; at += 3) {
    const step = [0, 1, 2].map((axis) => after.positions[at + axis] - before.positions[at + axis]);
    furthest = Math.max(furthest, Math.hypot(...step));
  }
  return furthest;
}

describe('bounded smoothing', () => {
  test('[P-finish] random masks stay closed, manifold and outward through STL', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 64, maxLength: 64, max: 1 }),
        fc.integer({ min: 1, max: 50 }),
        fc.boolean(),
        async (mask, iterations, left) => {
          fc.pre(mask.includes(1));
          const grid = obliqueGrid([4, 4, 4], left);
          const surface = await surfaceOf(mask, grid);
          const smooth = throughStl((await smoothed(surface, grid, { iterations })).mesh);
          expect(closedness(smooth)).toEqual(closedness(surface));
          expect(closedness(smooth)).toMatchObject(closed);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('[P-finish] all 256 configurations of 2 x 2 x 2 voxels stay closed through STL', async () => {
    const grid = obliqueGrid([2, 2, 2]);
    for (let bits = 1; bits < 256; bits++) {
      const surface = await surfaceOf(
        Uint8Array.from({ length: 8 }, (_, n) => (bits >> n) & 1),
        grid,
      );
      for (const iterations of [16, 200]) {
        const { mesh } = await smoothed(surface, grid, { iterations });
        expect(closedness(throughStl(mesh)), `configuration ${bits}`).toMatchObject(closed);
      }
    }
  });

  test('[P-finish] sphere, torus and cube neither shrink nor swell: 0.005 % in scale', async () => {
    const shapes: [Uint8Array, Triple][] = [
      [ballMask(43, 20), [43, 43, 43]],
      [ballMask(24, 10), [24, 24, 24]],
      [torusMask(60, 20, 8), [60, 60, 60]],
      [maskWhere([46, 46, 46], (i, j, k) => [i, j, k].every((n) => n > 2 && n < 43)), [46, 46, 46]],
    ];
    for (const [mask, side] of shapes) {
      const grid = unitGrid(side);
      const surface = await surfaceOf(mask, grid);
      const { mesh } = await smoothed(surface, grid);
      expect(Math.abs((checkMesh(mesh).volumeMm3 / checkMesh(surface).volumeMm3) ** (1 / 3) - 1)).toBeLessThan(5e-5);
      expect(closedness(mesh)).toEqual(closedness(surface));
    }
  });

  test('[P-finish] the steps between voxels go: normals of a sphere and of a tilted plate', async () => {
    const grid = unitGrid([43, 43, 43]);
    const ball = await surfaceOf(ballMask(43, 20), grid);
    const smooth = (await smoothed(ball, grid)).mesh;
    const outward = (x: number, y: number, z: number): Triple => {
      const r = Math.hypot(x - 21, y - 21, z - 21);
      return [(x - 21) / r, (y - 21) / r, (z - 21) / r];
    };
    expect(normalDeviation(ball, outward)).toBeGreaterThan(20);
    expect(normalDeviation(smooth, outward)).toBeLessThan(4.5);
    expect(Math.abs(checkMesh(smooth).areaMm2 / (4 * Math.PI * 20 ** 2) - 1)).toBeLessThan(0.005);

    const thick = maskWhere(dimensions, (i, j, k) => Math.abs(height(i, j, k)) <= 4 && Math.hypot(i - 17.5, j - 17.5, k - 17.5) < 16);
    const plate = await surfaceOf(thick, unitGrid(dimensions));
    const flat = (x: number, y: number, z: number): Triple | null => {
      const h = height(x, y, z);
      const amid = Math.hypot(x - 17.5, y - 17.5, z - 17.5) < 11 && Math.abs(Math.abs(h) - 4) < 1;
      return amid ? (normal.map((n) => n * Math.sign(h)) as Triple) : null;
    };
    expect(normalDeviation(plate, flat)).toBeGreaterThan(20);
    expect(normalDeviation((await smoothed(plate, unitGrid(dimensions))).mesh, flat)).toBeLessThan(4.5);
  });

  test('[P-finish] a tilted thin plate survives: same parts, same genus, volume within 0.5 %', async () => {
    for (const grid of [unitGrid(dimensions), obliqueGrid(dimensions)]) {
      const surface = await surfaceOf(plateMask, grid);
      for (const iterations of [20, 60]) {
        const { mesh } = await smoothed(surface, grid, { iterations });
        expect(closedness(mesh)).toEqual(closedness(surface));
        expect(Math.abs(checkMesh(mesh).volumeMm3 / checkMesh(surface).volumeMm3 - 1)).toBeLessThan(0.005);
      }
    }
  });

  test('[P-finish] a shell of half a millimetre survives with its area and volume', async () => {
    const grid: VolumeGeometry = { ...unitGrid([54, 54, 54]), spacingMm: [0.5, 0.5, 0.5] };
    const shell = maskWhere(grid.dimensions, (i, j, k) => Math.abs(Math.hypot(i - 26.3, j - 26.6, k - 26.4) * 0.5 - 12) <= 0.25);
    const surface = await surfaceOf(shell, grid);
    const { mesh } = await smoothed(surface, grid);
    const [before, after] = [checkMesh(surface), checkMesh(mesh)];
    expect(closedness(mesh)).toEqual(closedness(surface));
    expect(Math.abs(after.volumeMm3 / before.volumeMm3 - 1)).toBeLessThan(0.005);
    expect(after.areaMm2).toBeGreaterThan(2 * 4 * Math.PI * 12 ** 2 * 0.97);
    expect(after.areaMm2).toBeLessThan(before.areaMm2);
  });

  test('[P-finish] the sides of a wall one voxel thick stay on their own side of its middle', async () => {
    const grid = unitGrid([14, 14, 3]);
    const surface = await surfaceOf(
      maskWhere([14, 14, 3], (i, j, k) => k === 1 && Math.hypot(i - 6.5, j - 6.5) < 6),
      grid,
    );
    const { mesh } = await smoothed(surface, grid, { iterations: 400 });
    for (let at = 2; at < mesh.positions.length; at += 3) {
      if (surface.positions[at] > 1) expect(mesh.positions[at]).toBeGreaterThan(1);
      if (surface.positions[at] < 1) expect(mesh.positions[at]).toBeLessThan(1);
    }
  });

  test('[P-finish] no vertex leaves its box of index units, nor its ball of millimetres, also on a slanted grid', async () => {
    const slanted: VolumeGeometry = { ...obliqueGrid(dimensions), directionLps: [0.6, 0.8, 0, -0.8, 0.6, 0, 0, 0.28, 0.96] };
    for (const grid of [obliqueGrid(dimensions), obliqueGrid(dimensions, true), slanted]) {
      const surface = await surfaceOf(plateMask, grid);
      const boxed = await smoothed(surface, grid, { iterations: 60, maskToleranceMm: 10 });
      for (let at = 0; at < surface.positions.length; at += 3) {
        const from = lpsToIndex(grid, surface.positions[at], surface.positions[at + 1], surface.positions[at + 2]);
        const to = lpsToIndex(grid, boxed.mesh.positions[at], boxed.mesh.positions[at + 1], boxed.mesh.positions[at + 2]);
        for (let axis = 0; axis < 3; axis++) expect(Math.abs(to[axis] - from[axis])).toBeLessThan(largestBoxVoxels + 2e-4);
      }
      for (const maskToleranceMm of [0.11, 0.004]) {
        const balled = await smoothed(surface, grid, { iterations: 60, maskToleranceMm });
        expect(furthestMm(surface, balled.mesh)).toBeLessThanOrEqual(maskToleranceMm);
        expect(furthestMm(surface, balled.mesh)).toBeGreaterThan(maskToleranceMm * 0.98);
        expect(balled.maskMovedMm?.max).toBeCloseTo(furthestMm(surface, balled.mesh), 9);
      }
    }
  });

  test('[P-finish] a vertex with a tolerance of its own keeps it, whatever box and mask allow; 0 does not move it', async () => {
    const grid = obliqueGrid(dimensions);
    const surface = await surfaceOf(plateMask, grid);
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.constantFrom(2, 20, 42), async (seed, iterations) => {
        const toleranceMm = Float32Array.from({ length: surface.positions.length / 3 }, (_, n) => {
          const drawn = Math.imul(n ^ seed, 0x9e3779b1) >>> 24;
          return drawn < 30 ? Number.NaN : drawn < 60 ? Infinity : drawn < 90 ? 0 : drawn / 300;
        });
        const { mesh, maskMovedMm, ownMovedMm } = await smoothed(surface, grid, { iterations, toleranceMm, maskToleranceMm: 0.2 });
        for (let v = 0; v < toleranceMm.length; v++) {
          const step = [0, 1, 2].map((axis) => mesh.positions[v * 3 + axis] - surface.positions[v * 3 + axis]);
          expect(Math.hypot(...step)).toBeLessThanOrEqual(Number.isFinite(toleranceMm[v]) ? toleranceMm[v] : 0.2);
        }
        expect(maskMovedMm?.max).toBeLessThanOrEqual(0.2);
        expect(ownMovedMm?.max).toBeGreaterThan(0);
      }),
      { numRuns: 10 },
    );
  });

  test('[P-finish] the same bytes whatever the stretches, with and without vector instructions', async () => {
    const grid = obliqueGrid(dimensions);
    const surface = await surfaceOf(plateMask, grid);
    const toleranceMm = Float32Array.from({ length: surface.positions.length / 3 }, (_, n) => (n % 3 === 0 ? Number.NaN : 0.1));
    const whole = await smoothed(surface, grid, { iterations: 44, toleranceMm });
    for (const pieces of [2, 5]) {
      // Searches for flat and coinciding vertices are cut by number and not by stretch.
      const run: RunParts = (part, inputs) =>
        typeof (inputs[0] as { from?: number }).from === 'number' && !part.name.endsWith('Neighbours')
          ? recut(pieces)(part, inputs)
          : inTurn(part, inputs);
      expect(await smoothed(surface, grid, { iterations: 44, toleranceMm }, run)).toEqual(whole);
    }
    const plain = await smoothed(surface, grid, { iterations: 44, toleranceMm }, inTurn, false);
    expect(plain).toEqual(whole);
  });

  test('no iterations change nothing, an empty mesh stays empty; wrong settings are our mistake', async () => {
    const grid = unitGrid([2, 2, 2]);
    const surface = await surfaceOf(new Uint8Array(8).fill(1), grid);
    expect((await smoothed(surface, grid, { iterations: 0 })).mesh).toEqual(surface);
    expect((await smoothed(surface, grid, { iterations: 3 })).iterations).toBe(4);
    expect((await smoothed(surface, grid)).maskToleranceMm).toBeCloseTo(Math.sqrt(3) / 2, 12);
    const empty = await smoothed(await surfaceOf(new Uint8Array(8), grid), grid);
    expect(empty).toMatchObject({ maskMovedMm: null, ownMovedMm: null, returned: 0 });
    expect(empty.mesh.triangles.length).toBe(0);
    const wrong: Partial<SmoothOptions>[] = [
      { iterations: -1 },
      { iterations: 1.5 },
      { boxVoxels: 0.5 },
      { maskToleranceMm: 0 },
      { toleranceMm: new Float32Array(2) },
      { toleranceMm: new Float32Array(surface.positions.length / 3).fill(-1) },
    ];
    for (const options of wrong) await expect(smoothed(surface, grid, options)).rejects.toThrow(RangeError);
  });

  test('a tick may stop the work', async () => {
    const grid = unitGrid([2, 2, 2]);
    const surface = await surfaceOf(new Uint8Array(8).fill(1), grid);
    const stop = new Error('stopped');
    const stopping = smoothMesh(surface, grid, { iterations: 20, maskToleranceMm: null }, inTurn, (part) => {
      if (part > 0.5) throw stop;
    });
    await expect(stopping).rejects.toThrow(stop);
  });
});
