import type { Mesh } from './mesh.ts';

/** Closed shapes whose walls have a known thickness, for the tests of this room. */

type Point = [number, number, number];

/** A box of n x n squares a side, so that its vertices are not at its edges alone; `place` puts its points where they shall be. */
export function gridBox(sizeMm: Point, n: Point, place: (p: Point) => Point = (p) => p): Mesh {
  const numberOf = new Map<string, number>();
  const positions: number[] = [];
  const triangles: number[] = [];
  const vertex = (at: Point): number => {
    const key = at.join();
    let number = numberOf.get(key);
    if (number === undefined) {
      number = positions.length / 3;
      numberOf.set(key, number);
      positions.push(...place([(at[0] / n[0] - 0.5) * sizeMm[0], (at[1] / n[1] - 0.5) * sizeMm[1], (at[2] / n[2] - 0.5) * sizeMm[2]]));
    }
    return number;
  };
  for (let axis = 0; axis < 3; axis++) {
    const [u, v] = [(axis + 1) % 3, (axis + 2) % 3];
    for (const high of [false, true]) {
      for (let i = 0; i < n[u]; i++) {
        for (let j = 0; j < n[v]; j++) {
          const corner = (di: number, dj: number): number => {
            const at: Point = [0, 0, 0];
            at[axis] = high ? n[axis] : 0;
            at[u] = i + di;
            at[v] = j + dj;
            return vertex(at);
          };
          const [a, b, c, d] = [corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)];
          triangles.push(...(high ? [a, b, c, a, c, d] : [a, c, b, a, d, c]));
        }
      }
    }
  }
  return { positions: Float64Array.from(positions), triangles: Uint32Array.from(triangles) };
}

/** A sphere around the origin, from a box pushed outwards; inside out where asked for. */
export function sphere(radiusMm: number, n: number, insideOut = false): Mesh {
  const mesh = gridBox([2, 2, 2], [n, n, n], (p) => {
    const length = Math.hypot(...p);
    return [(p[0] / length) * radiusMm, (p[1] / length) * radiusMm, (p[2] / length) * radiusMm];
  });
  if (insideOut) for (let at = 0; at < mesh.triangles.length; at += 3) mesh.triangles.subarray(at, at + 2).reverse();
  return mesh;
}

/** Several meshes as one. */
export function together(...meshes: Mesh[]): Mesh {
  let vertices = 0;
  const positions: number[] = [];
  const triangles: number[] = [];
  for (const mesh of meshes) {
    for (const t of mesh.triangles) triangles.push(t + vertices);
    for (const x of mesh.positions) positions.push(x);
    vertices += mesh.positions.length / 3;
  }
  return { positions: Float64Array.from(positions), triangles: Uint32Array.from(triangles) };
}

/** Turns about a slanted axis: nothing lies along an axis any more. */
export function turned([x, y, z]: Point): Point {
  const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
  const [x1, y1] = [c * x - s * y, s * x + c * y];
  const [c2, s2] = [Math.cos(0.4), Math.sin(0.4)];
  return [c2 * x1 - s2 * z + 31, y1 - 17, s2 * x1 + c2 * z + 5];
}
