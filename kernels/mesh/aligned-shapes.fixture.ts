import { multiply, type RigidTransform } from '../registration/rigid-transform.ts';
import type { Triple } from '../volume/geometry.ts';
import type { Mesh } from './mesh.ts';
import { sphere } from './wall-shapes.ts';

/** Heads of closed form for what is aligned: LPS mm, the mid-plane at x = 0, nose to -y. */

type Place = (p: Triple) => Triple;

const dent = ([x, y, z]: Triple, [cx, cy, cz]: Triple, radius: number, deep: number): Triple => {
  const near = 1 - Math.min(1, Math.hypot(x - cx, y - cy, z - cz) / radius);
  const scale = 1 - deep * near * near * (3 - 2 * near);
  return [x * scale, y * scale, z * scale];
};

const bump = (p: Triple, c: Triple, radius: number, high: number): Triple => dent(p, c, radius, -high);

/** An egg with two orbits, a nose, a chin and two ears. */
const face: Place = ([x, y, z]) => {
  let p: Triple = [x * 70, y * 85 - (y < 0 ? 6 * y * z : 0), z * 75 + 8 * y];
  for (const side of [-1, 1]) {
    p = dent(p, [side * 28, -78, 0], 26, 0.32);
    p = bump(p, [side * 72, 8, -5], 22, 0.2);
  }
  p = bump(p, [0, -88, -20], 24, 0.3);
  return bump(p, [0, -62, -58], 26, 0.2);
};

export const placed = ({ positions, triangles }: Mesh, place: Place): Mesh => {
  const moved = Float64Array.from(positions);
  for (let at = 0; at < moved.length; at += 3) moved.set(place([moved[at], moved[at + 1], moved[at + 2]]), at);
  return { positions: moved, triangles };
};

export const headMesh = (steps = 20): Mesh => placed(sphere(1, steps), face);

/** The same with the orbit and cheek of the left crushed by up to `mm`, and the ear of that side gone. */
export const crushedHead = (mm: number, steps = 20): Mesh =>
  placed(headMesh(steps), ([x, y, z]) => {
    const near = 1 - Math.min(1, Math.hypot(x - 38, y + 62, z + 8) / 42);
    const ear = 1 - Math.min(1, Math.hypot(x - 78, y - 8, z + 5) / 26);
    return [x - 8 * ear - 0.4 * mm * near, y + mm * near * (3 - 2 * near), z - 0.5 * mm * near];
  });

/** A head whose sides differ all over: nothing maps it to itself. */
export const lopsided = (steps = 24): Mesh =>
  placed(headMesh(steps), ([x, y, z]) => bump([x + 0.0012 * y * z, y, z + 0.1 * x], [50, 50, 40], 45, 0.3));

export const movedBy =
  ({ rotation, translationMm }: RigidTransform): Place =>
  (p) =>
    multiply(rotation, p).map((value, axis) => value + translationMm[axis]) as Triple;
