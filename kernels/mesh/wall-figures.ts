import type { RunParts } from '../parts.ts';
import type { Mesh, Tick } from './mesh.ts';
import { thinnestPatch } from './thinnest-patch.ts';
import { vertexAreas } from './vertex-areas.ts';
import { measureWalls } from './wall-thickness.ts';
import { weighedQuantiles } from './weighed-quantiles.ts';

/** Same shape as the contract's figures of walls. */
export interface WallFigures {
  /** The thinnest wall that a patch of surface has (`thinnestPatch`: 0.5 mm2 or 1e-4 of the surface), not the least single reading. */
  minimumMm: number;
  p05Mm: number;
  medianMm: number;
  belowMm2: number;
  belowPart: number;
  limitMm: number;
  /** In the middle of that patch. */
  thinnestLps: [number, number, number];
}

/**
 * P-print: the walls of a mesh in a few numbers, each vertex weighing as much as the surface that belongs to it. `thicknessMm` from
 * `wallThickness`, or from `measureWalls` where `asked` is 1; vertices without a wall take no part, also not in `belowPart`. Null where no
 * vertex has one. O(n log n).
 */
export function wallFigures(mesh: Mesh, thicknessMm: Float32Array, limitMm: number, asked?: Uint8Array): WallFigures | null {
  const areas = vertexAreas(mesh);
  let belowMm2 = 0;
  let wholeMm2 = 0;
  for (let vertex = 0; vertex < areas.length; vertex++) {
    const mm = thicknessMm[vertex];
    if (Number.isNaN(mm) || !(areas[vertex] > 0)) continue;
    wholeMm2 += areas[vertex];
    if (mm < limitMm) belowMm2 += areas[vertex];
  }
  const thinnest = wholeMm2 > 0 ? thinnestPatch(mesh, thicknessMm, asked) : null;
  if (!thinnest) return null;
  const [p05Mm, medianMm] = weighedQuantiles(thicknessMm, areas, [0.05, 0.5]);
  return { minimumMm: thinnest.mm, p05Mm, medianMm, belowMm2, belowPart: belowMm2 / wholeMm2, limitMm, thinnestLps: thinnest.lps };
}

/** Vertices that figures of walls are taken from: with so many a share of 1 % is known to 0.1 %. */
const mostSamples = 50_000;

/**
 * The figures of a mesh's walls from an even sample of its vertices: every n-th, n the same on the whole surface, so that the answer does
 * not depend on chance; all of them on a mesh of up to 50 000. `belowMm2` is of the whole surface. The thinnest patch is one of the sample, where
 * each reading stands for the surface around it; the map of thickness (`wallThickness`) has every vertex. Null where no vertex has a wall. Cost: 1 µs a triangle and 5 µs a sample.
 */
export async function surveyWalls(mesh: Mesh, limitMm: number, run: RunParts, tick?: Tick): Promise<WallFigures | null> {
  const vertices = mesh.positions.length / 3;
  const stride = Math.max(1, Math.ceil(vertices / mostSamples));
  const wanted = new Uint8Array(vertices);
  for (let vertex = 0; vertex < vertices; vertex += stride) wanted[vertex] = 1;
  const figures = wallFigures(mesh, await measureWalls(mesh, wanted, run, tick), limitMm, wanted);
  if (!figures || stride === 1) return figures;
  const wholeMm2 = vertexAreas(mesh).reduce((sum, area) => sum + area, 0);
  return { ...figures, belowMm2: figures.belowPart * wholeMm2 };
}
