import type { Triple } from '../volume/geometry.ts';
import { type BitGrid, copyBits } from './bits.ts';
import { boxAround, cutBits, pasteBits } from './bits-box.ts';
import { signedDistance } from './distance.ts';
import { type Match, matchOutlines, outlinesOf } from './match-outlines.ts';
import { type Axis, acrossOf, drawnPlanes, planeOf, setInPlane } from './planes.ts';

const axes = { i: 0, j: 1, k: 2 } as const;

/** Planes without a voxel between the first and the last that have one, as a share of those. */
function gaps(drawn: boolean[]): number {
  const first = drawn.indexOf(true);
  const last = drawn.lastIndexOf(true);
  return first < 0 ? 0 : drawn.slice(first, last + 1).filter((one) => !one).length / (last - first + 1);
}

/** The axis whose planes were drawn with the most gaps, by share; of equal ones k before j before i; null: there are none. */
export function gappedAxis(bits: BitGrid): Axis | null {
  let best: Axis | null = null;
  let most = 0;
  for (const axis of [2, 1, 0] as const) {
    const share = gaps(drawnPlanes(bits, axis));
    if (share > most) [best, most] = [axis, share];
  }
  return best;
}

/** Linear between two signed distances; outside of the plane nothing is near. */
function between(
  match: Match,
  distance: { from: Float32Array; to: Float32Array },
  share: number,
  set: (a: number, b: number) => void,
): void {
  const [nu, nv] = match.from.dimensions;
  const whole = (n: number): [number, number] => [Math.round(match.shift[0] * n), Math.round(match.shift[1] * n)];
  const [fu, fv] = whole(share);
  // What has gone one way has the rest to go: together the whole shift, so that both ends meet.
  const [tu, tv] = [fu - Math.round(match.shift[0]), fv - Math.round(match.shift[1])];
  const at = (mm: Float32Array, a: number, b: number): number =>
    a < 0 || b < 0 || a >= nu || b >= nv ? Number.POSITIVE_INFINITY : mm[b * nu + a];
  for (let b = 0; b < nv; b++)
    for (let a = 0; a < nu; a++) {
      const mm = (1 - share) * at(distance.from, a - fu, b - fv) + share * at(distance.to, a - tu, b - tv);
      // Half-way exactly is inside: what is one voxel thick and moves by one does not vanish; the last digits do not decide.
      if (mm <= 1e-6) set(a, b);
    }
}

/**
 * Fill between slices: between two neighbouring drawn planes the outlines go over into each other, by signed distances in the plane
 * (shape-based interpolation: Raya and Udupa 1990), after what becomes what has been matched outline by outline, so that bodies may
 * branch, and shift beyond their own width. Drawn planes stay as they are.
 * @param axis the axis across which planes were drawn; auto: the one with the largest share of empty planes between drawn ones
 * @returns the same mask where there is no gap
 * Throws RangeError where the spacing is none. Cost: a plane's exact distances for every outline, and some 5 ns a voxel of the gaps.
 */
export async function fillBetweenSlices(
  bits: BitGrid,
  axis: 'auto' | 'i' | 'j' | 'k',
  spacingMm: Triple,
  tick: () => void = () => {},
): Promise<BitGrid> {
  const chosen = axis === 'auto' ? gappedAxis(bits) : axes[axis];
  // Half-way between two places an outline may reach beyond both.
  const box = boxAround(bits, [4, 4, 4]);
  if (chosen === null || box === null) return copyBits(bits);
  const inner = cutBits(bits, box);
  const out = copyBits(inner);
  const [u, v] = acrossOf(chosen);
  const across = [spacingMm[u], spacingMm[v]] as const;
  const drawn = drawnPlanes(inner, chosen).flatMap((one, n) => (one ? [n] : []));
  for (const [n, to] of drawn.entries()) {
    const from = n === 0 ? to : drawn[n - 1];
    if (to - from < 2) continue;
    tick();
    const ends = await Promise.all([outlinesOf(planeOf(inner, chosen, from)), outlinesOf(planeOf(inner, chosen, to))]);
    for (const match of matchOutlines(...ends, across)) {
      const distance = {
        from: await signedDistance(match.from, [...across, 1]),
        to: await signedDistance(match.to, [...across, 1]),
      };
      for (let at = from + 1; at < to; at++)
        between(match, distance, (at - from) / (to - from), (a, b) => setInPlane(out, chosen, at, a, b));
    }
  }
  return pasteBits(bits.dimensions, box, out);
}
