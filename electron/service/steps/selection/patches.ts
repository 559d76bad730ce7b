import type { CaseState, Segment } from '../../../../contract/case.ts';
import { Refusal } from '../../../../contract/errors.ts';
import type { PatchesAnswer, PatchesRequest } from '../../../../contract/patches.ts';
import { exportAct, markOf } from '../../cases/acts.ts';
import { provenance, withoutIdentifiers } from '../../cases/provenance.ts';
import { chooseSegment, chooseSeries, seriesOf } from '../../choose.ts';
import type { JobContext } from '../../jobs.ts';
import type { Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';

/** The segment asked for; where a series is named, one of that series. */
function segmentFor(state: CaseState, request: PatchesRequest): Segment {
  if (request.series === null) return chooseSegment(state, request.segment);
  const series = chooseSeries(state, request.series).seriesInstanceUid;
  const segments = state.segments.filter((s) => s.series === series);
  if (!segments.length)
    throw new Refusal('NOT_FOUND', 'There is no segment on this series, and a mask patch needs one. Segment the series first.');
  return chooseSegment({ ...state, segments }, request.segment);
}

/** 10.2: writes the image patches and mask patches of a segment into a new folder. Journals that they were written, with a report beside the folder. */
export async function writePatches(ports: Ports, session: Session, request: PatchesRequest, context: JobContext): Promise<PatchesAnswer> {
  const state = session.state();
  const segment = segmentFor(state, request);
  const series = seriesOf(state, segment);
  if (series.voxels.units === 'normalized')
    throw new Refusal(
      'HU_NOT_CALIBRATED',
      'The values of this series were normalized already, and patches normalize HU themselves (8.2). Take a segment of the series before normalization.',
    );
  const out = ports.files.absolute(request.out);
  if (ports.files.isInside(await ports.files.realPath(out), await ports.files.realPath(state.folder)))
    throw new Refusal(
      'OUTPUT_NOT_WRITABLE',
      'The patches would lie inside the case, which holds nothing but the case. Choose another place.',
    );
  // Beside the folder, so that the last step is a rename; taken away here too, for the case that the computing process dies.
  const staging = `${out}.${ports.newId()}.tmp`;
  try {
    const written = await ports.compute.run(
      'patches',
      {
        volume: session.volumeFile(series),
        mask: await session.maskFile(segment),
        settings: request.settings,
        source: {
          seriesInstanceUidSha256: ports.digest(series.seriesInstanceUid),
          modality: series.modality,
          voxelsSha256: series.voxels.sha256,
          segment: { id: segment.id, technique: segment.technique.map((line) => line.name) },
        },
        staging,
        out,
      },
      { onProgress: context.progress, signal: context.signal },
    );
    const report = {
      what: 'Lamina export report',
      writtenAt: ports.now(),
      folder: { kind: 'patches', patches: written.patches, patchesJsonSha256: written.sha256 },
      // Patches are made to leave the house: nothing in the report tells whose they are.
      ...withoutIdentifiers(provenance(state, session.entries(), series)),
      remark: 'Not a medical device. Validate locally before any clinical use.',
    };
    await ports.files.writeText(`${out.replace(/[/\\]+$/, '')}.report.json`, `${JSON.stringify(report, null, 2)}\n`);
    await session.exclusive(async () => {
      if (session.files.readOnly) return;
      const inputs = segment.mask.base === null ? [] : [segment.mask.base];
      const what = { segment: segment.id, segmentName: segment.name, from: markOf(segment.mask), kind: 'patches', sha256: written.sha256 };
      await session.append(exportAct({ ...what, inputs }));
    });
    return { ...written, segment: segment.name, networkWording: segment.networkWording };
  } finally {
    await ports.files.remove(staging);
  }
}
