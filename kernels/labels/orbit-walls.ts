import type { OrbitRays } from './orbit-rays.ts';

/** How the wall's face is looked for along a ray. */
export interface WallSettings {
  boneHu: number;
  airHu: number;
  /** Puts the face where the whole profile says (blur and thin walls accounted for); false: where the value passes boneHu or airHu. */
  profile: boolean;
}

/** Distance of the wall from the section's middle, mm, angles fastest; NaN: none was met, or the volume ended before. */
export interface Walls {
  radii: Float32Array;
  /** 1 where the ray left the volume before it met a wall. */
  cut: Uint8Array;
  /** Density of the orbit's solid bone, HU; null where faces are taken at the bounds. */
  denseHu: number | null;
}

/** A ridge of at least this is a thin wall where it stands out of what lies before and behind it. */
const ridgeHu = 180;
const ridgeDropHu = 90;
/** A wall that is lost between the orbit and air: lamina papyracea and the lining of the cells behind it. */
const lostWallMm = 0.5;

/**
 * The first wall on each ray: bone, air, or a thin ridge of bone below boneHu. Its face lies where the bone before its peak, taken together
 * (the area under the profile above the tissue in front, divided by the density of bone), would begin: that place does not move with the
 * blur of the scan, nor with how much of its contrast a thin wall keeps.
 */
export function orbitWalls(rays: OrbitRays, settings: WallSettings): Walls {
  const cells = rays.sections * rays.angles;
  const first = new Int32Array(cells).fill(-1);
  const cut = new Uint8Array(cells);
  for (let c = 0; c < cells; c++) {
    const found = firstWall(rays, c * rays.samples, settings);
    if (found === null) cut[c] = 1;
    else first[c] = found;
  }
  const radii = new Float32Array(cells).fill(Number.NaN);
  const dense = settings.profile ? boneDensity(rays, first, settings) : 0;
  for (let c = 0; c < cells; c++)
    if (first[c]! > 0)
      radii[c] = settings.profile ? profileFace(rays, c, first[c]!, dense, settings) : plainFace(rays, c, first[c]!, settings);
  return { radii, cut, denseHu: settings.profile ? dense : null };
}

/** Sample at which the first wall is met; -1: none, null: the volume ended. */
function firstWall({ values, samples }: OrbitRays, at: number, { boneHu, airHu, profile }: WallSettings): number | null {
  for (let s = 0; s < samples; s++) {
    const v = values[at + s]!;
    if (Number.isNaN(v)) return null;
    if (v >= boneHu || v <= airHu) return s;
    if (!profile || s < 8 || s + 7 >= samples || v < ridgeHu || v < values[at + s - 1]! || v < values[at + s + 1]!) continue;
    const before = Math.min(values[at + s - 5]!, values[at + s - 6]!, values[at + s - 7]!);
    const behind = Math.min(values[at + s + 5]!, values[at + s + 6]!, values[at + s + 7]!);
    if (v - before > ridgeDropHu && v - behind > ridgeDropHu) return s;
  }
  return -1;
}

/** Where the value passes the bound, between two samples. */
function plainFace({ values, samples, sampleMm }: OrbitRays, c: number, s: number, { boneHu, airHu }: WallSettings): number {
  const [before, here] = [values[c * samples + s - 1]!, values[c * samples + s]!];
  const bound = here >= boneHu ? boneHu : airHu;
  return (s - 1 + (bound - before) / (here - before)) * sampleMm;
}

/** The peak of the wall that begins at a sample: the first local maximum from there on, within two millimetres. */
function peakAfter(values: Float32Array, at: number, s: number, samples: number): number {
  let peak = s;
  for (let q = s + 1; q < Math.min(samples, s + 9); q++) {
    if (values[at + q]! > values[at + peak]!) peak = q;
    else if (values[at + q]! < values[at + peak]! - 60) break;
  }
  return peak;
}

/** Density of solid bone here: the median of the peaks that are at least twice the bound. */
function boneDensity({ values, samples }: OrbitRays, first: Int32Array, { boneHu }: WallSettings): number {
  const peaks: number[] = [];
  for (let c = 0; c < first.length; c++) {
    if (first[c]! < 0) continue;
    const v = values[c * samples + peakAfter(values, c * samples, first[c]!, samples)]!;
    if (v >= 2 * boneHu) peaks.push(v);
  }
  peaks.sort((a, b) => a - b);
  return peaks.length === 0 ? 3 * boneHu : peaks[peaks.length >> 1]!;
}

function profileFace(rays: OrbitRays, c: number, s: number, dense: number, settings: WallSettings): number {
  const { values, samples, sampleMm } = rays;
  const at = c * samples;
  const from = Math.max(0, s - 12);
  let base = 0;
  let count = 0;
  for (let q = from; q <= s - 6; q++, count++) base += values[at + q]!;
  if (count === 0) return s * sampleMm;
  base /= count;
  let peak = s;
  if (values[at + s]! <= settings.airHu) {
    // Air: is there a wall in front of it that stands out of the tissue?
    for (let q = s - 1; q > Math.max(0, s - 8); q--) if (values[at + q]! > values[at + peak]!) peak = q;
    if (values[at + peak]! < base + 110) {
      const half = (base - 1000) / 2;
      let q = s;
      while (q > 1 && values[at + q - 1]! < half) q--;
      const [v0, v1] = [values[at + q - 1]!, values[at + q]!];
      const place = v1 < half && v0 > v1 ? (q - 1 + (half - v0) / (v1 - v0)) * sampleMm : q * sampleMm;
      return place - lostWallMm;
    }
  } else peak = peakAfter(values, at, s, samples);
  const top = values[at + peak]!;
  const start = Math.max(0, Math.min(from, peak - 10));
  let area = (values[at + start]! + top) / 2 - base;
  for (let q = start + 1; q < peak; q++) area += values[at + q]! - base;
  return (peak - area / (Math.max(top, dense) - base)) * sampleMm;
}
