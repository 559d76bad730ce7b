import { type Edges, edgesOf } from './edges.ts';
import type { Mesh } from './mesh.ts';
import { type MeshPart, noPart, partNumbers, partsOf } from './parts-of.ts';

/** Triangles of the marked numbers turned round. */
function turnedRound(mesh: Mesh, turn: Uint8Array): { mesh: Mesh; turned: number } {
  let turned = 0;
  for (const one of turn) turned += one;
  if (turned === 0) return { mesh, turned };
  const triangles = mesh.triangles.slice();
  for (let triangle = 0; triangle < turn.length; triangle++) {
    if (turn[triangle])
      [triangles[triangle * 3 + 1], triangles[triangle * 3 + 2]] = [triangles[triangle * 3 + 2], triangles[triangle * 3 + 1]];
  }
  return { mesh: { positions: mesh.positions, triangles }, turned };
}

/**
 * Turns triangles so that neighbours over an edge of two run along it opposite ways; of each piece that hangs together so, the fewer are
 * turned. A surface with one side only keeps a seam. `twins` as of `edgesOf` or edges paired by another rule. Cost: O(triangles).
 */
export function orientAlike(
  mesh: Mesh,
  { twins }: Pick<Edges, 'twins'> = edgesOf(mesh.triangles, mesh.positions.length / 3),
): { mesh: Mesh; turned: number } {
  const { triangles } = mesh;
  const count = triangles.length / 3;
  const turn = new Uint8Array(count);
  const seen = new Uint8Array(count);
  const piece: number[] = [];
  for (let first = 0; first < count; first++) {
    if (seen[first]) continue;
    piece.length = 0;
    piece.push(first);
    seen[first] = 1;
    let turned = 0;
    for (let n = 0; n < piece.length; n++) {
      const triangle = piece[n];
      for (let h = triangle * 3; h < triangle * 3 + 3; h++) {
        const g = twins[h];
        if (g < 0) continue;
        const beside = Math.floor(g / 3);
        if (seen[beside]) continue;
        seen[beside] = 1;
        turn[beside] = (triangles[g] === triangles[h] ? 1 : 0) ^ turn[triangle];
        turned += turn[beside];
        piece.push(beside);
      }
    }
    if (turned * 2 > piece.length) for (const triangle of piece) turn[triangle] ^= 1;
  }
  return turnedRound(mesh, turn);
}

/** Points of each part that are looked at; it lies in another where all of them do. */
const probes = 16;

/**
 * How many other closed parts each closed part lies in with all of its points that are looked at, by the crossings of rays along x; parts
 * that cross do not lie in one another. -1 for open ones. Cost: O(triangles), and a little for each point that a triangle lies beside.
 */
