import { type DensityField, densityAt } from './density-field.ts';
import { fitSlab, type Slab, type SlabPrior } from './fit-slab.ts';
import type { GridFrame } from './grid-frame.ts';
import { findStep, type ProfileStep } from './profile-step.ts';
import { newProfile, sampleProfile } from './sample-profile.ts';

/** How profiles are read, the same for every vertex of a mesh. */
export interface ProfilePlan {
  stepMm: number;
  /** Samples in all, and the place among them of the vertex itself; sample 0 lies innermost. */
  count: number;
  zero: number;
  /** Largest distance of the placed point from the mask's surface. */
  reachMm: number;
}

/** What the image is like, found once (grey-survey.ts). */
export interface ImageTraits {
  /** 1: the segment is brighter than what lies beside it; -1: darker. */
  sign: 1 | -1;
  noise: number;
  /** Smallest step that counts as an edge of the segment. */
  least: number;
  /** What usually lies beside the segment (upper quartile, so that air does not decide); NaN: not known. */
  beside: number;
  /** Squared width of the blur across the slices' normal and along it. */
  withinMm2: number;
  throughMm2: number;
  /** Unit normal of the slices. */
  throughLps: readonly number[];
}

/** What a profile said. */
export interface Reading {
  /** From the vertex to the edge along its normal. */
  offsetMm: number;
  /** Thickness of the wall behind the edge; infinite where no other side is seen. */
  wallMm: number;
  high: number;
  low: number;
  /** What lies behind the wall, where its other side is seen. */
  back: number;
  /** Root mean square of samples about the fitted model, as a part of the step; NaN where none was fitted. */
  misfit: number;
  /** The model holds to the noise, so the place is where the edge is. */
  holds: boolean;
  /** The width of the blur along this profile. */
  sigmaMm: number;
}

const profile = newProfile();
const v = profile.value;
const step: ProfileStep = {
  peakAt: 0,
  peak: 0,
  lowAt: 0,
  low: 0,
  shoulder: false,
  beyondAt: 0,
  beyond: 0,
  backAt: -1,
  back: 0,
  crossing: 0,
};
const slab: Slab = { inner: 0, outer: 0, high: 0, low: 0, back: 0, two: false };
const layer: Slab = { inner: 0, outer: 0, high: 0, low: 0, back: 0, two: true };
const layerPrior: SlabPrior = { high: 0, highSpread: 1, besideSpread: 1, noise: 1 };
const prior: SlabPrior = { high: null, highSpread: 1, besideSpread: 1, noise: 1 };

export const newReading = (): Reading => ({ offsetMm: 0, wallMm: 0, high: 0, low: 0, back: 0, misfit: 0, holds: false, sigmaMm: 0 });

/** The width of the blur along a direction. */
export function sigmaAlong(traits: ImageTraits, x: number, y: number, z: number): number {
  const through = x * traits.throughLps[0] + y * traits.throughLps[1] + z * traits.throughLps[2];
  const part = through * through;
  return Math.sqrt(traits.withinMm2 * (1 - part) + traits.throughMm2 * part);
}

/**
 * Reads the profile through one point along its unit normal (outward) into `reading`; false where it shows no clear step near the point.
 * Where the model does not fit (a third structure within the blur), the half-maximum of what is seen stands.
 */
