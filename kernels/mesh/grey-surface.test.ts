import { describe, expect, test } from 'vitest';
import { inTurn, type RunParts } from '../parts.ts';
import { indexToLps, type Triple, type VolumeGeometry } from '../volume/geometry.ts';
import { ball, gridAbout, imageOf, plate, spreadOf, step, surfaceWhere } from './grey-scene.fixture.ts';
import { greySurface } from './grey-surface.ts';
import { closed, closedness, maskWhere, obliqueGrid, throughStl } from './mask-shapes.ts';
import { emptyMesh } from './mesh.ts';

const sigma = 0.4;
const fine: Triple = [0.45, 0.45, 0.8];
const at = (positions: ArrayLike<number>, vertex: number): Triple => [
  positions[vertex * 3],
  positions[vertex * 3 + 1],
  positions[vertex * 3 + 2],
];
const verticesOf = (mesh: { positions: ArrayLike<number> }) => Array.from({ length: mesh.positions.length / 3 }, (_, n) => n);
const place = (
  mesh: Parameters<typeof greySurface>[0],
  values: Float32Array | Int16Array,
  geometry: VolumeGeometry,
  run: RunParts = inTurn,
) => greySurface(mesh, values, geometry, {}, run);

describe('surface from grey values', () => {
  test('[P-surface] a ball under a Gaussian is found to 0.02 mm from a mask that is 0.3 mm too large, on oblique and left-handed grids', async () => {
    const upright = gridAbout([64, 64, 40], fine);
    for (const geometry of [
      upright,
      { ...obliqueGrid([72, 48, 26]), spacingMm: fine },
      { ...obliqueGrid([72, 48, 26], true), spacingMm: fine },
    ]) {
      const centre = indexToLps(geometry, ...(geometry.dimensions.map((side) => (side - 1) / 2) as Triple));
      for (const radius of [8, 4]) {
        const away = (p: Triple) => Math.hypot(p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]);
        const values = imageOf(geometry, (x, y, z) => ball(away([x, y, z]), radius, sigma), { noise: 15 });
        const mask = await surfaceWhere(values, geometry, (value) => value >= 200);
        const { mesh, placed } = await place(mask, values, geometry);
        const error = spreadOf(verticesOf(mesh).map((vertex) => away(at(mesh.positions, vertex)) - radius));
        expect(placed.every((one) => one === 1)).toBe(true);
        expect(Math.abs(error.mean), `radius ${radius}: ${JSON.stringify(error)}`).toBeLessThan(0.02);
        expect(error.sd).toBeLessThan(0.04);
        expect(error.p95).toBeLessThan(0.08);
        expect(closedness(throughStl(mesh))).toMatchObject({ ...closed, parts: 1, euler: 2 });
      }
    }
  });

  test('[P-surface] a tilted plate between fat and air is found on both sides at each half-maximum, down to the width of the blur', async () => {
    const geometry = gridAbout([60, 60, 32], fine);
    const n: Triple = [0.36, 0.48, 0.8];
    const d = (x: number, y: number, z: number) => x * n[0] + y * n[1] + z * n[2];
    for (const [thick, mean, sd] of [
      [4, 0.02, 0.04],
      [2, 0.02, 0.04],
      [1.2, 0.03, 0.04],
    ]) {
      const fatToAir = (x: number, y: number, z: number) =>
        -95 * step(d(x, y, z) + thick / 2, sigma) -
        1000 * (1 - step(d(x, y, z) - thick / 2, sigma)) +
        1100 * plate(d(x, y, z), thick, sigma);
      const values = imageOf(geometry, fatToAir, { bone: 1, outside: 0, noise: 15 });
      const mask = await surfaceWhere(values, geometry, (value) => value >= 200);
      const { mesh } = await place(mask, values, geometry);
      const inside = verticesOf(mesh).filter((v) => Math.hypot(...at(mesh.positions, v)) < 9);
      for (const side of [-1, 1]) {
        const errors = inside.map((v) => side * d(...at(mesh.positions, v))).filter((distance) => distance > 0);
        const error = spreadOf(errors.map((distance) => distance - thick / 2));
        expect(Math.abs(error.mean), `${thick} mm, side ${side}: ${JSON.stringify(error)}`).toBeLessThan(mean);
        expect(error.sd, `${thick} mm, side ${side}: ${JSON.stringify(error)}`).toBeLessThan(sd);
      }
    }
  });

  test('[P-surface] a shell of 0.5 mm survives: two sides that do not meet, as thick as it is where thick bone nearby tells its density', async () => {
    const geometry = gridAbout([64, 64, 64], [0.45, 0.45, 0.45]);
    for (const nearby of [true, false]) {
      const shell = (x: number, y: number, z: number) => {
        const r = Math.hypot(x, y, z);
        return ball(r, 10.25, sigma) - ball(r, 9.75, sigma) + (nearby ? ball(r, 5, sigma) : 0);
      };
      const values = imageOf(geometry, shell, { bone: 1100, outside: 0, noise: 15 });
      const mask = await surfaceWhere(values, geometry, (value) => value >= 200);
      const { mesh, tolerance } = await place(mask, values, geometry);
      const before = closedness(mask);
      expect(closedness(throughStl(mesh))).toMatchObject({ ...closed, parts: before.parts, euler: before.euler });
      const side = (low: number, high: number) =>
        verticesOf(mesh)
          .filter((v) => Math.hypot(...at(mask.positions, v)) > low && Math.hypot(...at(mask.positions, v)) <= high)
          .map((v) => Math.hypot(...at(mesh.positions, v)));
      const [inner, outer] = [side(8, 10), side(10, 12)];
      expect(Math.min(...outer)).toBeGreaterThan(Math.max(...inner));
      const thick = spreadOf(outer).mean - spreadOf(inner).mean;
      const drawn =
        2 *
        Math.abs(
          spreadOf(
            verticesOf(mask)
              .map((v) => Math.hypot(...at(mask.positions, v)))
              .filter((r) => r > 10),
          ).mean - 10,
        );
      // Without bone that shows its density a wall below the blur's width looks like a thicker and softer one; never thicker than the mask.
      expect(thick, `nearby ${nearby}`).toBeLessThan(nearby ? 0.6 : drawn);
      expect(thick, `nearby ${nearby}`).toBeGreaterThan(0.4);
      expect(tolerance.every((ball) => Number.isNaN(ball) || (ball > 0 && ball <= Math.fround(0.1)))).toBe(true);
    }
  });

  test('[P-surface] a blob painted in flat soft tissue stays where it was drawn, bit for bit, beside bone that is placed', async () => {
    const geometry = gridAbout([60, 40, 30], [0.5, 0.5, 0.6]);
    const values = imageOf(geometry, (x, y, z) => ball(Math.hypot(x + 7, y, z), 5, sigma), { noise: 15 });
    const blob = maskWhere(geometry.dimensions, (i, j, k) => Math.hypot((i - 46) * 0.5, (j - 20) * 0.5, (k - 15) * 0.6) < 3);
    const mask = await surfaceWhere(values, geometry, (value, n) => value >= 200 || blob[n] === 1);
    const { mesh, placed, tolerance } = await place(mask, values, geometry);
    const painted = verticesOf(mesh).filter((v) => mask.positions[v * 3] > 0);
    expect(painted.length).toBeGreaterThan(500);
    expect(painted.filter((v) => placed[v] === 1)).toEqual([]);
    expect(painted.every((v) => Number.isNaN(tolerance[v]))).toBe(true);
    expect(painted.map((v) => at(mesh.positions, v))).toEqual(painted.map((v) => at(Float32Array.from(mask.positions), v)));
    expect(verticesOf(mesh).filter((v) => mask.positions[v * 3] < 0 && placed[v] === 0)).toEqual([]);
  });

  test('[P-surface] a mask far inside of bone, and one in an image without any edge, stay as drawn', async () => {
    const geometry = gridAbout([40, 40, 40], [0.5, 0.5, 0.5]);
    const drawn = maskWhere(geometry.dimensions, (i, j, k) => Math.hypot(i - 19.5, j - 19.5, k - 19.5) < 8);
    for (const part of [(x: number, y: number, z: number) => ball(Math.hypot(x, y, z), 8, sigma), () => 0]) {
      for (const noise of [0, 15]) {
        const values = imageOf(geometry, part, { noise });
        const mask = await surfaceWhere(values, geometry, (_, n) => drawn[n] === 1);
        const { mesh, placed, movedMm } = await place(mask, values, geometry);
        expect(placed.reduce((sum, one) => sum + one, 0)).toBe(0);
        expect(mesh.positions).toEqual(Float32Array.from(mask.positions));
        expect(movedMm).toEqual({ mean: 0, max: 0 });
      }
    }
  });

  test('[P-surface] a dark segment is placed at its own edge, and a bright structure beside it draws nothing', async () => {
    // As bone in MR: a dark shell of 2.5 mm about marrow, brighter tissue outside.
    const geometry = gridAbout([60, 60, 44], [0.5, 0.5, 0.7]);
    const r = (x: number, y: number, z: number) => Math.hypot(x, y, z);
    const part = (x: number, y: number, z: number) => ball(r(x, y, z), 11, sigma) - ball(r(x, y, z), 8.5, sigma);
    const values = imageOf(geometry, part, { bone: 80, outside: 700, noise: 15 });
    const mask = await surfaceWhere(values, geometry, (value) => value < 500);
    const { mesh, placed } = await place(mask, values, geometry);
    const error = spreadOf(
      verticesOf(mesh).map((v) => {
        const out = Math.hypot(...at(mask.positions, v)) > 9.75;
        return out ? Math.hypot(...at(mesh.positions, v)) - 11 : 8.5 - Math.hypot(...at(mesh.positions, v));
      }),
    );
    expect(placed.every((one) => one === 1)).toBe(true);
    expect(Math.abs(error.mean), JSON.stringify(error)).toBeLessThan(0.02);
    expect(error.p95).toBeLessThan(0.08);
  });

  test('[P-surface] not a number and the image border leave vertices to the mask or to what is seen, never to what is not', async () => {
    const geometry = gridAbout([40, 40, 30], fine);
    const diagonal = Math.hypot(...fine);
    const values = imageOf(geometry, (x, y, z) => ball(Math.hypot(x + 6, y, z), 6, sigma), { noise: 15 });
    const whole = await surfaceWhere(values, geometry, (value) => value >= 200);
    const torn = Float32Array.from(values, (value, n) => (Math.floor(n / 1600) < 12 ? Number.NaN : value));
    for (const image of [values, torn, values.map(() => Number.NaN)]) {
      const { mesh, placed, tolerance, movedMm } = await place(whole, image, geometry);
      expect(movedMm.max).toBeLessThanOrEqual(diagonal + 1e-6);
      expect(closedness(throughStl(mesh))).toMatchObject({ ...closed, parts: 1 });
      expect(mesh.positions.every(Number.isFinite)).toBe(true);
      expect(tolerance.every((ball, v) => (placed[v] === 1 ? ball > 0 : Number.isNaN(ball)))).toBe(true);
      const low = verticesOf(mesh).filter((v) => whole.positions[v * 3 + 2] < -4);
      if (image !== values) expect(low.filter((v) => placed[v] === 1)).toEqual([]);
    }
  });

  test('[P-surface] bone under soft tissue of 1 to 4 mm ends at the bone, not at the skin', async () => {
    for (const [spacing, skin] of [
      [[0.45, 0.45, 0.8], 2],
      [[0.45, 0.45, 1], 1],
      [[1, 1, 1.5], 2],
      [[1, 1, 1.5], 3],
      [[1, 1, 2.5], 4],
      [[1, 1, 1], 1.5],
    ] as [Triple, number][]) {
      const geometry = gridAbout([24, 24, Math.floor(40 / spacing[2])], spacing);
      const width = Math.hypot(0.5, 0.29 * spacing[2]);
      // Middle off the slices; soft tissue is what the values are told from.
      const top = 4.17;
      const scene = (_x: number, _y: number, z: number) => plate(z, 2 * top, width);
      const beside = (_x: number, _y: number, z: number) => -1040 * step(top + skin - z, width);
      const values = imageOf(geometry, () => 0, { outside: (x, y, z) => 40 + beside(x, y, z) + 960 * scene(x, y, z), noise: 12 });
      const mask = await surfaceWhere(values, geometry, (value) => value >= 300);
      const { mesh, placed } = await place(mask, values, geometry);
      const seen = verticesOf(mesh).filter((v) => {
        const [x, y, z] = at(mask.positions, v);
        return Math.max(Math.abs(x), Math.abs(y)) < 8 * spacing[0] && z > 0;
      });
      const error = spreadOf(seen.map((v) => mesh.positions[v * 3 + 2] - top));
      expect(seen.length).toBeGreaterThan(100);
      expect(Math.abs(error.mean), `${spacing}, ${skin} mm: ${JSON.stringify(error)}`).toBeLessThan(0.1);
      expect(error.p95, `${spacing}, ${skin} mm: ${JSON.stringify(error)}`).toBeLessThan(0.25);
      expect(seen.filter((v) => placed[v] === 1).length).toBeGreaterThan(0.5 * seen.length);
    }
  });

  test('[P-surface] degenerate grids and meshes have a defined answer', async () => {
    const empty = await place(emptyMesh(), new Int16Array(8), gridAbout([2, 2, 2], fine));
    expect(empty.mesh.positions.length).toBe(0);
    for (const dimensions of [
      [1, 1, 1],
      [2, 2, 2],
      [1, 5, 7],
    ] as Triple[]) {
      const geometry = gridAbout(dimensions, fine);
      const values = new Float32Array(dimensions[0] * dimensions[1] * dimensions[2]).fill(1000);
      const mask = await surfaceWhere(values, geometry, () => true);
      const { mesh } = await place(mask, values, geometry);
      expect(closedness(throughStl(mesh)), `${dimensions}`).toMatchObject(closed);
    }
    await expect(place(emptyMesh(), new Int16Array(7), gridAbout([2, 2, 2], fine))).rejects.toThrow(RangeError);
  });

  test('[P-surface] the result is the same to the last bit however the vertices are cut', async () => {
    const geometry = gridAbout([40, 40, 26], fine);
    const values = imageOf(geometry, (x, y, z) => ball(Math.hypot(x, y, z), 6, sigma), { noise: 15 });
    const mask = await surfaceWhere(values, geometry, (value) => value >= 200);
    const [one, many] = [
      await greySurface(mask, values, geometry, { pieces: 1 }, inTurn),
      await greySurface(mask, values, geometry, { pieces: 13 }, inTurn),
    ];
    expect(many.mesh.positions).toEqual(one.mesh.positions);
    expect(many.tolerance).toEqual(one.tolerance);
  });
});
