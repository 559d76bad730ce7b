import type { Mesh, Tick } from './mesh.ts';
import { NearestTriangle } from './nearest.ts';

/** Same shape as the contract's deviation, mm. */
export interface Deviation {
  mean: number;
  p95: number;
  max: number;
}

interface Sampled {
  distanceMm: Float32Array;
  weight: Float64Array;
}

/**
 * Distances from vertices and centroids of `from` to `to`. Weights integrate over the surface: 3/4 of a triangle's area at its centroid
 * and 1/12 at each corner is exact for quadratics. With `stride` n only every n-th triangle's centroid and every n-th vertex are taken.
 */
function sample(from: Mesh, to: NearestTriangle, stride: number, tick: Tick): Sampled {
  const { positions: p, triangles } = from;
  const vertices = p.length / 3;
  const atVertex = new Float64Array(vertices);
  const count = triangles.length / 3;
  const inCentres = Math.ceil(count / stride);
  const inVertices = Math.ceil(vertices / stride);
  const distanceMm = new Float32Array(inCentres + inVertices);
  const weight = new Float64Array(inCentres + inVertices);
  for (let t = 0; t < count; t++) {
    const [a, b, c] = [triangles[t * 3] * 3, triangles[t * 3 + 1] * 3, triangles[t * 3 + 2] * 3];
    const [ux, uy, uz] = [p[b] - p[a], p[b + 1] - p[a + 1], p[b + 2] - p[a + 2]];
    const [vx, vy, vz] = [p[c] - p[a], p[c + 1] - p[a + 1], p[c + 2] - p[a + 2]];
    const area = Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx) / 2;
    atVertex[a / 3] += area / 12;
    atVertex[b / 3] += area / 12;
    atVertex[c / 3] += area / 12;
    if (t % stride !== 0) continue;
    const n = t / stride;
    if (n % 4096 === 0) tick((0.7 * n) / inCentres);
    weight[n] = area * 0.75;
    distanceMm[n] = to.distanceMm((p[a] + p[b] + p[c]) / 3, (p[a + 1] + p[b + 1] + p[c + 1]) / 3, (p[a + 2] + p[b + 2] + p[c + 2]) / 3);
  }
  for (let n = 0; n < inVertices; n++) {
    if (n % 4096 === 0) tick(0.7 + (0.3 * n) / inVertices);
    const at = n * stride * 3;
    weight[inCentres + n] = atVertex[n * stride];
    distanceMm[inCentres + n] = to.distanceMm(p[at], p[at + 1], p[at + 2]);
  }
  return { distanceMm, weight };
}

/** The least distance that at least `part` of the weight does not exceed; found bit by bit, since float32 >= 0 sort like their bits. */
function quantile({ distanceMm, weight }: Sampled, part: number): number {
  const bits = new Uint32Array(distanceMm.buffer);
  let whole = 0;
  for (const w of weight) whole += w;
  let low = 0;
  let high = 0x7f800000;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    let below = 0;
    for (let n = 0; n < bits.length; n++) if (bits[n] <= middle) below += weight[n];
    if (below >= part * whole * (1 - 1e-12)) high = middle;
    else low = middle + 1;
  }
  return new Float32Array(Uint32Array.of(low).buffer)[0];
}

/**
 * Two-sided distance between two surfaces: from vertices and triangle centroids of each to the nearest triangle of the other, weighted by
 * area. `mean` is over both surfaces together (the average symmetric surface distance); `p95` is the larger of the two directed 95th
 * percentiles, `max` the larger directed maximum of the samples (a lower bound of the Hausdorff distance, short by less than the size
 * of a triangle).
 *
 * Meshes in LPS mm with finite coordinates. With more than `samplesPerSide` vertices and triangles every n-th is taken, n the same on the
 * whole surface, so the answer does not depend on chance. Returns null where either has no triangles. Cost: a few microseconds a sample,
 * 80 bytes a triangle.
 */
export function deviationBetween(a: Mesh, b: Mesh, samplesPerSide = 1_000_000, tick?: Tick): Deviation | null {
  if (a.triangles.length === 0 || b.triangles.length === 0) return null;
  const strideOf = (mesh: Mesh) => Math.max(1, Math.ceil((mesh.triangles.length + mesh.positions.length) / 3 / samplesPerSide));
  const there = sample(a, new NearestTriangle(b), strideOf(a), (part) => tick?.(part / 2));
  const back = sample(b, new NearestTriangle(a), strideOf(b), (part) => tick?.(0.5 + part / 2));
  let sum = 0;
  let weight = 0;
  let max = 0;
  for (const side of [there, back]) {
    let sideSum = 0;
    let sideWeight = 0;
    for (let n = 0; n < side.weight.length; n++) {
      sideSum += side.weight[n] * side.distanceMm[n];
      sideWeight += side.weight[n];
      if (side.distanceMm[n] > max) max = side.distanceMm[n];
    }
    // A thinned side stands for its whole surface.
    const scale = areaOf(side === there ? a : b) / (sideWeight || 1);
    sum += sideSum * scale;
    weight += sideWeight * scale;
  }
  return { mean: weight > 0 ? sum / weight : 0, p95: Math.max(quantile(there, 0.95), quantile(back, 0.95)), max };
}

function areaOf({ positions: p, triangles }: Mesh): number {
  let twice = 0;
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [triangles[at] * 3, triangles[at + 1] * 3, triangles[at + 2] * 3];
    const [ux, uy, uz] = [p[b] - p[a], p[b + 1] - p[a + 1], p[b + 2] - p[a + 2]];
    const [vx, vy, vz] = [p[c] - p[a], p[c + 1] - p[a + 1], p[c + 2] - p[a + 2]];
    twice += Math.hypot(uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx);
  }
  return twice / 2;
}
