import type { Triple } from '../volume/geometry.ts';

/** What a hole in a wall is. All mm but the numbers of rays. */
export interface WallGapRules {
  /** Bone is looked for this far from a place in the hole: holes up to twice this across are found. */
  reachMm: number;
  /** A wall is at most this thick. */
  wallMm: number;
  /** Nothing lies nearer than this on either side of the hole. */
  clearMm: number;
}
export const wallGapRules: WallGapRules = { reachMm: 4, wallMm: 2, clearMm: 1.5 };

/** Rays in the plane of a wall, all round. */
export const raysAround = 12;
/** All rays have to find bone, and at least so many of them bone that is thin. */
export const mustBeThin = 9;
/** How far the direction of a wall may lie from the nearest of those tried; sets how far aside of a ray its bone is believed. */
const aside = 0.32;
const directions = 32;

/** How far aside of a ray bone is believed to be the wall's, so far out on it. */
export const asideMm = (mm: number, spacingMm: Triple): number => 0.5 * Math.max(...spacingMm) + aside * mm;

/** Half of all directions, evenly spread (a spiral of the golden angle). */
function wallNormals(): Triple[] {
  return Array.from({ length: directions }, (_, n): Triple => {
    const z = 1 - (n + 0.5) / directions;
    const r = Math.sqrt(1 - z * z);
    const angle = n * Math.PI * (3 - Math.sqrt(5));
    return [r * Math.cos(angle), r * Math.sin(angle), z];
  });
}

/** Two unit vectors that stand upright on a direction and on each other. */
function inPlane(normal: Triple): [Triple, Triple] {
  const axis = Math.abs(normal[2]) < 0.8 ? [0, 0, 1] : [1, 0, 0];
  const cross = (a: readonly number[], b: readonly number[]): Triple => [
    a[1] * b[2] - a[2] * b[1],
    a[2] * b[0] - a[0] * b[2],
    a[0] * b[1] - a[1] * b[0],
  ];
  const u = cross(normal, axis);
  const length = Math.hypot(...u);
  const unit = u.map((v) => v / length) as Triple;
  return [unit, cross(normal, unit)];
}

/** One step of a ray: where bone counts as met, nearest the plane first, as offsets of voxels. */
interface RayStep {
  mm: number;
  offsets: Triple[];
}

/** The places that are looked at around one voxel for one direction of the wall, as offsets of voxels from it. */
export interface WallProbe {
  normal: Triple;
  rays: RayStep[][];
  /** Both sides along the normal, up to clearMm. */
  clear: Triple[];
  /** Steps along the normal from 1 on, to measure how thick bone is. */
  along: Triple[];
  /** Of each ray: places beside a voxel on it, outwards and inwards. A wall that only looks thin, since it bends, goes on there. */
  beside: Triple[][];
  stepMm: number;
}

/**
 * The probes for a grid: for each direction the rays around it in steps of less than a voxel.
 * @param spacingMm of the grid
 * @throws RangeError where a spacing or a rule is not above 0
 */
export function wallProbes(spacingMm: Triple, rules: WallGapRules): WallProbe[] {
  if (![...spacingMm, rules.reachMm, rules.wallMm, rules.clearMm].every((mm) => mm > 0 && Number.isFinite(mm)))
    throw new RangeError(`not a spacing or a rule: ${spacingMm}, ${JSON.stringify(rules)}`);
  const stepMm = 0.8 * Math.min(...spacingMm);
  const voxel = (point: Triple): Triple => point.map((mm, n) => Math.round(mm / spacingMm[n]) + 0) as Triple;
  const at = (a: Triple, s: number, b: Triple, t: number): Triple => voxel(a.map((v, n) => v * s + b[n] * t) as Triple);
  return wallNormals().map((normal) => {
    const [u, v] = inPlane(normal);
    const rays = Array.from({ length: raysAround }, (_, ray) => {
      const angle = (2 * Math.PI * ray) / raysAround;
      const out = u.map((one, n) => one * Math.cos(angle) + v[n] * Math.sin(angle)) as Triple;
      return Array.from({ length: Math.floor(rules.reachMm / stepMm) }, (_, n): RayStep => {
        const mm = (n + 1) * stepMm;
        const width = Math.floor(asideMm(mm, spacingMm) / stepMm);
        const seen = new Map<string, Triple>();
        for (let lift = 0; lift <= width; lift++)
          for (const side of lift === 0 ? [0] : [lift, -lift]) {
            const offset = at(out, mm, normal, side * stepMm);
            if (offset.some((o) => o !== 0) && !seen.has(offset.join())) seen.set(offset.join(), offset);
          }
        return { mm, offsets: [...seen.values()] };
      });
    });
    const steps = (mm: number) => Array.from({ length: Math.ceil(mm / stepMm - 1e-9) }, (_, n) => (n + 1) * stepMm);
    const clear = steps(rules.clearMm).flatMap((mm) => [at(normal, mm, u, 0), at(normal, -mm, u, 0)]);
    const along = steps(rules.wallMm + 3 * stepMm).map((mm) => at(normal, mm, u, 0));
    const beside = Array.from({ length: raysAround }, (_, ray) => {
      const angle = (2 * Math.PI * ray) / raysAround;
      const out = u.map((one, n) => one * Math.cos(angle) + v[n] * Math.sin(angle)) as Triple;
      return [-1.25, 0, 1.25, 2.5].map((step) => at(out, step * stepMm, normal, 0));
    });
    return { normal, rays, clear, along, beside, stepMm };
  });
}
