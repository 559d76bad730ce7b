import type { Triple } from '../volume/geometry.ts';
import { solveSymmetric, symmetricEigen } from './symmetric-eigen.ts';

/** A plane as n·p = offset, n of length 1; LPS mm. */
export interface OffsetPlane {
  normal: Triple;
  offsetMm: number;
}

/** Points and where their mirror images belong; only those with `kept` 1 count. */
export interface MirrorPairs {
  points: Float64Array;
  feet: Float64Array;
  /** Unit normals at the feet; needed by `slideStep` alone. */
  normals: Float64Array;
  kept: Uint8Array;
}

function middleOf({ points, feet, kept }: MirrorPairs): { middle: Triple; count: number } {
  const middle: Triple = [0, 0, 0];
  let count = 0;
  for (let n = 0; n < kept.length; n++) {
    if (!kept[n]) continue;
    count++;
    for (let axis = 0; axis < 3; axis++) middle[axis] += (points[n * 3 + axis] + feet[n * 3 + axis]) / 2;
  }
  return { middle: middle.map((sum) => sum / Math.max(1, count)) as Triple, count };
}

/**
 * The plane that brings the mirror images p' of points p nearest to q in the sum of squares, in closed form: since
 * |p' - q|² = |p - q|² + 4 (n·p - d)(n·q - d), it goes through the middle of all and lies across the least eigenvector of the symmetric part
 * of sum (p - m)(q - m)ᵀ. Null where there are no pairs.
 */
export function planeOfPairs(pairs: MirrorPairs): OffsetPlane | null {
  const { middle, count } = middleOf(pairs);
  if (count === 0) return null;
  const { points, feet, kept } = pairs;
  const spread = new Float64Array(9);
  for (let n = 0; n < kept.length; n++) {
    if (!kept[n]) continue;
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        const [pi, pj] = [points[n * 3 + i] - middle[i], points[n * 3 + j] - middle[j]];
        const [qi, qj] = [feet[n * 3 + i] - middle[i], feet[n * 3 + j] - middle[j]];
        spread[i * 3 + j] += (pi * qj + qi * pj) / 2;
      }
    }
  }
  const [x, y, z] = symmetricEigen(spread, 3).vectors;
  return { normal: [x, y, z], offsetMm: x * middle[0] + y * middle[1] + z * middle[2] };
}

/** Two unit directions across `normal` and each other. */
export function acrossOf([x, y, z]: Triple): [Triple, Triple] {
  const [ax, ay, az] =
    Math.abs(x) <= Math.abs(y) && Math.abs(x) <= Math.abs(z) ? [1, 0, 0] : Math.abs(y) <= Math.abs(z) ? [0, 1, 0] : [0, 0, 1];
  const u: Triple = [y * az - z * ay, z * ax - x * az, x * ay - y * ax];
  const length = Math.hypot(...u);
  const [ux, uy, uz] = u.map((value) => value / length);
  return [
    [ux, uy, uz],
    [y * uz - z * uy, z * ux - x * uz, x * uy - y * ux],
  ];
}

/**
 * One step of Gauss and Newton on the distances of mirrored points from the tangent planes at their feet: points may slide along the surface,
 * which converges in a few steps where the closed form creeps. `movedMm` is how far the step takes the plane within the reach of the points.
 */
export function slideStep(plane: OffsetPlane, pairs: MirrorPairs): OffsetPlane & { movedMm: number } {
  const { points, feet, normals, kept } = pairs;
  const { middle } = middleOf(pairs);
  const { normal: n } = plane;
  const [t, b] = acrossOf(n);
  const offset = plane.offsetMm - (n[0] * middle[0] + n[1] * middle[1] + n[2] * middle[2]);
  const matrix = new Float64Array(9);
  const right = new Float64Array(3);
  let reach = 0;
  for (let k = 0; k < kept.length; k++) {
    if (!kept[k]) continue;
    const at = k * 3;
    const [px, py, pz] = [points[at] - middle[0], points[at + 1] - middle[1], points[at + 2] - middle[2]];
    const [vx, vy, vz] = [normals[at], normals[at + 1], normals[at + 2]];
    const depth = n[0] * px + n[1] * py + n[2] * pz - offset;
    const vn = vx * n[0] + vy * n[1] + vz * n[2];
    const gapX = px - 2 * depth * n[0] - (feet[at] - middle[0]);
    const gapY = py - 2 * depth * n[1] - (feet[at + 1] - middle[1]);
    const gapZ = pz - 2 * depth * n[2] - (feet[at + 2] - middle[2]);
    const gap = gapX * vx + gapY * vy + gapZ * vz;
    const row = [
      -2 * ((t[0] * px + t[1] * py + t[2] * pz) * vn + depth * (t[0] * vx + t[1] * vy + t[2] * vz)),
      -2 * ((b[0] * px + b[1] * py + b[2] * pz) * vn + depth * (b[0] * vx + b[1] * vy + b[2] * vz)),
      2 * vn,
    ];
    for (let i = 0; i < 3; i++) {
      right[i] -= row[i] * gap;
      for (let j = 0; j < 3; j++) matrix[i * 3 + j] += row[i] * row[j];
    }
    reach = Math.max(reach, Math.hypot(px, py, pz));
  }
  const [alpha, beta, further] = solveSymmetric(matrix, right).x;
  const tilted = [0, 1, 2].map((axis) => n[axis] + alpha * t[axis] + beta * b[axis]);
  const length = Math.hypot(...tilted);
  const normal = tilted.map((value) => value / length) as Triple;
  const about = normal[0] * middle[0] + normal[1] * middle[1] + normal[2] * middle[2];
  return { normal, offsetMm: about + offset + further, movedMm: Math.hypot(alpha, beta) * reach + Math.abs(further) };
}
