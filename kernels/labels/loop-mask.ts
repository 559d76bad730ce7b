import { indexToLps, lpsToIndex, type Triple, type VolumeGeometry } from '../volume/geometry.ts';
import { cross } from '../volume/stack.ts';
import { setBits } from './bit-runs.ts';
import { type BitGrid, emptyBits } from './bits.ts';
import { circleSlab, dot, type IndexFrame, indexFrame, type Slab } from './brush-frame.ts';
import { loopEdges } from './loop-edges.ts';
import { between } from './slab-mask.ts';

export interface PlaneLoops {
  /** Closed loops of one plane, LPS mm; the last point need not be the first again. */
  loopsLps: readonly (readonly Triple[])[];
  /** Normal of the plane, of any length. */
  normalLps: Triple;
  /** The slice that the loops lie on, or all that is seen through them. */
  depth: 'slice' | 'through';
  /** Where the eye is, in perspective; null: parallel to the normal. */
  eyeLps: Triple | null;
}

/** What was drawn is no closed loop of one plane: its author's fault where it was drawn by a person or read from a file. */
export class NoLoop extends RangeError {}

/** Points may leave their plane by so much: what files round to. */
const flatMm = 0.05;
/** A centre as near to a line as this counts as on it, whatever the last digits say. */
const onLine = 1e-7;

const minus = (a: Triple, b: Triple): Triple => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const scaled = (a: Triple, f: number): Triple => [a[0] * f, a[1] * f, a[2] * f];
/** The part of `a` that is perpendicular to the unit vector `n`, to the last digit. */
const beside = (a: Triple, n: Triple): Triple => {
  const once = minus(a, scaled(n, dot(a, n)));
  return minus(once, scaled(n, dot(once, n)));
};
const perpendicular = (n: Triple): Triple => {
  const least = n.reduce((best, v, axis) => (Math.abs(v) < Math.abs(n[best]) ? axis : best), 0);
  const any = beside([0, 1, 2].map((axis) => (axis === least ? 1 : 0)) as Triple, n);
  return scaled(any, 1 / Math.hypot(...any));
};

interface View {
  /** Homogeneous coordinates of a point: along the rows' direction as it is seen, across it, and how far away. */
  seen(pointLps: Triple): Triple;
  /** What one voxel's step along a row adds to the first of them; the others stay. 0: a row is seen as a point. */
  step: number;
  /** The end of a row from which nothing lies inside: behind the eye. */
  from: 'low' | 'high';
}

/** Rows (along i) as lines that are parallel, in a parallel view and by homogeneous coordinates in perspective too. */
function viewOf(alongI: Triple, placeLps: Triple, normal: Triple, eyeLps: Triple | null): View {
  const length = Math.hypot(...alongI);
  if (eyeLps === null) {
    const lying = beside(alongI, normal);
    const seenStep = Math.hypot(...lying);
    const asPoint = seenStep < 1e-9 * length;
    const u = asPoint ? perpendicular(normal) : scaled(lying, 1 / seenStep);
    const v = cross(normal, u);
    return {
      seen: (p) => {
        const at = minus(p, placeLps);
        return [dot(at, u), dot(at, v), 1];
      },
      step: asPoint ? 0 : seenStep,
      from: 'low',
    };
  }
  const away = dot(minus(placeLps, eyeLps), normal);
  if (!(Math.abs(away) > 1e-6)) throw new NoLoop('the eye lies in the plane of the loop');
  const sight = scaled(normal, Math.sign(away));
  const u = scaled(alongI, 1 / length);
  const ahead = beside(sight, u);
  const size = Math.hypot(...ahead);
  const depth = size < 1e-9 ? perpendicular(u) : scaled(ahead, 1 / size);
  const v = cross(depth, u);
  return {
    seen: (p) => {
      const at = minus(p, eyeLps);
      return [dot(at, u), dot(at, v), dot(at, depth)];
    },
    step: length,
    from: dot(u, sight) < 0 ? 'high' : 'low',
  };
}

function assertFlat(loopsLps: readonly (readonly Triple[])[], placeLps: Triple, normal: Triple): void {
  for (const loop of loopsLps) {
    if (loop.length < 3) throw new NoLoop(`a loop has three points or more, not ${loop.length}`);
    for (const p of loop) {
      if (!p.every(Number.isFinite)) throw new NoLoop('a point of the loop is no point');
      const off = Math.abs(dot(minus(p, placeLps), normal));
      if (off > flatMm) throw new NoLoop(`the loop does not lie in one plane: a point is ${off.toFixed(2)} mm off`);
    }
  }
}

