import type { Triple } from '../volume/geometry.ts';
import type { NearestSurfel } from './nearest-surfel.ts';
import { SliceRing } from './slice-ring.ts';
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
const usual: FarPlan = { ringBytes: 128 * 1024 * 1024, costOfOne: 1500 };

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
  if (i.length * plan.costOfOne < across * (window.jTo - window.jFrom) * slices) {
    for (let k = 0; k < slices; k++) {
      step(k / slices);
      for (let n = first[k]; n < first[k + 1]; n++) squaredMm[n] = nearest.far(i[n], j[n], k, squaredMm[n]);
    }
    return;
  }
  const ring = new SliceRing(surfels, spacingMm, window, slices, plan.ringBytes);
  const [sx, sy, sz] = spacingMm;
  const alongI = Float64Array.from({ length: surfels.stride * 32 }, (_, d) => (d * sx) ** 2);
  const alongJ = Float64Array.from({ length: ring.rowsJ + 1 }, (_, d) => (d === ring.rowsJ ? Infinity : (d * sy) ** 2));
  const alongK = Float64Array.from({ length: slices + 1 }, (_, d) => (d * sz) ** 2);
  for (let k = 0; k < slices; k++) {
    step(k / slices);
    if (first[k] === first[k + 1]) continue;
    const [from, to] = ring.around(k);
    const { held, mask, length } = ring;
    for (let n = first[k]; n < first[k + 1]; n++) {
      const base = ((j[n] - window.jFrom) * across + i[n] - window.iFrom) * length;
      let best = squaredMm[n];
      let away = 0;
      for (; alongK[away] < best; away++) {
        const below = k - away;
        const above = k + away;
        if (below < from && above >= to) break;
        if (below >= from) {
          const steps = held[base + (below & mask)];
          const squared = alongJ[steps >>> 16] + alongK[away] + alongI[steps & 0xffff];
          if (squared < best) best = squared;
        }
        if (above < to) {
          const steps = held[base + (above & mask)];
          const squared = alongJ[steps >>> 16] + alongK[away] + alongI[steps & 0xffff];
          if (squared < best) best = squared;
        }
      }
      // Slices that the ring no longer or not yet holds may hide a nearer one.
      const unseen = Math.min(from > 0 ? k - from + 1 : slices, to < slices ? to - k : slices);
      squaredMm[n] = alongK[unseen] < best ? nearest.far(i[n], j[n], k, best) : best;
    }
  }
}
