import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packMask } from '../labels/bits.ts';
import { inTurn } from '../parts.ts';
import { recut } from '../recut.fixture.ts';
import { lpsToIndex, type Triple, type VolumeGeometry } from '../volume/geometry.ts';
import { checkMesh } from './check.ts';
import { cubeCases } from './cube-cases.ts';
import { ballMask, closed, closedness, maskWhere, obliqueGrid, throughStl, torusMask, unitGrid } from './mask-shapes.ts';
import type { Mesh } from './mesh.ts';
import { extractSurface } from './surface.ts';
import { surfaceOfBytes } from './surface-oracle.ts';

const extract = (mask: Uint8Array, geometry: VolumeGeometry) => extractSurface(packMask(mask, geometry.dimensions), geometry, inTurn);
const surfaceOf = (mask: Uint8Array, dimensions: Triple) => extract(mask, unitGrid(dimensions));

const mixed = (n: number, seed: number) => Math.imul(Math.imul(n ^ seed, 0x9e3779b1) ^ (n >>> 7), 0x85ebca6b) >>> 16;

/** Each triangle as the places of its corners in 240ths of a voxel, first corner the least: the same however vertices are numbered. */
function placesOf({ positions, triangles }: Mesh, grid: VolumeGeometry): string[] {
  const names = Array.from({ length: positions.length / 3 }, (_, n) =>
    lpsToIndex(grid, positions[n * 3], positions[n * 3 + 1], positions[n * 3 + 2])
      .map((value) => Math.round(value * 240) + 0)
      .join(','),
  );
  expect(new Set(names).size).toBe(names.length);
  return Array.from({ length: triangles.length / 3 }, (_, n) => {
    const [a, b, c] = [names[triangles[n * 3]], names[triangles[n * 3 + 1]], names[triangles[n * 3 + 2]]];
    const least = a < b && a < c ? [a, b, c] : b < c ? [b, c, a] : [c, a, b];
    return least.join(' ');
  }).sort();
}