/** Rows that can hold a centre: j and k from the first to the last. Only a slice in a parallel view bounds them by more than the grid. */
function rowsOf(g: VolumeGeometry, { loopsLps, depth, eyeLps }: PlaneLoops, frame: IndexFrame, slab: Slab): [Triple, Triple] {
  const low: Triple = [0, 0, 0];
  const high = g.dimensions.map((side) => side - 1) as Triple;
  if (depth === 'through' || eyeLps) return [low, high];
  const least: Triple = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const most: Triple = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const loop of loopsLps)
    for (const p of loop)
      for (const [a, at] of lpsToIndex(g, ...p).entries()) {
        least[a] = Math.min(least[a], at);
        most[a] = Math.max(most[a], at);
      }
  for (let a = 1; a < 3; a++) {
    const room = slab.half * Math.abs(dot(frame.gradients[a], slab.normal)) + 1e-3;
    low[a] = Math.max(low[a], Math.ceil(least[a] - room));
    high[a] = Math.min(high[a], Math.floor(most[a] + room));
  }
  return [low, high];
}

/**
 * The voxels inside of closed loops that lie in one plane, whatever its orientation (9.1): those whose centres are seen inside of an odd
 * number of loops, on the loops' slice alone or through the volume. A loop that crosses itself, a hole drawn as a second loop and one that is
 * joined to its outline by a doubled line are all read by that rule. A slice is the centres within half a voxel's extent of the plane, open
 * below and closed above, so that no two neighbouring slices ever both get a loop; a centre on the line itself belongs to one of two loops
 * that share that line, never to both. In perspective nothing behind the eye is inside.
 * @param into what they are set in, beside what it has; a new mask where none is given
 * @returns a mask of the whole grid; empty where the loops enclose no centre
 * @throws NoLoop on fewer than three points, points that are not finite or that leave the plane by more than 0.05 mm, and an eye in the plane
 * of the loops; RangeError on a normal without length, a mask of another grid, or a grid without volume
 * Cost: a look at the edges near each row of voxels; 20 to 100 ms for 512 x 512 x 256 and a loop of 1000 points.
 */
export function loopMask(geometry: VolumeGeometry, loops: PlaneLoops, into?: BitGrid): BitGrid {
  const { loopsLps, normalLps, depth, eyeLps } = loops;
  const bits = into ?? emptyBits(geometry.dimensions);
  if (bits.dimensions.some((side, n) => side !== geometry.dimensions[n])) throw new RangeError('the mask is not of the grid');
  const [nx, ny] = geometry.dimensions;
  const frame = indexFrame(geometry);
  const placeLps = loopsLps.find((loop) => loop.length > 0)?.[0];
  if (!placeLps) return bits;
  const slab = circleSlab(frame, placeLps, normalLps);
  assertFlat(loopsLps, placeLps, slab.normal);
  if (eyeLps && !eyeLps.every(Number.isFinite)) throw new NoLoop('the eye is nowhere');
  const { seen, step, from } = viewOf(frame.steps[0], placeLps, slab.normal, eyeLps);
  const edges = loopEdges(loopsLps.map((loop) => loop.map(seen)));
  const nudge = onLine * Math.min(...geometry.spacingMm);
  const slope = dot(frame.steps[0], slab.normal);
  const turns: number[] = [];
  const [low, high] = rowsOf(geometry, loops, frame, slab);
  const rows = Math.max(0, high[1] - low[1] + 1);
  for (let n = 0; n < rows * (high[2] - low[2] + 1); n++) {
    const [j, k] = [low[1] + (n % rows), low[2] + Math.floor(n / rows)];
    const row = j + ny * k;
    const start = indexToLps(geometry, 0, j, k);
    let [first, end] = [0, nx];
    if (depth === 'slice') {
      const { half, tolerance } = slab;
      [first, end] = between(dot(minus(start, placeLps), slab.normal), slope, tolerance - half, half + tolerance, nx);
      if (first === end) continue;
    }
    const [alpha, beta, far] = seen(start);
    // A row through the eye is seen to one side of it, which is as good as the other.
    const gamma = far === 0 ? nudge : far;
    const near = Math.abs(gamma);
    const count = edges.crossings(gamma > 0 ? 1 : -1, (beta + nudge) / near, turns);
    if (count === 0) continue;
    // Place t of the row where it crosses turn n; what lies beyond the last turn ends with the row.
    const at = (n: number): number => {
      if (n === count) return end;
      if (step === 0) return turns[n] <= alpha + nudge ? first : end;
      return Math.max(first, Math.min(end, Math.ceil((turns[n] * near - alpha) / step - onLine)));
    };
    const odd = from === 'high' && count % 2 === 1;
    if (odd && at(0) > first) setBits(bits.words, row * bits.wordsPerRow, first, at(0));
    for (let n = odd ? 1 : 0; n < count; n += 2) {
      const [a, b] = [at(n), at(n + 1)];
      if (b > a) setBits(bits.words, row * bits.wordsPerRow, a, b);
    }
  }
  return bits;
}
