import { sharedArray } from '../parts.ts';
import { hasArea } from './triangles-cross.ts';

/** Triangles a leaf. */
export const leafSize = 4;

/**
 * Boxes around triangles, sorted along a space-filling curve and gathered four to a leaf, two to a node above. Node 1 is the top, the
 * children of n are 2n and 2n + 1, leaf l is node `firstLeaf + l`; a box is min x, y, z, max x, y, z, and one that holds nothing has
 * its min above its max. All on shared memory.
 */
export interface TriangleTree {
  /** Power of two. */
  firstLeaf: number;
  /** Leaves that hold triangles. */
  leaves: number;
  nodes: Float32Array;
  /** Of every triangle as sorted: its number, its three vertices, its box. */
  numbers: Uint32Array;
  corners: Uint32Array;
  boxes: Float32Array;
}

/** Spreads ten bits so that two zeros follow each. */
function spread(value: number): number {
  let v = value & 0x3ff;
  v = (v | (v << 16)) & 0x030000ff;
  v = (v | (v << 8)) & 0x0300f00f;
  v = (v | (v << 4)) & 0x030c30c3;
  return (v | (v << 2)) & 0x09249249;
}

/** Stable radix sort of `order` by 30-bit keys, ten bits a round. */
function sortByKey(order: Uint32Array, keys: Uint32Array): Uint32Array {
  let from: Uint32Array = order;
  let to: Uint32Array = new Uint32Array(order.length);
  for (let shift = 0; shift < 30; shift += 10) {
    const place = new Uint32Array(1025);
    for (let n = 0; n < from.length; n++) place[((keys[from[n]] >>> shift) & 1023) + 1]++;
    for (let digit = 0; digit < 1024; digit++) place[digit + 1] += place[digit];
    for (let n = 0; n < from.length; n++) to[place[(keys[from[n]] >>> shift) & 1023]++] = from[n];
    [from, to] = [to, from];
  }
  return from;
}

/**
 * Triangles with area and finite corners, by place. `positions` float32 x, y, z a vertex; three vertex numbers a triangle.
 * Cost: O(triangles); 60 bytes a triangle.
 */
export function growTree(positions: Float32Array, triangles: Uint32Array): TriangleTree {
  const count = triangles.length / 3;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let at = 0; at < positions.length; at++) {
    const value = positions[at];
    if (!Number.isFinite(value)) continue;
    const axis = at % 3;
    if (value < low[axis]) low[axis] = value;
    if (value > high[axis]) high[axis] = value;
  }
  const scale = low.map((value, axis) => (high[axis] > value ? 1023.999 / (3 * (high[axis] - value)) : 0));
  const keys = new Uint32Array(count);
  const kept = new Uint32Array(count);
  let used = 0;
  for (let n = 0; n < count; n++) {
    const [a, b, c] = [triangles[n * 3], triangles[n * 3 + 1], triangles[n * 3 + 2]];
    let key = 0;
    let finite = true;
    for (let axis = 0; axis < 3; axis++) {
      const thrice = positions[a * 3 + axis] + positions[b * 3 + axis] + positions[c * 3 + axis];
      if (!Number.isFinite(thrice)) finite = false;
      key |= spread((thrice - 3 * low[axis]) * scale[axis]) << axis;
    }
    keys[n] = key;
    if (finite && hasArea(positions, a, b, c)) kept[used++] = n;
  }
  const order = sortByKey(kept.subarray(0, used), keys);

  const leaves = Math.ceil(used / leafSize);
  const firstLeaf = 2 ** Math.ceil(Math.log2(Math.max(1, leaves)));
  const nodes = sharedArray(Float32Array, firstLeaf * 12);
  const numbers = sharedArray(Uint32Array, used);
  const corners = sharedArray(Uint32Array, used * 3);
  const boxes = sharedArray(Float32Array, used * 6);
  for (let at = 0; at < nodes.length; at++) nodes[at] = at % 6 < 3 ? Infinity : -Infinity;
  for (let n = 0; n < used; n++) {
    const triangle = order[n];
    numbers[n] = triangle;
    const leaf = (firstLeaf + Math.floor(n / leafSize)) * 6;
    for (let axis = 0; axis < 3; axis++) {
      const corner = triangles[triangle * 3 + axis];
      corners[n * 3 + axis] = corner;
      const x = positions[triangles[triangle * 3] * 3 + axis];
      const y = positions[triangles[triangle * 3 + 1] * 3 + axis];
      const z = positions[triangles[triangle * 3 + 2] * 3 + axis];
      const least = Math.min(x, y, z);
      const most = Math.max(x, y, z);
      boxes[n * 6 + axis] = least;
      boxes[n * 6 + 3 + axis] = most;
      if (least < nodes[leaf + axis]) nodes[leaf + axis] = least;
      if (most > nodes[leaf + 3 + axis]) nodes[leaf + 3 + axis] = most;
    }
  }
  for (let node = firstLeaf - 1; node > 0; node--) {
    for (let axis = 0; axis < 3; axis++) {
      nodes[node * 6 + axis] = Math.min(nodes[node * 12 + axis], nodes[node * 12 + 6 + axis]);
      nodes[node * 6 + 3 + axis] = Math.max(nodes[node * 12 + 3 + axis], nodes[node * 12 + 9 + axis]);
    }
  }
  return { firstLeaf, leaves, nodes, numbers, corners, boxes };
}
