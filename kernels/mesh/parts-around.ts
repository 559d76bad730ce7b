import type { Mesh } from './mesh.ts';

/** Points of each part that are looked at; it lies in another where all of them do. */
const probes = 16;

/** What is asked of a part here; `partsOf` says it. */
interface Placed {
  triangles: number;
  closed: boolean;
  boundsLps: { min: [number, number, number]; max: [number, number, number] };
}

/**
 * The closed parts that each closed part lies in with all of its points that are looked at, by the crossings of rays along x; parts that
 * cross do not lie in one another. `numbers` names the part of each triangle, a number beyond `parts` none. Only parts that are `asked`
 * about get an answer, and only those that may be `outer` are in it; open ones have none and are in none. LPS mm. Cost: O(triangles), and
 * a little for each point that a triangle of an outer part lies beside.
 */
export function partsAround(
  { positions: p, triangles }: Mesh,
  parts: readonly Placed[],
  numbers: Uint32Array,
  asked: (part: number) => boolean = () => true,
  outer: (part: number) => boolean = () => true,
): Set<number>[] {
  const around: Set<number>[] = parts.map(() => new Set());
  const inner = parts.map(({ closed }, part) => closed && asked(part));
  const shell = parts.map(({ closed }, part) => closed && outer(part));
  if (!inner.includes(true) || !shell.includes(true)) return around;
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
    if (!inner[part]) continue;
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
    if (!shell[own]) continue;
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
  const known = new Uint8Array(parts.length);
  points.forEach(({ part }, n) => {
    around[part] = known[part] ? new Set([...around[part]].filter((other) => inside[n].has(other))) : inside[n];
    known[part] = 1;
  });
  return around;
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
