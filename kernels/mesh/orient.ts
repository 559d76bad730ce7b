/**
 * Signs of determinants of points, exact: evaluated in double precision first, and where rounding could change the sign, again as a sum
 * of doubles that do not overlap, in which nothing is rounded (Shewchuk 1997, "Adaptive precision floating-point arithmetic and fast
 * robust geometric predicates": error bounds of the first stage, and growing an expansion by one term). Coordinates of mm are far from
 * the range where products of three would over- or underflow; float32 coordinates of any size are too.
 */
const ulp = 2 ** -53;
const bound3 = (7 + 56 * ulp) * ulp;
const bound2 = (3 + 16 * ulp) * ulp;
const splitter = 2 ** 27 + 1;

const sum = new Float64Array(256);
let terms = 0;

/** Adds a double to the expansion in `sum`, which stays free of overlap and of zeros, smallest first. */
function grow(value: number): void {
  let carried = value;
  let kept = 0;
  for (let n = 0; n < terms; n++) {
    const term = sum[n];
    const total = carried + term;
    const virtual = total - carried;
    const lost = carried - (total - virtual) + (term - virtual);
    if (lost !== 0) sum[kept++] = lost;
    carried = total;
  }
  if (carried !== 0) sum[kept++] = carried;
  terms = kept;
}

const sign = (): number => (terms === 0 ? 0 : sum[terms - 1]);

/** The part of a * b that the rounded product leaves out. */
function productTail(a: number, b: number, product: number): number {
  let wide = splitter * a;
  const aHigh = wide - (wide - a);
  const aLow = a - aHigh;
  wide = splitter * b;
  const bHigh = wide - (wide - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** The part of a - b that the rounded difference leaves out. */
function differenceTail(a: number, b: number, difference: number): number {
  const virtual = a - difference;
  return a - (difference + virtual) + (virtual - b);
}

function growByProduct(a: number, b: number): void {
  const product = a * b;
  const tail = productTail(a, b, product);
  if (tail !== 0) grow(tail);
  if (product !== 0) grow(product);
}

function growByTriple(a: number, b: number, c: number): void {
  const product = a * b;
  const tail = productTail(a, b, product);
  if (tail !== 0) growByProduct(tail, c);
  if (product !== 0) growByProduct(product, c);
}

// Nine differences and what each leaves out; rows are b - a, c - a, d - a.
const high = new Float64Array(9);
const low = new Float64Array(9);
const even = [0, 4, 8, 1, 5, 6, 2, 3, 7];
const odd = [2, 4, 6, 1, 3, 8, 0, 5, 7];

function exact3(p: ArrayLike<number>, a: number, b: number, c: number, d: number): number {
  let anyLow = false;
  for (let row = 0; row < 3; row++) {
    const other = (row === 0 ? b : row === 1 ? c : d) * 3;
    for (let axis = 0; axis < 3; axis++) {
      const at = row * 3 + axis;
      high[at] = p[other + axis] - p[a * 3 + axis];
      low[at] = differenceTail(p[other + axis], p[a * 3 + axis], high[at]);
      if (low[at] !== 0) anyLow = true;
    }
  }
  terms = 0;
  const add = (i: number, j: number, k: number, way: number) => {
    for (let parts = 0; parts < (anyLow ? 8 : 1); parts++) {
      const x = (parts & 1 ? low : high)[i];
      const y = (parts & 2 ? low : high)[j];
      const z = (parts & 4 ? low : high)[k];
      if (x !== 0 && y !== 0 && z !== 0) growByTriple(way * x, y, z);
    }
  };
  for (let n = 0; n < 9; n += 3) add(even[n], even[n + 1], even[n + 2], 1);
  for (let n = 0; n < 9; n += 3) add(odd[n], odd[n + 1], odd[n + 2], -1);
  return sign();
}

/**
 * Above 0 where vertex d lies on the side of the plane a, b, c from which they run counter-clockwise, 0 on it, below 0 beyond; the sign
 * is exact. `p` x, y, z a vertex; a to d vertex numbers. Cost: some 40 operations, a few hundred where it is close.
 */
export function orient3d(p: ArrayLike<number>, a: number, b: number, c: number, d: number): number {
  const ax = p[a * 3];
  const ay = p[a * 3 + 1];
  const az = p[a * 3 + 2];
  const ux = p[b * 3] - ax;
  const uy = p[b * 3 + 1] - ay;
  const uz = p[b * 3 + 2] - az;
  const vx = p[c * 3] - ax;
  const vy = p[c * 3 + 1] - ay;
  const vz = p[c * 3 + 2] - az;
  const wx = p[d * 3] - ax;
  const wy = p[d * 3 + 1] - ay;
  const wz = p[d * 3 + 2] - az;
  const yz = uy * vz;
  const zy = uz * vy;
  const zx = uz * vx;
  const xz = ux * vz;
  const xy = ux * vy;
  const yx = uy * vx;
  const volume = (yz - zy) * wx + (zx - xz) * wy + (xy - yx) * wz;
  const size =
    (Math.abs(yz) + Math.abs(zy)) * Math.abs(wx) +
    (Math.abs(zx) + Math.abs(xz)) * Math.abs(wy) +
    (Math.abs(xy) + Math.abs(yx)) * Math.abs(wz);
  const error = bound3 * size;
  if (volume > error || volume < -error || size === 0) return volume;
  return exact3(p, a, b, c, d);
}

/**
 * Above 0 where a, b, c run counter-clockwise in the plane of two axes (0 x, 1 y, 2 z; first the one to the right), 0 on a line; the sign
 * is exact. `p` x, y, z a vertex; a to c vertex numbers.
 */
export function orient2d(p: ArrayLike<number>, right: number, up: number, a: number, b: number, c: number): number {
  const ux = p[b * 3 + right] - p[a * 3 + right];
  const uy = p[b * 3 + up] - p[a * 3 + up];
  const vx = p[c * 3 + right] - p[a * 3 + right];
  const vy = p[c * 3 + up] - p[a * 3 + up];
  const xy = ux * vy;
  const yx = uy * vx;
  const area = xy - yx;
  const error = bound2 * (Math.abs(xy) + Math.abs(yx));
  if (area > error || area < -error || error === 0) return area;
  const uxLow = differenceTail(p[b * 3 + right], p[a * 3 + right], ux);
  const uyLow = differenceTail(p[b * 3 + up], p[a * 3 + up], uy);
  const vxLow = differenceTail(p[c * 3 + right], p[a * 3 + right], vx);
  const vyLow = differenceTail(p[c * 3 + up], p[a * 3 + up], vy);
  terms = 0;
  growByProduct(ux, vy);
  growByProduct(-uy, vx);
  if (uxLow !== 0 || uyLow !== 0 || vxLow !== 0 || vyLow !== 0) {
    growByProduct(ux, vyLow);
    growByProduct(uxLow, vy);
    growByProduct(uxLow, vyLow);
    growByProduct(-uy, vxLow);
    growByProduct(-uyLow, vx);
    growByProduct(-uyLow, vxLow);
  }
  return sign();
}