export function readEdge(
  values: Int16Array | Float32Array,
  frame: GridFrame,
  plan: ProfilePlan,
  traits: ImageTraits,
  field: DensityField | null,
  x: number,
  y: number,
  z: number,
  nx: number,
  ny: number,
  nz: number,
  reading: Reading,
): boolean {
  const { stepMm, count, zero, reachMm } = plan;
  const { sign, noise } = traits;
  const sigma = sigmaAlong(traits, nx, ny, nz);
  sampleProfile(values, frame, x, y, z, nx, ny, nz, stepMm, zero, count, 1.25 * sigma, profile);
  if (sign < 0) for (let n = 0; n < count; n++) v[n] = -v[n];
  if (!findStep(v, count, zero, reachMm / stepMm, 3 * noise, traits.least, step)) return false;

  const contrast = step.peak - step.low;
  slab.outer = (step.crossing - zero) * stepMm;
  slab.high = step.peak;
  slab.low = step.low;
  slab.two = step.backAt >= 0;
  const seenMm = slab.outer;
  let from = 0;
  if (slab.two) {
    const half = 0.5 * (step.peak + step.back);
    let n = step.peakAt;
    while (n > step.backAt && v[n] > half) n--;
    slab.inner = (n + (half - v[n]) / Math.max(1e-9, v[n + 1] - v[n]) - zero) * stepMm;
    slab.back = step.back;
    // A wall wider than this shows its plateau, and what lies behind is none of this edge's business.
    if (slab.outer - slab.inner > 6.5 * sigma) slab.two = false;
    else from = Math.max(step.backAt, Math.ceil((slab.inner - 2.5 * sigma) / stepMm + zero));
  }
  if (!slab.two) from = Math.max(step.backAt, 0, Math.min(step.peakAt, Math.ceil((slab.outer - 2.5 * sigma) / stepMm + zero)));
  const to = Math.min(step.lowAt, Math.max(Math.floor((slab.outer + 2.5 * sigma) / stepMm + zero), Math.ceil(step.crossing + 1))) + 1;

  prior.high = field === null ? null : densityAt(field, x, y, z);
  if (prior.high !== null) prior.high = Math.max(prior.high, step.peak);
  prior.noise = Math.max(noise, 0.03 * contrast);
  prior.highSpread = 0.15 * Math.max(contrast, (prior.high ?? 0) - step.low);
  prior.besideSpread = 0.1 * contrast;
  // A wall below the blur's width cannot tell width from density: it starts at the density nearby and at the width that explains the peak.
  if (slab.two && prior.high !== null) {
    const base = 0.5 * (slab.low + slab.back);
    const kept = Math.max(0.05, Math.min(1, (step.peak - base) / Math.max(1, prior.high - base)));
    if (kept < 0.8) {
      const middle = 0.5 * (slab.outer + slab.inner);
      const wide = kept * sigma * 2.5066;
      slab.outer = middle + 0.5 * wide;
      slab.inner = middle - 0.5 * wide;
      slab.high = prior.high;
    }
  }
  const rest = to - from > (slab.two ? 5 : 3) ? fitSlab(profile, from, to, sigma, slab, prior) : Number.NaN;
  reading.sigmaMm = sigma;
  reading.holds = false;
  // Skin or mucosa over the bone, too thin to show its plateau: bone, layer, air.
  const hidden = step.low < traits.beside - 0.2 * (step.peak - traits.beside);
  if (!Number.isNaN(traits.beside) && (step.shoulder || hidden)) {
    const left = fitLayer(plan, sigma, traits);
    const fall = layer.back - layer.high;
    const better = step.shoulder || !(rest < 1.6 * left);
    const whole = !(slab.two && slab.outer - slab.inner < 3 * sigma);
    if (better && fall >= traits.least && Math.abs(layer.inner) <= reachMm && left <= 0.06 * fall + 2 * noise) {
      reading.offsetMm = layer.inner;
      reading.wallMm = slab.two ? Math.max(0, layer.inner - slab.inner) : Number.POSITIVE_INFINITY;
      reading.high = layer.back;
      reading.low = layer.high;
      reading.back = step.back;
      reading.misfit = left / fall;
      reading.holds = whole && left <= 0.04 * fall + 1.5 * noise;
      return true;
    }
  }
  const fits =
    rest <= 0.12 * (slab.high - slab.low) + 3 * noise && Math.abs(slab.outer - seenMm) <= 1.5 * sigma && Math.abs(slab.outer) <= reachMm;
  if (fits) {
    reading.offsetMm = slab.outer;
    reading.wallMm = slab.two ? slab.outer - slab.inner : Number.POSITIVE_INFINITY;
    reading.high = slab.high;
    reading.low = slab.low;
    reading.back = slab.back;
    reading.misfit = rest / (slab.high - slab.low);
    reading.holds = rest <= 0.04 * (slab.high - slab.low) + 1.5 * noise;
  } else {
    reading.offsetMm = seenMm;
    reading.wallMm = slab.two ? Math.max(0, seenMm - slab.inner) : Number.POSITIVE_INFINITY;
    reading.high = step.peak;
    reading.low = step.low;
    reading.back = step.back;
    reading.misfit = Number.NaN;
  }
  return true;
}

/**
 * Fits bone, a layer beside it and what lies beyond (`layer`: its inner edge is the bone's edge) to the profile that `step` was found in.
 * A layer below the blur's width has no plateau: its density is then what usually lies beside the segment.
 */
function fitLayer({ stepMm, zero }: ProfilePlan, sigma: number, traits: ImageTraits): number {
  const known = !step.shoulder;
  const at = (level: number, from: number) => {
    let n = from;
    while (n < step.beyondAt && v[n + 1] > level) n++;
    return (n + Math.max(0, v[n] - level) / Math.max(1e-9, v[n] - v[n + 1]) - zero) * stepMm;
  };
  layer.back = step.peak;
  layer.high = known ? traits.beside : step.low;
  layer.low = step.beyond;
  layer.inner = at(0.5 * (layer.back + layer.high), step.peakAt);
  layer.outer = Math.max(layer.inner + 0.5 * sigma, at(0.5 * (layer.high + layer.low), step.peakAt));
  const fall = layer.back - layer.high;
  layerPrior.high = layer.high;
  layerPrior.highSpread = 0.05 * fall;
  layerPrior.besideSpread = 0.1 * fall;
  layerPrior.noise = Math.max(traits.noise, 0.01 * fall);
  const from = Math.max(step.backAt, 0, Math.min(step.peakAt, Math.ceil((layer.inner - 2.5 * sigma) / stepMm + zero)));
  const to = Math.min(step.beyondAt, Math.ceil((layer.outer + 2.5 * sigma) / stepMm + zero)) + 1;
  return to - from > 5 ? fitSlab(profile, from, to, sigma, layer, layerPrior, 8) : Number.NaN;
}
