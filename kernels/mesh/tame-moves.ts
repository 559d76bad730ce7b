import type { Mesh } from './mesh.ts';

/** A triangle may turn by no more than the angle of this cosine, and keeps at least this part of its area. */
const leastCosine = 0.2;
const leastArea = 0.05;
/** A move is halved so often before it is given up. */
const halvings = 8;

const before = new Float64Array(3);
const after = new Float64Array(3);

function crossOf({ positions: p, triangles }: Mesh, ways: Float32Array, moves: Float32Array | null, at: number, out: Float64Array): void {
  const a = triangles[at];
  const b = triangles[at + 1];
  const c = triangles[at + 2];
  const [ma, mb, mc] = moves ? [moves[a], moves[b], moves[c]] : [0, 0, 0];
  const ax = p[a * 3] + ma * ways[a * 3];
  const ay = p[a * 3 + 1] + ma * ways[a * 3 + 1];
  const az = p[a * 3 + 2] + ma * ways[a * 3 + 2];
  const ux = p[b * 3] + mb * ways[b * 3] - ax;
  const uy = p[b * 3 + 1] + mb * ways[b * 3 + 1] - ay;
  const uz = p[b * 3 + 2] + mb * ways[b * 3 + 2] - az;
  const vx = p[c * 3] + mc * ways[c * 3] - ax;
  const vy = p[c * 3 + 1] + mc * ways[c * 3 + 1] - ay;
  const vz = p[c * 3 + 2] + mc * ways[c * 3 + 2] - az;
  out[0] = uy * vz - uz * vy;
  out[1] = uz * vx - ux * vz;
  out[2] = ux * vy - uy * vx;
}

/**
 * Makes moves along ways (unit vectors, one a vertex) smaller until no triangle turns over or loses its area: those of a triangle that would are halved, at last
 * given up. Changes `moves`. A triangle none of whose corners moves stays as it is, so this comes to an end. O(triangles) a round.
 */
export function tameMoves(mesh: Mesh, ways: Float32Array, moves: Float32Array): void {
  const { triangles } = mesh;
  for (let round = 0, wild = true; wild; round++) {
    wild = false;
    for (let at = 0; at < triangles.length; at += 3) {
      const [a, b, c] = [triangles[at], triangles[at + 1], triangles[at + 2]];
      if (!(moves[a] > 0 || moves[b] > 0 || moves[c] > 0)) continue;
      crossOf(mesh, ways, null, at, before);
      crossOf(mesh, ways, moves, at, after);
      const was = Math.hypot(...before);
      const is = Math.hypot(...after);
      const along = before[0] * after[0] + before[1] * after[1] + before[2] * after[2];
      if (was === 0 || (is >= leastArea * was && along >= leastCosine * was * is)) continue;
      wild = true;
      const keep = round < halvings ? 0.5 : 0;
      moves[a] *= keep;
      moves[b] *= keep;
      moves[c] *= keep;
    }
  }
}
