import { resampleTurned } from '../spacing/resample-turned.ts';
import { indexToLps, type Triple, type VolumeGeometry } from '../volume/geometry.ts';

/** Both globes' centres, LPS mm, the patient's right one first. */
export interface Orbits {
  rightLps: Triple;
  leftLps: Triple;
}

/** Size of the region around the orbits, mm: from the point between the globes to each side, to the front, to the back, up and down. */
export const regionMm = { side: 64, front: 28, back: 60, up: 38, down: 38 };

const coarseMm = 3;
const airHu = -1000;
/** Of five that a perfect globe has. */
const leastScore = 2;

/** Offsets of the voxels of a shell, in coarse voxels. */
function shell(fromMm: number, toMm: number): Int32Array {
  const at: number[] = [];
  const reach = Math.ceil(toMm / coarseMm);
  for (let z = -reach; z <= reach; z++)
    for (let y = -reach; y <= reach; y++)
      for (let x = -reach; x <= reach; x++) {
        const mm = Math.hypot(x, y, z) * coarseMm;
        if (mm >= fromMm && mm < toMm) at.push(x, y, z);
      }
  return Int32Array.from(at);
}
const ball = shell(0, 9.5);
const around = shell(13, 19.5);

interface Coarse {
  grid: VolumeGeometry;
  values: Float32Array;
}

/** The volume at 3 mm along the LPS axes. */
function coarse(values: Int16Array | Float32Array, g: VolumeGeometry): Coarse {
  const low: Triple = [Infinity, Infinity, Infinity];
  const high: Triple = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const [i, j, k] = [0, 1, 2].map((a) => (corner & (1 << a) ? g.dimensions[a]! - 1 : 0)) as Triple;
    indexToLps(g, i, j, k).forEach((v, a) => {
      low[a] = Math.min(low[a]!, v);
      high[a] = Math.max(high[a]!, v);
    });
  }
  const dimensions = low.map((v, a) => Math.max(1, Math.min(400, Math.floor((high[a]! - v) / coarseMm) + 1))) as Triple;
  const grid: VolumeGeometry = {
    dimensions,
    spacingMm: [coarseMm, coarseMm, coarseMm],
    originLps: low,
    directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
  return { grid, values: resampleTurned(values, g, grid, airHu, () => {}, 3) };
}

interface Candidate {
  index: Triple;
  score: number;
}

/**
 * How much a place looks like the centre of a globe: a ball of water-like tissue; fat and bone close around it; behind it the fat of the
 * orbit; air of the outer world in front. 0: it does not.
 */
function globeScore({ grid, values }: Coarse, x: number, y: number, z: number): number {
  const [nx, ny, nz] = grid.dimensions;
  let inside = 0;
  let water = 0;
  for (let n = 0; n < ball.length; n += 3) {
    const [i, j, k] = [x + ball[n]!, y + ball[n + 1]!, z + ball[n + 2]!];
    if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) continue;
    const v = values[(k * ny + j) * nx + i]!;
    inside++;
    if (v > -35 && v < 90) water++;
  }
  if (inside * 3 < ball.length * 0.6 || water < 0.85 * inside) return 0;
  let seen = 0;
  let fat = 0;
  let bone = 0;
  let behind = 0;
  let fatBehind = 0;
  for (let n = 0; n < around.length; n += 3) {
    const [i, j, k] = [x + around[n]!, y + around[n + 1]!, z + around[n + 2]!];
    if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) continue;
    const v = values[(k * ny + j) * nx + i]!;
    const isFat = v > -200 && v < -25;
    seen++;
    if (isFat) fat++;
    if (v > 180) bone++;
    if (around[n + 1]! > 2) {
      behind++;
      if (isFat) fatBehind++;
    }
  }
  if (seen === 0 || fat < 0.08 * seen || bone < 0.03 * seen) return 0;
  let air = 0;
  for (let step = 4; step <= 13 && y - step >= 0; step++) if (values[(z * ny + y - step) * nx + x]! < -400) air++;
  const share = (part: number, whole: number, cap: number) => (whole === 0 ? 0 : Math.min(cap, part / whole) / cap);
  return (
    water / inside + share(fat, seen, 0.35) + share(fatBehind, behind, 0.5) + share(bone, seen, 0.2) + (y < 6 ? 0.5 : share(air, 6, 1))
  );
}

