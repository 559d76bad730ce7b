import type { Triple } from '../volume/geometry.ts';
import type { NearestSurfel } from './nearest-surfel.ts';
import { SliceDistances } from './slice-distances.ts';
import type { SurfelBits } from './surfels.ts';

/** Corners whose nearest surfel is not near, slice by slice. i is counted as in SurfelBits' words, j and k from the frame's first. */
export interface FarCorners {
  i: Int32Array;
  j: Int32Array;
  /** Corners of slice k are first[k] up to first[k + 1]. */
  first: Int32Array;
  /** Squared mm to some surfel, Infinity where none is known yet; becomes the exact answer. */
  squaredMm: Float64Array;
}

export interface FarPlan {
  /** Memory for slices of distances. */
  ringBytes: number;
  /** One corner looked for by itself costs as much as so many corners of a slice's distance transform. */
  costOfOne: number;
}
const usual: FarPlan = { ringBytes: 96 * 1024 * 1024, costOfOne: 1500 };

function boundsOf(corners: FarCorners): { iFrom: number; iTo: number; jFrom: number; jTo: number } {
  const box = { iFrom: Infinity, iTo: 0, jFrom: Infinity, jTo: 0 };
  for (let n = 0; n < corners.i.length; n++) {
    box.iFrom = Math.min(box.iFrom, corners.i[n]);
    box.iTo = Math.max(box.iTo, corners.i[n] + 1);
    box.jFrom = Math.min(box.jFrom, corners.j[n]);
    box.jTo = Math.max(box.jTo, corners.j[n] + 1);
  }
  return box;
}

/**
 * Exact squared distances of many far corners. A few are looked for one by one; many share the distance transforms of their slices, of
 * which a ring is kept: the answer of a corner is the least over the slices around its own of the distance there and the way to it.
 * @param step told how much is done, 0 to 1
 */
export function settleFar(
  corners: FarCorners,
  surfels: SurfelBits,
  nearest: NearestSurfel,
  spacingMm: Triple,
  step: (share: number) => void,
  plan: FarPlan = usual,
): void {
  const { i, j, first, squaredMm } = corners;
  const slices = first.length - 1;
  if (i.length === 0) return;
  const window = boundsOf(corners);
  const across = window.iTo - window.iFrom;
  const corner = across * (window.jTo - window.jFrom);
  if (i.length * plan.costOfOne < corner * slices) {
    for (let k = 0; k < slices; k++) {
      step(k / slices);
      for (let n = first[k]; n < first[k + 1]; n++) squaredMm[n] = nearest.far(i[n], j[n], k, squaredMm[n]);
    }
    return;
  }
  const reach = Math.max(1, Math.min(slices - 1, Math.floor(plan.ringBytes / (corner * 4) / 2)));
  const ring = Array.from({ length: Math.min(slices, 2 * reach + 1) }, () => new Int32Array(corner));
  const filled = new Uint8Array(slices);
  const transform = new SliceDistances(surfels, spacingMm, window);
  const [sx, sy, sz] = spacingMm;
  const alongI = Float64Array.from({ length: surfels.stride * 32 }, (_, d) => (d * sx) ** 2);
  const alongJ = Float64Array.from({ length: surfels.frame.jTo - surfels.frame.jFrom + 1 }, (_, d) => (d * sy) ** 2);
  let most = 0;
  for (let k = 0; k < slices; k++) most = Math.max(most, first[k + 1] - first[k]);
  const looking = new Int32Array(most);
  const place = new Int32Array(most);
  let next = 0;
  for (let k = 0; k < slices; k++) {
    step(k / slices);
    for (; next < slices && next <= k + reach; next++) filled[next] = transform.compute(next, ring[next % ring.length]) ? 1 : 0;
    // Slice by slice outwards, all corners of slice k together: the memory of one slice is walked in order, which is what takes the time.
    let open = 0;
    for (let n = first[k]; n < first[k + 1]; n++) {
      looking[open] = n;
      place[open++] = (j[n] - window.jFrom) * across + i[n] - window.iFrom;
    }
    for (let away = 0; open > 0 && away <= reach && (k - away >= 0 || k + away < slices); away++) {
      const dz = (away * sz) ** 2;
      const below = k >= away && filled[k - away] === 1 ? ring[(k - away) % ring.length] : null;
      const above = away > 0 && k + away < slices && filled[k + away] === 1 ? ring[(k + away) % ring.length] : null;
      let left = 0;
      for (let m = 0; m < open; m++) {
        const n = looking[m];
        const at = place[m];
        let best = squaredMm[n];
        if (dz >= best) continue;
        if (below) {
          const steps = below[at];
          const squared = alongJ[steps >>> 16] + dz + alongI[steps & 0xffff];
          if (squared < best) best = squared;
        }
        if (above) {
          const steps = above[at];
          const squared = alongJ[steps >>> 16] + dz + alongI[steps & 0xffff];
          if (squared < best) best = squared;
        }
        squaredMm[n] = best;
        looking[left] = n;
        place[left++] = at;
      }
      open = left;
    }
    const beyond = ((reach + 1) * sz) ** 2;
    for (let m = 0; m < open; m++) {
      const n = looking[m];
      if (squaredMm[n] > beyond) squaredMm[n] = nearest.far(i[n], j[n], k, squaredMm[n]);
    }
  }
}
