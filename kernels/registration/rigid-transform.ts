import type { Nine, Triple } from '../volume/geometry.ts';

/** p_moving = rotation * p_fixed + translation; LPS mm, rotation row by row. */
export interface RigidTransform {
  rotation: Nine;
  translationMm: Triple;
}

/** Six numbers that say the same: degrees about x, then y, then z, around a point; then mm along x, y, z. */
export interface RigidParameters {
  rotationDegrees: Triple;
  translationMm: Triple;
  /** The point around which is turned, LPS mm. */
  about: Triple;
}

const radians = Math.PI / 180;

export function multiply(m: Nine, [x, y, z]: Triple): Triple {
  return [m[0] * x + m[1] * y + m[2] * z, m[3] * x + m[4] * y + m[5] * z, m[6] * x + m[7] * y + m[8] * z];
}

/** Rz Ry Rx of three angles in degrees, row by row. */
export function rotationOf([x, y, z]: Triple): Nine {
  const [cx, sx, cy, sy, cz, sz] = [x, y, z].flatMap((v) => [Math.cos(v * radians), Math.sin(v * radians)]);
  return [
    cz * cy,
    cz * sy * sx - sz * cx,
    cz * sy * cx + sz * sx,
    sz * cy,
    sz * sy * sx + cz * cx,
    sz * sy * cx - cz * sx,
    -sy,
    cy * sx,
    cy * cx,
  ];
}

export function transformOf({ rotationDegrees, translationMm, about }: RigidParameters): RigidTransform {
  const rotation = rotationOf(rotationDegrees);
  const turned = multiply(rotation, about);
  return { rotation, translationMm: about.map((v, a) => v + translationMm[a] - turned[a]) as Triple };
}

/** Throws RangeError where the matrix is no rotation. */
export function parametersOf({ rotation: r, translationMm }: RigidTransform, about: Triple): RigidParameters {
  const rotationDegrees: Triple = [
    Math.atan2(r[7], r[8]) / radians,
    Math.asin(Math.max(-1, Math.min(1, -r[6]))) / radians,
    Math.atan2(r[3], r[0]) / radians,
  ];
  if (rotationOf(rotationDegrees).some((v, n) => !(Math.abs(v - r[n]) < 1e-4))) throw new RangeError('the start is no rotation');
  const turned = multiply(r, about);
  return { rotationDegrees, translationMm: about.map((v, a) => turned[a] + translationMm[a] - v) as Triple, about };
}
