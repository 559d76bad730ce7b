import { inTurn, type RunParts, sharedArray, stretches } from '../parts.ts';
import type { Triple } from '../volume/geometry.ts';
import { assertSameSize, type BitGrid, bitsAndNot, bitsOr, emptyBits } from './bits.ts';
import { blurAxis, gaussianTaps } from './blur-axis.ts';

/** Where the weights end, in deviations. */
const cutAt = 3;

interface Part {
  /** All masks together, then each alone where there are several. */
  masks: Uint32Array[];
  into: Uint32Array[];
  wordsPerRow: number;
  dimensions: Triple;
  /** Weights along i, j, k at 0, 1, 2 ... steps; each sums to 1 over both sides. */
  taps: Float64Array[];
  from: number;
  to: number;
}

/** blurAxis counts what lies beyond an end as 0; here the line goes on as it ends. */
function blurOn(from: Float32Array, to: Float32Array, shape: [outer: number, length: number, inner: number], taps: Float64Array): void {
  blurAxis(from, to, shape, taps);
  const [outer, length, inner] = shape;
  let beyond = 0;
  for (let at = taps.length - 1; at > 0; at--) {
    beyond += taps[at];
    if (at > length) continue;
    // From at - 1 voxels off an end, weights of `at` steps and more leave the line.
    for (let o = 0; o < outer; o++) {
      const low = o * length * inner;
      const high = low + (length - 1) * inner;
      for (let n = 0; n < inner; n++) {
        to[low + (at - 1) * inner + n] += beyond * from[low + n];
        to[high - (at - 1) * inner + n] += beyond * from[high + n];
      }
    }
  }
}

/** A plane of bits as floats, blurred along i and j. False: there is nothing in it. */
function blurPlane(words: Uint32Array, k: number, part: Part, room: [Float32Array, Float32Array], out: Float32Array): boolean {
  const [nx, ny] = part.dimensions;
  const { wordsPerRow } = part;
  const first = k * ny * wordsPerRow;
  let any = 0;
  for (let w = first; w < first + ny * wordsPerRow; w++) any |= words[w];
  if (any === 0) return false;
  const [plain, along] = room;
  for (let j = 0, at = 0; j < ny; j++)
    for (let i = 0; i < nx; i++, at++) plain[at] = (words[first + j * wordsPerRow + (i >> 5)] >>> (i & 31)) & 1;
  blurOn(plain, along, [ny, nx, 1], part.taps[0]);
  blurOn(along, out, [1, ny, nx], part.taps[1]);
  return true;
}

/** Planes from..to: where all masks together come to half, the voxel goes to the mask that is highest there. */
export function blurPlanes(part: Part): void {
  const [nx, ny, nz] = part.dimensions;
  const { masks, into, wordsPerRow, from, to } = part;
  const through = part.taps[2];
  const reach = through.length - 1;
  const size = nx * ny;
  const room: [Float32Array, Float32Array] = [new Float32Array(size), new Float32Array(size)];
  const rings = masks.map(() =>
    Array.from({ length: Math.min(nz, 2 * reach + 1) }, () => ({ k: -1, any: false, values: new Float32Array(size) })),
  );
  const sums = masks.map(() => new Float32Array(size));
  for (let k = from; k < to; k++) {
    let alive = false;
    for (let m = 0; m < masks.length; m++) {
      const sum = sums[m].fill(0);
      if (m > 0 && !alive) continue;
      for (let dk = -reach; dk <= reach; dk++) {
        const of = Math.min(nz - 1, Math.max(0, k + dk));
        const plane = rings[m][of % rings[m].length];
        if (plane.k !== of) {
          plane.k = of;
          plane.any = blurPlane(masks[m], of, part, room, plane.values);
        }
        if (!plane.any) continue;
        alive = true;
        const { values } = plane;
        const weight = through[Math.abs(dk)];
        for (let n = 0; n < size; n++) sum[n] += weight * values[n];
      }
    }
    if (!alive) continue;
    for (let j = 0, n = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++, n++) {
        if (sums[0][n] < 0.5) continue;
        let winner = 0;
        for (let m = 2; m < masks.length; m++) if (sums[m][n] > sums[winner + 1][n]) winner = m - 1;
        into[winner][(k * ny + j) * wordsPerRow + (i >> 5)] |= 1 << (i & 31);
      }
    }
  }
}

/** Weights that sum to 1 over both sides. */
function tapsFor(mm: number, spacingMm: number): Float64Array {
  const taps = gaussianTaps(mm / spacingMm, cutAt);
  const sum = taps.reduce((all, tap) => all + 2 * tap, -taps[0]);
  const weights = sharedArray(Float64Array, taps.length);
  weights.set(taps.map((tap) => tap / sum));
  return weights;
}

/**
 * Gaussian smoothing of masks that belong together. Where they overlap, the last has the voxel. All of them together are blurred and cut at a half, and what is left goes to the mask
 * whose own blur is highest there, to the earlier of equal ones. So where two meet, neither a gap nor an overlap comes to be, and together
 * they are what smoothing of all as one mask gives; the background competes with all of them at once. Outside of the grid every mask goes
 * on as it ends there. Sets no voxel outside of the box around all masks.
 * @param mm standard deviation of the weights, which end at three of them
 * @throws RangeError where the masks differ in size, there is none, or width or spacing are none
 * Cost: some 10 to 20 ns a voxel and mask; of a float volume only as many planes as the weights reach over.
 */
export async function smoothTogether(masks: BitGrid[], spacingMm: Triple, mm: number, run: RunParts = inTurn): Promise<BitGrid[]> {
  const first = masks[0];
  if (!first) throw new RangeError('no mask to smooth');
  if (!(mm >= 0 && spacingMm.every((side) => side > 0))) throw new RangeError(`not a width: ${mm} mm of ${spacingMm}`);
  for (const mask of masks) assertSameSize(first, mask);
  const out = masks.map(() => emptyBits(first.dimensions));
  const together = masks.slice(1).reduce(bitsOr, first);
  const apart = masks.map((mask, n) => masks.slice(n + 1).reduce(bitsAndNot, mask));
  const { dimensions, wordsPerRow } = first;
  const whole = {
    masks: masks.length === 1 ? [first.words] : [together.words, ...apart.map((mask) => mask.words)],
    into: out.map((mask) => mask.words),
    wordsPerRow,
    dimensions,
    taps: spacingMm.map((side) => tapsFor(mm, side)),
  };
  await run(
    blurPlanes,
    stretches(dimensions[2], Math.floor(dimensions[2] / leastPlanes(whole.taps[2])) || 1).map(([from, to]) => ({ ...whole, from, to })),
  );
  return out;
}

/** Planes of a part: those that it blurs beyond its own are to stay few beside them. */
const leastPlanes = (through: Float64Array): number => Math.max(16, 6 * (through.length - 1));

/** Gaussian smoothing of one mask: blurred with a standard deviation of `mm`, then cut at a half. See smoothTogether. */
export async function gaussianMask(bits: BitGrid, spacingMm: Triple, mm: number, run: RunParts = inTurn): Promise<BitGrid> {
  return (await smoothTogether([bits], spacingMm, mm, run))[0];
}
