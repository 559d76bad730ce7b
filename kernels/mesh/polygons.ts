import type { Tick } from './mesh.ts';

/** Larger polygons that are not convex become fans: looking for ears takes the square of the corners, and files are hostile. */
const mostEarCorners = 64;

/** Corners of a polygon in the plane it lies in most, turned so that its own turn is counter-clockwise (Newell's normal). */
function flattened(corners: Uint32Array, p: Float32Array): Float64Array {
  const normal = [0, 0, 0];
  for (let n = 0, before = corners.length - 1; n < corners.length; before = n++)
    for (let axis = 0; axis < 3; axis++) {
      const u = (axis + 1) % 3;
      const v = (axis + 2) % 3;
      normal[axis] += (p[corners[before] * 3 + u] - p[corners[n] * 3 + u]) * (p[corners[before] * 3 + v] + p[corners[n] * 3 + v]);
    }
  const size = normal.map(Math.abs);
  const axis = size[0] >= size[1] && size[0] >= size[2] ? 0 : size[1] >= size[2] ? 1 : 2;
  const [u, v] = normal[axis] >= 0 ? [(axis + 1) % 3, (axis + 2) % 3] : [(axis + 2) % 3, (axis + 1) % 3];
  const flat = new Float64Array(corners.length * 2);
  corners.forEach((corner, n) => {
    flat[n * 2] = p[corner * 3 + u];
    flat[n * 2 + 1] = p[corner * 3 + v];
  });
  return flat;
}

/** Twice the area of a, b, c; above zero where they turn counter-clockwise. */
const turn = (f: Float64Array, a: number, b: number, c: number) =>
  (f[b * 2] - f[a * 2]) * (f[c * 2 + 1] - f[a * 2 + 1]) - (f[b * 2 + 1] - f[a * 2 + 1]) * (f[c * 2] - f[a * 2]);

function isEar(f: Float64Array, left: number[], at: number): boolean {
  const a = left[(at + left.length - 1) % left.length];
  const b = left[at];
  const c = left[(at + 1) % left.length];
  if (!(turn(f, a, b, c) > 0)) return false;
  return left.every((d) => d === a || d === b || d === c || turn(f, a, b, d) < 0 || turn(f, b, c, d) < 0 || turn(f, c, a, d) < 0);
}

/** Places in the polygon, three a triangle. */
function cut(corners: Uint32Array, p: Float32Array): number[] {
  const f = flattened(corners, p);
  const left = Array.from(corners, (_, n) => n);
  const out: number[] = [];
  const convex = left.every((n) => turn(f, n, (n + 1) % left.length, (n + 2) % left.length) >= 0);
  while (!convex && left.length > 3 && corners.length <= mostEarCorners) {
    const at = left.findIndex((_, n) => isEar(f, left, n));
    if (at < 0) break;
    out.push(left[(at + left.length - 1) % left.length], left[at], left[(at + 1) % left.length]);
    left.splice(at, 1);
  }
  for (let n = 2; n < left.length; n++) out.push(left[0], left[n - 1], left[n]);
  return out;
}

/**
 * Triangles of polygons given as count, corners, count, corners and so on, each of at least three: convex ones as fans, others by ears;
 * what is no simple polygon, or not convex and beyond 64 corners, as a fan. The turn of every polygon is kept. Cost: O(corners), an ear
 * at most the square of its polygon's.
 */
export function trianglesOfPolygons(polygons: Uint32Array, positions: Float32Array, tick?: Tick): Uint32Array {
  let count = 0;
  for (let at = 0; at < polygons.length; at += polygons[at] + 1) count += polygons[at] - 2;
  const triangles = new Uint32Array(count * 3);
  let written = 0;
  for (let at = 0, n = 0; at < polygons.length; at += polygons[at] + 1, n++) {
    if (n % 16_384 === 0) tick?.(at / polygons.length);
    const corners = polygons.subarray(at + 1, at + 1 + polygons[at]);
    if (corners.length === 3) triangles.set(corners, written);
    else
      triangles.set(
        cut(corners, positions).map((place) => corners[place]),
        written,
      );
    written += (corners.length - 2) * 3;
  }
  return triangles;
}
