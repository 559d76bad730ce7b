/**
 * Ten numbers a vertex: the summed squared distance to planes, weighed by area (Garland & Heckbert 1997), as x' A x + 2 b . x + c with x
 * measured from the vertex itself: xx, xy, xz, yy, yz, zz of A, then b, then c. The planes of a vertex's own triangles pass through it, so
 * b and c start at 0 and stay small: float32 is enough however far from the origin the mesh lies.
 */
const quadricSize = 10;
/** From one vertex's numbers to the next's, in `quadrics` as in the positions beside it: both lie in one line of the cache. */
export const perVertex = 16;

/** Part of A's trace that holds the cheapest point near the edge's middle where the surroundings are flat or straight and leave it free. */
const holding = 1e-3;
/** Weight of an edge's length in its cost: among equally flat edges the short ones go first, which keeps triangles well shaped. */
const lengthWeight = 1e-4;

/**
 * Cost (mm⁴) of drawing the edge (u, v) together into one point: where both quadrics together are least, but no further from the
 * edge's middle than the edge is long. Written to `place`: the point (LPS mm), then the cost, never NaN for finite positions (not returned:
 * that would allocate it). About 100 flops.
 */
export function priceEdge(p: Float32Array, q: Float32Array, u: number, v: number, place: Float64Array): void {
  const i = u * perVertex;
  const j = v * perVertex;
  // Half the edge: everything is sought relative to its middle.
  const ex = (p[j] - p[i]) * 0.5;
  const ey = (p[j + 1] - p[i + 1]) * 0.5;
  const ez = (p[j + 2] - p[i + 2]) * 0.5;
  const axx = q[i] + q[j];
  const axy = q[i + 1] + q[j + 1];
  const axz = q[i + 2] + q[j + 2];
  const ayy = q[i + 3] + q[j + 3];
  const ayz = q[i + 4] + q[j + 4];
  const azz = q[i + 5] + q[j + 5];
  const dxy = q[i + 1] - q[j + 1];
  const dxz = q[i + 2] - q[j + 2];
  const dyz = q[i + 4] - q[j + 4];
  const bx = q[i + 6] + q[j + 6] + (q[i] - q[j]) * ex + dxy * ey + dxz * ez;
  const by = q[i + 7] + q[j + 7] + dxy * ex + (q[i + 3] - q[j + 3]) * ey + dyz * ez;
  const bz = q[i + 8] + q[j + 8] + dxz * ex + dyz * ey + (q[i + 5] - q[j + 5]) * ez;
  const eAe = axx * ex * ex + ayy * ey * ey + azz * ez * ez + 2 * (axy * ex * ey + axz * ex * ez + ayz * ey * ez);
  const c = q[i + 9] + q[j + 9] + 2 * ((q[i + 6] - q[j + 6]) * ex + (q[i + 7] - q[j + 7]) * ey + (q[i + 8] - q[j + 8]) * ez) + eAe;
  const hold = (axx + ayy + azz) * holding;
  const sxx = axx + hold;
  const syy = ayy + hold;
  const szz = azz + hold;
  const cxx = syy * szz - ayz * ayz;
  const cxy = axz * ayz - axy * szz;
  const cxz = axy * ayz - axz * syy;
  const det = sxx * cxx + axy * cxy + axz * cxz;
  const quarter = ex * ex + ey * ey + ez * ez;
  let x = 0;
  let y = 0;
  let z = 0;
  let cost = c;
  if (det > 0) {
    const scale = -1 / det;
    x = (cxx * bx + cxy * by + cxz * bz) * scale;
    y = (cxy * bx + (sxx * szz - axz * axz) * by + (axy * axz - sxx * ayz) * bz) * scale;
    z = (cxz * bx + (axy * axz - sxx * ayz) * by + (sxx * syy - axy * axy) * bz) * scale;
    if (x * x + y * y + z * z <= 4 * quarter) {
      cost += 2 * (bx * x + by * y + bz * z) + axx * x * x + ayy * y * y + azz * z * z + 2 * (axy * x * y + axz * x * z + ayz * y * z);
    } else {
      const bE = 2 * (bx * ex + by * ey + bz * ez);
      const towards = eAe - Math.abs(bE) < 0 ? (bE > 0 ? -1 : 1) : 0;
      x = towards * ex;
      y = towards * ey;
      z = towards * ez;
      if (towards !== 0) cost += eAe - Math.abs(bE);
    }
  }
  place[0] = p[i] + ex + x;
  place[1] = p[i + 1] + ey + y;
  place[2] = p[i + 2] + ez + z;
  place[3] = Math.max(0, cost) + lengthWeight * 16 * quarter * quarter;
}

/** The quadrics of u (now at `place`) and v become u's, measured from `place`. Call it before u is moved. */
export function mergeQuadrics(p: Float32Array, q: Float32Array, u: number, v: number, place: Float64Array): void {
  const i = u * perVertex;
  const j = v * perVertex;
  shift(q, i, place[0] - p[i], place[1] - p[i + 1], place[2] - p[i + 2]);
  shift(q, j, place[0] - p[j], place[1] - p[j + 1], place[2] - p[j + 2]);
  for (let n = 0; n < quadricSize; n++) q[i + n] += q[j + n];
}

/** Measures the quadric at `at` from a point that lies (x, y, z) away from where it was measured from. */
function shift(q: Float32Array, at: number, x: number, y: number, z: number): void {
  const gx = q[at] * x + q[at + 1] * y + q[at + 2] * z;
  const gy = q[at + 1] * x + q[at + 3] * y + q[at + 4] * z;
  const gz = q[at + 2] * x + q[at + 4] * y + q[at + 5] * z;
  q[at + 9] += 2 * (q[at + 6] * x + q[at + 7] * y + q[at + 8] * z) + gx * x + gy * y + gz * z;
  q[at + 6] += gx;
  q[at + 7] += gy;
  q[at + 8] += gz;
}

/** Adds the plane of a triangle whose corner is the vertex itself, the others lying at (ux, uy, uz) and (vx, vy, vz) from it. */
export function addTriangle(q: Float32Array, at: number, ux: number, uy: number, uz: number, vx: number, vy: number, vz: number): void {
  const nx = uy * vz - uz * vy;
  const ny = uz * vx - ux * vz;
  const nz = ux * vy - uy * vx;
  const twice = Math.sqrt(nx * nx + ny * ny + nz * nz);
  if (!(twice > 0)) return;
  const weight = 1 / (6 * twice);
  q[at] += weight * nx * nx;
  q[at + 1] += weight * nx * ny;
  q[at + 2] += weight * nx * nz;
  q[at + 3] += weight * ny * ny;
  q[at + 4] += weight * ny * nz;
  q[at + 5] += weight * nz * nz;
}
