import { open, rm } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { Refusal } from '../../../contract/errors.ts';
import { packMask } from '../../../kernels/labels/bits.ts';
import { type CheckedMesh, checkMesh } from '../../../kernels/mesh/check.ts';
import { decimateMesh } from '../../../kernels/mesh/decimate.ts';
import { type Deviation, deviationBetween } from '../../../kernels/mesh/deviation.ts';
import type { Mesh } from '../../../kernels/mesh/mesh.ts';
import { smoothMesh } from '../../../kernels/mesh/smooth.ts';
import { readStl } from '../../../kernels/mesh/stl.ts';
import { writeStl } from '../../../kernels/mesh/stl-write.ts';
import { extractSurface } from '../../../kernels/mesh/surface.ts';
import { weld } from '../../../kernels/mesh/weld.ts';
import { inTurn } from '../../../kernels/parts.ts';
import type { StagedFile, Task, TaskContext } from '../protocol.ts';
import { readMask, stage } from './masks.ts';
import { figuresOf, reasonsOf } from './mesh-verdict.ts';

/** Where each stage ends on the bar; the shares were measured on a head of 0.5 million triangles. */
const stages = { read: 0.02, surface: 0.06, smooth: 0.2, decimate: 0.5, write: 0.55, check: 0.65, deviation: 1 };

/** Runs one stage between two marks of the bar, letting a cancel through before and during it. */
async function stageOf<T>(
  context: TaskContext,
  from: number,
  to: number,
  note: string,
  work: (tick: (part: number) => void) => T | Promise<T>,
): Promise<T> {
  const tick = (part: number) => {
    context.throwIfCancelled();
    context.progress(from + part * (to - from), note);
  };
  tick(0);
  await setImmediate();
  const result = await work(tick);
  context.throwIfCancelled();
  return result;
}

async function readBack(path: string, bytes: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const buffer = new Uint8Array(bytes);
    for (let at = 0; at < bytes; ) {
      const { bytesRead } = await file.read(buffer, at, Math.min(2 ** 26, bytes - at), at);
      if (bytesRead === 0) throw new RangeError('the written mesh is shorter than what was written');
      at += bytesRead;
    }
    return buffer;
  } finally {
    await file.close();
  }
}

/** The figures of the very bytes on disk: read again, corners joined by exact equality, counted and measured. */
async function checkWritten(
  path: string,
  bytes: number,
  tick: (part: number) => void,
): Promise<{ checked: CheckedMesh; written: ReturnType<typeof weld> }> {
  const read = readStl(await readBack(path, bytes), (part) => tick(part * 0.2));
  if ('error' in read) throw new RangeError(`our own mesh file cannot be read: ${read.error}`);
  const written = weld(read.soup, (part) => tick(0.2 + part * 0.3));
  return { checked: checkMesh(written, (part) => tick(0.5 + part * 0.5)), written };
}

/** What is told of a written mesh: its figures, and how far it is from the surface before smoothing. */
async function measured(
  context: TaskContext,
  surface: Mesh,
  stl: StagedFile,
): Promise<{ checked: CheckedMesh; deviationMm: Deviation | null }> {
  const { checked, written } = await stageOf(context, stages.write, stages.check, 'Checking what was written', (tick) =>
    checkWritten(stl.path, stl.bytes, tick),
  );
  const deviationMm = await stageOf(context, stages.check, stages.deviation, 'Measuring the deviation', (tick) =>
    checked.invalidVertices > 0 ? null : deviationBetween(surface, written, undefined, tick),
  );
  return { checked, deviationMm };
}

/**
 * P-surface, P-finish, P-print: mask to closed surface, bounded smoothing, decimation if asked for, binary STL in `into`, and figures of
 * the file as read again. `deviationMm` is between the surface before smoothing and the written triangles.
 * Refuses an empty mask (EMPTY_SEGMENT). What is wrong with the mesh comes back in `reasons`, it is not thrown.
 */
export const mesh: Task<'mesh'> = async ({ mask, geometry, settings, into, header }, context) => {
  const started = performance.now();
  const voxels = await stageOf(context, 0, stages.read, 'Reading the segment', () => readMask(mask, geometry.dimensions));
  if (!voxels.includes(1)) {
    throw new Refusal('EMPTY_SEGMENT', 'The segment is empty, so it has no surface. Segment something first, or choose another segment.');
  }
  const surface = await stageOf(context, stages.read, stages.surface, 'Finding the surface', (tick) =>
    extractSurface(packMask(voxels, geometry.dimensions), geometry, inTurn, tick),
  );
  const smooth = await stageOf(context, stages.surface, stages.smooth, 'Smoothing', (tick) =>
    smoothMesh(surface, geometry, { iterations: settings.smoothIterations, boundMm: settings.smoothBoundMm }, tick),
  );
  const finished =
    settings.decimateErrorMm > 0
      ? await stageOf(context, stages.smooth, stages.decimate, 'Reducing triangles', (tick) =>
          decimateMesh(smooth, settings.decimateErrorMm, tick),
        )
      : smooth;
  const stl = await stageOf(context, stages.decimate, stages.write, 'Writing the STL', (tick) =>
    stage(into, writeStl(finished, header, tick), '.stl'),
  );
  const { checked, deviationMm } = await measured(context, surface, stl).catch(async (error) => {
    await rm(stl.path, { force: true });
    throw error;
  });
  context.progress(1, 'Mesh written');
  return {
    stl,
    report: { ...figuresOf(checked), deviationMm, sha256: stl.sha256 },
    reasons: reasonsOf(checked),
    seconds: (performance.now() - started) / 1000,
  };
};
