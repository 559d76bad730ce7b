import type { Mesh } from './mesh.ts';

/**
 * STL stores float32, and who reads it joins vertices whose float32 coordinates are equal. Two vertices that differ in double precision
 * only would thus become one and tear a closed surface apart; these functions find and avoid that.
 */
const asFloat = new Float32Array(3);
const asBits = new Uint32Array(asFloat.buffer);

/** A well mixed 32-bit hash of a point as float32; -0 hashes as 0. */
export function float32Hash(x: number, y: number, z: number): number {
  asFloat[0] = x + 0;
  asFloat[1] = y + 0;
  asFloat[2] = z + 0;
  let h = Math.imul(asBits[0] ^ (asBits[0] >>> 15), 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 13) ^ asBits[1], 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 16) ^ asBits[2], 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x27d4eb2f);
  return (h ^ (h >>> 14)) >>> 0;
}

/** The power of two that is at least twice `entries`: the size of an open-addressing table that stays at most half full. */
export function tableSize(entries: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(8, entries * 2)));
}

/** A triangle's height over its longest edge, as a part of that edge, below which it counts as having no area in float32. */
const flatness = 1e-6;

/** True where the triangle has no area: equal corners, or all three on a line as far as float32 can tell. NaN corners: false. */
export function isDegenerate(p: ArrayLike<number>, a: number, b: number, c: number): boolean {
  const { fround } = Math;
  const ax = fround(p[a * 3]);
  const ay = fround(p[a * 3 + 1]);
  const az = fround(p[a * 3 + 2]);
  const ux = fround(p[b * 3]) - ax;
  const uy = fround(p[b * 3 + 1]) - ay;
  const uz = fround(p[b * 3 + 2]) - az;
  const vx = fround(p[c * 3]) - ax;
  const vy = fround(p[c * 3 + 1]) - ay;
  const vz = fround(p[c * 3 + 2]) - az;
  const cx = uy * vz - uz * vy;
  const cy = uz * vx - ux * vz;
  const cz = ux * vy - uy * vx;
  const longest = Math.max(
    ux * ux + uy * uy + uz * uz,
    vx * vx + vy * vy + vz * vz,
    (ux - vx) * (ux - vx) + (uy - vy) * (uy - vy) + (uz - vz) * (uz - vz),
  );
  return Math.sqrt(cx * cx + cy * cy + cz * cz) <= flatness * longest;
}

/** Calls `meet(vertex, earlier)` for every vertex that in float32 equals an earlier one. O(n) time, at most 16 bytes a vertex. */
function eachCoincidence(positions: ArrayLike<number>, meet: (vertex: number, earlier: number) => void): void {
  const vertices = positions.length / 3;
  const mask = tableSize(vertices) - 1;
  const table = new Int32Array(mask + 1).fill(-1);
  const { fround } = Math;
  for (let vertex = 0; vertex < vertices; vertex++) {
    const x = fround(positions[vertex * 3]);
    const y = fround(positions[vertex * 3 + 1]);
    const z = fround(positions[vertex * 3 + 2]);
    let slot = float32Hash(x, y, z) & mask;
    for (; table[slot] >= 0; slot = (slot + 1) & mask) {
      const other = table[slot] * 3;
      if (fround(positions[other]) !== x || fround(positions[other + 1]) !== y || fround(positions[other + 2]) !== z) continue;
      meet(vertex, table[slot]);
      break;
    }
    if (table[slot] < 0) table[slot] = vertex;
  }
}

/**
 * Takes vertices of `moved` back to where they started until no two vertices coincide in float32 and no triangle is without area,
 * unless they did so at the start. Changes `moved.positions`; returns how many vertices went back. Each round takes at least one vertex
 * back, so it ends; in practice after two or three rounds of O(n).
 */
export function retreat(moved: Mesh, start: Float64Array | Float32Array): number {
  const { positions, triangles } = moved;
  const back = new Uint8Array(positions.length / 3);
  let total = 0;
  for (let before = -1; before !== total; ) {
    before = total;
    const send = (vertex: number) => {
      if (back[vertex]) return;
      back[vertex] = 1;
      total++;
    };
    eachCoincidence(positions, (vertex, earlier) => {
      send(vertex);
      send(earlier);
    });
    for (let at = 0; at < triangles.length; at += 3) {
      if (!isDegenerate(positions, triangles[at], triangles[at + 1], triangles[at + 2])) continue;
      send(triangles[at]);
      send(triangles[at + 1]);
      send(triangles[at + 2]);
    }
    if (total === before) break;
    for (let vertex = 0; vertex < back.length; vertex++) {
      if (back[vertex]) for (let at = vertex * 3; at < vertex * 3 + 3; at++) positions[at] = start[at];
    }
  }
  return total;
}
