import type { CaseState, Segment } from '../../../../contract/case.ts';
import type { MaskPreview } from '../../../../contract/routes.ts';
import {
  type CleanSettings,
  type Connectivity,
  type CrfReport,
  type Island,
  isNetwork,
  withCrf,
} from '../../../../contract/segmentation.ts';
import type { FieldInput } from '../../../processes/protocol.ts';
import { cleanAct, markOf } from '../../cases/acts.ts';
import { assertUnlocked, chooseSegment, seriesOf } from '../../choose.ts';
import type { JobContext } from '../../jobs.ts';
import type { Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';
import { keepPreview } from './preview.ts';

/** Islands that the list shows; the rest is counted. */
const listed = 500;

/** What the field reads of a segment: the image, the run behind it where there is one, and what a hand has set. */
async function fieldOf(session: Session, state: CaseState, segment: Segment): Promise<FieldInput> {
  const { network } = segment;
  return {
    volume: session.volumeFile(seriesOf(state, segment)),
    network:
      network && isNetwork(network.settings)
        ? {
            box: network.box,
            probabilities: network.probabilities.map((p) => ({ model: p.model, path: session.files.blobPath(p.sha256) })),
            settings: network.settings,
          }
        : null,
    hand: await session.handOf(segment.id),
  };
}

/** 13-ccl, 13-crf: runs the field, keeps parts of a segment and fills its holes; journals the new mask. */
export async function cleanSegment(
  ports: Ports,
  session: Session,
  nameOrId: string | null,
  settings: CleanSettings,
  context: JobContext,
): Promise<{ segment: Segment; voxelsBefore: number; partsBefore: number; partsAfter: number; crf: CrfReport | null; case: CaseState }> {
  session.assertWritable();
  const before = session.state();
  const segment = chooseSegment(before, nameOrId);
  assertUnlocked(segment);
  const result = await ports.compute.run(
    'clean',
    {
      mask: await session.maskFile(segment),
      geometry: seriesOf(before, segment),
      settings,
      field: withCrf(settings) ? await fieldOf(session, before, segment) : null,
      whole: false,
      into: session.files.stagingFolder(),
    },
    { onProgress: context.progress, signal: context.signal },
  );
  const { partsBefore, partsAfter, crf } = result;
  // Strokes are not held up by a long clean; the journal refuses a clean of a mask that changed meanwhile, so that none of them is lost.
  await session.record(
    result.mask,
    cleanAct({
      segment: segment.id,
      title: title(settings),
      from: markOf(segment.mask),
      settings,
      change: result.change,
      output: result.mask.sha256,
      inputs: inputsOf(segment, settings, before),
      voxels: result.voxels,
      volumeMm3: result.volumeMm3,
      partsBefore,
      partsAfter,
      crf,
    }),
  );
  const state = session.state();
  return { segment: chooseSegment(state, segment.id), voxelsBefore: segment.voxels, partsBefore, partsAfter, crf, case: state };
}

/** What a clean would make of a segment, not journalled. */
export async function previewClean(
  ports: Ports,
  session: Session,
  nameOrId: string,
  settings: CleanSettings,
  context: JobContext,
): Promise<MaskPreview> {
  const state = session.state();
  const segment = chooseSegment(state, nameOrId);
  const mask = await session.maskFile(segment);
  const field = withCrf(settings) ? await fieldOf(session, state, segment) : null;
  return keepPreview(ports, session, async (into) => {
    const result = await ports.compute.run(
      'clean',
      { mask, geometry: seriesOf(state, segment), settings, field, whole: true, into },
      { onProgress: context.progress, signal: context.signal },
    );
    const { voxels, volumeMm3, partsAfter } = result;
    return { mask: result.mask, voxelsBefore: segment.voxels, voxels, volumeMm3, partsAfter };
  });
}

/** Blobs that the new mask was made from. */
function inputsOf(segment: Segment, settings: CleanSettings, state: CaseState): string[] {
  const mask = segment.mask.base === null ? [] : [segment.mask.base];
  if (!withCrf(settings)) return mask;
  return [...mask, seriesOf(state, segment).voxels.sha256, ...(segment.network?.probabilities.map((p) => p.sha256) ?? [])];
}

function title(s: CleanSettings): string {
  const keep = { largest: 'Keep largest part', seed: 'Keep the part clicked', minimum: `Drop parts under ${s.minimumMm3} mm³`, all: '' }[
    s.keep
  ];
  const words = [s.crf ? 'thin structures (CRF)' : '', keep.charAt(0).toLowerCase() + keep.slice(1), s.fillHoles ? 'fill holes' : '']
    .filter(Boolean)
    .join(', ');
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
