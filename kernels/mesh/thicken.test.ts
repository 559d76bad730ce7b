import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inTurn } from '../parts.ts';
import { ballMask, closed, closedness, unitGrid } from './mask-shapes.ts';
import { emptyMesh, type Mesh } from './mesh.ts';
import { selfIntersections } from './self-intersections.ts';
import { smoothMesh } from './smooth.ts';
import { surfaceOfBytes } from './surface-oracle.ts';
import { type ThickenSide, thickenWalls } from './thicken.ts';
import { gridBox, sphere, together } from './wall-shapes.ts';
import { wallThickness } from './wall-thickness.ts';

async function thicken(mesh: Mesh, toMm: number, side: ThickenSide = 'both') {
  return thickenWalls(mesh, await wallThickness(mesh, inTurn), toMm, side, inTurn);
}
/** The mesh about the middle of its own bounds in x and y. */
function centred(mesh: Mesh): Mesh {
  const { min, max } = reach(mesh);
  const positions = mesh.positions.map((value, at) => (at % 3 < 2 ? value - (min[at % 3]! + max[at % 3]!) / 2 : value));
  return { positions, triangles: mesh.triangles };
}
const plate = (mm: number, z = 0) => gridBox([12, 12, mm], [24, 24, 1], ([x, y, zz]) => [x, y, zz + z]);

/** Highest and lowest z of the vertices around the middle. */
function middle(mesh: Mesh): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (let at = 0; at < mesh.positions.length; at += 3) {
    if (Math.hypot(mesh.positions[at], mesh.positions[at + 1]) > 3) continue;
    low = Math.min(low, mesh.positions[at + 2]);
    high = Math.max(high, mesh.positions[at + 2]);
  }
  return { low, high };
}

/** How far a mesh reaches on each side. */
function reach(mesh: Mesh): { min: number[]; max: number[] } {
  const [min, max] = [
    [Infinity, Infinity, Infinity],
    [-Infinity, -Infinity, -Infinity],
  ];
  mesh.positions.forEach((value, at) => {
    min[at % 3] = Math.min(min[at % 3]!, value);
    max[at % 3] = Math.max(max[at % 3]!, value);
  });
  return { min, max };
}
/** A plate of one voxel (1 mm) across z as a mask's surface gives it, its rim and corners smoothed round. */
async function maskPlate(): Promise<Mesh> {
  const dimensions: [number, number, number] = [24, 24, 9];
  const geometry = unitGrid(dimensions);
  const mask = Uint8Array.from({ length: 24 * 24 * 9 }, (_, n) => {
    const [i, j, k] = [n % 24, Math.floor(n / 24) % 24, Math.floor(n / 576)];
    return k === 4 && i > 3 && i < 20 && j > 3 && j < 20 ? 1 : 0;
  });
  const rough = surfaceOfBytes(mask, dimensions, geometry);
  return (await smoothMesh(rough, geometry, { iterations: 20, maskToleranceMm: null, toleranceMm: null }, inTurn)).mesh;
}

async function sound(mesh: Mesh) {
  expect(closedness(mesh)).toMatchObject(closed);
  expect((await selfIntersections(mesh, inTurn)).pairs).toBe(0);
}

const axisOf = { left: 0, right: 0, anterior: 1, posterior: 1, superior: 2, inferior: 2 };

