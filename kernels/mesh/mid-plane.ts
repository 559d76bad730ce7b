import type { Triple } from '../volume/geometry.ts';
import type { Mesh, Tick } from './mesh.ts';
import { mirrorPoints, type Plane, unitNormal } from './mirror.ts';
import { NearestTriangle } from './nearest.ts';
import { type MirrorPairs, type OffsetPlane, planeOfPairs, slideStep } from './plane-step.ts';
import { keptPairs, pairsOf, type Rejection } from './surface-pairs.ts';
import { asTriangles, type Points, type Samples, surfaceSamples } from './surface-samples.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

export interface MidPlane extends Plane {
  /** Of length 1, to the patient's left. */
  normal: Triple;
  /** Between the mirror image and the surface, over the points that count. */
  rmsMm: number;
  /** The part of the surface whose mirror image lies on the surface: the rest has no counterpart. */
  inlierPart: number;
  rounds: number;
  /** The plane stood still; otherwise the rounds ran out and it must not be relied on. */
  converged: boolean;
}

export interface MidPlaneOptions extends Partial<Rejection> {
  /** Where to look from; otherwise a fan of directions is tried. */
  start?: Plane;
  mostRounds?: number;
  /** Points of the surface that are mirrored. */
  samples?: number;
}

/** Symmetry of a skull is told by a few thousand points; a first choice among directions by a few hundred. */
const fineSamples = 4000;
const coarseSamples = 500;
const coarseRounds = 10;
/** A few rounds do not tell the best start; the best few are carried on. */
const finalists = 5;
const finalRounds = 40;
/** Rounds in closed form before points may slide: those that slide must be near already. */
const closedRounds = 6;
/** A step this small ends the search. */
const stillMm = 1e-4;
/** Starts this near to the best are as good: then the one nearest to the patient's left and right. */
const asGood = 1.02;
const alikeMm = 0.02;

interface Search {
  plane: OffsetPlane;
  rmsMm: number;
  /** As `rmsMm` over the nearest part that is not trimmed, whatever the gates say: to compare starts. */
  scoreMm: number;
  inlierPart: number;
  rounds: number;
  converged: boolean;
}

function search(nearest: NearestTriangle, samples: Samples, start: OffsetPlane, rejection: Rejection, most: number, tick?: Tick): Search {
  let plane = start;
  let converged = false;
  let rounds = 0;
  let last: Search | null = null;
  const sided = samples.normals.some((value) => value !== 0);
  for (; ; rounds++) {
    tick?.(rounds / most);
    const mirrored: Samples = {
      points: mirrorPoints(samples.points, plane.normal, plane.offsetMm),
      normals: mirrorPoints(samples.normals, plane.normal, 0),
    };
    const found = pairsOf(nearest, mirrored);
    const kept = keptPairs(mirrored, found, rejection);
    last = { plane, rounds, converged, ...spreadOf(found.mm, kept, rejection.trim) };
    if (converged || rounds >= most) return last;
    const pairs: MirrorPairs = { points: samples.points, feet: found.feet, normals: found.normals, kept };
    if (sided && rounds >= closedRounds && last.inlierPart > 0) {
      const step = slideStep(plane, pairs);
      plane = step;
      converged = step.movedMm < stillMm;
      continue;
    }
    const next = planeOfPairs(pairs);
    if (!next) return last;
    const turn = Math.sign(next.normal[0] * plane.normal[0] + next.normal[1] * plane.normal[1] + next.normal[2] * plane.normal[2]) || 1;
    const still = Math.hypot(...next.normal.map((value, axis) => value - turn * plane.normal[axis]), next.offsetMm - turn * plane.offsetMm);
    plane = next;
    // With sides it is the sliding that says when the plane stands still.
    converged = !sided && still < 1e-9;
  }
}

function spreadOf(mm: Float64Array, kept: Uint8Array, trim: number): Pick<Search, 'rmsMm' | 'scoreMm' | 'inlierPart'> {
  let sum = 0;
  let count = 0;
  for (let n = 0; n < mm.length; n++) {
    if (!kept[n]) continue;
    sum += mm[n] * mm[n];
    count++;
  }
  const nearest = mm.toSorted().subarray(0, Math.max(1, Math.ceil(mm.length * (1 - trim))));
  const score = Math.sqrt(nearest.reduce((total, value) => total + value * value, 0) / nearest.length);
  return { rmsMm: count > 0 ? Math.sqrt(sum / count) : Infinity, scoreMm: score, inlierPart: count / mm.length };
}

/** Directions to try: the patient's axes, those between them, and the shape's own. */
function starts({ points }: Samples): OffsetPlane[] {
  const count = points.length / 3;
  const middle = [0, 0, 0];
  points.forEach((value, n) => {
    middle[n % 3] += value / count;
  });
  const spread = new Float64Array(9);
  for (let at = 0; at < points.length; at += 3) {
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) spread[i * 3 + j] += (points[at + i] - middle[i]) * (points[at + j] - middle[j]);
  }
  const directions: number[][] = [];
  for (const x of [1, 0]) for (const y of [0, 1, -1]) for (const z of [0, 1, -1]) directions.push([x, y, z]);
  const { vectors } = symmetricEigen(spread, 3);
  for (let n = 0; n < 9; n += 3) directions.push([...vectors.subarray(n, n + 3)]);
  return directions
    .filter(([x, y, z]) => x !== 0 || y > 0 || (y === 0 && z > 0))
    .map((direction) => {
      const normal = direction.map((value) => value / Math.hypot(...direction)) as Triple;
      return { normal, offsetMm: normal[0] * middle[0] + normal[1] * middle[1] + normal[2] * middle[2] };
    });
}

