import type { Random } from './random.ts';

/** A smooth random field of about -1..1: three waves in seeded directions, `wavelengthMm` long. */
export function waves(random: Random, wavelengthMm: number): (x: number, y: number, z: number) => number {
  const [a, b, c] = [wave(random, wavelengthMm), wave(random, wavelengthMm), wave(random, wavelengthMm)];
  return (x, y, z) => (a(x, y, z) + b(x, y, z) + c(x, y, z)) / 2.2;
}

/** One wave of -1..1 in a seeded direction. */
export function wave(random: Random, wavelengthMm: number): (x: number, y: number, z: number) => number {
  const u = random.normal();
  const v = random.normal();
  const w = random.normal();
  const scale = (2 * Math.PI) / (wavelengthMm * random.between(0.75, 1.3) * Math.hypot(u, v, w));
  const a = u * scale;
  const b = v * scale;
  const c = w * scale;
  const phase = random.between(0, 2 * Math.PI);
  return (x, y, z) => Math.sin(a * x + b * y + c * z + phase);
}

/** Value noise of -1..1 by hashing the corners of a lattice of `cellMm`: the grain of trabecular bone. */
export function grain(seed: number, cellMm: number): (x: number, y: number, z: number) => number {
  const corner = (i: number, j: number, k: number): number => {
    let h = Math.imul(i, 0x27d4eb2d) ^ Math.imul(j, 0x165667b1) ^ Math.imul(k, 0x9e3779b1) ^ seed;
    h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
    h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
    return ((h ^ (h >>> 16)) >>> 0) / 2 ** 31 - 1;
  };
  const ease = (t: number): number => t * t * (3 - 2 * t);
  return (x, y, z) => {
    const i = Math.floor(x / cellMm);
    const j = Math.floor(y / cellMm);
    const k = Math.floor(z / cellMm);
    const u = ease(x / cellMm - i);
    const v = ease(y / cellMm - j);
    const w = ease(z / cellMm - k);
    let sum = 0;
    for (let n = 0; n < 8; n++) {
      const a = n & 1;
      const b = (n >> 1) & 1;
      const c = n >> 2;
      sum += corner(i + a, j + b, k + c) * (a ? u : 1 - u) * (b ? v : 1 - v) * (c ? w : 1 - w);
    }
    return sum;
  };
}
