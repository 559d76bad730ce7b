import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inTurn, type RunParts } from '../parts.ts';
import { angleNormals } from './angle-normals.ts';
import { cornersOf, pointOf } from './distance-oracle.ts';
import { closed, closedness, unitGrid } from './mask-shapes.ts';
import { emptyMesh, type Mesh } from './mesh.ts';
import { surfaceOfBytes } from './surface-oracle.ts';
import { thinnestPatch } from './thinnest-patch.ts';
import { vertexAreas } from './vertex-areas.ts';
import { surveyWalls, wallFigures } from './wall-figures.ts';
import { gridBox, sphere, together, turned } from './wall-shapes.ts';
import { wallThickness } from './wall-thickness.ts';

const thickness = (mesh: Mesh) => wallThickness(mesh, inTurn);

/** Vertices of a `gridBox` on its two sides across z, away from the other four. */
function middleOf(mesh: Mesh, halfX: number, halfY: number, raw: Mesh): number[] {
  return Array.from({ length: mesh.positions.length / 3 }, (_, v) => v).filter(
    (v) => Math.abs(raw.positions[v * 3]) < halfX && Math.abs(raw.positions[v * 3 + 1]) < halfY,
  );
}

type Point = [number, number, number];
const minus = (a: Point, b: Point): Point => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const dot = (a: Point, b: Point) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Point, b: Point): Point => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

/**
 * The same measure the slow way: every triangle that faces away, each looked at in a fine grid of its points, for the smallest ball
 * through the vertex and one of them. Never below the true ball, above it by what the grid leaves out.
 */
function ballSlowly(mesh: Mesh, vertex: number, normal: Point, steps: number): number {
  const p = pointOf(mesh, vertex);
  let least = Infinity;
  for (let t = 0; t < mesh.triangles.length / 3; t++) {
    const [a, b, c] = cornersOf(mesh, t);
    const m = cross(minus(b, a), minus(c, a));
    const length = Math.sqrt(dot(m, m));
    if (length === 0 || dot(m, normal) / length >= -0.5 || dot(m, minus(a, p)) <= 0) continue;
    for (let i = 0; i <= steps; i++) {
      for (let j = 0; i + j <= steps; j++) {
        const [s, r] = [i / steps, j / steps];
        const q: Point = [0, 1, 2].map((n) => a[n] + s * (b[n] - a[n]) + r * (c[n] - a[n])) as Point;
        const w = minus(p, q);
        const depth = dot(w, normal);
        if (depth > 1e-9) least = Math.min(least, dot(w, w) / depth);
      }
    }
  }
  return least;
}

