import { createRandom } from '../phantoms/random.ts';
import { indexToLps, type Triple, type VolumeGeometry } from '../volume/geometry.ts';
import { sampled, turned } from '../volume/grids.fixture.ts';
import { multiply, type RigidTransform } from './rigid-transform.ts';

/** Soft edge of `wide` mm: 1 inside, 0 outside of an ellipsoid. */
const solid = (p: Triple, centre: Triple, radii: Triple, wide: number): number => {
  const r = Math.hypot(...p.map((v, a) => (v - centre[a]!) / radii[a]!));
  return 1 / (1 + Math.exp(((r - 1) * Math.min(...radii) * 4) / wide));
};

/** HU of a head without symmetry, known at every point; `wide` is the kernel's softness. */
export function headHu(p: Triple, wide: number): number {
  const skin = solid(p, [0, 0, 0], [75, 92, 84], wide) + solid(p, [4, -94, -12], [9, 12, 14], wide);
  const outer = solid(p, [0, 2, 4], [68, 84, 76], wide);
  const inner = solid(p, [1, 3, 5], [61, 76, 69], wide);
  const globes = solid(p, [-31, -66, -4], [12, 12, 12], wide) + solid(p, [33, -64, -2], [12, 12, 12], wide);
  const sinus = solid(p, [-22, -58, -34], [13, 15, 14], wide) + solid(p, [25, -60, -32], [10, 14, 16], wide);
  const petrous = solid(p, [-40, 20, -34], [24, 9, 10], wide) + solid(p, [42, 14, -30], [20, 11, 9], wide);
  const jaw =
    solid(p, [-32, -38, -62], [9, 32, 9], wide) + solid(p, [30, -40, -64], [9, 30, 8], wide) + solid(p, [0, -74, -60], [26, 8, 9], wide);
  const ear = solid(p, [-80, 12, -10], [8, 16, 26], wide) + solid(p, [81, 8, -14], [7, 15, 24], wide);
  const ventricle = solid(p, [-8, 6, 18], [7, 25, 12], wide);
  let hu = -1000 + 1040 * Math.min(1, skin + ear);
  hu += 900 * Math.max(0, outer - inner) + 700 * (petrous + jaw) + 60 * globes - 25 * ventricle;
  return hu - (hu + 1000) * Math.min(1, sinus);
}

/** The same head as an MR might show it: soft tissue bright, bone and air dark alike, in units of its own. */
export function headMr(p: Triple): number {
  const hu = headHu(p, 2);
  return 20 + 400 * Math.exp(-(((hu - 40) / 300) ** 2));
}

export const small: VolumeGeometry = {
  dimensions: [60, 72, 60],
  spacingMm: [3.2, 3.2, 3.2],
  originLps: [-94, -118, -95],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
/** Other voxels, another direction, another place: a second scanner. */
export const other: VolumeGeometry = {
  dimensions: [64, 70, 44],
  spacingMm: [2.9, 3.1, 4.4],
  originLps: [0, 0, 0],
  directionLps: turned(4, -3, 92),
};
const corner = indexToLps(other, 31.5, 34.5, 21.5);
other.originLps = corner.map((v) => -v) as Triple;

/** The head seen on a grid after a motion: what lies at p in the head lies at rotation * p + translation here. */
export function scan(
  g: VolumeGeometry,
  value: (p: Triple) => number,
  { rotation: r, translationMm: t }: RigidTransform,
  noise: number,
  seed: number,
): Float32Array {
  const back = [r[0], r[3], r[6], r[1], r[4], r[7], r[2], r[5], r[8]] as typeof r;
  const random = createRandom(seed);
  return sampled(g, (p) => value(multiply(back, p.map((v, a) => v - t[a]!) as Triple)) + noise * random.normal());
}

/** Largest distance between two motions at the corners of a cube of 160 mm around the head, and the angle between them in degrees. */
export function apart(a: RigidTransform, b: RigidTransform): { mm: number; degrees: number } {
  let mm = 0;
  for (let n = 0; n < 8; n++) {
    const p = [n & 1, n & 2, n & 4].map((v) => (v ? 80 : -80)) as Triple;
    const [x, y] = [a, b].map(({ rotation, translationMm }) => multiply(rotation, p).map((v, q) => v + translationMm[q]!));
    mm = Math.max(mm, Math.hypot(...x!.map((v, q) => v - y![q]!)));
  }
  const trace = a.rotation.reduce((sum, v, n) => sum + v * b.rotation[n]!, 0);
  return { mm, degrees: (Math.acos(Math.max(-1, Math.min(1, (trace - 1) / 2))) * 180) / Math.PI };
}
