import type { Task } from '../protocol.ts';
import { readMeshInput } from './mesh-input.ts';
import { judge, stageTick, withCrew } from './mesh-judgement.ts';

/**
 * P-print for a mesh from elsewhere: what it is, what keeps it from being printed by code, and what must be known before. A file that
 * cannot be read as a mesh is an answer too (CORRUPT_FILE, TRUNCATED_FILE), with the figures of no mesh. Refuses NOT_FOUND,
 * UNREADABLE_FILE and TOO_LARGE.
 */
export const checkMesh: Task<'checkMesh'> = async ({ path, ...limits }, context) => {
  const input = await readMeshInput(path, stageTick(context, 0, 0.3, 'Reading the mesh'));
  const shares: Record<string, [number, number]> = {
    Checking: [0.3, 0.4],
    'Looking for crossings': [0.4, 0.7],
    'Measuring walls': [0.7, 1],
  };
  const triangles = 'mesh' in input ? input.mesh.triangles.length / 3 : 0;
  const result = await withCrew(triangles, (run) =>
    judge(input, limits, run, (note) => stageTick(context, ...(shares[note] ?? [0.3, 1]), note)),
  );
  context.progress(1, 'Mesh checked');
  return result;
};
