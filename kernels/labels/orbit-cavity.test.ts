import { beforeAll, describe, expect, test } from 'vitest';
import { findOrbits, type Orbits } from '../networks/find-orbits.ts';
import { makeAnatomy } from '../phantoms/anatomy.ts';
import { cavityTruth } from '../phantoms/cavity-truth.ts';
import { type HeadPhantom, makeHead } from '../phantoms/head.ts';
import { makePose } from '../phantoms/pose.ts';
import { createRandom } from '../phantoms/random.ts';
import { indexToLps, lpsToIndex, type Triple, type VolumeGeometry, voxelVolumeMm3 } from '../volume/geometry.ts';
import { createSampler } from '../volume/sampler.ts';
import { type CavitySettings, type OrbitSide, orbitCavity } from './orbit-cavity.ts';
import { frameToLps, lpsToFrame, orbitFrame } from './orbit-frame.ts';

const settings: CavitySettings = { boneHu: 400, airHu: -600, closeMm: 6, profile: true };

/**
 * A cone of fat in a solid of bone, open to the front like an orbit: its half-width at depth a behind the rim, and where it ends. The eye
 * lies in the opening. Its volume up to the plane of the rim has a closed form.
 */
const cone = { widthMm: 19, taper: 0.38, rimMm: -4, endMm: 40 };
const radiusAt = (a: number): number => cone.widthMm - cone.taper * (a - cone.rimMm);

function coneHead(
  spacingMm: number,
  side: 1 | -1,
  hole: (a: number, x: number, z: number) => boolean,
): { values: Int16Array; g: VolumeGeometry } {
  const n = Math.round(90 / spacingMm);
  const g: VolumeGeometry = {
    dimensions: [n, n, n],
    spacingMm: [spacingMm, spacingMm, spacingMm],
    originLps: [-45, -30, -45],
    directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
  const frame = orbitFrame([0, 0, 0], null, side);
  const values = new Int16Array(n ** 3);
  for (let k = 0, at = 0; k < n; k++)
    for (let j = 0; j < n; j++)
      for (let i = 0; i < n; i++, at++) {
        const [a, x, z] = lpsToFrame(frame, ...indexToLps(g, i, j, k));
        const r = Math.hypot(x, z);
        const solid = Math.min(r - radiusAt(a), a - cone.rimMm, 12 + radiusAt(a) - r);
        const end = a - cone.endMm;
        const d = hole(a, x, z) ? -5 : Math.max(solid, Math.min(end, 20 - end));
        const part = Math.min(1, Math.max(0, 0.5 + d / spacingMm));
        values[at] = Math.round(-100 + 1400 * part);
      }
  return { values, g };
}
const noHole = (): boolean => false;
const width = (closeMm: number): number => cone.rimMm + (cone.widthMm - closeMm / 2) / cone.taper;
/** Of the cone from the rim to where it is closeMm wide or ends. */
function coneMm3(closeMm: number): number {
  const to = Math.min(cone.endMm, width(closeMm));
  const [r, s] = [radiusAt(cone.rimMm), radiusAt(to)];
  return (Math.PI / 3) * (to - cone.rimMm) * (r * r + r * s + s * s);
}
function side(
  values: Int16Array,
  g: VolumeGeometry,
  of: 1 | -1,
  changed: Partial<CavitySettings> = {},
  mask = new Uint8Array(values.length),
): OrbitSide {
  const made = orbitCavity(values, g, [0, 0, 0], null, of, { ...settings, ...changed }, mask);
  if (typeof made === 'string') throw new Error(made);
  return made;
}

describe('orbit cavity of a cone', () => {
  for (const way of [1, -1] as const)
    test(`[M-cavity] has the volume of its closed form, side ${way}`, () => {
      const { values, g } = coneHead(1, way, noHole);
      const mask = new Uint8Array(values.length);
      const made = side(values, g, way, {}, mask);
      expect(Math.abs(made.volumeMm3 / coneMm3(6) - 1)).toBeLessThan(0.04);
      expect(made.voxels).toBe(mask.reduce((sum, v) => sum + v, 0));
      expect(made.volumeMm3).toBe(made.voxels * voxelVolumeMm3(g));
      const [a, x, z] = lpsToFrame(orbitFrame([0, 0, 0], null, way), ...made.centreLps);
      expect(Math.abs(x) + Math.abs(z)).toBeLessThan(1);
      expect(a).toBeGreaterThan(0);
    });

  test('[M-cavity] a fissure narrower than closeMm adds little, and nothing beyond it is taken', () => {
    const whole = coneHead(1, 1, noHole);
    const open = coneHead(1, 1, (a, x, z) => z < 0 && Math.abs(x) < 2 && a > 8 && a < 28);
    const first = side(whole.values, whole.g, 1);
    const mask = new Uint8Array(open.values.length);
    const second = side(open.values, open.g, 1, {}, mask);
    expect(Math.abs(second.volumeMm3 - first.volumeMm3)).toBeLessThan(0.02 * first.volumeMm3);
    const [i, j, k] = lpsToIndex(open.g, ...frameToLps(orbitFrame([0, 0, 0], null, 1), 16, 0, -radiusAt(16) - 4)).map(Math.round) as Triple;
    expect(mask[(k * open.g.dimensions[1] + j) * open.g.dimensions[0] + i]).toBe(0);
    expect(second.wallSeen).toBeLessThan(first.wallSeen);
  });

  test('[M-cavity] bone and air well inside are taken out', () => {
    const { values, g } = coneHead(1, 1, noHole);
    const before = side(values, g, 1);
    const frame = orbitFrame([0, 0, 0], null, 1);
    let changed = 0;
    const [nx, ny] = g.dimensions;
    for (let n = 0; n < values.length; n++) {
      const [a, x, z] = lpsToFrame(frame, ...indexToLps(g, n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))));
      if (a > 6 && a < 9 && Math.abs(x - 9) < 1.2 && Math.abs(z) < 1.2) {
        values[n] = -1000;
        changed++;
      }
    }
    expect(changed).toBeGreaterThan(10);
    const after = side(values, g, 1);
    expect(before.voxels - after.voxels).toBeGreaterThanOrEqual(0.8 * changed);
    expect(before.voxels - after.voxels).toBeLessThan(10 * changed);
  });

  test('[M-cavity] says why there is none: no bone, a volume that ends inside, one voxel', () => {
    const { values, g } = coneHead(1.5, 1, noHole);
    const mask = new Uint8Array(values.length);
    expect(orbitCavity(new Int16Array(values.length), g, [0, 0, 0], null, 1, settings, mask)).toBe('no rim');
    expect(mask.every((v) => v === 0)).toBe(true);
    expect(orbitCavity(new Int16Array(1), { ...g, dimensions: [1, 1, 1] }, [0, 0, 0], null, 1, settings, new Uint8Array(1))).toBe('no rim');
    const [nx, ny, nz] = g.dimensions;
    const low = Math.floor(0.5 * nz);
    const half = values.slice(low * nx * ny);
    const cut: VolumeGeometry = {
      ...g,
      dimensions: [nx, ny, nz - low],
      originLps: [g.originLps[0], g.originLps[1], g.originLps[2] + low * 1.5],
    };
    expect(['cut off', 'no rim']).toContain(orbitCavity(half, cut, [0, 0, 0], null, 1, settings, new Uint8Array(half.length)));
    expect(() => orbitCavity(values, g, [0, 0, 0], null, 1, settings, new Uint8Array(3))).toThrow(RangeError);
  });
});

