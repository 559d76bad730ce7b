import { normalDensity, normalIntegral } from './normal-integral.ts';
import { mostSamples, type Profile } from './sample-profile.ts';
import { solution, solveFive } from './solve-five.ts';

/** A slab of density `high` between `back` and `low`, its edges at `inner` < `outer` (mm along the profile, outward), all blurred. */
export interface Slab {
  inner: number;
  outer: number;
  high: number;
  low: number;
  back: number;
  /** False: only the outer edge is fitted; `inner` and `back` mean nothing. */
  two: boolean;
}

/** What is known before the profile is read. `high`: the density that bone nearby has, and how far it may be from that; null: nothing. */
export interface SlabPrior {
  high: number | null;
  highSpread: number;
  /** How far the plateaus beside the slab may be from where `slab` starts. */
  besideSpread: number;
  /** Standard deviation of a sample about the model. */
  noise: number;
}

/** One over the width of the blur at each sample. */
const inverses = new Float64Array(mostSamples);

/**
 * Fits slab x PSF to the samples from..to of a profile by damped Gauss-Newton from where `slab` stands; changes `slab`.
 * Width, edges and plateaus are found together: a wall too thin for its plateau to be seen leaves `high` to the prior, a thick one does
 * not feel it (Treece et al., Med Image Anal 14 (2010) 276: thickness below the PSF is determined once density is known).
 * Returns the root mean square of what is left, NaN where no fit was found. About 20 ns a sample and round.
 */
export function fitSlab(profile: Profile, from: number, to: number, sigmaMm: number, slab: Slab, prior: SlabPrior, rounds = 4): number {
  const { value, below, above, share, extraMm2 } = profile;
  for (let n = from; n < to; n++) inverses[n] = 1 / Math.sqrt(sigmaMm * sigmaMm + extraMm2[n]);
  const { two } = slab;
  const highWeight = prior.high === null ? 0 : (prior.noise / prior.highSpread) ** 2;
  const highKnown = prior.high ?? 0;
  const besideWeight = (prior.noise / prior.besideSpread) ** 2;
  const lowSeen = slab.low;
  const backSeen = slab.back;
  const thinnest = 0.05 * sigmaMm;
  let { outer, inner, high, low, back } = slab;
  let rest = Number.NaN;
  for (let round = 0; round < rounds; round++) {
    // Normal equations of outer, high, low, inner, back, in this order; upper letters are what stands right.
    let oo = 0;
    let oh = 0;
    let ol = 0;
    let oi = 0;
    let ob = 0;
    let hh = highWeight;
    let hl = 0;
    let hi = 0;
    let hb = 0;
    let ll = besideWeight;
    let li = 0;
    let lb = 0;
    let ii = 0;
    let ib = 0;
    let bb = besideWeight;
    let O = 0;
    let H = highWeight * (highKnown - high);
    let L = besideWeight * (lowSeen - low);
    let I = 0;
    let B = besideWeight * (backSeen - back);
    let sum = 0;
    const step = high - low;
    const rise = back - high;
    for (let n = from; n < to; n++) {
      const inverse = inverses[n];
      const part = share[n];
      const x = (below[n] - outer) * inverse;
      let l = normalIntegral(x);
      let o = normalDensity(x);
      if (part > 0) {
        const y = (above[n] - outer) * inverse;
        l += part * (normalIntegral(y) - l);
        o += part * (normalDensity(y) - o);
      }
      o *= step * inverse;
      if (two) {
        const u = (below[n] - inner) * inverse;
        let p = normalIntegral(u);
        let i = normalDensity(u);
        if (part > 0) {
          const w = (above[n] - inner) * inverse;
          p += part * (normalIntegral(w) - p);
          i += part * (normalDensity(w) - i);
        }
        i *= rise * inverse;
        const h = p - l;
        const b = 1 - p;
        const left = value[n] - high * h - low * l - back * b;
        sum += left * left;
        oo += o * o;
        oh += o * h;
        ol += o * l;
        oi += o * i;
        ob += o * b;
        hh += h * h;
        hl += h * l;
        hi += h * i;
        hb += h * b;
        ll += l * l;
        li += l * i;
        lb += l * b;
        ii += i * i;
        ib += i * b;
        bb += b * b;
        O += o * left;
        H += h * left;
        L += l * left;
        I += i * left;
        B += b * left;
      } else {
        const h = 1 - l;
        const left = value[n] - high * h - low * l;
        sum += left * left;
        oo += o * o;
        oh += o * h;
        ol += o * l;
        hh += h * h;
        hl += h * l;
        ll += l * l;
        O += o * left;
        H += h * left;
        L += l * left;
      }
    }
    rest = Math.sqrt(sum / (to - from));
    oo = oo * 1.001 + 1e-9;
    hh = hh * 1.001 + 1e-9;
    ll = ll * 1.001 + 1e-9;
    if (two) {
      ii = ii * 1.001 + 1e-9;
      bb = bb * 1.001 + 1e-9;
      if (!solveFive(oo, oh, ol, oi, ob, hh, hl, hi, hb, ll, li, lb, ii, ib, bb, O, H, L, I, B)) return Number.NaN;
    } else if (!solveFive(oo, oh, ol, 0, 0, hh, hl, 0, 0, ll, 0, 0, 1, 0, 1, O, H, L, 0, 0)) return Number.NaN;
    outer += Math.max(-sigmaMm, Math.min(sigmaMm, solution[0]));
    high += solution[1];
    low += solution[2];
    if (two) {
      inner += Math.max(-sigmaMm, Math.min(sigmaMm, solution[3]));
      back += solution[4];
      if (outer - inner < thinnest) {
        const middle = 0.5 * (outer + inner);
        outer = middle + 0.5 * thinnest;
        inner = middle - 0.5 * thinnest;
      }
    }
    if (Math.abs(solution[0]) + Math.abs(solution[3]) < 0.01 * sigmaMm) break;
  }
  slab.outer = outer;
  slab.inner = inner;
  slab.high = high;
  slab.low = low;
  slab.back = back;
  return rest;
}
