import { leafSlots, type PlaceTree } from './place-tree.ts';

/** How far outside of a triangle, in parts of it, a line still meets it: so that none slips through between two neighbours. */
const rim = 1e-9;

/** Parameter t at which the line o + t d meets the triangle at c[at..at+9), from either side; NaN where it does not (Möller and Trumbore 1997). */
export function lineThroughTriangle(
  c: Float64Array,
  at: number,
  ox: number,
  oy: number,
  oz: number,
  dx: number,
  dy: number,
  dz: number,
): number {
  const ux = c[at + 3] - c[at];
  const uy = c[at + 4] - c[at + 1];
  const uz = c[at + 5] - c[at + 2];
  const vx = c[at + 6] - c[at];
  const vy = c[at + 7] - c[at + 1];
  const vz = c[at + 8] - c[at + 2];
  const px = dy * vz - dz * vy;
  const py = dz * vx - dx * vz;
  const pz = dx * vy - dy * vx;
  const determinant = ux * px + uy * py + uz * pz;
  if (determinant === 0) return NaN;
  const inverse = 1 / determinant;
  const ax = ox - c[at];
  const ay = oy - c[at + 1];
  const az = oz - c[at + 2];
  const s = (ax * px + ay * py + az * pz) * inverse;
  if (!(s >= -rim && s <= 1 + rim)) return NaN;
  const qx = ay * uz - az * uy;
  const qy = az * ux - ax * uz;
  const qz = ax * uy - ay * ux;
  const r = (dx * qx + dy * qy + dz * qz) * inverse;
  if (!(r >= -rim && s + r <= 1 + rim)) return NaN;
  return (vx * qx + vy * qy + vz * qz) * inverse;
}

/** Finds what a line meets first, through the tree of a mesh. A query costs 1 to 3 µs. */
export class FirstHit {
  readonly tree: PlaceTree;
  /** Slot of the triangle that the last query met. */
  slot = 0;
  private readonly stack = new Int32Array(64);

  constructor(tree: PlaceTree) {
    this.tree = tree;
  }

  /** Where in [from, to] the line o + t d first meets a triangle, in units of d; Infinity where it meets none. */
  along(ox: number, oy: number, oz: number, dx: number, dy: number, dz: number, from: number, to: number): number {
    const { boxes, corners, leaves, count } = this.tree;
    const { stack } = this;
    const ix = 1 / dx;
    const iy = 1 / dy;
    const iz = 1 / dz;
    let best = to;
    let found = Infinity;
    let top = 1;
    stack[0] = 1;
    while (top > 0) {
      const node = stack[--top];
      const at = node * 6;
      // An empty box would be met by every line.
      if (boxes[at] > boxes[at + 3]) continue;
      let near = from;
      let far = best;
      // A line along the face of a box gives 0 * Infinity; a comparison with NaN leaves the bound as it is.
      let one = (boxes[at] - ox) * ix;
      let two = (boxes[at + 3] - ox) * ix;
      let low = Math.min(one, two);
      let high = Math.max(one, two);
      if (low > near) near = low;
      if (high < far) far = high;
      one = (boxes[at + 1] - oy) * iy;
      two = (boxes[at + 4] - oy) * iy;
      low = Math.min(one, two);
      high = Math.max(one, two);
      if (low > near) near = low;
      if (high < far) far = high;
      one = (boxes[at + 2] - oz) * iz;
      two = (boxes[at + 5] - oz) * iz;
      low = Math.min(one, two);
      high = Math.max(one, two);
      if (low > near) near = low;
      if (high < far) far = high;
      if (near > far * (1 + 1e-12) + 1e-12) continue;
      if (node < leaves) {
        // The child whose middle the line comes to first is looked at first.
        const left = node * 12;
        const ahead =
          (boxes[left] + boxes[left + 3] - boxes[left + 6] - boxes[left + 9]) * dx +
          (boxes[left + 1] + boxes[left + 4] - boxes[left + 7] - boxes[left + 10]) * dy +
          (boxes[left + 2] + boxes[left + 5] - boxes[left + 8] - boxes[left + 11]) * dz;
        const first = ahead > 0 ? node * 2 + 1 : node * 2;
        stack[top++] = first ^ 1;
        stack[top++] = first;
        continue;
      }
      const end = Math.min(count, (node - leaves + 1) * leafSlots);
      for (let slot = (node - leaves) * leafSlots; slot < end; slot++) {
        const t = lineThroughTriangle(corners, slot * 9, ox, oy, oz, dx, dy, dz);
        if (t >= from && t <= best && (t < best || found === Infinity)) {
          best = t;
          found = t;
          this.slot = slot;
        }
      }
    }
    return found;
  }
}
