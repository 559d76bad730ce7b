import type { Mesh } from './mesh.ts';

/** Points in LPS mm, x, y, z each. */
export type Points = Float64Array | Float32Array;

/** Points on a surface and the unit normals there; zeros where there is no side. */
export interface Samples {
  points: Float64Array;
  normals: Float64Array;
}

/** A cloud as triangles of no extent, which a tree of triangles takes. */
export function asTriangles(shape: Mesh | Points): Mesh {
  if (!ArrayBuffer.isView(shape)) return shape;
  if (shape.length % 3 !== 0) throw new RangeError(`${shape.length} numbers are not whole points`);
  return { positions: shape, triangles: Uint32Array.from({ length: shape.length }, (_, n) => Math.floor(n / 3)) };
}

/** The sequence of Roberts that fills a square evenly: multiples of the plastic number's powers. */
const [stepS, stepR] = [0.7548776662466927, 0.5698402909980532];

/** Vertices of a cloud at even steps. */
function ofCloud(points: Points, count: number): Samples {
  const from = points.length / 3;
  const chosen = Math.min(from, count);
  const taken = new Float64Array(chosen * 3);
  for (let n = 0; n < chosen; n++) {
    const at = Math.floor(((n + 0.5) * from) / chosen) * 3;
    for (let axis = 0; axis < 3; axis++) taken[n * 3 + axis] = points[at + axis];
  }
  return { points: taken, normals: new Float64Array(chosen * 3) };
}

/**
 * `count` points spread over a surface by area, the same ones each time, whatever the sizes of its triangles; of a cloud at most `count` of
 * its points. LPS mm. Throws RangeError where there is no area, no point, or a coordinate is not finite. O(triangles + count).
 */
export function surfaceSamples(shape: Mesh | Points, count: number): Samples {
  const { positions: p, triangles } = asTriangles(shape);
  if (triangles.length === 0) throw new RangeError('nothing to take points of');
  if (ArrayBuffer.isView(shape)) {
    const cloud = ofCloud(shape, count);
    if (!cloud.points.every(Number.isFinite)) throw new RangeError('a point has no place');
    return cloud;
  }
  const crosses = new Float64Array(triangles.length);
  const upTo = new Float64Array(triangles.length / 3);
  let whole = 0;
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [triangles[at] * 3, triangles[at + 1] * 3, triangles[at + 2] * 3];
    const [ux, uy, uz] = [p[b] - p[a], p[b + 1] - p[a + 1], p[b + 2] - p[a + 2]];
    const [vx, vy, vz] = [p[c] - p[a], p[c + 1] - p[a + 1], p[c + 2] - p[a + 2]];
    crosses[at] = uy * vz - uz * vy;
    crosses[at + 1] = uz * vx - ux * vz;
    crosses[at + 2] = ux * vy - uy * vx;
    whole += Math.hypot(crosses[at], crosses[at + 1], crosses[at + 2]);
    upTo[at / 3] = whole;
  }
  if (!(whole > 0 && Number.isFinite(whole))) throw new RangeError('a surface without area, or with a corner that is not finite');
  const points = new Float64Array(count * 3);
  const normals = new Float64Array(count * 3);
  let t = 0;
  for (let n = 0; n < count; n++) {
    const wanted = ((n + 0.5) / count) * whole;
    while (upTo[t] < wanted) t++;
    let s = (n * stepS) % 1;
    let r = (n * stepR) % 1;
    if (s + r > 1) [s, r] = [1 - s, 1 - r];
    const [a, b, c] = [triangles[t * 3] * 3, triangles[t * 3 + 1] * 3, triangles[t * 3 + 2] * 3];
    const length = Math.hypot(crosses[t * 3], crosses[t * 3 + 1], crosses[t * 3 + 2]);
    for (let axis = 0; axis < 3; axis++) {
      points[n * 3 + axis] = p[a + axis] + s * (p[b + axis] - p[a + axis]) + r * (p[c + axis] - p[a + axis]);
      normals[n * 3 + axis] = crosses[t * 3 + axis] / length;
    }
  }
  return { points, normals };
}
