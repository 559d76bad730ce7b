import { open, rm } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { Refusal } from '../../../contract/errors.ts';
import type { MeshReport, MeshSettings, WallFigures } from '../../../contract/mesh.ts';
import { countBits } from '../../../kernels/labels/bits.ts';
import { type CheckedMesh, checkMesh } from '../../../kernels/mesh/check.ts';
import { type Deviation, deviationBetween } from '../../../kernels/mesh/deviation.ts';
import { selfIntersections } from '../../../kernels/mesh/self-intersections.ts';
import { readStl } from '../../../kernels/mesh/stl.ts';
import { writeStlByParts } from '../../../kernels/mesh/stl-write.ts';
import { surveyWalls } from '../../../kernels/mesh/wall-figures.ts';
import { weld } from '../../../kernels/mesh/weld.ts';
import type { RunParts } from '../../../kernels/parts.ts';
import { startCrew } from '../crew.ts';
import type { StagedFile, Task, TaskContext } from '../protocol.ts';
import { readMaskBits, readVoxels, stage } from './masks.ts';
import { type Finished, finishMesh, type Stage } from './mesh-finish.ts';
import { figuresOf, reasonsOf } from './mesh-verdict.ts';
import { warningsOf } from './mesh-warnings.ts';

/** Stages one after the other on one bar, each with its share; a cancel gets through before, during and after each. */
function stagesOf(context: TaskContext): Stage {
  let done = 0;
  return async (share, note, work) => {
    const from = done;
    const tick = (part: number) => {
      context.throwIfCancelled();
      context.progress(Math.min(0.99, from + part * share), note);
    };
    tick(0);
    await setImmediate();
    const result = await work(tick);
    context.throwIfCancelled();
    done = from + share;
    return result;
  };
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

interface Measured {
  checked: CheckedMesh;
  deviationMm: Deviation | null;
  walls: WallFigures | null;
}

/** What is told of the very bytes on disk: read again, corners joined by exact equality, counted and measured, beside the mask's surface. */
async function measured(
  { surface, crossings }: Finished,
  stl: StagedFile,
  settings: MeshSettings,
  run: RunParts,
  stageOf: Stage,
): Promise<Measured> {
  const { checked, written } = await stageOf(0.05, 'Checking what was written', async (tick) => {
    const read = readStl(await readBack(stl.path, stl.bytes), (part) => tick(part * 0.3));
    if ('error' in read) throw new RangeError(`our own mesh file cannot be read: ${read.error}`);
    const mesh = weld(read.soup, (part) => tick(0.3 + part * 0.3));
    return { checked: checkMesh(mesh, (part) => tick(0.6 + part * 0.4)), written: mesh };
  });
  if (checked.invalidVertices > 0) return { checked, deviationMm: null, walls: null };
  // Where nothing moved since they were counted, the file holds the very triangles that were looked at.
  const selfCrossings = crossings ?? (await stageOf(0.1, 'Looking for crossings', (tick) => selfIntersections(written, run, tick))).pairs;
  const deviationMm = await stageOf(0.1, 'Measuring the deviation', (tick) => deviationBetween(surface, written, run, {}, tick));
  const walls = await stageOf(0.1, 'Measuring walls', (tick) => surveyWalls(written, settings.minimumWallMm, run, tick));
  return { checked: { ...checked, selfIntersections: selfCrossings }, deviationMm, walls };
}

/**
 * P-surface, P-finish, P-print: mask to closed surface, finished as the settings say, binary STL in `into`, and figures of the file as
 * read again. `deviationMm` is between the surface of the mask and the written triangles.
 * Refuses an empty mask (EMPTY_SEGMENT). What is wrong with the mesh comes back in `reasons`, it is not thrown.
 */
export const mesh: Task<'mesh'> = async ({ mask, geometry, volume, settings, into, header }, context) => {
  const started = performance.now();
  const stageOf = stagesOf(context);
  const crew = startCrew();
  try {
    const bits = await stageOf(0.02, 'Reading the segment', () => readMaskBits(mask, geometry.dimensions));
    if (countBits(bits) === 0) {
      throw new Refusal('EMPTY_SEGMENT', 'The segment is empty, so it has no surface. Segment something first, or choose another segment.');
    }
    const wanted = settings.surface === 'grey' ? volume : null;
    const values = wanted && (await stageOf(0.02, 'Reading the volume', () => readVoxels(wanted)));
    const made = await finishMesh({ bits, geometry, values, settings }, crew.run, stageOf);
    const { finished, finish } = made;
    if (finished.triangles.length === 0) {
      throw new Refusal(
        'EMPTY_SEGMENT',
        `Every part of the model is smaller than ${settings.dropPartsBelowMm3} mm³. Choose a smaller volume for parts to leave out.`,
      );
    }
    const stl = await stageOf(0.03, 'Writing the STL', async (tick) =>
      stage(into, await writeStlByParts(finished, header, crew.run), '.stl', () => tick(0.5)),
    );
    const { checked, deviationMm, walls } = await measured(made, stl, settings, crew.run, stageOf).catch(async (error) => {
      await rm(stl.path, { force: true });
      throw error;
    });
    context.progress(1, 'Mesh written');
    const report: MeshReport = {
      ...figuresOf(checked),
      deviationMm,
      sha256: stl.sha256,
      finish,
      walls,
      warnings: warningsOf(checked, walls, settings),
    };
    return { stl, report, reasons: reasonsOf(checked), seconds: (performance.now() - started) / 1000 };
  } finally {
    await crew.end();
  }
};