describe('wall thickness', () => {
  test('[P-print] a slab reads its thickness, also turned, and its rim is no thin wall', async () => {
    const raw = gridBox([12, 10, 0.8], [24, 20, 2]);
    const mesh = gridBox([12, 10, 0.8], [24, 20, 2], turned);
    const mm = await thickness(mesh);
    for (const v of middleOf(mesh, 5.9, 4.9, raw)) expect(mm[v]).toBeCloseTo(0.8, 5);
    for (const value of mm) expect(value).toBeGreaterThan(0.8 - 1e-5);
    expect(wallFigures(mesh, mm, 0.9)?.minimumMm).toBeCloseTo(0.8, 5);
  });

  test('[P-print] a slab of two triangles a side is measured between its vertices too', async () => {
    const mesh = gridBox([40, 30, 0.5], [1, 1, 1], turned);
    const mm = await thickness(mesh);
    // At a corner the normal lies between three sides: 2 t / (1 + 1 / sqrt 3).
    for (const value of mm) expect(value).toBeCloseTo((2 * 0.5) / (1 + 1 / Math.sqrt(3)), 4);
  });

  test('[P-print] a sphere reads its diameter, a shell what is between its two', async () => {
    const ball = await thickness(sphere(6, 16));
    for (const value of ball) expect(Math.abs(value / 12 - 1)).toBeLessThan(0.02);
    const shell = await thickness(together(sphere(6, 16), sphere(5, 16, true)));
    for (const value of shell) expect(Math.abs(value - 1)).toBeLessThan(0.06);
  });

  test('[P-print] a wedge reads the ball between its sides, where a ray reads more', async () => {
    // Sides at +-angle/2 about the x axis, distance d from the edge along each side.
    const angle = 0.5;
    const place = ([x, y, z]: Point): Point => {
      const d = y + 11;
      return turned([x, d * Math.cos((angle / 2) * Math.sign(z)), d * Math.sin((angle / 2) * Math.sign(z))]);
    };
    const [size, n] = [[8, 20, 1] as Point, [16, 40, 1] as Point];
    const raw = gridBox(size, n);
    const mm = await thickness(gridBox(size, n, place));
    for (const v of middleOf(raw, 2, 3, raw)) {
      const d = raw.positions[v * 3 + 1] + 11;
      expect(mm[v]).toBeCloseTo(2 * d * Math.tan(angle / 2), 4);
    }
  });

  test('[P-print] normals that are off by steps cost little: a tilted plate of voxels', async () => {
    const slope = 0.35;
    const [nx, ny, nz] = [30, 30, 24];
    const mask = new Uint8Array(nx * ny * nz);
    const height = (x: number) => 6 + slope * x;
    const upright = 3;
    for (let k = 0; k < nz; k++) {
      for (let j = 1; j < ny - 1; j++)
        for (let i = 1; i < nx - 1; i++) if (k >= height(i) && k < height(i) + upright) mask[(k * ny + j) * nx + i] = 1;
    }
    const grid = unitGrid([nx, ny, nz]);
    const mesh = surfaceOfBytes(mask, [nx, ny, nz], grid);
    const mm = await thickness(mesh);
    const truth = upright / Math.hypot(1, slope);
    const sorted = mm.filter((v) => !Number.isNaN(v)).sort();
    expect(Math.abs(sorted[sorted.length >> 1] / truth - 1)).toBeLessThan(0.12);
  });

  test('[P-print] agrees with looking at every point of every triangle, on shells of any bumps', async () => {
    const amplitude = fc.integer({ min: 0, max: 40 }).map((n) => n / 100);
    await fc.assert(
      fc.asyncProperty(
        amplitude,
        amplitude,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 5, max: 20 }),
        async (x, y, waves, tenths) => {
          const bent = (mesh: Mesh): Mesh => {
            const positions = Float64Array.from(mesh.positions);
            for (let at = 0; at < positions.length; at += 3) {
              positions[at + 2] += x * Math.sin(waves * positions[at]);
              positions[at] += y * Math.cos(waves * positions[at + 1]);
            }
            return { positions, triangles: mesh.triangles };
          };
          const mesh = together(bent(sphere(4, 6)), bent(sphere(4 - tenths / 10, 6, true)));
          const normals = angleNormals(mesh);
          const mm = await thickness(mesh);
          for (let v = 0; v < mm.length; v += 17) {
            const slow = ballSlowly(mesh, v, [normals[v * 3], normals[v * 3 + 1], normals[v * 3 + 2]], 16);
            // The grid's points are some of the triangle's, so the ball is at most as large; and what they leave out is small.
            expect(mm[v]).toBeLessThan(slow * 1.003);
            expect(mm[v]).toBeGreaterThan(slow * 0.97);
          }
        },
      ),
      { numRuns: 8 },
    );
  });

  test('[P-print] a gap beside a wall is no wall', async () => {
    // Two plates 0.2 mm apart: each reads its own thickness.
    const at = (z: number) => gridBox([10, 10, 1.5], [10, 10, 2], ([x, y, zz]) => [x, y, zz + z]);
    const mm = await thickness(together(at(0), at(1.7)));
    for (const value of mm) expect(value).toBeGreaterThan(1.5 - 1e-5);
  });

  test('[P-print] where nothing lies opposite there is no wall', async () => {
    expect(await thickness(emptyMesh())).toHaveLength(0);
    const open: Mesh = { positions: Float64Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 5, 5, 5), triangles: Uint32Array.of(0, 1, 2) };
    const mm = await thickness(open);
    expect([...mm].every(Number.isNaN)).toBe(true);
    expect(wallFigures(open, mm, 1)).toBeNull();
    expect(wallFigures(emptyMesh(), new Float32Array(0), 1)).toBeNull();
    await expect(
      thickness({ positions: Float64Array.of(0, 0, NaN, 1, 0, 0, 0, 1, 0), triangles: Uint32Array.of(0, 1, 2) }),
    ).rejects.toThrow(RangeError);
  });

  test('[P-print] does not depend on how it is cut or in which order the pieces run', async () => {
    const mesh = together(sphere(9, 32), sphere(8, 32, true));
    const backwards: RunParts = async (part, inputs) => {
      const outputs = [...inputs].reverse().map((input) => part(input));
      return outputs.reverse();
    };
    expect(await wallThickness(mesh, backwards)).toEqual(await thickness(mesh));
  });

  test('[P-print] a cancel is heard', async () => {
    let ticks = 0;
    const stop = wallThickness(sphere(9, 8), inTurn, () => {
      if (++ticks === 3) throw new RangeError('cancelled');
    });
    await expect(stop).rejects.toThrow('cancelled');
  });
});

