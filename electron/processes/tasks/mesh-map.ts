import { rm } from 'node:fs/promises';
import { Refusal } from '../../../contract/errors.ts';
import { mapFigures } from '../../../kernels/mesh/map-figures.ts';
import { emptyMesh, type Mesh, type Tick } from '../../../kernels/mesh/mesh.ts';
import { signedDistances } from '../../../kernels/mesh/signed-distances.ts';
import { extractSurface } from '../../../kernels/mesh/surface.ts';
import { wallThickness } from '../../../kernels/mesh/wall-thickness.ts';
import type { RunParts } from '../../../kernels/parts.ts';
import type { Task, TaskContext, Tasks } from '../protocol.ts';
import { readMaskBits, writeDurably } from './masks.ts';
import { readMeshInput } from './mesh-input.ts';
import { stageTick, withCrew } from './mesh-judgement.ts';

/** A mesh file of which something is to be measured. Refuses what is no mesh, and what has a corner that is no place. */
export async function readMeasurable(path: string, tick: Tick): Promise<Mesh> {
  const input = await readMeshInput(path, tick);
  if ('reason' in input) throw new Refusal(input.reason.code, input.reason.message);
  for (const x of input.mesh.positions) {
    if (!Number.isFinite(x)) {
      throw new Refusal(
        'MESH_INVALID_VERTEX',
        'A corner of the mesh is not a number, so nothing can be measured on it. Repair or export it again.',
      );
    }
  }
  return input.mesh;
}

type Against = Extract<Tasks['meshMap']['in']['of'], { kind: 'deviation' }>['against'];

async function otherSurface(against: Against, run: RunParts, context: TaskContext): Promise<Mesh> {
  const tick = stageTick(context, 0.2, 0.4, 'Reading the other surface');
  if ('path' in against) return readMeasurable(against.path, tick);
  const bits = await readMaskBits(against.mask, against.geometry.dimensions);
  const surface = await extractSurface(bits, against.geometry, run, tick);
  if (surface.triangles.length === 0) {
    throw new Refusal(
      'EMPTY_SEGMENT',
      'The segment of this model is empty by now, so there is no surface to compare with. Undo what emptied it, or choose another model.',
    );
  }
  return surface;
}

/**
 * P-print, P-finish: a value in mm for every vertex of a mesh file, as joined from it in order of first use, at `path` (float32, little
 * endian), which must not exist yet: wall thickness, or signed distance to the surface of a mask or another mesh file. Refuses files that
 * are no mesh, and an empty mask.
 */
export const meshMap: Task<'meshMap'> = async ({ stl, of, path }, context) => {
  const mesh = await readMeasurable(stl, stageTick(context, 0, 0.2, 'Reading the model'));
  const values = await withCrew(mesh.triangles.length / 3, async (run) => {
    if (of.kind === 'thickness') return wallThickness(mesh, run, stageTick(context, 0.2, 0.95, 'Measuring walls'));
    const other = await otherSurface(of.against, run, context);
    return signedDistances(mesh, other, run, stageTick(context, 0.4, 0.95, 'Measuring the deviation'));
  });
  const file = await writeDurably(path, values, () => context.throwIfCancelled());
  try {
    context.throwIfCancelled();
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  }
  context.progress(1, 'Map written');
  return {
    file,
    kind: of.kind,
    vertices: values.length,
    ...mapFigures(mesh.positions.length > 0 ? mesh : emptyMesh(), values, of.kind === 'deviation'),
  };
};
