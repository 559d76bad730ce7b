/** Ten numbers a vertex: the upper triangle of the symmetric 4 x 4 matrix of summed squared distances to planes (Garland & Heckbert 1997). */
export const quadricSize = 10;

/** Adds the plane n . x + d = 0, weighted, to the quadric at `at`. */
export function addPlane(q: Float64Array, at: number, nx: number, ny: number, nz: number, d: number, weight: number): void {
  q[at] += weight * nx * nx;
  q[at + 1] += weight * nx * ny;
  q[at + 2] += weight * nx * nz;
  q[at + 3] += weight * nx * d;
  q[at + 4] += weight * ny * ny;
  q[at + 5] += weight * ny * nz;
  q[at + 6] += weight * ny * d;
  q[at + 7] += weight * nz * nz;
  q[at + 8] += weight * nz * d;
  q[at + 9] += weight * d * d;
}

/** Summed squared distance of a point under the quadrics at `a` and `b` together. */
export function costOf(q: Float64Array, a: number, b: number, x: number, y: number, z: number): number {
  return (
    (q[a] + q[b]) * x * x +
    2 * (q[a + 1] + q[b + 1]) * x * y +
    2 * (q[a + 2] + q[b + 2]) * x * z +
    2 * (q[a + 3] + q[b + 3]) * x +
    (q[a + 4] + q[b + 4]) * y * y +
    2 * (q[a + 5] + q[b + 5]) * y * z +
    2 * (q[a + 6] + q[b + 6]) * y +
    (q[a + 7] + q[b + 7]) * z * z +
    2 * (q[a + 8] + q[b + 8]) * z +
    q[a + 9] +
    q[b + 9]
  );
}

/**
 * Where the quadrics at `a` and `b` together cost least, written to `out`, if that is one well-determined point; else false (flat or
 * straight surroundings have many). The answer is sought relative to (x, y, z), which keeps the numbers small.
 */
export function cheapestPoint(q: Float64Array, a: number, b: number, x: number, y: number, z: number, out: Float64Array): boolean {
  const xx = q[a] + q[b];
  const xy = q[a + 1] + q[b + 1];
  const xz = q[a + 2] + q[b + 2];
  const yy = q[a + 4] + q[b + 4];
  const yz = q[a + 5] + q[b + 5];
  const zz = q[a + 7] + q[b + 7];
  const gx = -(xx * x + xy * y + xz * z + q[a + 3] + q[b + 3]);
  const gy = -(xy * x + yy * y + yz * z + q[a + 6] + q[b + 6]);
  const gz = -(xz * x + yz * y + zz * z + q[a + 8] + q[b + 8]);
  const cxx = yy * zz - yz * yz;
  const cxy = xz * yz - xy * zz;
  const cxz = xy * yz - xz * yy;
  const det = xx * cxx + xy * cxy + xz * cxz;
  const size = (xx + yy + zz) / 3;
  if (!(det > 1e-4 * size * size * size)) return false;
  const cyy = xx * zz - xz * xz;
  const cyz = xy * xz - xx * yz;
  const czz = xx * yy - xy * xy;
  out[0] = x + (cxx * gx + cxy * gy + cxz * gz) / det;
  out[1] = y + (cxy * gx + cyy * gy + cyz * gz) / det;
  out[2] = z + (cxz * gx + cyz * gy + czz * gz) / det;
  return true;
}
