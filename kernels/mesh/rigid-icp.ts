import { multiply, type RigidTransform } from '../registration/rigid-transform.ts';
import type { Nine, Triple } from '../volume/geometry.ts';
import type { Mesh, Tick } from './mesh.ts';
import { NearestTriangle } from './nearest.ts';
import { after, motionOfPairs, type PointPairs, slidingMotion, still } from './rigid-step.ts';
import { keptPairs, pairsOf, type Rejection } from './surface-pairs.ts';
import { asTriangles, type Points, type Samples, surfaceSamples } from './surface-samples.ts';

export interface SurfaceRegistration {
  /** p_fixed = rotation * p_moving + translationMm; LPS mm, rotation row by row. */
  rotation: Nine;
  translationMm: Triple;
  /** Between the moved points that count and the fixed surface. */
  rmsMm: number;
  /** The part of the moving surface that counts: the rest has no partner. */
  inlierPart: number;
  iterations: number;
  /** The surface stood still; otherwise the iterations ran out and the motion must not be relied on. */
  converged: boolean;
  /** Motions of the six that the shapes leave open, as the three turns of a ball: the result is one of many. */
  freeMotions: number;
}

export interface IcpOptions extends Partial<Rejection> {
  maxIterations?: number;
  /** Points of the moving surface. */
  samples?: number;
  /** Where to look from; otherwise from where it lies, and from middle upon middle, whichever comes nearer. */
  start?: RigidTransform;
}

const fineSamples = 4000;
const coarseSamples = 500;
const coarseIterations = 25;
/** Rounds in closed form before points may slide along the surface: those that slide must be near already. */
const closedRounds = 8;
/** A step this small ends the search. */
const stillMm = 1e-4;

function place({ points, normals }: Samples, { rotation, translationMm }: RigidTransform): Samples {
  const moved: Samples = { points: new Float64Array(points.length), normals: new Float64Array(normals.length) };
  for (let at = 0; at < points.length; at += 3) {
    const p = multiply(rotation, [points[at], points[at + 1], points[at + 2]]);
    const n = multiply(rotation, [normals[at], normals[at + 1], normals[at + 2]]);
    for (let axis = 0; axis < 3; axis++) {
      moved.points[at + axis] = p[axis] + translationMm[axis];
      moved.normals[at + axis] = n[axis];
    }
  }
  return moved;
}

interface Search {
  motion: RigidTransform;
  rmsMm: number;
  /** As `rmsMm` over the nearest part that is not trimmed, whatever the gates say: to compare starts. */
  scoreMm: number;
  inlierPart: number;
  iterations: number;
  converged: boolean;
  freeMotions: number;
}

function figures(mm: Float64Array, kept: Uint8Array, trim: number): Pick<Search, 'rmsMm' | 'scoreMm' | 'inlierPart'> {
  let sum = 0;
  let count = 0;
  for (let n = 0; n < mm.length; n++) {
    if (!kept[n]) continue;
    sum += mm[n] * mm[n];
    count++;
  }
  const near = mm.toSorted().subarray(0, Math.max(1, Math.ceil(mm.length * (1 - trim))));
  const score = Math.sqrt(near.reduce((total, value) => total + value * value, 0) / near.length);
  return { rmsMm: count > 0 ? Math.sqrt(sum / count) : Infinity, scoreMm: score, inlierPart: count / mm.length };
}

function search(
  nearest: NearestTriangle,
  samples: Samples,
  start: RigidTransform,
  rejection: Rejection,
  most: number,
  tick?: Tick,
): Search {
  let motion = start;
  let converged = false;
  let freeMotions = 0;
  for (let iterations = 0; ; iterations++) {
    tick?.(iterations / Math.max(1, most));
    const moved = place(samples, motion);
    const found = pairsOf(nearest, moved);
    const kept = keptPairs(moved, found, rejection);
    const at = { motion, iterations, converged, freeMotions, ...figures(found.mm, kept, rejection.trim) };
    if (converged || iterations >= most || at.inlierPart === 0) return at;
    const pairs: PointPairs = { points: moved.points, feet: found.feet, kept };
    // Feet on single points have no plane to slide in.
    const sided = found.normals.some((value) => value !== 0);
    if (sided && iterations >= closedRounds) {
      const step = slidingMotion(pairs, found.normals);
      motion = after(step, motion);
      converged = step.movedMm < stillMm;
      freeMotions = step.free;
      continue;
    }
    const step = motionOfPairs(pairs);
    if (!step) return at;
    motion = after(step, motion);
    const left = [...step.rotation.map((value, n) => value - still.rotation[n]), ...step.translationMm];
    converged = !sided && Math.max(...left.map(Math.abs)) < 1e-9;
  }
}

function middle({ points }: Samples): Triple {
  const sum: Triple = [0, 0, 0];
  points.forEach((value, n) => {
    sum[n % 3] += (value * 3) / points.length;
  });
  return sum;
}

/**
 * The rigid motion that lays one surface upon another: each point of the moving one is paired with the nearest of the fixed one, the motion
 * that fits the pairs is made, and again until all stand still; first point to point, then point to plane. Pairs that face differently, the
 * furthest `trim` (0.3) of all, those beyond `outlierMm`, and all beyond three deviations do not count, so that a part that the other
 * surface has not does not pull. A near start is asked for, as all of this kind do: some ten degrees and a tenth of the size.
 *
 * Meshes or clouds in LPS mm; the same input gives the same numbers. Throws RangeError on an empty shape, one without area, coordinates that
 * are not finite, or a `trim` outside 0 to 0.9. Cost: 1 µs a triangle of either, then 5 ms an iteration.
 */
export function registerRigid(moving: Mesh | Points, fixed: Mesh | Points, options: IcpOptions = {}, tick?: Tick): SurfaceRegistration {
  const { trim = 0.3, outlierMm = Infinity, maxIterations = 100, samples = fineSamples, start } = options;
  if (!(trim >= 0 && trim <= 0.9)) throw new RangeError(`a part of ${trim} cannot be left out`);
  tick?.(0);
  const fine = surfaceSamples(moving, samples);
  const target = surfaceSamples(fixed, coarseSamples);
  const nearest = new NearestTriangle(asTriangles(fixed));
  tick?.(0.3);
  const rejection: Rejection = { trim, outlierMm };
  let from = start ?? still;
  if (!start) {
    const coarse = surfaceSamples(moving, coarseSamples);
    const [to, of] = [middle(target), middle(coarse)];
    const centred: RigidTransform = { ...still, translationMm: to.map((value, axis) => value - of[axis]) as Triple };
    const [asItLies, onMiddle] = [still, centred].map((one) => search(nearest, coarse, one, rejection, coarseIterations));
    from = onMiddle.scoreMm < asItLies.scoreMm ? onMiddle.motion : asItLies.motion;
  }
  const found = search(nearest, fine, from, rejection, maxIterations, (part) => tick?.(0.5 + part / 2));
  const { motion, rmsMm, inlierPart, iterations, converged, freeMotions } = found;
  return { ...motion, rmsMm, inlierPart, iterations, converged, freeMotions };
}
