import { type RunParts, stretches } from '../parts.ts';
import { isDegenerate, tableSize } from './float32.ts';
import type { Mesh } from './mesh.ts';

export interface FlatSearch {
  positions: Float32Array;
  triangles: Uint32Array;
  /** Triangles [from, to). */
  from: number;
  to: number;
}

/** Triangles without area, by number. Cost: some 5 ns a triangle. */
export function flatTriangles({ positions: p, triangles, from, to }: FlatSearch): number[] {
  const flat: number[] = [];
  for (let at = from * 3; at < to * 3; at += 3) {
    const a = triangles[at] * 3;
    const b = triangles[at + 1] * 3;
    const c = triangles[at + 2] * 3;
    const ux = p[b] - p[a];
    const uy = p[b + 1] - p[a + 1];
    const uz = p[b + 2] - p[a + 2];
    const vx = p[c] - p[a];
    const vy = p[c + 1] - p[a + 1];
    const vz = p[c + 2] - p[a + 2];
    const x = uy * vz - uz * vy;
    const y = uz * vx - ux * vz;
    const z = ux * vy - uy * vx;
    // At least a quarter of the longest edge's square; whoever is far from flat against that needs no closer look.
    const size = ux * ux + uy * uy + uz * uz + vx * vx + vy * vy + vz * vz;
    if (x * x + y * y + z * z > 1e-9 * size * size) continue;
    if (isDegenerate(p, triangles[at], triangles[at + 1], triangles[at + 2])) flat.push(at / 3);
  }
  return flat;
}

export interface CoincidenceSearch {
  positions: Float32Array;
  /** Of so many equal shares of all places, which. */
  share: number;
  shares: number;
}

/** A mixed hash of a point's bits; 0 and -0, which are equal, hash alike. */
function mixed(x: number, y: number, z: number): number {
  const lowest = -(2 ** 31);
  let h = Math.imul(x === lowest ? 0 : x, 0x9e3779b1) ^ Math.imul(y === lowest ? 0 : y, 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 15) ^ (z === lowest ? 0 : z), 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 14), 0x27d4eb2f);
  return h ^ (h >>> 15);
}

/** Pairs of vertices in one place among some. */
function pairsAmong(positions: Float32Array, vertices: readonly number[], hashes: readonly number[]): number[] {
  const table = new Int32Array(tableSize(vertices.length)).fill(-1);
  const found: number[] = [];
  for (const [n, vertex] of vertices.entries()) {
    const at = vertex * 3;
    let slot = hashes[n] & (table.length - 1);
    for (; table[slot] >= 0; slot = (slot + 1) & (table.length - 1)) {
      const other = table[slot] * 3;
      const equal =
        positions[other] === positions[at] && positions[other + 1] === positions[at + 1] && positions[other + 2] === positions[at + 2];
      if (equal) break;
    }
    if (table[slot] < 0) table[slot] = vertex;
    else found.push(vertex, table[slot]);
  }
  return found;
}

/**
 * Vertices that lie in the very place of another one, with those others; only places whose hash falls to this share.
 * Each hash sets a bit. Few find theirs set already; only they and those that set it are compared. Cost: some 15 ns a vertex.
 */
export function coincidentVertices({ positions, share, shares }: CoincidenceSearch): number[] {
  const bits = new Int32Array(positions.buffer, positions.byteOffset, positions.length);
  const slots = Math.max(tableSize((positions.length / 3 / shares) * 16), 1024);
  const seen = new Int32Array(slots / 32);
  const again = new Int32Array(slots / 32);
  let met = 0;
  for (let at = 0; at < bits.length; at += 3) {
    const hash = mixed(bits[at], bits[at + 1], bits[at + 2]);
    if ((hash >>> 28) % shares !== share) continue;
    const word = (hash & (slots - 1)) >>> 5;
    const bit = 1 << (hash & 31);
    const before = seen[word];
    seen[word] = before | bit;
    if ((before & bit) === 0) continue;
    again[word] |= bit;
    met++;
  }
  if (met === 0) return [];
  const vertices: number[] = [];
  const hashes: number[] = [];
  for (let at = 0; at < bits.length; at += 3) {
    const hash = mixed(bits[at], bits[at + 1], bits[at + 2]);
    if ((again[(hash & (slots - 1)) >>> 5] & (1 << (hash & 31))) === 0 || (hash >>> 28) % shares !== share) continue;
    vertices.push(at / 3);
    hashes.push(hash >>> 5);
  }
  return pairsAmong(positions, vertices, hashes);
}

/** Places are shared out among so many searches. */
const shares = 2;

/**
 * As `retreat` (float32.ts), for threads: takes vertices of `moved` back to where they started until no two coincide and no triangle is
 * without area, unless they did so at the start. Changes `moved.positions`; all arrays on shared memory, float32. Returns how many
 * vertices went back. Cost: some 25 ns a vertex a round, mostly one.
 */
export async function retreatByParts(moved: Mesh & { positions: Float32Array }, start: Float32Array, run: RunParts): Promise<number> {
  const { positions, triangles } = moved;
  const back = new Uint8Array(positions.length / 3);
  const cut = stretches(triangles.length / 3, 6, 4096).map(([from, to]) => ({ positions, triangles, from, to }));
  let total = 0;
  for (let before = -1; before !== total; ) {
    before = total;
    const together = await run(
      coincidentVertices,
      Array.from({ length: shares }, (_, share) => ({ positions, share, shares })),
    );
    const flat = await run(flatTriangles, cut);
    const going = [...together.flat(), ...flat.flat().flatMap((triangle) => [...triangles.subarray(triangle * 3, triangle * 3 + 3)])];
    for (const vertex of going) {
      if (back[vertex]) continue;
      back[vertex] = 1;
      total++;
      for (let at = vertex * 3; at < vertex * 3 + 3; at++) positions[at] = start[at];
    }
  }
  return total;
}