function depths(mesh: Mesh, parts: MeshPart[], numbers: Uint32Array): Int32Array {
  const { positions: p, triangles } = mesh;
  const depth = Int32Array.from(parts, (part) => (part.closed ? 0 : -1));
  if (parts.length < 2) return depth;
  const side = 256;
  const low = [Infinity, Infinity];
  const high = [-Infinity, -Infinity];
  for (const { boundsLps } of parts) {
    for (const axis of [0, 1]) {
      low[axis] = Math.min(low[axis], boundsLps.min[axis + 1]);
      high[axis] = Math.max(high[axis], boundsLps.max[axis + 1]);
    }
  }
  const bin = (value: number, axis: number) =>
    Math.max(0, Math.min(side - 1, Math.floor(((value - low[axis]) / Math.max(Number.MIN_VALUE, high[axis] - low[axis])) * side)));
  const points: { part: number; at: number[] }[] = [];
  const bins = new Map<number, number[]>();
  const met = new Uint32Array(parts.length);
  for (let triangle = 0; triangle < numbers.length; triangle++) {
    const part = numbers[triangle];
    if (part === noPart || !parts[part].closed) continue;
    const every = Math.max(1, Math.floor(parts[part].triangles / probes));
    if (met[part]++ % every !== 0 || met[part] > every * probes) continue;
    // A point within the triangle, off its middle: seldom in line with an edge of another.
    const [a, b, c] = [0, 1, 2].map((n) => triangles[triangle * 3 + n] * 3);
    const at = [0, 1, 2].map((axis) => 0.43 * p[a + axis] + 0.31 * p[b + axis] + 0.26 * p[c + axis]);
    const key = bin(at[1], 0) * side + bin(at[2], 1);
    const here = bins.get(key);
    if (here) here.push(points.length);
    else bins.set(key, [points.length]);
    points.push({ part, at });
  }
  // For each point, the parts that its ray goes through an odd number of times so far.
  const inside = points.map(() => new Set<number>());
  for (let triangle = 0; triangle < numbers.length; triangle++) {
    const own = numbers[triangle];
    if (own === noPart || !parts[own].closed) continue;
    const corners = [0, 1, 2].map((n) => triangles[triangle * 3 + n] * 3);
    const ys = corners.map((at) => p[at + 1]);
    const zs = corners.map((at) => p[at + 2]);
    const [j0, j1, k0, k1] = [bin(Math.min(...ys), 0), bin(Math.max(...ys), 0), bin(Math.min(...zs), 1), bin(Math.max(...zs), 1)];
    for (let j = j0; j <= j1; j++) {
      for (let k = k0; k <= k1; k++) {
        for (const n of bins.get(j * side + k) ?? []) {
          if (points[n].part !== own && rayMeets(p, corners, points[n].at) && !inside[n].delete(own)) inside[n].add(own);
        }
      }
    }
  }
  const around = new Map<number, Set<number>>();
  points.forEach(({ part }, n) => {
    const known = around.get(part);
    around.set(part, known ? new Set([...known].filter((other) => inside[n].has(other))) : inside[n]);
  });
  for (const [part, others] of around) depth[part] = others.size;
  return depth;
}

/** Whether the ray from a point towards growing x goes through a triangle; edges count for one of their two sides. */
function rayMeets(p: ArrayLike<number>, corners: number[], [x, y, z]: number[]): boolean {
  let inside = false;
  for (let n = 0; n < 3; n++) {
    let a = corners[n];
    let b = corners[(n + 1) % 3];
    if (p[a + 2] > z === p[b + 2] > z) continue;
    // Always from the lower end up, so that both triangles of an edge get the same number.
    if (p[a + 2] > p[b + 2]) [a, b] = [b, a];
    if (p[a + 1] + ((z - p[a + 2]) / (p[b + 2] - p[a + 2])) * (p[b + 1] - p[a + 1]) > y) inside = !inside;
  }
  if (!inside) return false;
  const [a, b, c] = corners;
  const ux = p[b] - p[a];
  const uy = p[b + 1] - p[a + 1];
  const uz = p[b + 2] - p[a + 2];
  const vx = p[c] - p[a];
  const vy = p[c + 1] - p[a + 1];
  const vz = p[c + 2] - p[a + 2];
  const nx = uy * vz - uz * vy;
  const ny = uz * vx - ux * vz;
  const nz = ux * vy - uy * vx;
  return nx !== 0 && p[a] - (ny * (y - p[a + 1]) + nz * (z - p[a + 2])) / nx > x;
}

/**
 * Turns whole closed parts so that they face outward, and inward where they lie in an odd number of others: a cavity. Triangles of a part
 * already run alike. Open parts stay. Returns how many triangles were turned.
 */
export function orientOutward(mesh: Mesh): { mesh: Mesh; turned: number } {
  const parts = partsOf(mesh);
  const numbers = partNumbers(edgesOf(mesh.triangles, mesh.positions.length / 3)).parts;
  const depth = depths(mesh, parts, numbers);
  const wrong = parts.map((part, n) => part.closed && (depth[n] % 2 === 1 ? part.volumeMm3 > 0 : part.volumeMm3 < 0));
  return turnedRound(
    mesh,
    Uint8Array.from(numbers, (part) => (part !== noPart && wrong[part] ? 1 : 0)),
  );
}
