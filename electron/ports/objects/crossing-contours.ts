import { type BitGrid, bitsAnd, countBits, emptyBits } from '../../../kernels/labels/bits.ts';
import { loopMask } from '../../../kernels/labels/loop-mask.ts';
import { indexToLps, lpsToIndex, type Triple, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { cross } from '../../../kernels/volume/stack.ts';

/** Points of one plane differ by no more than this along k, in voxels. */
const flat = 0.1;
/** Contours of one plane that are laid over each other; beyond it each alone would be compared with too many. */
const mostOfPlane = 256;

interface Loop {
  /** On the slice, in voxels. */
  at: Triple[];
  box: [number, number, number, number];
  bits: BitGrid | null;
}

const meet = (a: Loop['box'], b: Loop['box']): boolean => a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];

/** Loops by the plane that they lie in; what crosses the slices is left out. */
function planesOf(contours: readonly Triple[][], grid: VolumeGeometry): Loop[][] {
  const planes = new Map<number, Loop[]>();
  for (const points of contours) {
    if (points.length < 3) continue;
    const at = points.map((p) => lpsToIndex(grid, ...p));
    const low = at.reduce((a, b) => Math.min(a, b[2]), Number.POSITIVE_INFINITY);
    const high = at.reduce((a, b) => Math.max(a, b[2]), Number.NEGATIVE_INFINITY);
    if (high - low > flat) continue;
    const key = Math.round((low + high) / 2 / (2 * flat));
    const box: Loop['box'] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const [i, j] of at) {
      box[0] = Math.min(box[0], i);
      box[1] = Math.min(box[1], j);
      box[2] = Math.max(box[2], i);
      box[3] = Math.max(box[3], j);
    }
    const known = planes.get(key);
    const loop = { at, box, bits: null };
    if (known) known.push(loop);
    else planes.set(key, [loop]);
  }
  return [...planes.values()];
}

/**
 * On how many planes contours of one region enclose voxels together although neither lies within the other. PS3.3 C.8.8.6.3 knows two ways
 * to draw a hole, a keyhole and CLOSEDPLANAR_XOR, and many programs draw it as a second CLOSED_PLANAR within the first; of two that
 * cross partly none of them says whether what both enclose is inside.
 * @param contours of type CLOSED_PLANAR, LPS mm
 * @returns `unseen`: planes of more contours than are compared
 */
export function crossingPlanes(
  contours: readonly Triple[][],
  grid: VolumeGeometry,
  tick: () => void,
): { crossing: number; unseen: number } {
  const [nx, ny] = grid.dimensions;
  const slice: VolumeGeometry = { ...grid, dimensions: [nx, ny, 1] };
  const d = grid.directionLps;
  const normalLps = cross([d[0], d[1], d[2]], [d[3], d[4], d[5]]);
  const bitsOf = (loop: Loop): BitGrid => {
    if (loop.bits === null) {
      loop.bits = emptyBits(slice.dimensions);
      loopMask(
        slice,
        { loopsLps: [loop.at.map(([i, j]) => indexToLps(slice, i, j, 0))], normalLps, depth: 'slice', eyeLps: null },
        loop.bits,
      );
    }
    return loop.bits;
  };
  let crossing = 0;
  let unseen = 0;
  for (const loops of planesOf(contours, grid)) {
    tick();
    if (loops.length > mostOfPlane) unseen++;
    else if (
      loops.some((a, n) => {
        tick();
        return loops.slice(n + 1).some((b) => meet(a.box, b.box) && partly(bitsOf(a), bitsOf(b)));
      })
    )
      crossing++;
    for (const loop of loops) loop.bits = null;
  }
  return { crossing, unseen };
}

/** Whether two masks share voxels and each has some of its own. */
function partly(a: BitGrid, b: BitGrid): boolean {
  const shared = countBits(bitsAnd(a, b));
  return shared > 0 && shared < countBits(a) && shared < countBits(b);
}
