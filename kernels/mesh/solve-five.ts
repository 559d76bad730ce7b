/** What `solveFive` found. */
export const solution = new Float64Array(5);

/**
 * Solves five symmetric positive definite equations by Cholesky's way; the upper triangle row by row, then the right side. Written out,
 * since it runs some times for every vertex of a surface. False where the matrix is not positive definite.
 */
export function solveFive(
  a00: number,
  a01: number,
  a02: number,
  a03: number,
  a04: number,
  a11: number,
  a12: number,
  a13: number,
  a14: number,
  a22: number,
  a23: number,
  a24: number,
  a33: number,
  a34: number,
  a44: number,
  b0: number,
  b1: number,
  b2: number,
  b3: number,
  b4: number,
): boolean {
  // L D L': d are the pivots, l the unit lower triangle.
  const d0 = a00;
  const l10 = a01 / d0;
  const l20 = a02 / d0;
  const l30 = a03 / d0;
  const l40 = a04 / d0;
  const d1 = a11 - l10 * a01;
  const u12 = a12 - l10 * a02;
  const u13 = a13 - l10 * a03;
  const u14 = a14 - l10 * a04;
  const l21 = u12 / d1;
  const l31 = u13 / d1;
  const l41 = u14 / d1;
  const d2 = a22 - l20 * a02 - l21 * u12;
  const u23 = a23 - l20 * a03 - l21 * u13;
  const u24 = a24 - l20 * a04 - l21 * u14;
  const l32 = u23 / d2;
  const l42 = u24 / d2;
  const d3 = a33 - l30 * a03 - l31 * u13 - l32 * u23;
  const u34 = a34 - l30 * a04 - l31 * u14 - l32 * u24;
  const l43 = u34 / d3;
  const d4 = a44 - l40 * a04 - l41 * u14 - l42 * u24 - l43 * u34;
  if (!(d0 > 0 && d1 > 0 && d2 > 0 && d3 > 0 && d4 > 0)) return false;
  const y1 = b1 - l10 * b0;
  const y2 = b2 - l20 * b0 - l21 * y1;
  const y3 = b3 - l30 * b0 - l31 * y1 - l32 * y2;
  const y4 = b4 - l40 * b0 - l41 * y1 - l42 * y2 - l43 * y3;
  const x4 = y4 / d4;
  const x3 = y3 / d3 - l43 * x4;
  const x2 = y2 / d2 - l32 * x3 - l42 * x4;
  const x1 = y1 / d1 - l21 * x2 - l31 * x3 - l41 * x4;
  solution[0] = b0 / d0 - l10 * x1 - l20 * x2 - l30 * x3 - l40 * x4;
  solution[1] = x1;
  solution[2] = x2;
  solution[3] = x3;
  solution[4] = x4;
  return true;
}
