import type { Act, CaseSeries, CaseState, Segment } from '../../../../contract/case.ts';
import { Refusal } from '../../../../contract/errors.ts';
import type {
  PreprocessPreview,
  PreprocessPreviewRequest,
  PreprocessRequest,
  PreprocessSettings,
} from '../../../../contract/preprocessing.ts';
import type { StagedFile, Tasks } from '../../../processes/protocol.ts';
import { carryAct, markOf, preprocessAct } from '../../cases/acts.ts';
import { canonicalJson } from '../../cases/canonical.ts';
import { registrationOf } from '../../cases/derivations.ts';
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
function spacingOf(state: CaseState, settings: PreprocessSettings): number | null {
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

/** The UID is made of what went in, so that the same settings on the same series name the same series (2.25, PS3.5 B.2). */
function derivedUid(ports: Ports, from: CaseSeries[], settings: PreprocessSettings, spacingMm: number | null): string {
  const grids = from.map(({ dimensions, spacingMm: mm, originLps, directionLps, voxels }) => [
    dimensions,
    mm,
    originLps,
    directionLps,
    voxels.sha256,
  ]);
  const digest = ports.digest(canonicalJson({ grids, settings, spacingMm }));
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
    quality: made.quality,
    derivation: { from: source.seriesInstanceUid, settings, steps: made.steps },
  };
  return { ...series, slicePositionsMm: positionsOf(series) };
}

/** What came of preprocessing. `made` is false where the case held the series already: the same settings are not carried out twice. */
export interface Preprocessed {
  series: CaseSeries;
  segments: Segment[];
  made: boolean;
  case: CaseState;
}

/**
 * Clause 8.1: makes a series of another and carries the named segments onto its grid (8.3, label-safe). All that is computed is computed
 * before anything is journalled, so that a refusal or a cancel changes nothing.
 */
export async function preprocessSeries(
  ports: Ports,
  session: Session,
  request: PreprocessRequest,
  context: JobContext,
): Promise<Preprocessed> {
  session.assertWritable();
  const state = session.state();
  const source = sourceOf(state, request.series);
  const { settings } = request;
  const input = chainInput(session, state, source, settings);
  const onto = settings.register ? [chooseSeries(state, settings.register.onto)] : [];
  const uid = derivedUid(ports, [source, ...onto], settings, input.spacingMm);
  const carried = request.segments.map((name) => chooseSegment(state, name));
  for (const segment of carried)
    if (segment.series !== source.seriesInstanceUid)
      throw new Refusal('GRID_MISMATCH', `${segment.name} lies on another series. Only segments of the series itself are carried over.`);
  const known = state.series.find((one) => one.seriesInstanceUid === uid);
  const staged: StagedFile[] = [];
  try {
    const share = carried.length ? 0.8 : 1;
    const made = known
      ? null
      : await ports.compute.run(
          'preprocess',
          { ...input, into: session.files.stagingFolder() },
          { onProgress: (fraction, note) => context.progress(fraction * share, note), signal: context.signal },
        );
    if (made) staged.push(made.file);
    const series = known ?? derivedSeries(source, made as NonNullable<typeof made>, settings, uid);
    const masks: Carried[] = [];
    for (const segment of carried) {
      const one = await carrySegment(ports, session, segment, source, series, context);
      staged.push(one.mask);
      masks.push(one);
    }
    if (made) await session.record(made.file, preprocessAct({ series, inputs: [source, ...onto].map((one) => one.voxels.sha256) }));
    const segments: string[] = [];
    for (const { mask, act } of masks) segments.push(`segment-${(await session.record(mask, act)).sequence}`);
    const after = session.state();
    return { series: chooseSeries(after, uid), segments: segments.map((id) => chooseSegment(after, id)), made: made !== null, case: after };
  } finally {
    // Adopted, they lie elsewhere by now.
    for (const file of staged) await ports.files.remove(file.path);
  }
}

interface Carried {
  mask: StagedFile;
  act: Act;
}

async function carrySegment(
  ports: Ports,
  session: Session,
  segment: Segment,
  source: CaseSeries,
  series: CaseSeries,
  context: JobContext,
): Promise<Carried> {
  const { derivation } = series;
  const labels = derivation?.settings.interpolate?.labels ?? 'majority';
  const registration = registrationOf(series);
  const { mask, voxels, volumeMm3 } = await ports.compute.run(
    'carry',
    { mask: await session.maskFile(segment), geometry: source, registration, target: series, labels, into: session.files.stagingFolder() },
    { onProgress: (fraction, note) => context.progress(0.8 + 0.2 * fraction, note), signal: context.signal },
  );
  const act = carryAct({
    segment: segment.id,
    segmentName: segment.name,
    from: markOf(segment.mask),
    series: series.seriesInstanceUid,
    labels,
    fromMm3: segment.volumeMm3,
    voxels,
    volumeMm3,
    inputs: segment.mask.base === null ? [] : [segment.mask.base],
    mask: mask.sha256,
  });
  return { mask, act };
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
