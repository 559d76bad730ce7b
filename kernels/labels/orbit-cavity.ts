import { indexToLps, lpsToIndex, type Triple, type VolumeGeometry, voxelCount, voxelVolumeMm3 } from '../volume/geometry.ts';
import { createSampler } from '../volume/sampler.ts';
import { closeRadii } from './closed-radii.ts';
import { frameToLps, lpsToFrame, type OrbitFrame, orbitFrame } from './orbit-frame.ts';
import { type OrbitFront, orbitFront } from './orbit-front.ts';
import { type OrbitRays, orbitRays } from './orbit-rays.ts';
import { orbitWalls, type WallSettings } from './orbit-walls.ts';

export interface CavitySettings extends WallSettings {
  /** Openings of the wall narrower than this are closed; the cavity ends where the orbit itself becomes narrower. */
  closeMm: number;
}

export interface OrbitSide {
  voxels: number;
  volumeMm3: number;
  centreLps: Triple;
  /** Share of the wall that was seen, 0 to 1; the rest was spanned: fissures, canal, holes. */
  wallSeen: number;
  rimDeviationMm: number;
}
/** Why a side has no cavity. */
export type CavityFault = 'no rim' | 'cut off' | 'leak';

/** More than any orbit holds, mm3. */
const leakMm3 = 60_000;
/** Bone and air inside are taken out where they lie this deep: nearer to the wall they are its blurred edge. */
const rindMm = 1;
/** Behind this the globe has ended. */
const globeMm = 14;

/**
 * M-cavity (Annex B, Jesper): the voxels of one orbit's cavity: bounded by bone at and above boneHu and air at and below airHu, the front
 * closed by a film over the rim, fissures and canal closed.
 * @param values HU of grid `g`, LPS; @param eyeLps centre of the eye; @param otherLps of the other eye, or null; @param side 1 left, -1 right
 * @param mask receives 1 at the cavity's voxels; what stands in it stays
 * @returns the side's figures, or why there is none (the mask is then as it was)
 * @throws RangeError where values, mask and grid do not fit
 * Cost: about half a second and 40 MB, whatever the size of the volume. No randomness, one thread, fixed order: the same bytes every time.
 */
export function orbitCavity(
  values: Int16Array | Float32Array,
  g: VolumeGeometry,
  eyeLps: Triple,
  otherLps: Triple | null,
  side: 1 | -1,
  settings: CavitySettings,
  mask: Uint8Array,
): OrbitSide | CavityFault {
  if (mask.length !== voxelCount(g.dimensions)) throw new RangeError('the mask does not fit its grid');
  const frame = orbitFrame(eyeLps, otherLps, side);
  const rays = orbitRays(createSampler(values, g), frame, (hu) => hu >= settings.boneHu || hu <= settings.airHu);
  const { radii, cut, denseHu } = orbitWalls(rays, settings);
  // The rim's face, as the walls', lies half-way to the density of its bone.
  const front = orbitFront(rays, Math.max(settings.boneHu, (denseHu ?? 0) / 2));
  if (!front) return 'no rim';
  const first = Math.max(0, section(rays, Math.min(...front.rim.map(([a]) => a))));
  // In front of the rim nothing closes the orbit; the film over it does, so that what the wall would do there must only be smooth.
  for (let n = 0; n < rays.sections; n++)
    for (let t = 0; t < rays.angles; t++)
      if (!behind(rays, front, n, t, radii[n * rays.angles + t]!)) radii[n * rays.angles + t] = Number.NaN;
  const closed = closeRadii(
    { radii, sections: rays.sections, angles: rays.angles, stepMm: rays.stepMm },
    settings.closeMm,
    section(rays, globeMm),
  );
  const end = apex(rays, closed.radii, settings.closeMm);
  const [seen, lost] = census(rays, closed.seen, cut, first, end);
  if (lost > 0.08) return 'cut off';
  const shape: Shape = { frame, rays, front, radii: closed.radii, endMm: end };
  const found = largestPart(fill(values, g, shape, settings, mask), g.dimensions[0], g.dimensions[1]);
  const volumeMm3 = found.length * voxelVolumeMm3(g);
  if (found.length === 0) return 'no rim';
  if (volumeMm3 > leakMm3) return 'leak';
  const sum: Triple = [0, 0, 0];
  const [nx, ny] = g.dimensions;
  for (const n of found) {
    mask[n] = 1;
    const k = Math.floor(n / (nx * ny));
    const j = Math.floor((n - k * nx * ny) / nx);
    sum[0] += n - (k * ny + j) * nx;
    sum[1] += j;
    sum[2] += k;
  }
  const centreLps = indexToLps(g, ...(sum.map((v) => v / found.length) as Triple));
  return { voxels: found.length, volumeMm3, centreLps, wallSeen: seen, rimDeviationMm: front.rimDeviationMm };
}

interface Shape {
  frame: OrbitFrame;
  rays: OrbitRays;
  front: OrbitFront;
  radii: Float32Array;
  endMm: number;
}

const section = (rays: OrbitRays, a: number): number => Math.floor((a - rays.firstMm) / rays.stepMm);

/** Whether a wall point lies behind the front. */
function behind({ firstMm, stepMm, angles, middle }: OrbitRays, front: OrbitFront, n: number, t: number, r: number): boolean {
  const angle = (2 * Math.PI * t) / angles;
  return firstMm + n * stepMm >= front.depthMm(middle[2 * n]! + r * Math.cos(angle), middle[2 * n + 1]! + r * Math.sin(angle)) + 0.5;
}

