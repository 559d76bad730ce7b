import type { MeshFinish, MeshRepair, MeshSettings } from '../../../contract/mesh.ts';
import type { BitGrid } from '../../../kernels/labels/bits.ts';
import { decimateMesh } from '../../../kernels/mesh/decimate.ts';
import { decimateApart } from '../../../kernels/mesh/decimate-apart.ts';
import { deviationBetween } from '../../../kernels/mesh/deviation.ts';
import { greySurface } from '../../../kernels/mesh/grey-surface.ts';
import { mendSelfIntersections } from '../../../kernels/mesh/mend-self-intersections.ts';
import type { Mesh, Tick } from '../../../kernels/mesh/mesh.ts';
import { dropParts, partsOf } from '../../../kernels/mesh/parts-of.ts';
import { smoothMesh } from '../../../kernels/mesh/smooth.ts';
import { extractSurface } from '../../../kernels/mesh/surface.ts';
import { thickenWalls } from '../../../kernels/mesh/thicken.ts';
import { wallThickness } from '../../../kernels/mesh/wall-thickness.ts';
import type { RunParts } from '../../../kernels/parts.ts';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';

import { pulledBack } from './pulled-back.ts';

export interface FinishInput {
  bits: BitGrid;
  geometry: VolumeGeometry;
  /** HU on the mask's grid, in shared memory; null: the mask alone decides. */
  values: Int16Array | Float32Array | null;
  settings: MeshSettings;
}

/** Runs one named stage on the bar; `share` is its part of the whole. */
export type Stage = <T>(share: number, note: string, work: (tick: Tick) => Promise<T>) => Promise<T>;

export interface Finished {
  /** As found from the mask, before anything moved. */
  surface: Mesh;
  finished: Mesh;
  /** Pairs that cross in what is finished, where they were counted on it; null: something moved since. */
  crossings: number | null;
  finish: MeshFinish;
}

/**
 * P-surface, P-finish: mask to surface, points placed by grey values, bounded smoothing, crossings mended, thin walls thickened where
 * asked, triangles reduced; with what each of them did. Every step keeps a closed manifold closed and manifold.
 */
export async function finishMesh({ bits, geometry, values, settings }: FinishInput, run: RunParts, stage: Stage): Promise<Finished> {
  const repairs: MeshRepair[] = [];
  const found = await stage(0.05, 'Finding the surface', (tick) => extractSurface(bits, geometry, run, tick));
  const parts = partsOf(found);
  const { mesh: surface, dropped, cavities } = dropParts(found, parts, settings.dropPartsBelowMm3);
  if (dropped > 0)
    repairs.push({
      kind: 'dropped-part',
      count: dropped,
      text: `${dropped} bodies of less than ${settings.dropPartsBelowMm3} mm³ were left out${cavities > 0 ? `, with the ${cavities} cavities in them` : ''}`,
    });

  const grey =
    settings.surface === 'grey' && values
      ? await stage(0.2, 'Placing points by grey values', (tick) =>
          greySurface(surface, values, geometry, greyOptions(settings), run, tick),
        )
      : null;
  const smoothed = await stage(0.1, 'Smoothing', (tick) =>
    smoothMesh(grey?.mesh ?? surface, geometry, smoothOptions(settings, grey?.tolerance ?? null), run, tick),
  );
  let mesh: Mesh = smoothed.mesh;
  let placed = grey ? grey.placed.reduce((sum, one) => sum + one, 0) : 0;

  let crossings: number | null = null;
  if (settings.mendSelfIntersections) {
    const mend = await stage(0.15, 'Looking for crossings', (tick) => mendSelfIntersections(mesh, surface.positions, run, tick));
    const pulled = pulledBack(mesh, mend.mesh);
    if (grey) for (const vertex of pulled.vertices) placed -= grey.placed[vertex] ?? 0;
    mesh = mend.mesh;
    crossings = mend.left;
    if (mend.mended > 0)
      repairs.push({
        kind: 'mended-self-intersection',
        count: mend.mended,
        text: `${mend.mended} crossings of triangles were taken out: ${pulled.vertices.length} points went back towards the surface of the mask, by ${pulled.largestMm.toFixed(2)} mm at most`,
      });
  }

  let thickening: MeshFinish['thickening'] = null;
  if (settings.thickenToMm > 0) {
    const { thickenToMm: toMm, thickenSide: side } = settings;
    const { mesh: thick, ...told } = await stage(0.15, 'Thickening thin walls', async (tick) =>
      thickenWalls(mesh, await wallThickness(mesh, run, tick), toMm, side, run, tick),
    );
    mesh = thick;
    crossings = null;
    thickening = { toMm, side, ...told };
  }

  let decimation: MeshFinish['decimation'] = null;
  if (settings.decimateErrorMm > 0 || settings.decimateTo < 1) {
    const limitMm = settings.decimateErrorMm > 0 ? settings.decimateErrorMm : null;
    const options = { errorMm: limitMm, part: settings.decimateTo };
    const light = await stage(0.15, 'Reducing triangles', async (tick) =>
      settings.mendSelfIntersections
        ? decimateApart(mesh, options, run, tick)
        : { ...(await decimateMesh(mesh, options, run, tick)), crossings: null },
    );
    const measuredMm = await stage(0.1, 'Measuring the reduction', (tick) => deviationBetween(mesh, light.mesh, run, {}, tick));
    if (!measuredMm) throw new RangeError('a mesh without triangles was reduced');
    const count = (of: Mesh) => of.triangles.length / 3;
    decimation = { before: count(mesh), after: count(light.mesh), limitMm, boundMm: light.boundMm, measuredMm };
    mesh = light.mesh;
    crossings = light.crossings;
  }

  const vertices = surface.positions.length / 3;
  return {
    surface,
    finished: mesh,
    crossings,
    finish: {
      found: {
        triangles: found.triangles.length / 3,
        parts: parts.length,
        eulerNumber: found.positions.length / 3 - found.triangles.length / 6,
      },
      grey: grey ? { vertices: placed, part: vertices > 0 ? placed / vertices : 0, movedMm: grey.movedMm } : null,
      smoothing: {
        iterations: smoothed.iterations,
        greyToleranceMm: grey ? greyOptions(settings).toleranceMm : null,
        maskToleranceMm: smoothed.maskToleranceMm,
        greyMovedMm: smoothed.ownMovedMm,
        maskMovedMm: smoothed.maskMovedMm,
      },
      thickening,
      decimation,
      repairs,
    },
  };
}

const greyToleranceMm = 0.1;
function greyOptions({ smoothBoundMm }: MeshSettings) {
  return { toleranceMm: Math.min(greyToleranceMm, smoothBoundMm ?? greyToleranceMm) };
}
function smoothOptions({ smoothIterations, smoothBoundMm }: MeshSettings, tolerance: Float32Array | null) {
  return { iterations: smoothIterations, maskToleranceMm: smoothBoundMm, toleranceMm: tolerance };
}
