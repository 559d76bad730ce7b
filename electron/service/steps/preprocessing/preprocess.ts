import type { CaseSeries, CaseState, Segment } from '../../../../contract/case.ts';
import { Refusal } from '../../../../contract/errors.ts';
import type {
  PreprocessPreview,
  PreprocessPreviewRequest,
  PreprocessRequest,
  PreprocessSettings,
  RegistrationResult,
} from '../../../../contract/preprocessing.ts';
import type { Tasks } from '../../../processes/protocol.ts';
import { carryAct, markOf, preprocessAct } from '../../cases/acts.ts';
import { canonicalJson } from '../../cases/canonical.ts';
import { chooseSegment, chooseSeries } from '../../choose.ts';
import type { JobContext } from '../../jobs.ts';
import type { Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';

/** The series that preprocessing begins with: the one named, else the only one that was imported. */
function sourceOf(state: CaseState, uid: string | null): CaseSeries {
  if (uid !== null) return chooseSeries(state, uid);
  return chooseSeries({ ...state, series: state.series.filter((one) => one.derivation === null) }, null);
}

/** 8.3: the smallest or largest pixel of the series that were imported, or the one given. */
export function spacingOf(state: CaseState, settings: PreprocessSettings): number | null {
  const { interpolate } = settings;
  if (!interpolate) return null;
  if (interpolate.spacing === 'given') return interpolate.spacingMm ?? null;
  const pixels = state.series.filter((one) => one.derivation === null).flatMap((one) => [one.spacingMm[0], one.spacingMm[1]]);
  return interpolate.spacing === 'smallest' ? Math.min(...pixels) : Math.max(...pixels);
}

/** What the compute process is given for a series; also what a replay gives it again. */
export function chainInput(session: Session, state: CaseState, series: CaseSeries, settings: PreprocessSettings) {
  const { register } = settings;
  if (register?.onto === series.seriesInstanceUid)
    throw new Refusal('GRID_MISMATCH', 'A series cannot be registered onto itself. Choose another one of this patient.');
  return {
    volume: { ...session.volumeFile(series), units: series.voxels.units },
    settings,
    spacingMm: spacingOf(state, settings),
    onto: register ? session.volumeFile(chooseSeries(state, register.onto)) : null,
  };
}

/** The UID is made of what went in, so that the same settings on the same voxels name the same series (2.25, PS3.5 B.2). */
function derivedUid(ports: Ports, inputs: string[], settings: PreprocessSettings): string {
  const digest = ports.digest(canonicalJson({ inputs, settings }));
  return `2.25.${BigInt(`0x${digest.slice(0, 32)}`)}`;
}

/** True distances of the slices of a grid that has just been made, along its normal. */
function positionsOf({ dimensions, spacingMm, originLps, directionLps: d }: CaseSeries): number[] {
  const along = originLps[0] * d[6] + originLps[1] * d[7] + originLps[2] * d[8];
  return Array.from({ length: dimensions[2] }, (_, k) => along + k * spacingMm[2]);
}

function derivedSeries(
  source: CaseSeries,
  made: Tasks['preprocess']['out'],
  settings: PreprocessSettings,
  seriesInstanceUid: string,
): CaseSeries {
  const words = made.steps.map((one) => one.step).join(', ');
  const series: CaseSeries = {
    ...source,
    ...made.geometry,
    seriesInstanceUid,
    description: `${source.description} (${words})`,
    resampled: source.resampled || settings.interpolate !== null || settings.register !== null,
    voxels: { path: '', dtype: made.dtype, units: made.units, sha256: made.file.sha256 },
    // What was measured in the source's voxels is not true of these.
    quality: null,
    derivation: { from: source.seriesInstanceUid, settings, steps: made.steps },
  };
  return { ...series, slicePositionsMm: positionsOf(series) };
}

/** Clause 8.1: makes a series of another, journals it, and carries the named segments onto its grid (8.3, label-safe). */
export async function preprocessSeries(
  ports: Ports,
  session: Session,
  request: PreprocessRequest,
  context: JobContext,
): Promise<{ series: CaseSeries; segments: Segment[]; case: CaseState }> {
  session.assertWritable();
  const state = session.state();
  const source = sourceOf(state, request.series);
  const { settings } = request;
  const inputs = [source.voxels.sha256, ...(settings.register ? [chooseSeries(state, settings.register.onto).voxels.sha256] : [])];
  const uid = derivedUid(ports, inputs, settings);
  if (state.series.some((one) => one.seriesInstanceUid === uid))
    throw new Refusal('CASE_EXISTS', 'This case already holds the series that these settings make. Choose it from the list of series.');
  const carried = request.segments.map((name) => chooseSegment(state, name));
  for (const segment of carried)
    if (segment.series !== source.seriesInstanceUid)
      throw new Refusal('GRID_MISMATCH', `${segment.name} lies on another series. Only segments of the series itself are carried over.`);
  const made = await ports.compute.run(
    'preprocess',
    { ...chainInput(session, state, source, settings), into: session.files.stagingFolder() },
    { onProgress: (fraction, note) => context.progress(fraction * (carried.length ? 0.8 : 1), note), signal: context.signal },
  );
  const series = derivedSeries(source, made, settings, uid);
  await session.record(made.file, preprocessAct({ series, inputs }));
  const segments: string[] = [];
  for (const segment of carried) segments.push(await carrySegment(ports, session, segment, source, series, made.registration, context));
  const after = session.state();
  return { series: chooseSeries(after, uid), segments: segments.map((id) => chooseSegment(after, id)), case: after };
}

async function carrySegment(
  ports: Ports,
  session: Session,
  segment: Segment,
  source: CaseSeries,
  series: CaseSeries,
  registration: RegistrationResult | null,
  context: JobContext,
): Promise<string> {
  const labels = series.derivation?.settings.interpolate?.labels ?? 'majority';
  const { mask, voxels, volumeMm3 } = await ports.compute.run(
    'carry',
    { mask: await session.maskFile(segment), geometry: source, registration, target: series, labels, into: session.files.stagingFolder() },
    { onProgress: (fraction, note) => context.progress(0.8 + 0.2 * fraction, note), signal: context.signal },
  );
  const entry = await session.record(
    mask,
    carryAct({
      segment: segment.id,
      segmentName: segment.name,
      from: markOf(segment.mask),
      series: series.seriesInstanceUid,
      labels,
      voxels,
      volumeMm3,
      inputs: segment.mask.base === null ? [] : [segment.mask.base],
      mask: mask.sha256,
    }),
  );
  return `segment-${entry.sequence}`;
}

/** One slice before and after; nothing is journalled. */
export function previewPreprocessing(
  ports: Ports,
  session: Session,
  request: PreprocessPreviewRequest,
  context: JobContext,
): Promise<PreprocessPreview> {
  const state = session.state();
  const { onto: _, ...input } = chainInput(session, state, sourceOf(state, request.series), request.settings);
  return ports.compute.run(
    'preprocessPreview',
    { ...input, atLps: request.atLps },
    { onProgress: context.progress, signal: context.signal },
  );
}