describe('surface of a mask', () => {
  test('[P-surface] all 256 configurations of 2 x 2 x 2 voxels are closed, manifold and outward, on right- and left-handed grids', async () => {
    for (let bits = 1; bits < 256; bits++) {
      const mask = Uint8Array.from({ length: 8 }, (_, n) => (bits >> n) & 1);
      for (const grid of [unitGrid([2, 2, 2]), obliqueGrid([2, 2, 2]), obliqueGrid([2, 2, 2], true)]) {
        const surface = await extract(mask, grid);
        expect(closedness(surface), `configuration ${bits}`).toMatchObject(closed);
        expect(closedness(throughStl(surface)), `configuration ${bits} through STL`).toMatchObject(closed);
      }
    }
  });

  test('[P-surface] random masks of 4 x 4 x 4 voxels are closed, manifold and outward', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 64, maxLength: 64, max: 1 }), fc.boolean(), async (mask, leftHanded) => {
        fc.pre(mask.includes(1));
        const grid = obliqueGrid([4, 4, 4], leftHanded);
        expect(closedness(throughStl(await extract(mask, grid)))).toMatchObject(closed);
      }),
      { numRuns: 300 },
    );
  });

  test('[P-surface] agrees with cell after cell in turn, at borders, on rows of one to three words, on slanted and left-handed grids', async () => {
    const side = (max: number) => fc.integer({ min: 1, max });
    await fc.assert(
      fc.asyncProperty(
        side(67),
        side(4),
        side(4),
        fc.integer(),
        fc.constantFrom(2, 8, 14),
        fc.boolean(),
        async (nx, ny, nz, seed, part, left) => {
          const mask = maskWhere([nx, ny, nz], (i, j, k) => (mixed(i + 70 * (j + 5 * k), seed) & 15) < part);
          const grid = obliqueGrid([nx, ny, nz], left);
          expect(placesOf(await extract(mask, grid), grid)).toEqual(placesOf(surfaceOfBytes(mask, grid.dimensions, grid), grid));
        },
      ),
      { numRuns: 150 },
    );
  });

  test('[P-surface] however many stretches the layers are cut into, the bytes are the same', async () => {
    const grid = obliqueGrid([37, 11, 9]);
    const bits = packMask(
      maskWhere(grid.dimensions, (i, j, k) => (mixed(i + 37 * (j + 11 * k), 5) & 3) === 0),
      grid.dimensions,
    );
    const whole = await extractSurface(bits, grid, inTurn);
    for (const pieces of [1, 2, 5]) expect(await extractSurface(bits, grid, recut(pieces))).toEqual(whole);
    expect(await extractSurface({ ...bits, words: Uint32Array.from(bits.words) }, grid, inTurn)).toEqual(whole);
  });

  test('[P-surface] one part for each 18-connected piece: voxels that meet in an edge are one wall, in a corner only they stay apart', async () => {
    expect(closedness(await surfaceOf(Uint8Array.of(1, 0, 0, 1), [2, 2, 1])).parts).toBe(1);
    expect(closedness(await surfaceOf(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 1), [2, 2, 2])).parts).toBe(2);
    expect(closedness(await surfaceOf(Uint8Array.of(1, 1, 0, 1), [2, 2, 1])).parts).toBe(1);
  });

  test('[P-surface] one voxel is an octahedron of half-voxel axes', async () => {
    const figures = checkMesh(await surfaceOf(Uint8Array.of(1), [1, 1, 1]));
    expect(figures).toMatchObject({ triangles: 8, vertices: 6, parts: 1, boundsLps: { min: [-0.5, -0.5, -0.5], max: [0.5, 0.5, 0.5] } });
    expect(figures.volumeMm3).toBeCloseTo(1 / 6, 12);
    expect(figures.areaMm2).toBeCloseTo(Math.sqrt(3), 12);
  });

  test('[P-surface] a box of voxels has the volume of the box with its edges and corners bevelled', async () => {
    // Voxels 4 x 5 x 6; each edge loses a prism of half of 1/2 x 1/2 a unit between corner voxels, each corner cell keeps an eighth of an octahedron.
    const [a, b, c] = [4, 5, 6];
    const figures = checkMesh(await surfaceOf(new Uint8Array(a * b * c).fill(1), [a, b, c]));
    const [p, q, r] = [a - 1, b - 1, c - 1];
    expect(figures.volumeMm3).toBeCloseTo(p * q * r + p * q + q * r + r * p + (4 * (p + q + r)) / 8 + 8 / 48, 9);
    expect(figures.boundsLps).toEqual({ min: [-0.5, -0.5, -0.5], max: [a - 0.5, b - 0.5, c - 0.5] });
  });

  test('[P-surface] a ball has the volume and roughly the area of a sphere, and Euler number 2', async () => {
    const figures = checkMesh(await surfaceOf(ballMask(43, 20), [43, 43, 43]));
    expect(Math.abs(figures.volumeMm3 / ((4 / 3) * Math.PI * 20 ** 3) - 1)).toBeLessThan(0.01);
    // Voxel steps lengthen the surface; smoothing brings it down (see the smoothing tests).
    expect(figures.areaMm2 / (4 * Math.PI * 20 ** 2)).toBeGreaterThan(1);
    expect(figures.areaMm2 / (4 * Math.PI * 20 ** 2)).toBeLessThan(1.15);
    expect(closedness(await surfaceOf(ballMask(43, 20), [43, 43, 43]))).toMatchObject({ ...closed, parts: 1, euler: 2 });
  });

  test('[P-surface] a torus has Euler number 0 and volume 2 pi^2 R r^2', async () => {
    const torus = await surfaceOf(torusMask(41, 12, 5), [41, 41, 41]);
    expect(closedness(torus)).toMatchObject({ ...closed, parts: 1, euler: 0 });
    expect(Math.abs(checkMesh(torus).volumeMm3 / (2 * Math.PI ** 2 * 12 * 25) - 1)).toBeLessThan(0.05);
  });

  test('[P-surface] a cavity is an inner shell, facing into the cavity', async () => {
    const hollow = await surfaceOf(
      maskWhere([5, 5, 5], (i, j, k) => !(i === 2 && j === 2 && k === 2)),
      [5, 5, 5],
    );
    const full = await surfaceOf(new Uint8Array(125).fill(1), [5, 5, 5]);
    expect(closedness(hollow)).toMatchObject({ ...closed, parts: 2, euler: 4 });
    // The cavity is the octahedron of the one missing voxel.
    const lost = checkMesh(full).volumeMm3 - checkMesh(hollow).volumeMm3;
    expect(lost).toBeGreaterThan(1 / 6 - 1e-9);
    expect(lost).toBeLessThan(1);
  });

  test('[P-surface] vertices lie where the grid says, in LPS mm', async () => {
    const grid = obliqueGrid([3, 3, 3]);
    const mask = maskWhere([3, 3, 3], (i, j, k) => i === 2 && j === 0 && k === 1);
    const centre = [-120.3 + 2 * 0.4 * 0.6, 85.7 + 2 * 0.4 * 0.8, -410.1 + 1.5];
    const { positions } = await extract(mask, grid);
    const distances = Array.from({ length: 6 }, (_, n) =>
      Math.hypot(positions[n * 3] - centre[0], positions[n * 3 + 1] - centre[1], positions[n * 3 + 2] - centre[2]),
    ).sort((p, q) => p - q);
    [0.2, 0.2, 0.35, 0.35, 0.75, 0.75].forEach((expected, n) => {
      expect(distances[n]).toBeCloseTo(expected, 4);
    });
  });

  test('[P-surface] full grids, slabs and rows close at the border; an empty mask is an empty mesh', async () => {
    for (const dimensions of [
      [1, 1, 1],
      [1, 1, 9],
      [1, 7, 4],
      [6, 1, 3],
      [5, 4, 1],
      [2, 2, 2],
    ] as Triple[]) {
      const voxels = dimensions[0] * dimensions[1] * dimensions[2];
      expect(closedness(await surfaceOf(new Uint8Array(voxels).fill(1), dimensions))).toMatchObject({ ...closed, parts: 1, euler: 2 });
      expect((await surfaceOf(new Uint8Array(voxels), dimensions)).triangles.length).toBe(0);
    }
  });

  test('[P-surface] separate bodies far apart along k do not disturb each other', async () => {
    const mask = maskWhere([4, 4, 40], (_i, _j, k) => k < 2 || (k > 20 && k < 23) || k === 39);
    expect(closedness(await surfaceOf(mask, [4, 4, 40]))).toMatchObject({ ...closed, parts: 3, euler: 6 });
  });

  test('a mask that does not fit, or a grid without volume, is our mistake', async () => {
    const bits = packMask(Uint8Array.of(1), [1, 1, 1]);
    await expect(extractSurface(bits, unitGrid([2, 2, 2]), inTurn)).rejects.toThrow(RangeError);
    const flat = {
      ...unitGrid([1, 1, 1]),
      directionLps: [1, 0, 0, 1, 0, 0, 0, 0, 1] as [number, number, number, number, number, number, number, number, number],
    };
    await expect(extractSurface(bits, flat, inTurn)).rejects.toThrow(RangeError);
  });

  test('a tick may stop the work', async () => {
    const stop = new Error('stopped');
    const stopping = extractSurface(packMask(new Uint8Array(8).fill(1), [2, 2, 2]), unitGrid([2, 2, 2]), inTurn, (part) => {
      if (part > 0) throw stop;
    });
    await expect(stopping).rejects.toThrow(stop);
  });
});

describe('cases of the cube', () => {
  test('every grid edge between an inside and an outside corner carries one vertex, and no other', async () => {
    for (let inside = 0; inside < 256; inside++) {
      let crossed = 0;
      for (let a = 0; a < 8; a++)
        for (const axis of [1, 2, 4]) if (!(a & axis) && ((inside >> a) & 1) !== ((inside >> (a | axis)) & 1)) crossed++;
      expect(new Set(cubeCases[inside].edges).size).toBe(crossed);
      expect(cubeCases[inside].edges.length).toBe(crossed);
    }
  });
});