/** Where, behind the globe, the section becomes narrower than closeMm: the apex. */
function apex({ sections, angles, firstMm, stepMm }: OrbitRays, radii: Float32Array, closeMm: number): number {
  const width = (n: number): number => {
    let sum = 0;
    for (let t = 0; t < angles; t++) sum += radii[n * angles + t]! ** 2;
    return 2 * Math.sqrt(sum / angles);
  };
  let before = Number.POSITIVE_INFINITY;
  for (let n = Math.ceil((12 - firstMm) / stepMm); n < sections; n++) {
    const now = width(n);
    if (now < closeMm) return firstMm + (n - (before < 1e3 ? (closeMm - now) / (before - now) : 0)) * stepMm;
    before = now;
  }
  return firstMm + (sections - 1) * stepMm;
}

/** Shares of the wall between front and apex that were seen, and that the border of the volume cut off. */
function census(rays: OrbitRays, seen: Uint8Array, cut: Uint8Array, first: number, endMm: number): [number, number] {
  let all = 0;
  let [known, lost] = [0, 0];
  for (let n = Math.max(first, section(rays, 0)); n <= section(rays, endMm); n++)
    for (let c = n * rays.angles; c < (n + 1) * rays.angles; c++) {
      all++;
      known += seen[c]!;
      lost += cut[c]!;
    }
  return all === 0 ? [0, 1] : [known / all, lost / all];
}

/** The voxels of a list that hang together by faces with its largest part, in rising order. */
function largestPart(found: number[], nx: number, ny: number): number[] {
  const part = new Map<number, number>(found.map((n) => [n, -1]));
  const sizes: number[] = [];
  for (const start of found) {
    if (part.get(start) !== -1) continue;
    const stack = [start];
    part.set(start, sizes.length);
    let size = 0;
    for (let n = stack.pop(); n !== undefined; n = stack.pop()) {
      size++;
      // A step over the grid's edge lands on no listed voxel: the cavity keeps clear of the edge, else it is cut off.
      for (const next of [n - 1, n + 1, n - nx, n + nx, n - nx * ny, n + nx * ny])
        if (part.get(next) === -1) {
          part.set(next, sizes.length);
          stack.push(next);
        }
    }
    sizes.push(size);
  }
  const largest = sizes.indexOf(Math.max(...sizes));
  return found.filter((n) => part.get(n) === largest);
}

/** Indices of the voxels inside, in rising order. */
function fill(values: Int16Array | Float32Array, g: VolumeGeometry, shape: Shape, settings: CavitySettings, taken: Uint8Array): number[] {
  const { frame, rays, front, radii, endMm } = shape;
  const [low, high] = box(g, shape);
  const found: number[] = [];
  const [nx, ny] = g.dimensions;
  for (let k = low[2]; k <= high[2]; k++)
    for (let j = low[1]; j <= high[1]; j++)
      for (let i = low[0]; i <= high[0]; i++) {
        const [a, x, z] = lpsToFrame(frame, ...indexToLps(g, i, j, k));
        if (a > endMm || a < front.depthMm(x, z)) continue;
        const s = (a - rays.firstMm) / rays.stepMm;
        const n = Math.floor(s);
        if (n < 0 || n + 1 >= rays.sections) continue;
        const f = s - n;
        const u = x - (rays.middle[2 * n]! * (1 - f) + rays.middle[2 * n + 2]! * f);
        const v = z - (rays.middle[2 * n + 1]! * (1 - f) + rays.middle[2 * n + 3]! * f);
        const turn = ((Math.atan2(v, u) / (2 * Math.PI) + 1) % 1) * rays.angles;
        const t = Math.floor(turn) % rays.angles;
        const w = turn - Math.floor(turn);
        const next = (t + 1) % rays.angles;
        const at = n * rays.angles;
        const wall =
          (radii[at + t]! * (1 - w) + radii[at + next]! * w) * (1 - f) +
          (radii[at + rays.angles + t]! * (1 - w) + radii[at + rays.angles + next]! * w) * f;
        const inside = wall - Math.hypot(u, v);
        if (inside < 0) continue;
        const index = (k * ny + j) * nx + i;
        const hu = values[index]!;
        if (inside > rindMm && (hu >= settings.boneHu || hu <= settings.airHu)) continue;
        if (taken[index] === 0) found.push(index);
      }
  return found;
}

/** First and last voxel, along each axis, of the box that holds all sections. */
function box(g: VolumeGeometry, { frame, rays, radii, endMm }: Shape): [Triple, Triple] {
  const low: Triple = [Infinity, Infinity, Infinity];
  const high: Triple = [-Infinity, -Infinity, -Infinity];
  for (let n = 0; n <= Math.min(rays.sections - 1, section(rays, endMm) + 1); n++)
    for (let t = 0; t < rays.angles; t++) {
      const angle = (2 * Math.PI * t) / rays.angles;
      const r = radii[n * rays.angles + t]! + 1;
      const p = frameToLps(
        frame,
        rays.firstMm + n * rays.stepMm,
        rays.middle[2 * n]! + r * Math.cos(angle),
        rays.middle[2 * n + 1]! + r * Math.sin(angle),
      );
      lpsToIndex(g, ...p).forEach((v, a) => {
        low[a] = Math.min(low[a]!, v);
        high[a] = Math.max(high[a]!, v);
      });
    }
  return [low.map((v) => Math.max(0, Math.floor(v))) as Triple, high.map((v, a) => Math.min(g.dimensions[a]! - 1, Math.ceil(v))) as Triple];
}
