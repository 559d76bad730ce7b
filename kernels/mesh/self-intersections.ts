import { type RunParts, sharedArray, stretches } from '../parts.ts';
import { float32Hash, tableSize } from './float32.ts';
import type { Mesh, Tick } from './mesh.ts';
import { growTree, leafSize, type TriangleTree } from './triangle-tree.ts';
import { trianglesCross } from './triangles-cross.ts';

export interface SelfIntersections {
  /** Pairs of triangles that cross; no more are counted than the limit. */
  pairs: number;
  /** Triangles that are in such a pair, rising. */
  triangles: Uint32Array;
}

interface Stretch extends TriangleTree {
  positions: Float32Array;
  /** Leaves that are held against themselves and those after them: [from, to). */
  from: number;
  to: number;
  limit: number;
}

/** A list of numbers that doubles, as many as fit in a typed array. */
class Pairs {
  list = new Uint32Array(64);
  length = 0;
  add(a: number, b: number): void {
    if (this.length === this.list.length) {
      const wider = new Uint32Array(this.list.length * 2);
      wider.set(this.list);
      this.list = wider;
    }
    this.list[this.length++] = Math.min(a, b);
    this.list[this.length++] = Math.max(a, b);
  }
}

/** Whether boxes i and j meet; touching counts. */
function meet(boxes: Float32Array, i: number, others: Float32Array, j: number): boolean {
  return (
    boxes[i] <= others[j + 3] &&
    others[j] <= boxes[i + 3] &&
    boxes[i + 1] <= others[j + 4] &&
    others[j + 1] <= boxes[i + 4] &&
    boxes[i + 2] <= others[j + 5] &&
    others[j + 2] <= boxes[i + 5]
  );
}

/** The pairs that cross, of triangles of one leaf and the same or another; `leaf <= other`. */
function pairsOfLeaves(s: Stretch, leaf: number, other: number, found: Pairs): void {
  const { boxes, corners, numbers, positions: p } = s;
  const last = Math.min(numbers.length, (leaf + 1) * leafSize);
  const end = Math.min(numbers.length, (other + 1) * leafSize);
  const whole = (s.firstLeaf + other) * 6;
  for (let i = leaf * leafSize; i < last; i++) {
    if (!meet(boxes, i * 6, s.nodes, whole)) continue;
    for (let j = leaf === other ? i + 1 : other * leafSize; j < end; j++) {
      if (!meet(boxes, i * 6, boxes, j * 6)) continue;
      const a = i * 3;
      const b = j * 3;
      if (trianglesCross(p, corners[a], corners[a + 1], corners[a + 2], corners[b], corners[b + 1], corners[b + 2]))
        found.add(numbers[i], numbers[j]);
    }
  }
}

/** Pairs (lower, higher number) that cross, by leaf; stops when there are `limit` or a few more. A part for threads. */
export function crossingsOfStretch(s: Stretch): Uint32Array {
  const { nodes, firstLeaf, from, to, limit } = s;
  const found = new Pairs();
  const stack = new Int32Array(64);
  for (let leaf = from; leaf < to && found.length < limit * 2; leaf++) {
    pairsOfLeaves(s, leaf, leaf, found);
    const box = (firstLeaf + leaf) * 6;
    // All leaves after this one lie under the right-hand neighbours of the nodes above it that are left-hand ones.
    for (let above = firstLeaf + leaf; above > 1; above >>= 1) {
      if (above & 1) continue;
      let depth = 0;
      stack[depth++] = above + 1;
      while (depth > 0) {
        const node = stack[--depth];
        if (!meet(nodes, box, nodes, node * 6)) continue;
        if (node >= firstLeaf) pairsOfLeaves(s, leaf, node - firstLeaf, found);
        else {
          stack[depth++] = node * 2 + 1;
          stack[depth++] = node * 2;
        }
      }
    }
  }
  return found.list.slice(0, found.length);
}

