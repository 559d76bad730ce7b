import { cosines, type OrbitRays, sines } from './orbit-rays.ts';

/** The front of an orbit, in its frame: the least bent surface a = f(x, z) through its rim; what lies before it is outside. */
export interface OrbitFront {
  depthMm(x: number, z: number): number;
  /** Points of the rim that were found: a, x, z. */
  rim: [number, number, number][];
  /** Of the rim points about the surface, mm. */
  rimDeviationMm: number;
}

/** The rim is looked for in this stretch of the axis (0: the eye's centre, forward is negative) and so far outside of the wall behind it. */
const foremostMm = -20;
const rearmostMm = 12;
const brimMm = 6;
/** Beyond the rim the line lets go of the bone by this much before it would touch the nose or the brow. */
const letGoMm = 1.5;
const letGoFromMm = 1;
const rounds = 30;
/** Rim points farther than this from the surface pull on it no more than those at this distance (Huber): one answer, whatever comes first. */
const pullMm = 0.6;

/**
 * Finds the rim and spans it. On every ray's half-plane the rim is the bone's point that a line at 45 degrees, coming from in front and from
 * inside, touches first: neither far up the forehead or the nose, nor inside the wall. Through these points goes, robustly (Huber's weights), the
 * harmonic surface of second degree: like a soap film, a saddle at most, so that a notch or a lost piece of the rim moves it little.
 * @returns null where fewer than half of the rays met a rim
 */
export function orbitFront(rays: OrbitRays, boneHu: number): OrbitFront | null {
  const points: [number, number, number][] = [];
  for (let t = 0; t < rays.angles; t++) {
    const found = rimPoint(rays, t, boneHu);
    if (found) points.push(found);
  }
  if (points.length < rays.angles / 2) return null;
  let weights = points.map(() => 1);
  let f = fit(points, weights);
  let deviation = 0;
  for (let round = 0; round < rounds; round++) {
    const off = points.map(([a, x, z]) => a - value(f, x, z));
    const sorted = off.map(Math.abs).sort((p, q) => p - q);
    deviation = 1.4826 * sorted[sorted.length >> 1]!;
    weights = off.map((d) => Math.min(1, pullMm / Math.max(1e-9, Math.abs(d))));
    f = fit(points, weights);
  }
  return { depthMm: (x, z) => value(f, x, z), rim: points, rimDeviationMm: deviation };
}

/** a, x, z of the rim on one angle's half-plane; null: no bone there. */
function rimPoint(rays: OrbitRays, t: number, boneHu: number): [number, number, number] | null {
  const { samples, sampleMm, firstMm, stepMm, angles, middle, values } = rays;
  const bone = (n: number): number => {
    const at = (n * angles + t) * samples;
    for (let s = 1; s < samples; s++) {
      const [before, here] = [values[at + s - 1]!, values[at + s]!];
      if (here >= boneHu) return (s - 1 + (before < boneHu ? (boneHu - before) / (here - before) : 0)) * sampleMm;
    }
    return Number.NaN;
  };
  const section = (mm: number): number => Math.round((mm - firstMm) / stepMm);
  const walls: number[] = [];
  for (let n = section(0); n <= section(rearmostMm); n++) {
    const r = bone(n);
    if (r < 32) walls.push(r);
  }
  if (walls.length < 4) return null;
  walls.sort((a, b) => a - b);
  const most = walls[walls.length >> 1]! + brimMm;
  let best: { a: number; r: number; n: number } | null = null;
  // From the back forward along the wall: the first crest counts.
  for (let n = section(rearmostMm); n >= section(foremostMm); n--) {
    const a = firstMm + n * stepMm;
    const r = bone(n);
    if (r <= most && (best === null || -a - r > -best.a - best.r)) best = { a, r, n };
    else if (best !== null && best.a < letGoFromMm && !(-a - r > -best.a - best.r - letGoMm)) break;
  }
  if (!best || best.n === section(foremostMm)) return null;
  return [best.a, middle[2 * best.n]! + best.r * cosines[t]!, middle[2 * best.n + 1]! + best.r * sines[t]!];
}

/** Harmonic polynomials to the second degree, in centimetres so that the equations are well scaled. */
const terms = (x: number, z: number): number[] => [1, x / 10, z / 10, (x * x - z * z) / 100, (x * z) / 100];
const value = (f: number[], x: number, z: number): number => terms(x, z).reduce((sum, v, n) => sum + v * f[n]!, 0);

/** Weighted least squares by the normal equations (five unknowns, Gauss with pivots). */
function fit(points: [number, number, number][], weights: number[]): number[] {
  const m = Array.from({ length: 5 }, () => new Array<number>(6).fill(0));
  points.forEach(([a, x, z], n) => {
    const t = terms(x, z);
    for (let r = 0; r < 5; r++) {
      for (let c = 0; c < 5; c++) m[r]![c]! += weights[n]! * t[r]! * t[c]!;
      m[r]![5]! += weights[n]! * t[r]! * a;
    }
  });
  for (let p = 0; p < 5; p++) {
    let pivot = p;
    for (let r = p + 1; r < 5; r++) if (Math.abs(m[r]![p]!) > Math.abs(m[pivot]![p]!)) pivot = r;
    [m[p], m[pivot]] = [m[pivot]!, m[p]!];
    for (let r = 0; r < 5; r++) {
      if (r === p || m[p]![p] === 0) continue;
      const by = m[r]![p]! / m[p]![p]!;
      for (let c = p; c < 6; c++) m[r]![c]! -= by * m[p]![c]!;
    }
  }
  return m.map((row, n) => (row[n] === 0 ? 0 : row[5]! / row[n]!));
}
