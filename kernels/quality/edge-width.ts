import { fwhmPerSigma } from '../volume/thinnest-wall.ts';
import { interquartileMean, spreadSlices, type Voxels } from './sampled-slices.ts';

export interface EdgeWidth {
  /** Full width at half maximum of the blur across edges of air and tissue, mm; null where too few clean edges were met. */
  fwhmMm: number | null;
  edges: number;
}

/** Read to both sides of an edge at first: short, since skin is thin; wider where the blur turns out to need it. */
const firstWindowMm = 2.5;
/** Half a window of so many widths holds the whole of a blurred edge: four sigma. */
const windowsPerWidth = 1.7;
const widestWindowMm = 12;
const leastEdges = 30;
const mostEdges = 16_000;
/** Cosine between an edge's normal and the line that it is read along. */
const squareEnough = 0.9;
const airHu = { from: -1080, to: -850 };
const tissueHu = { from: -130, to: 150 };

interface Line {
  /** Voxels from one sample to the next, how many samples, and their distance. */
  stride: number;
  length: number;
  stepMm: number;
  windowMm: number;
  /** The two other directions: voxels to the neighbour, distance. */
  beside: [number, number][];
}

/**
 * Sigma of the blur at the crossing between samples n and n + 1 of a line, or null where this is no clean edge. For a step blurred by a
 * Gaussian the integral of E (1 - E) is sigma / sqrt(pi), wherever the samples lie; slanted edges are narrowed by the cosine of the slant.
 */
function sigmaAt(values: Voxels['values'], start: number, n: number, line: Line, noise: number): number | null {
  const { stride, length, stepMm, windowMm, beside } = line;
  // Both samples of a plateau lie outside of the blur.
  const reach = Math.max(3, Math.ceil(windowMm / stepMm) + 1);
  const first = n - reach + 1;
  const last = n + reach;
  if (first < 0 || last >= length) return null;
  const at = (s: number): number => values[start + s * stride]!;
  const ends = [(at(first) + at(first + 1)) / 2, (at(last) + at(last - 1)) / 2];
  const rising = ends[1]! > ends[0]!;
  const [air, tissue] = rising ? [ends[0]!, ends[1]!] : [ends[1]!, ends[0]!];
  if (air < airHu.from || air > airHu.to || tissue < tissueHu.from || tissue > tissueHu.to) return null;
  const rise = ends[1]! - ends[0]!;
  const loose = 0.06 + (4 * noise) / Math.abs(rise);
  let sum = 0;
  let previous = -1;
  for (let s = first; s <= last; s++) {
    const e = (at(s) - ends[0]!) / rise;
    // Skin on fat, a hair, a second edge: neither plateau is one then.
    if (e < -loose || e > 1 + loose || e < previous - loose) return null;
    previous = e;
    sum += e * (1 - e);
  }
  const bias = (noise / rise) ** 2 * (last - first + 1);
  const here = start + n * stride;
  const across = (values[here + 2 * stride]! + values[here + stride]! - values[here]! - values[here - stride]!) / (4 * stepMm);
  let square = across * across;
  for (const [voxels, mm] of beside) {
    let slope = 0;
    for (const s of [0, stride]) slope += (values[here + s + voxels]! - values[here + s - voxels]!) / (4 * mm);
    square += slope * slope;
  }
  const cosine = Math.abs(across) / Math.sqrt(square);
  if (!(cosine > squareEnough)) return null;
  return (sum + bias) * stepMm * Math.sqrt(Math.PI) * cosine;
}

function crossings(values: Voxels['values'], start: number, line: Line, noise: number, out: number[]): void {
  let before = values[start]!;
  for (let n = 0; n + 1 < line.length; n++) {
    const after = values[start + (n + 1) * line.stride]!;
    if (before < -500 !== after < -500) {
      const sigma = sigmaAt(values, start, n, line, noise);
      if (sigma !== null && sigma > 0) out.push(sigma);
    }
    before = after;
  }
}

/** Reads edges, again with a wider window while the blur found is too wide for the one it was found in. */
function measured(collect: (windowMm: number, out: number[]) => void): EdgeWidth {
  for (let windowMm = firstWindowMm; ; ) {
    const sigmas: number[] = [];
    collect(windowMm, sigmas);
    const fwhmMm = sigmas.length >= leastEdges ? interquartileMean(sigmas)! * fwhmPerSigma : null;
    const needed = (fwhmMm ?? 0) * windowsPerWidth;
    if (needed <= windowMm * 1.05 || windowMm >= widestWindowMm) return { fwhmMm, edges: sigmas.length };
    windowMm = Math.min(widestWindowMm, needed * 1.1);
  }
}

/**
 * Blur within the slice: edges of air and tissue read along rows of sampled slices.
 * @param noise standard deviation, HU: how ragged a plateau may be. Cost: at most some 4 million reads, rarely twice
 */
export function edgeWidthInPlane({ values, dimensions: [nx, ny, nz], spacingMm: [sx, sy, sz] }: Voxels, noise: number): EdgeWidth {
  const rows = Math.max(1, Math.floor(ny / 128));
  return measured((windowMm, out) => {
    const beside: Line['beside'] = [
      [nx, sy],
      [nx * ny, sz],
    ];
    const line: Line = { stride: 1, length: nx, stepMm: sx, windowMm, beside };
    for (const k of spreadSlices(nz, 64)) {
      if (k < 1 || k > nz - 2) continue;
      for (let j = 1; j < ny - 1 && out.length < mostEdges; j += rows) crossings(values, (k * ny + j) * nx, line, noise, out);
    }
  });
}

/** Blur along the normal of the slices: edges read from slice to slice, at sampled places. Cost: at most some 2 million reads, rarely twice. */
export function edgeWidthAlong({ values, dimensions: [nx, ny, nz], spacingMm: [sx, sy, sz] }: Voxels, noise: number): EdgeWidth {
  const step = Math.max(1, Math.floor(Math.max(nx, ny) / 90));
  return measured((windowMm, out) => {
    const beside: Line['beside'] = [
      [1, sx],
      [nx, sy],
    ];
    const line: Line = { stride: nx * ny, length: nz, stepMm: sz, windowMm, beside };
    for (let j = 1; j < ny - 1; j += step)
      for (let i = 1; i < nx - 1 && out.length < mostEdges; i += step) crossings(values, j * nx + i, line, noise, out);
  });
}