function leftward({ normal, offsetMm }: OffsetPlane): OffsetPlane {
  const first = normal.find((value) => Math.abs(value) > 1e-12) ?? 1;
  return first < 0 ? { normal: normal.map((value) => -value) as Triple, offsetMm: -offsetMm } : { normal, offsetMm };
}

/**
 * The plane in which a shape is its own mirror image, as far as it is: the shape is mirrored, its points are paired with the nearest of the
 * surface, the plane that fits the pairs is taken, and again until it stands still. Pairs that face differently, the furthest `trim` (0.3)
 * and all beyond three deviations do not count, so that a defect of one side does not draw the plane to it. Of several planes the one
 * nearest to the patient's mid-sagittal plane is taken, unless `start` says otherwise.
 *
 * Mesh or cloud in LPS mm. `pointLps` is the point of the plane nearest to the middle of the surface. Throws RangeError on an empty shape,
 * one without area, coordinates that are not finite, or a `trim` outside 0 to 0.9. Cost: 1 µs a triangle, then 0.3 s.
 */
export function fitMidPlane(shape: Mesh | Points, options: MidPlaneOptions = {}, tick?: Tick): MidPlane {
  const { start, trim = 0.3, outlierMm = Infinity, mostRounds = 100, samples = fineSamples } = options;
  if (!(trim >= 0 && trim <= 0.9)) throw new RangeError(`a part of ${trim} cannot be left out`);
  tick?.(0);
  const fine = surfaceSamples(shape, samples);
  const nearest = new NearestTriangle(asTriangles(shape));
  tick?.(0.3);
  let from: OffsetPlane;
  if (start) {
    const normal = unitNormal(start);
    from = { normal, offsetMm: normal[0] * start.pointLps[0] + normal[1] * start.pointLps[1] + normal[2] * start.pointLps[2] };
  } else {
    const coarse = surfaceSamples(shape, coarseSamples);
    const tried = starts(coarse).map((one) => search(nearest, coarse, one, { trim, outlierMm }, coarseRounds));
    // The patient's own mid-sagittal plane, the first, is always among them.
    const [sagittal, ...others] = tried;
    const promising = [sagittal, ...others.toSorted((one, other) => one.scoreMm - other.scoreMm).slice(0, finalists - 1)];
    const ended = promising.map((one) => search(nearest, coarse, one.plane, { trim, outlierMm }, finalRounds));
    const limit = asGood * Math.min(...ended.map((one) => one.scoreMm)) + alikeMm;
    const good = ended.filter((one) => one.scoreMm <= limit);
    from = good.reduce((best, one) => (Math.abs(one.plane.normal[0]) > Math.abs(best.plane.normal[0]) + 1e-9 ? one : best)).plane;
  }
  const { plane, rmsMm, inlierPart, rounds, converged } = search(nearest, fine, from, { trim, outlierMm }, mostRounds, (part) =>
    tick?.(0.5 + part / 2),
  );
  const { normal, offsetMm } = leftward(plane);
  const middle = [0, 0, 0];
  fine.points.forEach((value, n) => {
    middle[n % 3] += value / (fine.points.length / 3);
  });
  const away = normal[0] * middle[0] + normal[1] * middle[1] + normal[2] * middle[2] - offsetMm;
  const pointLps = middle.map((value, axis) => value - away * normal[axis]) as Triple;
  return { pointLps, normal, rmsMm, inlierPart, rounds, converged };
}

/**
 * The mid-plane of landmarks: `left[n]` and `right[n]` are the same landmark on either side, `midline` lie in the plane; a start for
 * `fitMidPlane`. LPS mm. Throws RangeError where the lists do not pair, or fewer than three landmarks (a pair counts as one) say where it is.
 */
export function midPlaneOfLandmarks(left: readonly Triple[], right: readonly Triple[], midline: readonly Triple[] = []): Plane {
  if (left.length !== right.length) throw new RangeError(`${left.length} landmarks on the left, ${right.length} on the right`);
  if (left.length === 0 && midline.length < 3) throw new RangeError('one pair of landmarks, or three of the midline, are the least');
  const points = Float64Array.from([...left, ...right, ...midline].flat());
  const feet = Float64Array.from([...right, ...left, ...midline].flat());
  const plane = planeOfPairs({ points, feet, normals: points, kept: new Uint8Array(points.length / 3).fill(1) });
  if (!plane) throw new RangeError('no landmarks');
  const { normal, offsetMm } = leftward(plane);
  const count = points.length / 3;
  const middle = [0, 1, 2].map((axis) => points.reduce((sum, value, n) => (n % 3 === axis ? sum + value / count : sum), 0));
  const away = normal[0] * middle[0] + normal[1] * middle[1] + normal[2] * middle[2] - offsetMm;
  return { pointLps: middle.map((value, axis) => value - away * normal[axis]) as Triple, normal };
}
