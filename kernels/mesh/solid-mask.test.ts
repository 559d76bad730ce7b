import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bitAt, countBits, packMask, unpackMask } from '../labels/bits.ts';
import { inTurn } from '../parts.ts';
import type { Triple, VolumeGeometry } from '../volume/geometry.ts';
import { anyGrid } from '../volume/grids.fixture.ts';
import { obliqueGrid, throughStl, unitGrid } from './mask-shapes.ts';
import { emptyMesh, type Mesh } from './mesh.ts';
import { solidMask } from './solid-mask.ts';
import { insideSlowly } from './solid-mask-oracle.ts';
import { ballMesh, boxMesh, insideOut, moved, together, torusMesh, without } from './solid-shapes.ts';
import { extractSurface } from './surface.ts';

function expectTheOracles(mesh: Mesh, grid: VolumeGeometry): number {
  const mask = solidMask(mesh, grid);
  const [nx, ny, nz] = grid.dimensions;
  let inside = 0;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        const slowly = insideSlowly(mesh, grid, i, j, k);
        if (slowly !== null) expect(bitAt(mask, i, j, k), `voxel ${i} ${j} ${k}`).toBe(slowly);
        if (slowly) inside++;
      }
  return inside;
}

const shifted = (mesh: Mesh, [x, y, z]: Triple): Mesh => moved(mesh, (px, py, pz) => [px + x, py + y, pz + z]);
const step = fc.double({ min: -0.9, max: 0.9, noNaN: true });

describe('a closed surface as voxels', () => {
  test('[9.1-interop] agrees with the solid angle on bodies, rings, cavities and overlaps, on grids of any direction', () => {
    let inside = 0;
    fc.assert(
      fc.property(anyGrid(9), fc.tuple(step, step, step), fc.integer({ min: 0, max: 3 }), (grid, by, kind) => {
        const [nx, ny, nz] = grid.dimensions;
        const shapes = [
          () => ballMesh(3.1, 4),
          () => torusMesh(4, 1.7, 12, 7),
          () => together(ballMesh(4, 4), insideOut(ballMesh(2.2, 3))),
          () => together(ballMesh(2.4, 3), shifted(boxMesh([4, 5, 3]), [0.3, -0.2, 0.7])),
        ];
        const d = grid.directionLps;
        const middle = [0, 1, 2].map(
          (n) =>
            grid.originLps[n]! +
            by[n]! +
            ((nx - 1) * grid.spacingMm[0] * d[n]! + (ny - 1) * grid.spacingMm[1] * d[3 + n]! + (nz - 1) * grid.spacingMm[2] * d[6 + n]!) /
              2,
        ) as Triple;
        inside += expectTheOracles(shifted(shapes[kind]!(), middle), grid);
      }),
      { numRuns: 60 },
    );
    expect(inside).toBeGreaterThan(500);
  });

  test('[9.1-interop] the surface of a mask, through STL, gives the mask back: on oblique and left-handed grids, at borders', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })),
        fc.boolean(),
        fc.integer({ min: 1, max: 9 }),
        fc.integer(),
        async (dimensions, leftHanded, share, seed) => {
          const voxels = dimensions[0] * dimensions[1] * dimensions[2];
          const mask = Uint8Array.from({ length: voxels }, (_, n) =>
            (Math.imul(Math.imul(n ^ seed, 0x9e3779b1) ^ (n >>> 7), 0x85ebca6b) >>> 16) % 10 < share ? 1 : 0,
          );
          const grid = obliqueGrid(dimensions, leftHanded);
          const surface = throughStl(await extractSurface(packMask(mask, dimensions), grid, inTurn));
          expect(unpackMask(solidMask(surface, grid))).toEqual(mask);
        },
      ),
      { numRuns: 80 },
    );
  });

  test('[9.1-interop] a centre on a face belongs to the low side alone, so that bodies that share a face share no voxel', () => {
    const grid = unitGrid([9, 9, 9]);
    const add = (sum: Uint8Array, part: Mesh) => {
      for (const [n, value] of unpackMask(solidMask(part, grid)).entries()) sum[n]! += value;
    };
    const whole = unpackMask(solidMask(boxMesh([6, 6, 6], [1, 1, 1]), grid));
    expect(whole.reduce((sum, value) => sum + value, 0)).toBe(216);
    const parts = [0, 3].flatMap((x) => [0, 3].flatMap((y) => [0, 3].map((z) => boxMesh([3, 3, 3], [1 + x, 1 + y, 1 + z]))));
    const sum = new Uint8Array(729);
    for (const part of parts) add(sum, part);
    expect(sum).toEqual(whole);
    // Corners, edges and slanted faces on centres: a cube of five wedges that fill it.
    const corner = (...points: Triple[]): Mesh => ({
      positions: Float64Array.from(points.flat()),
      triangles: Uint32Array.from([0, 2, 1, 0, 1, 3, 0, 3, 2, 1, 2, 3]),
    });
    const wedges = [
      corner([0, 0, 0], [6, 0, 0], [0, 6, 0], [0, 0, 6]),
      corner([6, 6, 0], [0, 6, 0], [6, 0, 0], [6, 6, 6]),
      corner([6, 0, 6], [0, 0, 6], [6, 6, 6], [6, 0, 0]),
      corner([0, 6, 6], [6, 6, 6], [0, 0, 6], [0, 6, 0]),
      corner([6, 0, 0], [6, 6, 6], [0, 6, 0], [0, 0, 6]),
    ];
    const filled = new Uint8Array(729);
    for (const wedge of wedges) add(filled, shifted(wedge, [1, 1, 1]));
    expect(filled).toEqual(whole);
  });

  test('[9.1-interop] facing inward is the same body, overlapping bodies are one, an empty mesh is no voxel', () => {
    const grid = unitGrid([12, 9, 7]);
    const ball = shifted(ballMesh(2.7, 5), [5.1, 4.2, 3.3]);
    expect(solidMask(insideOut(ball), grid)).toEqual(solidMask(ball, grid));
    expect(solidMask(together(ball, ball), grid)).toEqual(solidMask(ball, grid));
    expect(countBits(solidMask(ball, grid))).toBeGreaterThan(60);
    expect(countBits(solidMask(emptyMesh(), grid))).toBe(0);
    expect(countBits(solidMask(shifted(ball, [100, 0, 0]), grid))).toBe(0);
    expect(countBits(solidMask(boxMesh([500, 500, 500], [-250, -250, -250]), grid))).toBe(12 * 9 * 7);
  });

  test('[9.1-interop] an open surface, one that is not one way round, and one without a place are mistakes', () => {
    const grid = unitGrid([6, 6, 6]);
    const box = boxMesh([3, 3, 3], [1.2, 1.2, 1.2]);
    const open = Array.from({ length: 12 }, (_, n) => {
      try {
        return solidMask(without(box, n), grid) && null;
      } catch (error) {
        return error;
      }
    });
    // A side that the rows run along can be away unseen; the reader looks at the edges first.
    expect(open.filter((error) => error instanceof RangeError)).toHaveLength(4);
    expect(() => solidMask({ ...box, positions: box.positions.map((v, n) => (n === 4 ? Number.NaN : v)) }, grid)).toThrow(/no place/);
    expect(() => solidMask(shifted(box, [1e9, 0, 0]), grid)).toThrow(/too far/);
  });
});
