import type { CaseState, Segment } from '../../../../contract/case.ts';
import type { CleanSettings, Connectivity, Island } from '../../../../contract/segmentation.ts';
import { cleanAct, markOf } from '../../cases/acts.ts';
import { chooseSegment, seriesOf } from '../../choose.ts';
import type { JobContext } from '../../jobs.ts';
import type { Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';

/** Islands that the list shows; the rest is counted. */
const listed = 500;

/** 13-ccl: keeps parts of a segment and fills its holes; journals the new mask. */
export async function cleanSegment(
  ports: Ports,
  session: Session,
  nameOrId: string | null,
  settings: CleanSettings,
  context: JobContext,
): Promise<{ segment: Segment; voxelsBefore: number; partsBefore: number; partsAfter: number; case: CaseState }> {
  session.assertWritable();
  const before = session.state();
  const segment = chooseSegment(before, nameOrId);
  const result = await ports.compute.run(
    'clean',
    { mask: await session.maskFile(segment), geometry: seriesOf(before, segment), settings, into: session.files.stagingFolder() },
    { onProgress: context.progress, signal: context.signal },
  );
  const { partsBefore, partsAfter } = result;
  // Strokes are not held up by a long clean; the journal refuses a clean of a mask that changed meanwhile, so that none of them is lost.
  await session.record(
    result.mask,
    cleanAct({
      segment: segment.id,
      title: title(settings),
      from: markOf(segment.mask),
      settings,
      mask: result.mask.sha256,
      inputs: segment.mask.base === null ? [] : [segment.mask.base],
      voxels: result.voxels,
      volumeMm3: result.volumeMm3,
      partsBefore,
      partsAfter,
    }),
  );
  const state = session.state();
  return { segment: chooseSegment(state, segment.id), voxelsBefore: segment.voxels, partsBefore, partsAfter, case: state };
}

function title(s: CleanSettings): string {
  const keep = { largest: 'Keep largest part', seed: 'Keep the part clicked', minimum: `Drop parts under ${s.minimumMm3} mm³`, all: '' }[
    s.keep
  ];
  const words = [keep, s.fillHoles ? 'fill holes' : ''].filter(Boolean).join(', ');
  return (words.charAt(0).toUpperCase() + words.slice(1) || 'Clean') + (s.keep === 'all' ? '' : ` (${s.connectivity})`);
}

/** The parts of a segment, largest first. Reads only. */
export async function listIslands(
  ports: Ports,
  session: Session,
  id: string,
  connectivity: Connectivity,
  context: JobContext,
): Promise<{ islands: Island[]; total: number }> {
  const state = session.state();
  const segment = chooseSegment(state, id);
  return ports.compute.run(
    'islands',
    { mask: await session.maskFile(segment), geometry: seriesOf(state, segment), connectivity, limit: listed },
    { onProgress: context.progress, signal: context.signal },
  );
}
