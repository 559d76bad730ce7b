import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRandom } from '../phantoms/random.ts';
import { multiply, type RigidTransform, rotationOf, transformOf } from '../registration/rigid-transform.ts';
import type { Triple } from '../volume/geometry.ts';
import { lopsided, movedBy, placed } from './aligned-shapes.fixture.ts';
import { emptyMesh, type Mesh } from './mesh.ts';
import { type IcpOptions, registerRigid } from './rigid-icp.ts';
import { after, motionOfPairs } from './rigid-step.ts';
import { ballMesh, boxMesh, together, without } from './solid-shapes.ts';
import { sphere } from './wall-shapes.ts';

const head = lopsided(18);
const other = lopsided(23);

/** The furthest that a vertex of a mesh lies from where it belongs. */
function offMm(found: RigidTransform, truth: RigidTransform, mesh: Mesh): number {
  const both = after(found, truth);
  let most = 0;
  for (let at = 0; at < mesh.positions.length; at += 3) {
    const p: Triple = [mesh.positions[at]!, mesh.positions[at + 1]!, mesh.positions[at + 2]!];
    most = Math.max(most, Math.hypot(...movedBy(both)(p).map((value, axis) => value - p[axis]!)));
  }
  return most;
}

const motion = (degrees: Triple, mm: Triple) => transformOf({ rotationDegrees: degrees, translationMm: mm, about: [0, 0, 0] });

/** The head without what lies above a height, with blobs that the other has not. */
function spoilt(mesh: Mesh, aboveMm: number): Mesh {
  const gone: number[] = [];
  for (let t = 0; t < mesh.triangles.length / 3; t++) if (mesh.positions[mesh.triangles[t * 3]! * 3 + 2]! > aboveMm) gone.push(t);
  const blob = placed(sphere(21, 8), ([x, y, z]) => [x + 95, y + 30, z - 40]);
  const tray = placed(boxMesh([120, 90, 6], [-60, 0, 0], 4), ([x, y, z]) => [x, y + 60, z - 120]);
  return together(without(mesh, ...gone), blob, tray);
}