describe('thickening of walls', () => {
  test('[P-print] a plate of 0.4 mm becomes 1 mm, half on either side', async () => {
    const thick = await thicken(plate(0.4), 1);
    const { low, high } = middle(thick.mesh);
    expect(high).toBeCloseTo(0.5, 2);
    expect(low).toBeCloseTo(-0.5, 2);
    expect(thick.leftMm2).toBe(0);
    expect(thick.addedMm3).toBeGreaterThan(12 * 12 * 0.6);
    expect(thick.addedMm3).toBeLessThan(12.6 * 12.6 - 12 * 12 * 0.4 + 3);
    await sound(thick.mesh);
  });

  test('[P-print] on a stated side the other face stays true', async () => {
    const mesh = plate(0.4);
    const thick = await thicken(mesh, 1, 'superior');
    const { low, high } = middle(thick.mesh);
    expect(low).toBe(-0.2);
    expect(high).toBeCloseTo(0.8, 2);
    for (let at = 2; at < mesh.positions.length; at += 3)
      if (mesh.positions[at] < 0) expect(thick.mesh.positions[at]).toBe(mesh.positions[at]);
    await sound(thick.mesh);
    // Nothing of a plate across z faces left by more than its rim.
    const beside = middle((await thicken(mesh, 1, 'left')).mesh);
    expect(beside).toEqual({ low: -0.2, high: 0.2 });
    const inferior = middle((await thicken(mesh, 1, 'inferior')).mesh);
    expect(inferior.high).toBe(0.2);
    expect(inferior.low).toBeCloseTo(-0.8, 2);
  });

  test('[P-print] towards a side nothing grows sideways, and a wall seen edge-on is not touched but told', async () => {
    for (const mesh of [gridBox([12, 12, 0.5], [24, 24, 1]), await maskPlate()]) {
      const was = reach(mesh);
      const up = await thicken(mesh, 2, 'superior');
      await sound(up.mesh);
      const is = reach(up.mesh);
      for (let at = 0; at < mesh.positions.length; at++) {
        if (at % 3 < 2) expect(up.mesh.positions[at]).toBe(mesh.positions[at]);
        else expect(up.mesh.positions[at]! - mesh.positions[at]!).toBeGreaterThanOrEqual(0);
      }
      expect([is.min[2], is.max[0], is.max[1]]).toEqual([was.min[2], was.max[0], was.max[1]]);
      const { low, high } = middle(centred(up.mesh));
      expect(high - low).toBeGreaterThan(1.97);
      expect(high - low).toBeLessThan(2.06);
      // The rim rises by what its own wall misses, and not much further: near its corners the smoothed plate is 0.25 mm high.
      expect(up.largestMm).toBeLessThan(1.06 * (was.max[2] === 0.25 ? 1.5 : 1.75));
      expect(up.leftMm2).toBeLessThan(10);
      const beside = await thicken(mesh, 2, 'left');
      expect(beside.mesh.positions).toEqual(mesh.positions);
      expect(beside).toMatchObject({ vertices: 0, largestMm: 0, addedMm3: 0 });
      expect(beside.leftMm2).toBeGreaterThan(300);
    }
  });

  test('[P-print] a wall on a slant grows to what is asked for, straight towards the side', async () => {
    const angle = 0.8;
    const turn = ([x, y, z]: [number, number, number]): [number, number, number] => [
      x * Math.cos(angle) - z * Math.sin(angle),
      y,
      x * Math.sin(angle) + z * Math.cos(angle),
    ];
    const mesh = gridBox([12, 12, 0.4], [24, 24, 1], turn);
    const thick = await thicken(mesh, 1, 'superior');
    await sound(thick.mesh);
    mesh.positions.forEach((value, at) => {
      if (at % 3 < 2) expect(thick.mesh.positions[at]).toBe(value);
    });
    // All but the outermost row of squares at the rim of both faces.
    const mm = await wallThickness(thick.mesh, inTurn);
    const flat = gridBox([12, 12, 0.4], [24, 24, 1]).positions;
    for (let v = 0; v < mm.length; v++)
      if (Math.abs(flat[v * 3]!) < 5 && Math.abs(flat[v * 3 + 1]!) < 5) expect(mm[v]).toBeGreaterThan(0.98);
    expect(thick.leftMm2).toBeLessThan(48);
    expect(thick.addedMm3).toBeGreaterThan(12 * 12 * 0.5);
  });

  test('[P-print] what is thick enough is left as it is', async () => {
    const mesh = plate(2);
    const thick = await thicken(mesh, 1);
    expect(thick).toMatchObject({ vertices: 0, largestMm: 0, addedMm3: 0, leftMm2: 0 });
    expect(thick.mesh.positions).toEqual(mesh.positions);
    expect(await thicken(emptyMesh(), 1)).toMatchObject({ vertices: 0, leftMm2: 0 });
  });

  test('[P-print] never into the next wall: what cannot be reached is told', async () => {
    const thick = await thicken(together(plate(0.4), plate(0.4, 0.7)), 2, 'both');
    await sound(thick.mesh);
    expect(closedness(thick.mesh).parts).toBe(2);
    // The inner sides stop before the middle; the outer sides may go on.
    expect(thick.largestMm).toBeGreaterThan(0.3);
    const blocked = await thicken(together(plate(0.4), plate(3, 1.8)), 2, 'superior');
    await sound(blocked.mesh);
    expect(blocked.leftMm2).toBeGreaterThan(50);
  });

  test('[P-print] a thin place in a thick wall grows, with a slope around it and without a step', async () => {
    // A plate of 2 mm whose middle was pressed to 0.4 mm.
    const press = ([x, y, z]: [number, number, number]): [number, number, number] => [x, y, z > 0 && Math.hypot(x, y) < 2.2 ? z - 1.6 : z];
    const mesh = gridBox([12, 12, 2], [36, 36, 1], press);
    const thick = await thicken(mesh, 1, 'superior');
    await sound(thick.mesh);
    const { low, high } = middle({
      positions: thick.mesh.positions.filter(
        (_, n) => Math.hypot(thick.mesh.positions[n - (n % 3)], thick.mesh.positions[n - (n % 3) + 1]) < 1.2,
      ),
      triangles: new Uint32Array(0),
    });
    expect(low).toBe(-1);
    expect(high).toBeCloseTo(0, 1);
    for (let at = 0; at < mesh.positions.length; at += 3) {
      if (Math.hypot(mesh.positions[at], mesh.positions[at + 1]) > 5.5)
        expect([...thick.mesh.positions.subarray(at, at + 3)]).toEqual([...mesh.positions.subarray(at, at + 3)]);
    }
  });

  test('[P-print] random shells of any side stay closed, nothing crosses, none loses volume', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 8 }).map((n) => n / 10),
        fc.integer({ min: 5, max: 15 }).map((n) => n / 10),
        fc.constantFrom<ThickenSide>('both', 'left', 'right', 'anterior', 'posterior', 'superior', 'inferior'),
        fc.integer({ min: 0, max: 20 }).map((n) => n / 100),
        async (wall, to, side, bumps) => {
          const mesh = together(sphere(5, 8), sphere(5 - wall, 8, true));
          for (let at = 0; at < mesh.positions.length; at++) mesh.positions[at] *= 1 + (bumps * wall * Math.sin(at * 1.7)) / 10;
          const thick = await thicken(mesh, to, side);
          await sound(thick.mesh);
          expect(thick.addedMm3).toBeGreaterThanOrEqual(0);
          expect(thick.largestMm).toBeLessThan(to / 0.69 + 1e-4);
          if (side !== 'both')
            expect(mesh.positions.filter((x, at) => x !== thick.mesh.positions[at] && at % 3 !== axisOf[side])).toHaveLength(0);
          if (side === 'both') expect(thick.leftMm2).toBeLessThan(20);
          expect(thick.mesh.triangles).toEqual(mesh.triangles);
        },
      ),
      { numRuns: 12 },
    );
  });

  test('[P-print] a mask of one voxel, and one that touches itself in edges', async () => {
    const one = surfaceOfBytes(Uint8Array.of(1), [1, 1, 1], unitGrid([1, 1, 1]));
    await sound((await thicken(one, 2)).mesh);
    const diagonal = surfaceOfBytes(Uint8Array.of(1, 0, 0, 1, 0, 1, 1, 0), [2, 2, 2], unitGrid([2, 2, 2]));
    expect(closedness((await thicken(diagonal, 1.5)).mesh)).toMatchObject(closed);
    const ball = surfaceOfBytes(ballMask(13, 5), [13, 13, 13], unitGrid([13, 13, 13]));
    expect((await thicken(ball, 3)).vertices).toBe(0);
  });

  test('refuses what does not belong together', async () => {
    await expect(thickenWalls(plate(1), new Float32Array(3), 1, 'both', inTurn)).rejects.toThrow(RangeError);
    await expect(thicken(plate(1), -1)).rejects.toThrow(RangeError);
  });
});
