import type { Mesh } from './mesh.ts';
import { vertexAreas } from './vertex-areas.ts';
import { weighedQuantiles } from './weighed-quantiles.ts';

/** Same shape as the figures of the contract's map of a mesh. */
export interface MapFigures {
  minMm: number;
  maxMm: number;
  p05Mm: number;
  p95Mm: number;
  histogram: { fromMm: number; toMm: number; areaMm2: number[] };
}

const bins = 64;

/**
 * A value for each vertex in a few numbers and a histogram, by area. The histogram goes from 0, or as far below 0 as above where values
 * have a sign, to where 98 % of the surface ends; what lies beyond falls into the bins at its ends. Vertices without a value take no part;
 * where none has one all is zero. O(n log n).
 */
export function mapFigures(mesh: Mesh, values: Float32Array, signed: boolean): MapFigures {
  const areas = vertexAreas(mesh);
  let minMm = Infinity;
  let maxMm = -Infinity;
  for (let vertex = 0; vertex < values.length; vertex++) {
    if (Number.isNaN(values[vertex]) || !(areas[vertex] > 0)) continue;
    minMm = Math.min(minMm, values[vertex]);
    maxMm = Math.max(maxMm, values[vertex]);
  }
  const areaMm2 = new Array<number>(bins).fill(0);
  if (!(minMm <= maxMm)) return { minMm: 0, maxMm: 0, p05Mm: 0, p95Mm: 0, histogram: { fromMm: 0, toMm: 0, areaMm2 } };
  const [p01, p05Mm, p95Mm, p99] = weighedQuantiles(values, areas, [0.01, 0.05, 0.95, 0.99]);
  // Equal values still need a bin of some width.
  const toMm = Math.max(1e-6, signed ? Math.max(Math.abs(p01), Math.abs(p99)) : p99);
  const fromMm = signed ? -toMm : 0;
  const perMm = bins / (toMm - fromMm);
  for (let vertex = 0; vertex < values.length; vertex++) {
    if (Number.isNaN(values[vertex])) continue;
    areaMm2[Math.max(0, Math.min(bins - 1, Math.floor((values[vertex] - fromMm) * perMm)))] += areas[vertex];
  }
  return { minMm, maxMm, p05Mm, p95Mm, histogram: { fromMm, toMm, areaMm2 } };
}