describe('figures of walls', () => {
  test('[P-print] surface counts, not vertices', () => {
    // Two squares: 4 mm² of 1 mm, 1 mm² of 3 mm.
    const mesh: Mesh = {
      positions: Float64Array.of(0, 0, 0, 2, 0, 0, 2, 2, 0, 0, 2, 0, 9, 0, 0, 10, 0, 0, 10, 1, 0, 9, 1, 0),
      triangles: Uint32Array.of(0, 1, 2, 0, 2, 3, 4, 5, 6, 4, 6, 7),
    };
    const figures = wallFigures(mesh, Float32Array.of(1, 1, 1, 1, 3, 3, 3, 3), 2);
    expect(figures).toMatchObject({ minimumMm: 1, p05Mm: 1, medianMm: 1, limitMm: 2 });
    expect(figures?.belowMm2).toBeCloseTo(4, 9);
    expect(figures?.belowPart).toBeCloseTo(0.8, 9);
    const without = wallFigures(mesh, Float32Array.of(NaN, NaN, NaN, NaN, 3, 3, 2.5, 3), 2);
    expect(without).toMatchObject({ minimumMm: 3, belowMm2: 0, belowPart: 0 });
    expect(without?.thinnestLps[0]).toBeGreaterThanOrEqual(9);
  });

  test('[P-print] a sample of a large mesh tells what all of its vertices tell, and the whole surface in mm²', async () => {
    const mesh = together(sphere(10, 100), sphere(9.6, 100, true));
    expect(mesh.positions.length / 3).toBeGreaterThan(100_000);
    const sampled = await surveyWalls(mesh, 0.5, inTurn);
    const whole = wallFigures(mesh, await thickness(mesh), 0.5);
    if (!sampled || !whole) throw new RangeError('no walls');
    expect(sampled.belowPart).toBeCloseTo(whole.belowPart, 2);
    expect(Math.abs(sampled.belowMm2 / whole.belowMm2 - 1)).toBeLessThan(0.02);
    expect(sampled.p05Mm).toBeCloseTo(whole.p05Mm, 2);
    expect(sampled.minimumMm).toBeCloseTo(whole.minimumMm, 2);
    const small = sphere(5, 6);
    expect(await surveyWalls(small, 0.5, inTurn)).toEqual(wallFigures(small, await thickness(small), 0.5));
  });

  test('[P-print] one sharp fold does not make the thinnest wall; a thin place of some surface does, and is found', async () => {
    // 12 x 12 mm of 2 mm, squares of 0.25 mm2; within 1.1 mm of (3, 2) the upper side is pressed to 0.7 mm.
    const press = ([x, y, z]: Point): Point => [x, y, z > 0 && Math.hypot(x - 3, y - 2) < 1.1 ? z - 1.3 : z];
    const mesh = gridBox([12, 12, 2], [24, 24, 1], press);
    const mm = await thickness(mesh);
    const fold = mesh.positions.findIndex((x, at) => at % 3 === 0 && x === -3 && mesh.positions[at + 1] === -2) / 3;
    const folded = mm.slice();
    folded[fold] = 1e-14;
    const figures = wallFigures(mesh, folded, 0.5);
    expect(figures).toEqual({ ...wallFigures(mesh, mm, 0.5), belowMm2: figures?.belowMm2, belowPart: figures?.belowPart });
    expect(figures?.minimumMm).toBeCloseTo(0.7, 1);
    expect(figures?.belowMm2).toBeCloseTo(0.25, 9);
    const [x, y] = figures!.thinnestLps;
    expect(Math.hypot(x - 3, y - 2)).toBeLessThan(1.2);
  });

  test('[P-print] the thinnest patch is the one that looking at every level finds', () => {
    const mesh = gridBox([6, 6, 6], [5, 5, 5]);
    const areas = vertexAreas(mesh);
    const whole = areas.reduce((sum, one) => sum + one, 0);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 12 }), { minLength: areas.length, maxLength: areas.length }), (levels) => {
        const mm = Float32Array.from(levels, (level) => (level === 12 ? NaN : level));
        /** The largest piece of three readings or more among those up to a level. */
        const pieceUpTo = (level: number) => {
          let most = 0;
          const met = new Set<number>();
          for (let v = 0; v < mm.length; v++) {
            if (!(mm[v]! <= level) || met.has(v)) continue;
            const piece = new Set([v]);
            for (let size = 0; size < piece.size; ) {
              size = piece.size;
              for (let at = 0; at < mesh.triangles.length; at += 3) {
                const corners = [...mesh.triangles.subarray(at, at + 3)];
                if (corners.some((c) => piece.has(c))) for (const c of corners) if (mm[c]! <= level) piece.add(c);
              }
            }
            for (const one of piece) met.add(one);
            if (piece.size >= 3)
              most = Math.max(
                most,
                [...piece].reduce((sum, one) => sum + areas[one]!, 0),
              );
          }
          return most;
        };
        const read = [...mm].reduce((sum, value, v) => (Number.isNaN(value) ? sum : sum + areas[v]!), 0);
        const enough = Math.min(read / 2, Math.max(0.5, 1e-4 * whole));
        const level = Array.from({ length: 11 }, (_, n) => n + 1).find((one) => pieceUpTo(one) >= enough);
        fc.pre(level !== undefined);
        expect(thinnestPatch(mesh, mm)?.mm).toBe(level);
      }),
      { numRuns: 15 },
    );
    expect(thinnestPatch(mesh, new Float32Array(areas.length).fill(NaN))).toBeNull();
    // A body smaller than a patch reads as a whole.
    const tiny = gridBox([0.1, 0.1, 0.1], [1, 1, 1]);
    expect(thinnestPatch(tiny, Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8))?.mm).toBeGreaterThan(2);
  });

  test('the shapes of these tests are closed and face outside', () => {
    for (const mesh of [gridBox([2, 3, 4], [2, 3, 4], turned), sphere(5, 6)]) expect(closedness(mesh)).toMatchObject(closed);
    expect(closedness(sphere(5, 6, true))).toMatchObject({ flaws: closed.flaws, outward: false });
  });
});
