import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type MeshSettings, meshSettings } from '../../../contract/mesh.ts';
import { packMask } from '../../../kernels/labels/bits.ts';
import { checkMesh, faultsOf } from '../../../kernels/mesh/check.ts';
import { maskWhere, obliqueGrid, unitGrid } from '../../../kernels/mesh/mask-shapes.ts';
import type { Mesh } from '../../../kernels/mesh/mesh.ts';
import { NearestTriangle } from '../../../kernels/mesh/nearest.ts';
import { selfIntersections } from '../../../kernels/mesh/self-intersections.ts';
import { inTurn } from '../../../kernels/parts.ts';
import type { Triple, VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { finishMesh, type Stage } from './mesh-finish.ts';

const straight: Stage = (_share, _note, work) => work(() => {});
const finished = (mask: Uint8Array, geometry: VolumeGeometry, more: Partial<MeshSettings>, values: Int16Array | null = null) =>
  finishMesh(
    { bits: packMask(mask, geometry.dimensions), geometry, values, settings: { ...meshSettings.parse({}), ...more } },
    inTurn,
    straight,
  );

/** Largest distance from points of one surface (vertices, edge middles, centres of triangles) to the other. */
function oneSided(from: Mesh, to: Mesh): number {
  const nearest = new NearestTriangle(to);
  const p = from.positions;
  let most = 0;
  const look = (x: number, y: number, z: number) => {
    most = Math.max(most, nearest.distanceMm(x, y, z));
  };
  for (let at = 0; at < from.triangles.length; at += 3) {
    const [a, b, c] = [0, 1, 2].map((n) => (from.triangles[at + n] ?? 0) * 3) as Triple;
    const mix = (wa: number, wb: number, wc: number) =>
      look(
        ...([0, 1, 2].map((axis) => wa * (p[a + axis] ?? 0) + wb * (p[b + axis] ?? 0) + wc * (p[c + axis] ?? 0)) as [
          number,
          number,
          number,
        ]),
      );
    for (const weights of [
      [1, 0, 0],
      [0.5, 0.5, 0],
      [0, 0.5, 0.5],
      [1 / 3, 1 / 3, 1 / 3],
    ] as Triple[])
      mix(...weights);
  }
  return most;
}
const twoSided = (a: Mesh, b: Mesh) => Math.max(oneSided(a, b), oneSided(b, a));

/** Shells, tilted plates and fractures: what an orbit's bone is made of, down to one voxel. */
const scenes = fc
  .record({
    shape: fc.constantFrom('shell', 'plate', 'fracture'),
    thick: fc.double({ min: 1, max: 3.5, noNaN: true }),
    tilt: fc.tuple(fc.double({ min: -0.5, max: 0.5, noNaN: true }), fc.double({ min: -0.5, max: 0.5, noNaN: true })),
    radius: fc.double({ min: 6, max: 8.5, noNaN: true }),
    gap: fc.double({ min: 1, max: 3, noNaN: true }),
    oblique: fc.boolean(),
  })
  .map(({ shape, thick, tilt, radius, gap, oblique }) => {
    const dimensions: Triple = [22, 22, 22];
    const geometry = oblique ? obliqueGrid(dimensions, tilt[0] > 0) : unitGrid(dimensions);
    const mask = maskWhere(dimensions, (i, j, k) => {
      const [x, y, z] = [i - 10.5, j - 10.5, k - 10.5];
      const r = Math.hypot(x, y, z);
      if (shape === 'shell') return r <= radius && r > radius - thick;
      const inPlate = Math.abs(z - tilt[0] * x - tilt[1] * y) <= thick / 2 && Math.abs(x) < 8 && Math.abs(y) < 8;
      return inPlate && (shape === 'plate' || Math.abs(x + 0.4 * y) > gap / 2);
    });
    return { mask, geometry };
  })
  .filter(({ mask }) => mask.includes(1));

const halfDiagonal = ({ spacingMm: [x, y, z] }: VolumeGeometry) => Math.hypot(x, y, z) / 2;

describe('finish of a model', () => {
  test('[P-finish] from the mask: within the stated tolerances both ways, parts and handles kept, no crossing, volume within 0.5 %', async () => {
    await fc.assert(
      fc.asyncProperty(scenes, fc.constantFrom(0, 0.05, 0.2), async ({ mask, geometry }, decimateErrorMm) => {
        const { surface, finished: made, finish, crossings } = await finished(mask, geometry, { decimateErrorMm });
        const before = checkMesh(surface);
        const after = checkMesh(made);
        expect(faultsOf(after)).toEqual([]);
        expect(after).toMatchObject({ parts: before.parts, eulerNumber: before.eulerNumber, degenerateTriangles: 0 });
        expect(finish.found).toMatchObject({ parts: before.parts, eulerNumber: before.eulerNumber });
        expect(finish.smoothing.maskToleranceMm).toBeCloseTo(halfDiagonal(geometry), 9);
        expect(finish.smoothing.maskMovedMm?.max).toBeLessThanOrEqual(halfDiagonal(geometry) * (1 + 1e-6));
        expect(finish.grey).toBeNull();
        expect(twoSided(surface, made)).toBeLessThanOrEqual(halfDiagonal(geometry) + decimateErrorMm + 1e-4);
        if (finish.decimation) expect(finish.decimation.measuredMm.max).toBeLessThanOrEqual(finish.decimation.boundMm + 1e-4);
        if (finish.decimation) expect(finish.decimation.boundMm).toBeLessThanOrEqual(decimateErrorMm + 1e-5);
        expect((await selfIntersections(made, inTurn)).pairs).toBe(0);
        if (crossings !== null) expect(crossings).toBe(0);
        // Smoothing keeps the volume; reduction within its error may cost a thin body more than a thick one.
        if (decimateErrorMm === 0) expect(Math.abs(after.volumeMm3 / before.volumeMm3 - 1)).toBeLessThan(0.005);
      }),
      { numRuns: 25, seed: 532 },
    );
  });

  test('[P-finish] parts that are left out are counted, and nothing else goes', async () => {
    const geometry = unitGrid([20, 20, 20]);
    const mask = maskWhere([20, 20, 20], (i, j, k) => Math.hypot(i - 8, j - 8, k - 8) < 5 || (i === 17 && j === 17 && k > 15));
    const whole = await finished(mask, geometry, {});
    const light = await finished(mask, geometry, { dropPartsBelowMm3: 20 });
    expect(checkMesh(whole.finished).parts).toBe(2);
    expect(checkMesh(light.finished).parts).toBe(1);
    expect(light.finish.found.parts).toBe(2);
    expect(light.finish.repairs).toMatchObject([{ kind: 'dropped-part', count: 1 }]);
    expect(whole.finish.repairs).toEqual([]);
  });

  test('[P-print] a thin wall is thickened to what is asked for, on the side that is asked for, and told', async () => {
    // A plate of one voxel (1 mm) in the plane of left and front.
    const geometry = unitGrid([30, 30, 20]);
    const mask = maskWhere([30, 30, 20], (i, j, k) => k === 10 && i > 4 && i < 25 && j > 4 && j < 25);
    const plain = await finished(mask, geometry, { surface: 'mask' });
    const thick = await finished(mask, geometry, { surface: 'mask', thickenToMm: 2, thickenSide: 'superior' });
    // In the plate's middle, away from its rounded rim: the underside stays where it was; the upper side rises by what was missing.
    const [low, high] = [plain, thick].map(({ finished: { positions: p } }) => {
      const heights = [];
      for (let at = 0; at < p.length; at += 3)
        if (Math.abs((p[at] ?? 0) - 14.5) < 5 && Math.abs((p[at + 1] ?? 0) - 14.5) < 5) heights.push(p[at + 2] ?? 0);
      return { min: Math.min(...heights), max: Math.max(...heights) };
    });
    expect(high?.min).toBeCloseTo(low?.min ?? 0, 3);
    expect((high?.max ?? 0) - (high?.min ?? 0)).toBeGreaterThan(1.98);
    expect((high?.max ?? 0) - (high?.min ?? 0)).toBeLessThan(2.06);
    expect(thick.finish.thickening).toMatchObject({ toMm: 2, side: 'superior' });
    expect(thick.finish.thickening?.addedMm3).toBeGreaterThan(200);
    expect(plain.finish.thickening).toBeNull();
    expect(faultsOf(checkMesh(thick.finished))).toEqual([]);
  });

  test('[P-surface] grey values place a ball between voxels: its radius is the true one, which the mask misses', async () => {
    const dimensions: Triple = [32, 32, 32];
    const geometry = unitGrid(dimensions);
    const radius = 9.3;
    const values = new Int16Array(new SharedArrayBuffer(2 * 32 ** 3));
    // Blurred by about a voxel: 0 outside, 1200 inside; the mask at 200 lies outside of the half.
    for (let n = 0; n < values.length; n++) {
      const r = Math.hypot((n % 32) - 15.5, (Math.floor(n / 32) % 32) - 15.5, Math.floor(n / 1024) - 15.5);
      values[n] = Math.round(1200 / (1 + Math.exp((r - radius) / 0.45)));
    }
    const mask = Uint8Array.from(values, (v) => (v >= 200 ? 1 : 0));
    const radiusOf = ({ finished: mesh }: { finished: Mesh }) => Math.cbrt((3 * checkMesh(mesh).volumeMm3) / (4 * Math.PI));
    const grey = await finished(mask, geometry, {}, values);
    const plain = await finished(mask, geometry, { surface: 'mask' }, values);
    expect(Math.abs(radiusOf(plain) - radius)).toBeGreaterThan(0.3);
    expect(Math.abs(radiusOf(grey) - radius)).toBeLessThan(0.08);
    expect(grey.finish.grey?.part).toBeGreaterThan(0.98);
    expect(grey.finish.smoothing.greyMovedMm?.max).toBeLessThanOrEqual(0.1 + 1e-6);
    expect(plain.finish.grey).toBeNull();
  });
});
