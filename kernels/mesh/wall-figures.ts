import type { Mesh } from './mesh.ts';
import { vertexAreas } from './vertex-areas.ts';
import { weighedQuantiles } from './weighed-quantiles.ts';

/** Same shape as the contract's figures of walls. */
export interface WallFigures {
  minimumMm: number;
  p05Mm: number;
  medianMm: number;
  belowMm2: number;
  belowPart: number;
  limitMm: number;
  thinnestLps: [number, number, number];
}

/**
 * P-print: the walls of a mesh in a few numbers, each vertex weighing as much as the surface that belongs to it. `thicknessMm` from
 * `wallThickness`; vertices without a wall take no part, also not in `belowPart`. Null where no vertex has one. O(n log n).
 */
export function wallFigures(mesh: Mesh, thicknessMm: Float32Array, limitMm: number): WallFigures | null {
  const areas = vertexAreas(mesh);
  let thinnest = -1;
  let belowMm2 = 0;
  let wholeMm2 = 0;
  for (let vertex = 0; vertex < areas.length; vertex++) {
    const mm = thicknessMm[vertex];
    if (Number.isNaN(mm) || !(areas[vertex] > 0)) continue;
    wholeMm2 += areas[vertex];
    if (mm < limitMm) belowMm2 += areas[vertex];
    if (thinnest < 0 || mm < thicknessMm[thinnest]) thinnest = vertex;
  }
  if (thinnest < 0) return null;
  const [p05Mm, medianMm] = weighedQuantiles(thicknessMm, areas, [0.05, 0.5]);
  const p = mesh.positions;
  return {
    minimumMm: thicknessMm[thinnest],
    p05Mm,
    medianMm,
    belowMm2,
    belowPart: belowMm2 / wholeMm2,
    limitMm,
    thinnestLps: [p[thinnest * 3], p[thinnest * 3 + 1], p[thinnest * 3 + 2]],
  };
}
