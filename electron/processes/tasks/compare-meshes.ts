import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Refusal } from '../../../contract/errors.ts';
import type { MeshComparison } from '../../../contract/mesh.ts';
import { packMask } from '../../../kernels/labels/bits.ts';
import { deviationBetween } from '../../../kernels/mesh/deviation.ts';
import { deviationColours } from '../../../kernels/mesh/deviation-colours.ts';
import type { Mesh, Tick } from '../../../kernels/mesh/mesh.ts';
import { signedDistances } from '../../../kernels/mesh/signed-distances.ts';
import { extractSurface } from '../../../kernels/mesh/surface.ts';
import { vertexAreas } from '../../../kernels/mesh/vertex-areas.ts';
import { weighedQuantiles } from '../../../kernels/mesh/weighed-quantiles.ts';
import type { RunParts } from '../../../kernels/parts.ts';
import { writeMeshFile } from '../../ports/mesh-file-write.ts';
import { readNiftiMask } from '../../ports/nifti-read.ts';
import type { StagedFile, Task, TaskContext } from '../protocol.ts';
import { stageTick, withCrew } from './mesh-judgement.ts';
import { readMeasurable } from './mesh-map.ts';

async function surfaceOfFile(path: string, run: RunParts, context: TaskContext): Promise<Mesh> {
  const tick = stageTick(context, 0.15, 0.4, 'Reading the second surface');
  if (!/\.nii(\.gz)?$/i.test(path)) return readMeasurable(path, tick);
  const { header, values } = await readNiftiMask(path, (part) => tick(part * 0.6));
  return extractSurface(packMask(values, header.geometry.dimensions), header.geometry, run, (part) => tick(0.6 + part * 0.4));
}

/** Mean, spread and percentiles of signed distances, each vertex weighing as much as the surface that belongs to it. */
function signedFigures(mesh: Mesh, signedMm: Float32Array): MeshComparison['signedMm'] {
  const areas = vertexAreas(mesh);
  let sum = 0;
  let whole = 0;
  for (let vertex = 0; vertex < areas.length; vertex++) {
    sum += areas[vertex]! * signedMm[vertex]!;
    whole += areas[vertex]!;
  }
  if (!(whole > 0))
    throw new Refusal('EMPTY_SEGMENT', 'The first mesh has no surface, so there is nothing to compare. Choose another file.');
  const mean = sum / whole;
  let squares = 0;
  for (let vertex = 0; vertex < areas.length; vertex++) squares += areas[vertex]! * (signedMm[vertex]! - mean) ** 2;
  const [p05, p95] = weighedQuantiles(signedMm, areas, [0.05, 0.95]) as [number, number];
  return { mean, sd: Math.sqrt(squares / whole), p05, p95 };
}

/** Colours are spent on this much of the surface; what lies beyond has the colour of the end. */
const rangeOf = ({ p05, p95 }: MeshComparison['signedMm']): number => Math.max(1e-3, Math.abs(p05), Math.abs(p95));

/** The first mesh with its distances and their colours, read again like every mesh that is written. */
function writeColoured(into: string, mesh: Mesh, signedMm: Float32Array, rangeMm: number, tick: Tick): Promise<StagedFile> {
  const remark = `blue -${rangeMm} mm, white 0, red +${rangeMm} mm`;
  const about = {
    title: 'Deviation',
    header: 'Lamina, millimetres, DICOM patient coordinates (LPS)',
    facts: [{ name: 'Colours', text: remark }],
    solid: false,
  };
  const carried = { scalar: { name: 'deviation_mm', values: signedMm }, colours: deviationColours(signedMm, rangeMm) };
  return writeMeshFile(join(into, `staged-${randomUUID()}.ply`), 'ply', mesh, about, tick, carried);
}

/**
 * P-finish: how far two surfaces lie apart: a mesh file, and a mesh file or a labelmap (NIfTI, non-zero is inside). Both ways by area, and
 * signed at the vertices of the first: above 0 where it lies outside of the second. With `into` a PLY of the first, a float a vertex and
 * colours, is staged there. Refuses what cannot be read, and what has no surface.
 */
export const compareMeshes: Task<'compareMeshes'> = async ({ a, b, into }, context) => {
  const mesh = await readMeasurable(a, stageTick(context, 0, 0.15, 'Reading the first mesh'));
  return withCrew(mesh.triangles.length / 3, async (run) => {
    const other = await surfaceOfFile(b, run, context);
    const twoSidedMm = await deviationBetween(mesh, other, run, {}, stageTick(context, 0.4, 0.7, 'Measuring both ways'));
    if (!twoSidedMm) {
      const which = mesh.triangles.length === 0 ? 'first mesh' : 'second file';
      throw new Refusal('EMPTY_SEGMENT', `The ${which} has no surface, so there is nothing to compare. Choose another file.`);
    }
    const signed = await signedDistances(mesh, other, run, stageTick(context, 0.7, 0.95, 'Measuring inside and outside'));
    const signedMm = signedFigures(mesh, signed);
    const ply = into === null ? null : await writeColoured(into, mesh, signed, rangeOf(signedMm), stageTick(context, 0.95, 1, 'Writing'));
    context.progress(1, 'Compared');
    return { twoSidedMm, signedMm, ply };
  });
};
