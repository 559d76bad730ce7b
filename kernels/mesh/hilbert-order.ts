/** Cells along each axis of one level of the curve: 2^10, so that a place is a whole number of 30 bits. */
const bits = 10;
const cells = 2 ** bits;
/** Runs in one cell of the curve longer than this are ordered by a finer curve of their own. */
const longestRun = 32;

/** Place along the Hilbert curve of the cell x, y, z (Skilling 2004: undo the turns from the coarsest bit on, then Gray code). */
function hilbertPlace(cx: number, cy: number, cz: number): number {
  let x = cx;
  let y = cy;
  let z = cz;
  for (let q = cells >>> 1; q > 1; q >>>= 1) {
    const p = q - 1;
    if (x & q) x ^= p;
    let t = (x ^ y) & p;
    if (y & q) x ^= p;
    else {
      x ^= t;
      y ^= t;
    }
    t = (x ^ z) & p;
    if (z & q) x ^= p;
    else {
      x ^= t;
      z ^= t;
    }
  }
  y ^= x;
  z ^= y;
  let t = 0;
  for (let q = cells >>> 1; q > 1; q >>>= 1) if (z & q) t ^= q - 1;
  x ^= t;
  y ^= t;
  z ^= t;
  let place = 0;
  for (let bit = bits - 1; bit >= 0; bit--) place = (place << 3) | (((x >>> bit) & 1) << 2) | (((y >>> bit) & 1) << 1) | ((z >>> bit) & 1);
  return place;
}

/** Sorts `order` by `key` (30 bits, one a member of `order`), both in place, stably: three counting passes of ten bits. */
function sortByKey(order: Uint32Array, key: Uint32Array): void {
  const length = order.length;
  let fromOrder = order;
  let fromKey = key;
  let toOrder: Uint32Array = new Uint32Array(length);
  let toKey: Uint32Array = new Uint32Array(length);
  for (let shift = 0; shift < 30; shift += 10) {
    const place = new Uint32Array(1025);
    for (let n = 0; n < length; n++) place[((fromKey[n] >>> shift) & 1023) + 1]++;
    for (let n = 0; n < 1024; n++) place[n + 1] += place[n];
    for (let n = 0; n < length; n++) {
      const at = place[(fromKey[n] >>> shift) & 1023]++;
      toOrder[at] = fromOrder[n];
      toKey[at] = fromKey[n];
    }
    [fromOrder, toOrder] = [toOrder, fromOrder];
    [fromKey, toKey] = [toKey, fromKey];
  }
  order.set(fromOrder);
  key.set(fromKey);
}

function orderWithin(order: Uint32Array, points: Float32Array): void {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let n = 0; n < order.length; n++) {
    for (let axis = 0; axis < 3; axis++) {
      const value = points[order[n] * 3 + axis];
      if (value < low[axis]) low[axis] = value;
      if (value > high[axis]) high[axis] = value;
    }
  }
  const side = Math.max(high[0] - low[0], high[1] - low[1], high[2] - low[2]);
  if (!(side > 0)) return;
  const scale = (cells - 1) / side;
  const key = new Uint32Array(order.length);
  for (let n = 0; n < order.length; n++) {
    const at = order[n] * 3;
    key[n] = hilbertPlace((points[at] - low[0]) * scale, (points[at + 1] - low[1]) * scale, (points[at + 2] - low[2]) * scale);
  }
  sortByKey(order, key);
  for (let from = 0, to = 1; from < order.length; from = to++) {
    while (to < order.length && key[to] === key[from]) to++;
    // One far triangle must not throw all others into one cell. A run is never the whole: both ends of the longest side differ.
    if (to - from > longestRun) orderWithin(order.subarray(from, to), points);
  }
}

/**
 * Points (x, y, z each, finite) in the order in which a Hilbert curve through their box meets them, so that neighbours in the order are
 * neighbours in space whatever the spread of the points. Returns their numbers. O(n) and 16 bytes a point on even spreads.
 */
export function hilbertOrder(points: Float32Array): Uint32Array {
  const order = new Uint32Array(points.length / 3);
  for (let n = 0; n < order.length; n++) order[n] = n;
  orderWithin(order, points);
  return order;
}
