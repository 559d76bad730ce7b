import type { MeshCheck, MeshSettings } from '../../../contract/mesh.ts';
import { checkMesh } from '../../../kernels/mesh/check.ts';
import { emptyMesh, type Mesh, type Tick } from '../../../kernels/mesh/mesh.ts';
import { selfIntersections } from '../../../kernels/mesh/self-intersections.ts';
import { surveyWalls } from '../../../kernels/mesh/wall-figures.ts';
import { inTurn, type RunParts } from '../../../kernels/parts.ts';
import { startCrew } from '../crew.ts';
import type { TaskContext } from '../protocol.ts';
import type { MeshInput } from './mesh-input.ts';
import { figuresOf, reasonsOf } from './mesh-verdict.ts';
import { warningsOf } from './mesh-warnings.ts';

export type PrinterLimits = Pick<MeshSettings, 'minimumWallMm' | 'buildMm'>;

/** Below so many triangles threads take longer to start than they save. */
const smallMesh = 50_000;

/** Runs work on a mesh with threads where it is large, and ends them. */
export async function withCrew<T>(triangles: number, work: (run: RunParts) => Promise<T>): Promise<T> {
  if (triangles < smallMesh) return work(inTurn);
  const crew = startCrew();
  try {
    return await work(crew.run);
  } finally {
    await crew.end();
  }
}

/** Progress of one stage of a task, between two marks of its bar; a cancel gets through. */
export function stageTick(context: TaskContext, from: number, to: number, note: string): Tick {
  return (part) => {
    context.throwIfCancelled();
    context.progress(from + part * (to - from), note);
  };
}

/**
 * P-print for a mesh from elsewhere: its figures, what keeps it from being printed by code, and what must be known before. Walls are
 * measured where it is closed, crossings where all of its corners are numbers.
 */
export async function judge(input: MeshInput, limits: PrinterLimits, run: RunParts, tick: (note: string) => Tick): Promise<MeshCheck> {
  const read = 'mesh' in input;
  const mesh: Mesh = read ? input.mesh : emptyMesh();
  const checked = checkMesh(mesh, tick('Checking'));
  const reasons = read ? reasonsOf(checked) : [input.reason];
  const looked = checked.invalidVertices > 0 || !read ? null : await selfIntersections(mesh, run, tick('Looking for crossings'));
  const figures = { ...figuresOf(checked), selfIntersections: looked?.pairs ?? null };
  const walls = reasons.length > 0 ? null : await surveyWalls(mesh, limits.minimumWallMm, run, tick('Measuring walls'));
  const warnings = read ? warningsOf(figures, walls, limits) : [];
  const outcome = reasons.length > 0 ? 'reject' : warnings.length > 0 ? 'accept_with_warning' : 'accept';
  return { ...figures, format: read ? input.format : null, walls, outcome, reasons, warnings };
}
