/** Eigenvalues from the smallest to the largest, and their unit vectors: number n stands at vectors[n * size]. */
export interface Eigen {
  values: Float64Array;
  vectors: Float64Array;
}

/** Sweeps end far earlier: convergence is quadratic (Golub and Van Loan 1996, 8.4). */
const mostSweeps = 60;

/**
 * Eigenvalues and vectors of a small symmetric matrix by Jacobi's rotations. `matrix` size x size, row by row; only that it is symmetric
 * is relied on. Throws RangeError where an entry is not finite. O(size³) a sweep.
 */
export function symmetricEigen(matrix: ArrayLike<number>, size: number): Eigen {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(size * size);
  for (let n = 0; n < size; n++) v[n * size + n] = 1;
  if (a.some((entry) => !Number.isFinite(entry))) throw new RangeError('a matrix with entries that are not finite has no eigenvalues');
  const whole = a.reduce((sum, entry) => sum + entry * entry, 0);
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let off = 0;
    for (let p = 0; p < size; p++) for (let q = p + 1; q < size; q++) off += a[p * size + q] ** 2;
    if (off <= 1e-34 * whole) break;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        const apq = a[p * size + q];
        if (apq === 0) continue;
        const theta = (a[q * size + q] - a[p * size + p]) / (2 * apq);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let n = 0; n < size; n++) {
          const [x, y] = [a[n * size + p], a[n * size + q]];
          a[n * size + p] = c * x - s * y;
          a[n * size + q] = s * x + c * y;
        }
        for (let n = 0; n < size; n++) {
          const [x, y] = [a[p * size + n], a[q * size + n]];
          a[p * size + n] = c * x - s * y;
          a[q * size + n] = s * x + c * y;
          const [vp, vq] = [v[p * size + n], v[q * size + n]];
          v[p * size + n] = c * vp - s * vq;
          v[q * size + n] = s * vp + c * vq;
        }
      }
    }
  }
  const order = Array.from({ length: size }, (_, n) => n).sort((p, q) => a[p * size + p] - a[q * size + q] || p - q);
  const vectors = new Float64Array(size * size);
  order.forEach((from, to) => {
    vectors.set(v.subarray(from * size, (from + 1) * size), to * size);
  });
  return { values: Float64Array.from(order, (n) => a[n * size + n]), vectors };
}

/** Parts of the largest eigenvalue below this are motions that the equations say nothing about. */
const nothing = 1e-9;

/**
 * Least solution of matrix * x = right for a symmetric matrix without negative eigenvalues: along directions that it does not determine
 * x is 0, and `free` counts them. Throws as `symmetricEigen`.
 */
export function solveSymmetric(matrix: ArrayLike<number>, right: ArrayLike<number>): { x: Float64Array; free: number } {
  const size = right.length;
  const { values, vectors } = symmetricEigen(matrix, size);
  const x = new Float64Array(size);
  let free = 0;
  for (let n = 0; n < size; n++) {
    if (!(values[n] > nothing * values[size - 1])) {
      free++;
      continue;
    }
    let along = 0;
    for (let m = 0; m < size; m++) along += vectors[n * size + m] * right[m];
    for (let m = 0; m < size; m++) x[m] += (along / values[n]) * vectors[n * size + m];
  }
  return { x, free };
}
