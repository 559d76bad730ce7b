import { multiply, type RigidTransform } from '../registration/rigid-transform.ts';
import type { Nine, Triple } from '../volume/geometry.ts';
import { solveSymmetric, symmetricEigen } from './symmetric-eigen.ts';

/** Points and where they belong; only those with `kept` 1 count. LPS mm. */
export interface PointPairs {
  points: Float64Array;
  feet: Float64Array;
  kept: Uint8Array;
}

export const still: RigidTransform = { rotation: [1, 0, 0, 0, 1, 0, 0, 0, 1], translationMm: [0, 0, 0] };

/** First `first`, then `second`. */
export function after(second: RigidTransform, first: RigidTransform): RigidTransform {
  const [a, b] = [second.rotation, first.rotation];
  const rotation = a.map((_, n) => [0, 1, 2].reduce((sum, k) => sum + a[n - (n % 3) + k] * b[k * 3 + (n % 3)], 0)) as Nine;
  const turned = multiply(a, first.translationMm);
  return { rotation, translationMm: turned.map((value, axis) => value + second.translationMm[axis]) as Triple };
}

/** The rotation of a quaternion of any length but 0. */
function rotationOfQuaternion(q: ArrayLike<number>): Nine {
  const length = Math.hypot(q[0], q[1], q[2], q[3]);
  const [w, x, y, z] = [q[0] / length, q[1] / length, q[2] / length, q[3] / length];
  return [
    1 - 2 * (y * y + z * z),
    2 * (x * y - w * z),
    2 * (x * z + w * y),
    2 * (x * y + w * z),
    1 - 2 * (x * x + z * z),
    2 * (y * z - w * x),
    2 * (x * z - w * y),
    2 * (y * z + w * x),
    1 - 2 * (x * x + y * y),
  ];
}

const around = (rotation: Nine, about: Triple, to: Triple): RigidTransform => {
  const turned = multiply(rotation, about);
  return { rotation, translationMm: to.map((value, axis) => value - turned[axis]) as Triple };
};

function middles({ points, feet, kept }: PointPairs): { count: number; from: Triple; to: Triple } {
  const from: Triple = [0, 0, 0];
  const to: Triple = [0, 0, 0];
  let count = 0;
  for (let n = 0; n < kept.length; n++) {
    if (!kept[n]) continue;
    count++;
    for (let axis = 0; axis < 3; axis++) {
      from[axis] += points[n * 3 + axis];
      to[axis] += feet[n * 3 + axis];
    }
  }
  for (let axis = 0; axis < 3; axis++) {
    from[axis] /= Math.max(1, count);
    to[axis] /= Math.max(1, count);
  }
  return { count, from, to };
}

/** The motion that brings points nearest to their feet in the sum of squares, in closed form by quaternions (Horn 1987). Null without pairs. */
export function motionOfPairs(pairs: PointPairs): RigidTransform | null {
  const { count, from, to } = middles(pairs);
  if (count === 0) return null;
  const { points, feet, kept } = pairs;
  const s = new Float64Array(9);
  for (let n = 0; n < kept.length; n++) {
    if (!kept[n]) continue;
    for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) s[i * 3 + j] += (points[n * 3 + i] - from[i]) * (feet[n * 3 + j] - to[j]);
  }
  const [xx, xy, xz, yx, yy, yz, zx, zy, zz] = s;
  const matrix = [
    [xx + yy + zz, yz - zy, zx - xz, xy - yx],
    [yz - zy, xx - yy - zz, xy + yx, zx + xz],
    [zx - xz, xy + yx, yy - xx - zz, yz + zy],
    [xy - yx, zx + xz, yz + zy, zz - xx - yy],
  ].flat();
  const rotation = rotationOfQuaternion(symmetricEigen(matrix, 4).vectors.subarray(12));
  return around(rotation, from, to);
}

export interface SlidingMotion extends RigidTransform {
  /** How far the furthest point goes, mm. */
  movedMm: number;
  /** Motions of the six that the surface does not hold: 3 on a ball or a plane. */
  free: number;
}

/**
 * One step of Gauss and Newton on the distances of points from the tangent planes at their feet (Chen and Medioni 1991): points may slide.
 * Motions that the planes do not determine are left out.
 */
export function slidingMotion(pairs: PointPairs, normals: Float64Array): SlidingMotion {
  const { points, feet, kept } = pairs;
  const { from } = middles(pairs);
  let reach = 0;
  for (let n = 0; n < kept.length; n++) {
    if (kept[n]) reach = Math.max(reach, Math.hypot(points[n * 3] - from[0], points[n * 3 + 1] - from[1], points[n * 3 + 2] - from[2]));
  }
  // Turns are counted in mm at the reach, so that they weigh as shifts do.
  const unit = reach || 1;
  const matrix = new Float64Array(36);
  const right = new Float64Array(6);
  const row = new Float64Array(6);
  for (let n = 0; n < kept.length; n++) {
    if (!kept[n]) continue;
    const at = n * 3;
    const [vx, vy, vz] = [normals[at], normals[at + 1], normals[at + 2]];
    const [px, py, pz] = [(points[at] - from[0]) / unit, (points[at + 1] - from[1]) / unit, (points[at + 2] - from[2]) / unit];
    row[0] = py * vz - pz * vy;
    row[1] = pz * vx - px * vz;
    row[2] = px * vy - py * vx;
    row[3] = vx;
    row[4] = vy;
    row[5] = vz;
    const gap = (points[at] - feet[at]) * vx + (points[at + 1] - feet[at + 1]) * vy + (points[at + 2] - feet[at + 2]) * vz;
    for (let i = 0; i < 6; i++) {
      right[i] -= row[i] * gap;
      for (let j = 0; j < 6; j++) matrix[i * 6 + j] += row[i] * row[j];
    }
  }
  const { x, free } = solveSymmetric(matrix, right);
  const [rx, ry, rz] = [x[0] / unit, x[1] / unit, x[2] / unit];
  const rotation = rotationOfQuaternion([1, rx / 2, ry / 2, rz / 2]);
  const to = from.map((value, axis) => value + x[3 + axis]) as Triple;
  return { ...around(rotation, from, to), movedMm: Math.hypot(x[0], x[1], x[2]) + Math.hypot(x[3], x[4], x[5]), free };
}
