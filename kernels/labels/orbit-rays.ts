import type { Sampler } from '../volume/sampler.ts';
import { frameToLps, type OrbitFrame } from './orbit-frame.ts';

/** Values along rays that run from the middle of each section of an orbit to all sides. */
export interface OrbitRays {
  /** Section n lies at firstMm + n * stepMm along the axis. */
  sections: number;
  firstMm: number;
  stepMm: number;
  angles: number;
  samples: number;
  sampleMm: number;
  /** Middle of each section: x, z in the frame. */
  middle: Float64Array;
  /** Samples, then angles, then sections; NaN outside of the volume. */
  values: Float32Array;
}

export const rayGrid = { firstMm: -24, lastMm: 62, stepMm: 0.5, angles: 128, samples: 144, sampleMm: 0.25 };
/** Where the tracking of the middle begins: just behind the globe. */
const startMm = 10;
/** The middle moves at most this much a section, and a ray counts at most this much. */
const driftMm = 0.22;
const reachMm = 24;

export const cosines = Float64Array.from({ length: rayGrid.angles }, (_, n) => Math.cos((2 * Math.PI * n) / rayGrid.angles));
export const sines = Float64Array.from({ length: rayGrid.angles }, (_, n) => Math.sin((2 * Math.PI * n) / rayGrid.angles));

/**
 * Samples an orbit in sections across its axis; each section's rays begin at the middle of the section before it, moved towards its own
 * middle, so that a bent orbit is followed to its apex.
 * @param isWall says of a value whether it ends a ray
 * Cost: about three million samples.
 */
export function orbitRays(sample: Sampler, frame: OrbitFrame, isWall: (hu: number) => boolean): OrbitRays {
  const { firstMm, lastMm, stepMm, angles, samples, sampleMm } = rayGrid;
  const sections = Math.round((lastMm - firstMm) / stepMm) + 1;
  const raw = new Float32Array(sections * angles * samples);
  const middle = new Float64Array(2 * sections);
  const start = Math.round((startMm - firstMm) / stepMm);
  /** The section before this one; behind the globe an orbit only narrows, so that an opening cannot draw the middle after it. */
  const before = new Float64Array(angles).fill(reachMm);
  const take = (n: number, x: number, z: number): [number, number] => {
    middle[2 * n] = x;
    middle[2 * n + 1] = z;
    let area = 0;
    let mx = 0;
    let mz = 0;
    for (let t = 0, at = n * angles * samples; t < angles; t++, at += samples) {
      let hit = -1;
      for (let s = 0; s < samples; s++) {
        const r = s * sampleMm;
        const v = sample(...frameToLps(frame, firstMm + n * stepMm, x + r * cosines[t]!, z + r * sines[t]!));
        raw[at + s] = v;
        if (hit < 0 && isWall(v)) hit = s;
      }
      const r = Math.min(before[t]! + 0.1, hit < 0 ? reachMm : hit * sampleMm);
      if (n >= start) before[t] = r;
      area += r * r;
      mx += (2 / 3) * r * r * r * cosines[t]!;
      mz += (2 / 3) * r * r * r * sines[t]!;
    }
    const toward = (v: number): number => Math.max(-driftMm, Math.min(driftMm, 0.3 * (area > 0 ? v / area : 0)));
    return [x + toward(mx), z + toward(mz)];
  };
  let [x, z] = [0, 0];
  // A few rounds settle the first middle; what they sampled is written over.
  for (let round = 0; round < 30; round++) {
    before.fill(reachMm);
    [x, z] = take(start, x, z);
  }
  const [x0, z0] = [x, z];
  for (let n = start; n < sections; n++) [x, z] = take(n, x, z);
  [x, z] = [x0, z0];
  before.fill(reachMm);
  for (let n = start - 1; n >= 0; n--) {
    // In front of the eye there may be no wall to follow.
    const next = take(n, x, z);
    if (firstMm + n * stepMm > 0) [x, z] = next;
  }
  return { sections, firstMm, stepMm, angles, samples, sampleMm, middle, values: acrossMean(raw, sections, angles, samples) };
}

/** Mean over neighbouring sections and angles (1 2 1 each): along a wall, so that noise goes and the wall's profile stays. */
function acrossMean(raw: Float32Array, sections: number, angles: number, samples: number): Float32Array {
  const mean = new Float32Array(raw.length);
  const between = new Float32Array(raw.length);
  for (let n = 0; n < sections; n++)
    for (let t = 0; t < angles; t++) {
      const at = (n * angles + t) * samples;
      const left = (n * angles + ((t + angles - 1) % angles)) * samples;
      const right = (n * angles + ((t + 1) % angles)) * samples;
      for (let s = 0; s < samples; s++) between[at + s] = (raw[left + s]! + 2 * raw[at + s]! + raw[right + s]!) / 4;
    }
  const row = angles * samples;
  for (let n = 0; n < sections; n++) {
    const [low, high] = [Math.max(0, n - 1) * row, Math.min(sections - 1, n + 1) * row];
    for (let s = 0; s < row; s++) mean[n * row + s] = (between[low + s]! + 2 * between[n * row + s]! + between[high + s]!) / 4;
  }
  return mean;
}