describe('orbit cavity of a synthetic head', () => {
  let head: HeadPhantom;
  let eyes: Orbits;
  beforeAll(() => {
    head = makeHead(6, 'small');
    const found = findOrbits(head.hu, head.geometry);
    if (!found) throw new Error('no eyes');
    eyes = found;
  });

  test('[M-cavity] lies on the drawn walls, is the same to the last bit when made again, and each side is its own', () => {
    const mask = new Uint8Array(head.hu.length);
    const left = orbitCavity(head.hu, head.geometry, eyes.leftLps, eyes.rightLps, 1, settings, mask);
    const leftOnly = mask.slice();
    const right = orbitCavity(head.hu, head.geometry, eyes.rightLps, eyes.leftLps, -1, settings, mask);
    if (typeof left === 'string' || typeof right === 'string') throw new Error(`${left} ${right}`);
    expect(left.centreLps[0]).toBeGreaterThan(right.centreLps[0]);
    const again = new Uint8Array(head.hu.length);
    expect(orbitCavity(head.hu, head.geometry, eyes.leftLps, eyes.rightLps, 1, settings, again)).toEqual(left);
    expect(again.every((v, n) => v === leftOnly[n])).toBe(true);
    // Against the drawn cavity behind the same front: voxels on the wrong side of a wall, in millilitres, both ways.
    const truth = cavityTruth(makeAnatomy(createRandom(6, 2)), makePose(createRandom(6, 1)), 1);
    const [nx, ny, nz] = head.geometry.dimensions;
    let [beyond, missed] = [0, 0];
    const frame = orbitFrame(eyes.leftLps, eyes.rightLps, 1);
    for (let k = 0, n = 0; k < nz; k++)
      for (let j = 0; j < ny; j++)
        for (let i = 0; i < nx; i++, n++) {
          const p = indexToLps(head.geometry, i, j, k);
          const inside = truth.within(...p);
          if (leftOnly[n] === 1 && !inside) beyond++;
          const [a] = lpsToFrame(frame, ...p);
          // Well behind the front the cavity must be whole.
          if (leftOnly[n] === 0 && inside && a > 4) missed++;
        }
    const ml = voxelVolumeMm3(head.geometry) / 1000;
    // Voxels of 2 mm: the figures on scans as clinics make them are in docs/decisions/0018-orbit-cavity.md.
    expect(beyond * ml).toBeLessThan(3);
    expect(missed * ml).toBeLessThan(3);
    expect(leftOnly.some((v) => v === 1)).toBe(true);
  });
});

test('a sampler reads what lies between voxels, and nothing beyond them', () => {
  const g: VolumeGeometry = {
    dimensions: [2, 2, 2],
    spacingMm: [2, 1, 3],
    originLps: [10, 0, 0],
    directionLps: [-1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
  const values = Int16Array.from([0, 10, 20, 30, 40, 50, 60, 70]);
  const sample = createSampler(values, g);
  expect(sample(10, 0, 0)).toBe(0);
  expect(sample(8, 0, 0)).toBe(10);
  expect(sample(9, 0.5, 1.5)).toBe(35);
  expect(sample(7.9, 0, 0)).toBeNaN();
  expect(() => createSampler(values, { ...g, dimensions: [2, 2, 3] })).toThrow(RangeError);
});