describe('rigid registration of surfaces', () => {
  test('[P-print] recovers any motion of up to 5 degrees and 10 mm on an axis to 0.05 mm', () => {
    const turn = fc.double({ min: -5, max: 5, noNaN: true });
    const mm = fc.double({ min: -10, max: 10, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(turn, turn, turn), fc.tuple(mm, mm, mm), (degrees, shift) => {
        const truth = motion(degrees, shift);
        const found = registerRigid(placed(head, movedBy(truth)), head, { samples: 1500 });
        expect(found.converged).toBe(true);
        expect(offMm(found, truth, head)).toBeLessThan(0.05);
        expect(found.freeMotions).toBe(0);
        expect(found.rmsMm).toBeLessThan(0.01);
      }),
      { numRuns: 8 },
    );
  });

  test('[P-print] with a fifth of outliers and a part of the surface missing on one side: 0.05 mm', () => {
    const truth = motion([5, -4, 3], [10, -6, 4]);
    const part = spoilt(head, 35);
    const found = registerRigid(placed(part, movedBy(truth)), head);
    expect(found.converged).toBe(true);
    expect(offMm(found, truth, head)).toBeLessThan(0.05);
    expect(found.inlierPart).toBeGreaterThan(0.5);
    expect(found.inlierPart).toBeLessThan(0.8);
    // And the other way: the fixed surface is the smaller one.
    const onPart = registerRigid(placed(head, movedBy(truth)), spoilt(head, 45), { trim: 0.4 });
    expect(offMm(onPart, truth, head)).toBeLessThan(0.05);
  });

  test('[P-print] two different meshings of one surface, with noise, from where the images lie far apart', () => {
    const truth = motion([4, 3, -5], [250, -140, 900]);
    const random = createRandom(7);
    const noisy = placed(placed(other, movedBy(truth)), (p) => p.map((value) => value + 0.1 * random.normal()) as Triple);
    const found = registerRigid(noisy, head);
    expect(found.converged).toBe(true);
    expect(offMm(found, truth, head)).toBeLessThan(0.3);
  });

  test('[P-print] is the same each time, gives a proper rotation, and says when it did not get there', () => {
    const moved = placed(head, movedBy(motion([3, 2, 1], [4, 5, 6])));
    const options: IcpOptions = { samples: 600 };
    const found = registerRigid(moved, head, options);
    expect(registerRigid(moved, head, options)).toEqual(found);
    const r = found.rotation;
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++)
        expect(r[i * 3]! * r[j * 3]! + r[i * 3 + 1]! * r[j * 3 + 1]! + r[i * 3 + 2]! * r[j * 3 + 2]!).toBeCloseTo(i === j ? 1 : 0, 10);
    const early = registerRigid(moved, head, { ...options, start: motion([0, 0, 0], [0, 0, 0]), maxIterations: 3 });
    expect([early.converged, early.iterations]).toEqual([false, 3]);
    const nowhere = registerRigid(moved, head, { ...options, start: motion([0, 0, 0], [500, 0, 0]), outlierMm: 5 });
    expect([nowhere.converged, nowhere.inlierPart, nowhere.rmsMm]).toEqual([false, 0, Infinity]);
  });

  test('[P-print] names the motions that a ball and a plate leave open', () => {
    const ball = sphere(20, 24);
    const found = registerRigid(
      placed(ball, ([x, y, z]) => [x + 3, y - 2, z + 1]),
      ball,
      { samples: 800 },
    );
    expect(found.translationMm.map((value) => Math.round(value * 10) / 10 + 0)).toEqual([-3, 2, -1]);
    const sheet = without(boxMesh([40, 40, 1], [-20, -20, -1], 4), ...Array.from({ length: 192 }, (_, n) => n).filter((n) => n % 12 < 10));
    const flat = registerRigid(
      placed(sheet, ([x, y, z]) => [x, y, z + 2]),
      sheet,
      { samples: 300 },
    );
    expect(flat.freeMotions).toBe(3);
    expect(flat.translationMm[2]).toBeCloseTo(-2, 6);
  });

  test('[P-print] clouds are laid on surfaces and on clouds', () => {
    const truth = motion([2, -1, 1], [1, 2, -1]);
    const cloud = placed(other, movedBy(truth)).positions;
    expect(offMm(registerRigid(cloud, other), truth, other)).toBeLessThan(0.05);
    const same = motion([0.2, -0.1, 0.1], [0.1, 0.2, -0.1]);
    const found = registerRigid(placed(other, movedBy(same)).positions, other.positions, { samples: 1e6 });
    expect([found.converged, offMm(found, same, other) < 1e-6]).toEqual([true, true]);
  });

  test('[P-print] refuses what cannot be laid on anything', () => {
    expect(() => registerRigid(emptyMesh(), head)).toThrow(RangeError);
    expect(() => registerRigid(head, emptyMesh())).toThrow(RangeError);
    expect(() => registerRigid(head, head, { trim: -0.1 })).toThrow(RangeError);
    expect(() => registerRigid(Float64Array.of(Number.NaN, 0, 0), ballMesh(1))).toThrow(RangeError);
  });

  test('pairs of points give their motion in closed form, whatever it is', () => {
    const angle = fc.double({ min: -170, max: 170, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(angle, angle, angle), (degrees) => {
        const truth: RigidTransform = { rotation: rotationOf(degrees), translationMm: [3, -80, 41] };
        const points = head.positions.slice(0, 60) as Float64Array;
        const feet = placed({ positions: points, triangles: new Uint32Array(0) }, movedBy(truth)).positions as Float64Array;
        const found = motionOfPairs({ points, feet, kept: new Uint8Array(20).fill(1) })!;
        truth.rotation.forEach((value, n) => {
          expect(found.rotation[n]).toBeCloseTo(value, 7);
        });
        expect(multiply(found.rotation, [0, 0, 0]).map((v, a) => v + found.translationMm[a]!)[1]).toBeCloseTo(-80, 5);
      }),
    );
    expect(motionOfPairs({ points: new Float64Array(3), feet: new Float64Array(3), kept: new Uint8Array(1) })).toBeNull();
  });
});
