import type { Distance } from './distance.ts';
import { waves } from './noise-field.ts';
import type { Random } from './random.ts';

/** One orbit: a four-sided pyramid with rounded edges, in head mm with its own side's x positive. */
export interface Orbit {
  /** 1 on the left of the patient, -1 on the right. */
  side: 1 | -1;
  distance: Distance;
  /** Thickness of the bony wall in mm at a point of it. */
  wallMm: Distance;
  /** Centre of the section at a depth y, and its half-axes. */
  section(y: number): { x: number; z: number; halfWidth: number; halfHeight: number };
  /** How far a point lies behind the rim in mm (negative: in front of it). */
  behindRim: Distance;
  apex: [number, number, number];
  /** The bony edge of the entrance: a point at an angle (0 lateral, a quarter turn up), `outMm` outside of the opening. */
  rim(angle: number, outMm: number): [number, number, number];
}

const apexY = 41;
const entranceY = -4;
const power = 2.6;

/** Draws one orbit: half-width 19 to 22 mm, half-height 16.5 to 19.5, walls as thin as in life. */
export function makeOrbit(random: Random, side: 1 | -1): Orbit {
  const width = random.between(20, 21.4);
  const height = random.between(16.8, 18.4);
  const entrance = { x: 34 + random.between(-0.8, 0.8), z: random.between(-0.8, 0.8) };
  const apex = { x: 13.5 + random.between(-0.5, 0.5), z: 3 + random.between(-0.7, 0.7) };
  const medialMm = random.between(0.28, 0.36);
  const floorMm = random.between(0.42, 0.54);
  const roofMm = random.between(0.7, 1.2);
  const lateralMm = random.between(1.7, 2.6);
  const wavy = waves(random, 16);

  const section: Orbit['section'] = (y) => {
    const s = Math.max(0, (apexY - y) / (apexY - entranceY));
    // The orbit is widest about a centimetre behind its rim.
    const inner = Math.min(s, 1.05);
    const grown = 0.16 + 0.84 * inner ** 0.78;
    return {
      x: apex.x + (entrance.x - apex.x) * Math.min(s, 1.2),
      z: apex.z + (entrance.z - apex.z) * Math.min(s, 1.2),
      halfWidth: width * (grown + 0.04 * Math.sin(Math.PI * Math.min(1, inner))),
      halfHeight: height * (grown + 0.05 * Math.sin(Math.PI * Math.min(1, inner))),
    };
  };
  const distance: Distance = (x, y, z) => {
    const at = section(y);
    const u = Math.abs(side * x - at.x) / at.halfWidth;
    const v = Math.abs(z - at.z) / at.halfHeight;
    const up = u ** (power - 1);
    const vp = v ** (power - 1);
    const sum = up * u + vp * v;
    const r = sum ** (1 / power);
    const inPlane = r < 0.2 ? (r - 1) * at.halfHeight : ((r - 1) * sum) / (r * Math.hypot(up / at.halfWidth, vp / at.halfHeight));
    return Math.max(inPlane, y - apexY);
  };
  const wallMm: Distance = (x, y, z) => {
    const at = section(y);
    const u = (side * x - at.x) / at.halfWidth;
    const v = (z - at.z) / at.halfHeight;
    // Weights of the four walls by direction; the floor reaches a little up both sides, as in life.
    const medial = Math.max(0, -u) ** 4;
    const lateral = Math.max(0, u) ** 4;
    const roof = Math.max(0, v) ** 4;
    const floor = 1.3 * Math.max(0, -v) ** 4;
    const sum = medial + lateral + roof + floor || 1;
    const varied = Math.max(-1, Math.min(1, wavy(x, y, z)));
    const thin = (mean: number, spread: number): number => mean + spread * varied;
    const log =
      medial * Math.log(thin(medialMm, Math.min(medialMm - 0.2, 0.5 - medialMm))) +
      floor * Math.log(thin(floorMm, Math.min(floorMm - 0.3, 0.7 - floorMm))) +
      roof * Math.log(thin(roofMm, 0.25)) +
      lateral * Math.log(thin(lateralMm, 0.4));
    return Math.exp(log / sum);
  };
  const behindRim: Distance = (x, y, z) => y - (entranceY + 0.32 * (side * x - entrance.x) - 0.08 * z);
  const rim: Orbit['rim'] = (angle, outMm) => {
    const c = Math.cos(angle);
    const s = Math.sin(angle);
    const reach = (Math.abs(c) ** power + Math.abs(s) ** power) ** (-1 / power);
    let y = 0;
    let x = 0;
    let z = 0;
    // The rim lies on a slanted surface and the section depends on the depth: a few rounds settle both.
    for (let round = 0; round < 6; round++) {
      const at = section(y);
      x = at.x + c * (at.halfWidth * reach + outMm);
      z = at.z + s * (at.halfHeight * reach + outMm);
      y -= behindRim(side * x, y, z);
    }
    return [side * x, y, z];
  };
  return { side, rim, distance, wallMm, section, behindRim, apex: [side * apex.x, apexY, apex.z] };
}
