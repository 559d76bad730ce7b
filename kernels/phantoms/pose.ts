import { wave } from './noise-field.ts';
import type { Random } from './random.ts';

/** How a head lies in the scanner, and how it differs from the drawing: turned, scaled and gently bent. */
export interface Pose {
  scale: number;
  /** Head mm of a patient point (LPS mm), written into `out` at `n`. */
  toHead(x: number, y: number, z: number, out: Float64Array): void;
  /** LPS mm of a head point, to about a millimetre (the bending is left out). */
  toLps(x: number, y: number, z: number): [number, number, number];
  /** The largest distance in mm by which `toLps` may be off. */
  bendMm: number;
  /** The LPS point of the middle of the drawing. */
  centreLps: [number, number, number];
}

/** The middle of the drawing in head mm. */
export const drawingCentre = [0, 56, 6] as const;

export function makePose(random: Random): Pose {
  const degrees = Math.PI / 180;
  const a = random.between(-2.5, 2.5) * degrees;
  const b = random.between(-2, 2) * degrees;
  const c = random.between(-2.5, 2.5) * degrees;
  const scale = random.between(0.955, 1);
  const centreLps: [number, number, number] = [
    Math.round(random.between(-6, 6) * 10) / 10,
    Math.round(random.between(-160, -130) * 10) / 10,
    Math.round(random.between(40, 90) * 10) / 10,
  ];
  // Columns of the rotation: about z, then x, then y.
  const [ca, sa, cb, sb, cc, sc] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b), Math.cos(c), Math.sin(c)];
  const m = [
    cc * ca - sc * sb * sa,
    -cc * sa - sc * sb * ca,
    -sc * cb,
    cb * sa,
    cb * ca,
    -sb,
    sc * ca + cc * sb * sa,
    -sc * sa + cc * sb * ca,
    cc * cb,
  ];
  const bendMm = 1.1;
  const bends = [wave(random, 95), wave(random, 95), wave(random, 95)];
  const [ox, oy, oz] = drawingCentre;
  return {
    scale,
    bendMm: 2 * bendMm,
    centreLps,
    toHead(x, y, z, out) {
      const u = x - centreLps[0];
      const v = y - centreLps[1];
      const w = z - centreLps[2];
      const hx = (m[0] * u + m[3] * v + m[6] * w) / scale + ox;
      const hy = (m[1] * u + m[4] * v + m[7] * w) / scale + oy;
      const hz = (m[2] * u + m[5] * v + m[8] * w) / scale + oz;
      out[0] = hx + bendMm * bends[0](hx, hy, hz);
      out[1] = hy + bendMm * bends[1](hx, hy, hz);
      out[2] = hz + bendMm * bends[2](hx, hy, hz);
    },
    toLps(x, y, z) {
      const u = (x - ox) * scale;
      const v = (y - oy) * scale;
      const w = (z - oz) * scale;
      return [
        m[0] * u + m[1] * v + m[2] * w + centreLps[0],
        m[3] * u + m[4] * v + m[5] * w + centreLps[1],
        m[6] * u + m[7] * v + m[8] * w + centreLps[2],
      ];
    },
  };
}
