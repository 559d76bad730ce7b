import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Triple } from '../volume/geometry.ts';
import { checkMesh } from './check.ts';
import { cubeCases } from './cube-cases.ts';
import { ballMask, closed, closedness, maskWhere, obliqueGrid, throughStl, torusMask, unitGrid } from './mask-shapes.ts';
import { extractSurface } from './surface.ts';

const surfaceOf = (mask: Uint8Array, dimensions: Triple) => extractSurface(mask, dimensions, unitGrid(dimensions));

describe('surface of a mask', () => {
  test('[P-surface] all 256 configurations of 2 x 2 x 2 voxels are closed, manifold and outward, on right- and left-handed grids', () => {
    for (let bits = 1; bits < 256; bits++) {
      const mask = Uint8Array.from({ length: 8 }, (_, n) => (bits >> n) & 1);
      for (const grid of [unitGrid([2, 2, 2]), obliqueGrid([2, 2, 2]), obliqueGrid([2, 2, 2], true)]) {
        const surface = extractSurface(mask, grid.dimensions, grid);
        expect(closedness(surface), `configuration ${bits}`).toMatchObject(closed);
        expect(closedness(throughStl(surface)), `configuration ${bits} through STL`).toMatchObject(closed);
      }
    }
  });

  test('[P-surface] random masks of 4 x 4 x 4 voxels are closed, manifold and outward', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 64, maxLength: 64, max: 1 }), fc.boolean(), (mask, leftHanded) => {
        fc.pre(mask.includes(1));
        const grid = obliqueGrid([4, 4, 4], leftHanded);
        expect(closedness(throughStl(extractSurface(mask, grid.dimensions, grid)))).toMatchObject(closed);
      }),
      { numRuns: 500 },
    );
  });

  test('[P-surface] one part for each 18-connected piece: voxels that meet in an edge are one wall, in a corner only they stay apart', () => {
    expect(closedness(surfaceOf(Uint8Array.of(1, 0, 0, 1), [2, 2, 1])).parts).toBe(1);
    expect(closedness(surfaceOf(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 1), [2, 2, 2])).parts).toBe(2);
    expect(closedness(surfaceOf(Uint8Array.of(1, 1, 0, 1), [2, 2, 1])).parts).toBe(1);
  });

  test('[P-surface] one voxel is an octahedron of half-voxel axes', () => {
    const figures = checkMesh(surfaceOf(Uint8Array.of(1), [1, 1, 1]));
    expect(figures).toMatchObject({ triangles: 8, vertices: 6, parts: 1, boundsLps: { min: [-0.5, -0.5, -0.5], max: [0.5, 0.5, 0.5] } });
    expect(figures.volumeMm3).toBeCloseTo(1 / 6, 12);
    expect(figures.areaMm2).toBeCloseTo(Math.sqrt(3), 12);
  });

  test('[P-surface] a box of voxels has the volume of the box with its edges and corners bevelled', () => {
    // Voxels 4 x 5 x 6; each edge loses a prism of half of 1/2 x 1/2 a unit between corner voxels, each corner cell keeps an eighth of an octahedron.
    const [a, b, c] = [4, 5, 6];
    const figures = checkMesh(surfaceOf(new Uint8Array(a * b * c).fill(1), [a, b, c]));
    const [p, q, r] = [a - 1, b - 1, c - 1];
    expect(figures.volumeMm3).toBeCloseTo(p * q * r + p * q + q * r + r * p + (4 * (p + q + r)) / 8 + 8 / 48, 9);
    expect(figures.boundsLps).toEqual({ min: [-0.5, -0.5, -0.5], max: [a - 0.5, b - 0.5, c - 0.5] });
  });

  test('[P-surface] a ball has the volume and roughly the area of a sphere, and Euler number 2', () => {
    const figures = checkMesh(surfaceOf(ballMask(43, 20), [43, 43, 43]));
    expect(Math.abs(figures.volumeMm3 / ((4 / 3) * Math.PI * 20 ** 3) - 1)).toBeLessThan(0.01);
    // Voxel steps lengthen the surface; smoothing brings it down (see the smoothing tests).
    expect(figures.areaMm2 / (4 * Math.PI * 20 ** 2)).toBeGreaterThan(1);
    expect(figures.areaMm2 / (4 * Math.PI * 20 ** 2)).toBeLessThan(1.15);
    expect(closedness(surfaceOf(ballMask(43, 20), [43, 43, 43]))).toMatchObject({ ...closed, parts: 1, euler: 2 });
  });

  test('[P-surface] a torus has Euler number 0 and volume 2 pi^2 R r^2', () => {
    const torus = surfaceOf(torusMask(41, 12, 5), [41, 41, 41]);
    expect(closedness(torus)).toMatchObject({ ...closed, parts: 1, euler: 0 });
    expect(Math.abs(checkMesh(torus).volumeMm3 / (2 * Math.PI ** 2 * 12 * 25) - 1)).toBeLessThan(0.05);
  });

  test('[P-surface] a cavity is an inner shell, facing into the cavity', () => {
    const hollow = surfaceOf(
      maskWhere([5, 5, 5], (i, j, k) => !(i === 2 && j === 2 && k === 2)),
      [5, 5, 5],
    );
    const full = surfaceOf(new Uint8Array(125).fill(1), [5, 5, 5]);
    expect(closedness(hollow)).toMatchObject({ ...closed, parts: 2, euler: 4 });
    // The cavity is the octahedron of the one missing voxel.
    const lost = checkMesh(full).volumeMm3 - checkMesh(hollow).volumeMm3;
    expect(lost).toBeGreaterThan(1 / 6 - 1e-9);
    expect(lost).toBeLessThan(1);
  });

  test('[P-surface] vertices lie where the grid says, in LPS mm', () => {
    const grid = obliqueGrid([3, 3, 3]);
    const mask = maskWhere([3, 3, 3], (i, j, k) => i === 2 && j === 0 && k === 1);
    const centre = [-120.3 + 2 * 0.4 * 0.6, 85.7 + 2 * 0.4 * 0.8, -410.1 + 1.5];
    const { positions } = extractSurface(mask, grid.dimensions, grid);
    const distances = Array.from({ length: 6 }, (_, n) =>
      Math.hypot(positions[n * 3] - centre[0], positions[n * 3 + 1] - centre[1], positions[n * 3 + 2] - centre[2]),
    ).sort((p, q) => p - q);
    [0.2, 0.2, 0.35, 0.35, 0.75, 0.75].forEach((expected, n) => {
      expect(distances[n]).toBeCloseTo(expected, 9);
    });
  });

  test('[P-surface] full grids, slabs and rows close at the border; an empty mask is an empty mesh', () => {
    for (const dimensions of [
      [1, 1, 1],
      [1, 1, 9],
      [1, 7, 4],
      [6, 1, 3],
      [5, 4, 1],
      [2, 2, 2],
    ] as Triple[]) {
      const voxels = dimensions[0] * dimensions[1] * dimensions[2];
      expect(closedness(surfaceOf(new Uint8Array(voxels).fill(1), dimensions))).toMatchObject({ ...closed, parts: 1, euler: 2 });
      expect(surfaceOf(new Uint8Array(voxels), dimensions).triangles.length).toBe(0);
    }
  });

  test('[P-surface] separate bodies far apart along k do not disturb each other', () => {
    const mask = maskWhere([4, 4, 40], (_i, _j, k) => k < 2 || (k > 20 && k < 23) || k === 39);
    expect(closedness(surfaceOf(mask, [4, 4, 40]))).toMatchObject({ ...closed, parts: 3, euler: 6 });
  });

  test('a mask that does not fit, or a grid without volume, is our mistake', () => {
    expect(() => surfaceOf(new Uint8Array(7), [2, 2, 2])).toThrow(RangeError);
    const flat = {
      ...unitGrid([1, 1, 1]),
      directionLps: [1, 0, 0, 1, 0, 0, 0, 0, 1] as [number, number, number, number, number, number, number, number, number],
    };
    expect(() => extractSurface(Uint8Array.of(1), [1, 1, 1], flat)).toThrow(RangeError);
  });

  test('a tick may stop the work', () => {
    const stop = new Error('stopped');
    expect(() =>
      extractSurface(new Uint8Array(8).fill(1), [2, 2, 2], unitGrid([2, 2, 2]), (part) => {
        if (part > 0.5) throw stop;
      }),
    ).toThrow(stop);
  });
});

describe('cases of the cube', () => {
  test('every grid edge between an inside and an outside corner carries one vertex, and no other', () => {
    for (let inside = 0; inside < 256; inside++) {
      let crossed = 0;
      for (let a = 0; a < 8; a++)
        for (const axis of [1, 2, 4]) if (!(a & axis) && ((inside >> a) & 1) !== ((inside >> (a | axis)) & 1)) crossed++;
      expect(new Set(cubeCases[inside].edges).size).toBe(crossed);
      expect(cubeCases[inside].edges.length).toBe(crossed);
    }
  });
});
