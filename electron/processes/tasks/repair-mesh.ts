import { rm } from 'node:fs/promises';
import { Refusal } from '../../../contract/errors.ts';
import { meshSettings } from '../../../contract/mesh.ts';
import { repairMesh as repairTriangles } from '../../../kernels/mesh/repair.ts';
import { writeStlByParts } from '../../../kernels/mesh/stl-write.ts';
import type { Task } from '../protocol.ts';
import { stage } from './masks.ts';
import { readMeshInput } from './mesh-input.ts';
import { judge, stageTick, withCrew } from './mesh-judgement.ts';

const limits = meshSettings.pick({ minimumWallMm: true, buildMm: true }).parse({});

/**
 * P-finish for a mesh from elsewhere: checked, mended, written as binary STL in `into`, and checked again as read from there. Refuses what
 * cannot be read, and a mesh that cannot be made whole: by the first code of what is still wrong, with both checks and the changes as the
 * report and no file.
 */
export const repairMesh: Task<'repairMesh'> = async ({ path, settings, into, header }, context) => {
  const input = await readMeshInput(path, stageTick(context, 0, 0.1, 'Reading the mesh'));
  if (!('mesh' in input)) throw new Refusal(input.reason.code, input.reason.message);
  return withCrew(input.mesh.triangles.length / 3, async (run) => {
    const before = await judge(input, limits, run, (note) => stageTick(context, 0.1, 0.3, note));
    const { mesh, repairs } = await repairTriangles(input.mesh, settings, run, stageTick(context, 0.3, 0.7, 'Mending'));
    const stl = await stage(into, await writeStlByParts(mesh, header, run), '.stl', () => context.throwIfCancelled());
    try {
      const written = await readMeshInput(stl.path, stageTick(context, 0.7, 0.8, 'Reading what was written'));
      const after = await judge(written, limits, run, (note) => stageTick(context, 0.8, 1, note));
      const [first] = after.reasons;
      if (first) throw new Refusal(first.code, first.message, { reasons: after.reasons, report: { before, after, repairs } });
      context.progress(1, 'Mesh mended');
      return { stl, before, after, repairs };
    } catch (error) {
      await rm(stl.path, { force: true });
      throw error;
    }
  });
};
