import type { Triple } from '../volume/geometry.ts';

/**
 * Coordinates of one orbit, mm: `a` runs from the eye's centre along the orbit's axis to the back, `x` to the patient's side of that orbit
 * (lateral), `z` up.
 */
export interface OrbitFrame {
  /** Unit vectors in LPS. */
  back: Triple;
  lateral: Triple;
  up: Triple;
  originLps: Triple;
}

/** The axes of the two orbits converge to the back by about this much from the sagittal plane. */
const convergence = (22 * Math.PI) / 180;

const dot = (p: Triple, q: Triple): number => p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
const unit = (p: Triple): Triple => {
  const n = Math.hypot(...p);
  return [p[0] / n, p[1] / n, p[2] / n];
};
const cross = (p: Triple, q: Triple): Triple => [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];

/**
 * The frame of one orbit. Where both eyes are known, the line through them says how the head is turned and tilted.
 * @param eyeLps centre of this eye; `otherLps` of the other, or null
 * @param side 1: the patient's left (+x), -1: the right
 */
export function orbitFrame(eyeLps: Triple, otherLps: Triple | null, side: 1 | -1): OrbitFrame {
  const across: Triple = otherLps ? unit(eyeLps.map((v, a) => side * (v - otherLps[a]!)) as Triple) : [1, 0, 0];
  const level = dot([0, 1, 0], across);
  const posterior = unit([-level * across[0], 1 - level * across[1], -level * across[2]]);
  const [c, s] = [Math.cos(convergence), side * Math.sin(convergence)];
  const back = posterior.map((v, a) => c * v - s * across[a]!) as Triple;
  const up = cross(across, posterior);
  const lateral = posterior.map((v, a) => Math.abs(s) * v + side * c * across[a]!) as Triple;
  return { back, lateral, up, originLps: eyeLps };
}

export function frameToLps({ back, lateral, up, originLps: o }: OrbitFrame, a: number, x: number, z: number): Triple {
  return [
    o[0] + a * back[0] + x * lateral[0] + z * up[0],
    o[1] + a * back[1] + x * lateral[1] + z * up[1],
    o[2] + a * back[2] + x * lateral[2] + z * up[2],
  ];
}

/** a, x, z of a patient point. */
export function lpsToFrame({ back, lateral, up, originLps: o }: OrbitFrame, px: number, py: number, pz: number): Triple {
  const d: Triple = [px - o[0], py - o[1], pz - o[2]];
  return [dot(d, back), dot(d, lateral), dot(d, up)];
}