/** The best places, best first, none within 15 mm of a better one. */
function candidates(c: Coarse): Candidate[] {
  const [nx, ny, nz] = c.grid.dimensions;
  const found: Candidate[] = [];
  const look = (x: number, y: number, z: number): number => {
    const v = c.values[(z * ny + y) * nx + x]!;
    return v < -35 || v > 90 ? 0 : globeScore(c, x, y, z);
  };
  // Every second place first: a globe is eight voxels wide, so none is missed; then the best of each neighbourhood.
  for (let z = 0; z < nz; z += 2)
    for (let y = 0; y < ny; y += 2)
      for (let x = 0; x < nx; x += 2) {
        let best: Candidate = { index: [x, y, z], score: look(x, y, z) };
        if (best.score <= leastScore - 0.4) continue;
        for (let n = 0; n < 27; n++) {
          const at: Triple = [x + (n % 3) - 1, y + (Math.floor(n / 3) % 3) - 1, z + Math.floor(n / 9) - 1];
          if (at.some((v, a) => v < 0 || v >= c.grid.dimensions[a]!)) continue;
          const score = look(...at);
          if (score > best.score) best = { index: at, score };
        }
        if (best.score > leastScore) found.push(best);
      }
  found.sort((a, b) => b.score - a.score);
  const kept: Candidate[] = [];
  for (const one of found) {
    if (kept.length === 60) break;
    if (kept.every((k) => Math.hypot(...k.index.map((v, a) => v - one.index[a]!)) * coarseMm > 15)) kept.push(one);
  }
  return kept;
}

/**
 * Looks for the two globes of a head CT, and with them for the orbits: on a 3 mm copy, each place is scored as the centre of a globe, and
 * the best pair at the distance of two eyes, about level and about equally far in front, is taken. No anatomy atlas, no network.
 * @param values HU of grid `g`, LPS
 * @returns null where no pair is convincing (no head, no orbits in the field of view, no soft tissue)
 * Cost: a coarse copy (about 0.2 s for a whole head) and some hundred reads a coarse soft-tissue voxel.
 */
export function findOrbits(values: Int16Array | Float32Array, g: VolumeGeometry): Orbits | null {
  const c = coarse(values, g);
  const list = candidates(c);
  let best: { a: Candidate; b: Candidate; score: number } | null = null;
  for (const a of list)
    for (const b of list) {
      if (a.index[0] >= b.index[0]) continue;
      const [dx, dy, dz] = [0, 1, 2].map((n) => Math.abs(a.index[n]! - b.index[n]!) * coarseMm) as Triple;
      if (dx < 42 || dx > 84 || dy > 20 || dz > 20) continue;
      const score = a.score + b.score - (dy + dz) / 20 - Math.abs(dx - 62) / 60;
      if (score > 5 && (!best || score > best.score)) best = { a, b, score };
    }
  // i of the coarse grid grows along +x: the patient's right comes first.
  return best && { rightLps: indexToLps(c.grid, ...best.a.index), leftLps: indexToLps(c.grid, ...best.b.index) };
}

/** The region around the orbits as LPS bounds: xmin, ymin, zmin, xmax, ymax, zmax. */
export function regionOf({ rightLps, leftLps }: Orbits): [number, number, number, number, number, number] {
  const [x, y, z] = [0, 1, 2].map((a) => (rightLps[a]! + leftLps[a]!) / 2) as Triple;
  const { side, front, back, up, down } = regionMm;
  return [x - side, y - front, z - down, x + side, y + back, z + up];
}