/** The mesh as an STL has it: positions in float32 on shared memory, and one number for vertices that are equal there. */
function asStored({ positions, triangles }: Mesh): { stored: Float32Array; joined: Uint32Array } {
  const stored = sharedArray(Float32Array, positions.length);
  stored.set(positions);
  const vertices = positions.length / 3;
  const mask = tableSize(vertices) - 1;
  const table = new Int32Array(mask + 1).fill(-1);
  const first = new Uint32Array(vertices);
  for (let vertex = 0; vertex < vertices; vertex++) {
    const x = stored[vertex * 3];
    const y = stored[vertex * 3 + 1];
    const z = stored[vertex * 3 + 2];
    let slot = float32Hash(x, y, z) & mask;
    for (; table[slot] >= 0; slot = (slot + 1) & mask) {
      const other = table[slot] * 3;
      if (stored[other] === x && stored[other + 1] === y && stored[other + 2] === z) break;
      // Vertices that are not numbers equal nothing; their triangles are left out, so one of them may stand for all.
      if (Number.isNaN(x + y + z) && Number.isNaN(stored[other] + stored[other + 1] + stored[other + 2])) break;
    }
    if (table[slot] < 0) table[slot] = vertex;
    first[vertex] = table[slot];
  }
  const joined = new Uint32Array(triangles.length);
  for (let at = 0; at < triangles.length; at++) joined[at] = first[triangles[at]];
  return { stored, joined };
}

/** Cut so finely that a cancel gets through and no thread waits long for another. */
const rounds = 16;
const piecesPerRound = 8;

/**
 * Triangles of a surface that go through, touch or lie on one another (P-print, P-finish): what a slicer fills wrongly. Triangles that
 * share a vertex or an edge count only where they meet beyond it: folded onto one another, say. Decided exactly, on the mesh as an STL
 * stores it: float32, corners of equal coordinates joined. Triangles without area or with a corner that is not finite are left out.
 *
 * `mesh` LPS mm; the crossing of mesh triangles by number. `limit`: the search ends when it has found so many pairs.
 * Throws RangeError where a triangle names a vertex that is not there. The result does not depend on threads.
 * Cost: O(triangles log triangles) where triangles are of like size, about 100 bytes a triangle; O(pairs of boxes that meet) at worst.
 */
export async function selfIntersections(mesh: Mesh, run: RunParts, tick?: Tick, limit = 1_000_000): Promise<SelfIntersections> {
  const vertices = mesh.positions.length / 3;
  for (const vertex of mesh.triangles) if (vertex >= vertices) throw new RangeError(`a triangle names vertex ${vertex} of ${vertices}`);
  if (!(limit > 0)) throw new RangeError(`not a number of pairs: ${limit}`);
  tick?.(0);
  const { stored, joined } = asStored(mesh);
  const tree = growTree(stored, joined);
  tick?.(0.3);
  const pieces = stretches(tree.leaves, rounds * piecesPerRound, 16);
  const marked = new Uint8Array(joined.length / 3);
  let pairs = 0;
  for (let at = 0; at < pieces.length && pairs < limit; at += piecesPerRound) {
    const inputs = pieces.slice(at, at + piecesPerRound).map(([from, to]) => ({ ...tree, positions: stored, from, to, limit }));
    for (const found of await run(crossingsOfStretch, inputs)) {
      for (let n = 0; n < found.length && pairs < limit; n += 2, pairs++) {
        marked[found[n]] = 1;
        marked[found[n + 1]] = 1;
      }
    }
    tick?.(0.3 + (0.7 * Math.min(pieces.length, at + piecesPerRound)) / pieces.length);
  }
  const triangles: number[] = [];
  for (let triangle = 0; triangle < marked.length; triangle++) if (marked[triangle]) triangles.push(triangle);
  return { pairs, triangles: Uint32Array.from(triangles) };
}
