import type { CaseState, Segment } from '../../../../contract/case.ts';
import { Refusal } from '../../../../contract/errors.ts';
import type { LabelEntry } from '../../../../contract/labels.ts';
import type { SegmentRequest } from '../../../../contract/routes.ts';
import { isNetwork, type ValueSettings } from '../../../../contract/segmentation.ts';
import { segmentAct } from '../../cases/acts.ts';
import { chooseSeries } from '../../choose.ts';
import type { JobContext } from '../../jobs.ts';
import { labelOf } from '../../label-of.ts';
import type { Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';
import { segmentByNetwork } from './networks.ts';

/** Runs a segmentation method on a series and journals what came of it. */
export async function segmentSeries(
  ports: Ports,
  session: Session,
  request: SegmentRequest,
  context: JobContext,
): Promise<{ segment: Segment; case: CaseState }> {
  const { settings } = request;
  const label = request.label === null ? null : await labelOf(ports, request.label);
  if (isNetwork(settings)) return segmentByNetwork(ports, session, { ...request, settings, label }, context);
  if (request.into !== null)
    throw new Refusal('NOT_FOUND', 'Only a network runs into a segment that is there. Make a new one by threshold.');
  if (settings.method === 'manual') return emptySegment(session, { ...request, label });
  return segmentByValues(ports, session, { ...request, settings, label }, context);
}

/** 9.1: a segment to draw in. */
async function emptySegment(
  session: Session,
  { series: uid, name, label }: { series: string | null; name: string | null; label: LabelEntry | null },
): Promise<{ segment: Segment; case: CaseState }> {
  const series = chooseSeries(session.state(), uid);
  const made = { series: series.seriesInstanceUid, input: series.voxels.sha256, name, label, settings: { method: 'manual' as const } };
  const { sequence } = await session.append(segmentAct({ ...made, title: 'New segment, by hand', mask: null, voxels: 0, volumeMm3: 0 }));
  const state = session.state();
  const segment = state.segments.find((s) => s.id === `segment-${sequence}`);
  if (!segment) throw new RangeError('the journal did not make the segment');
  return { segment, case: state };
}

/** Methods that read the image's values alone: M-threshold, M-hysteresis, M-cavity. */
async function segmentByValues(
  ports: Ports,
  session: Session,
  request: { series: string | null; name: string | null; settings: ValueSettings; label: LabelEntry | null },
  context: JobContext,
): Promise<{ segment: Segment; case: CaseState }> {
  session.assertWritable();
  const series = chooseSeries(session.state(), request.series);
  if (request.settings.method === 'cavity' && series.voxels.units !== 'HU' && !request.settings.assumeHu)
    throw new Refusal(
      'HU_NOT_CALIBRATED',
      'The values of this series are not known to be HU, which bone and air of the orbit cavity are named in. If you know that they are, say so (assumeHu=true); else import a calibrated CT.',
    );
  const result = await ports.compute.run(
    'segment',
    { volume: session.volumeFile(series), settings: request.settings, into: session.files.stagingFolder() },
    { onProgress: context.progress, signal: context.signal },
  );
  const entry = await session.record(
    result.mask,
    segmentAct({
      series: series.seriesInstanceUid,
      input: series.voxels.sha256,
      name: request.name ?? (request.settings.method === 'cavity' ? freeName(session.state(), 'Orbit cavity') : null),
      label: request.label,
      title: title(request.settings),
      settings: request.settings,
      mask: result.mask.sha256,
      voxels: result.voxels,
      volumeMm3: result.volumeMm3,
      cavity: result.cavity ?? null,
    }),
  );
  const state = session.state();
  const segment = state.segments.find((s) => s.id === `segment-${entry.sequence}`);
  if (!segment) throw new RangeError('the journal did not make the segment');
  return { segment, case: state };
}

/** The name itself, or with the first number that is free. */
function freeName({ segments }: CaseState, name: string): string {
  const taken = new Set(segments.map((one) => one.name));
  for (let n = 1; ; n++) {
    const tried = n === 1 ? name : `${name} ${n}`;
    if (!taken.has(tried)) return tried;
  }
}

function title(s: ValueSettings): string {
  if (s.method === 'cavity') return `Orbit cavity, bone ${s.boneHu} HU, air ${s.airHu} HU${s.side === 'both' ? '' : `, ${s.side} side`}`;
  if (s.method === 'region-growing') return `Region growing within ${s.deviations} deviations`;
  const upper = s.highHu === null ? 'and above' : `to ${s.highHu} HU`;
  return s.method === 'threshold' ? `Threshold ${s.lowHu} HU ${upper}` : `Hysteresis ${s.seedHu} HU, grown from ${s.lowHu} HU ${upper}`;
}
