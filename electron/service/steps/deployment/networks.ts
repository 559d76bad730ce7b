import type { CaseSeries, CaseState, Segment } from '../../../../contract/case.ts';
import { type Coded, Refusal } from '../../../../contract/errors.ts';
import type { LabelEntry } from '../../../../contract/labels.ts';
import { type NetworkRun, networkWording } from '../../../../contract/model.ts';
import type { SegmentRequest } from '../../../../contract/routes.ts';
import { type AdjustSettings, isNetwork, type MaskDelta, type NetworkSettings } from '../../../../contract/segmentation.ts';
import type { StagedFile, Tasks } from '../../../processes/protocol.ts';
import { adjustAct, markOf, segmentAct } from '../../cases/acts.ts';
import { derivationsOf } from '../../cases/derivations.ts';
import { assertUnlocked, chooseSegment, chooseSeries, seriesOf } from '../../choose.ts';
import type { JobContext } from '../../jobs.ts';
import type { Session } from '../../open-cases.ts';
import type { InferenceResult, Ports } from '../../ports.ts';

/** Which packages a method runs, in order. */
export const packagesOf: Record<NetworkSettings['method'], readonly string[]> = {
  unet: ['unet-b'],
  'multi-unet': ['unet-c-cortical', 'unet-c-thin'],
  default: ['orbit'],
};

/** Networks know HU of CT and nothing else; the words say what to do instead. */
function assertHu(series: CaseSeries, assume: boolean): void {
  // A NIfTI names no modality: it counts as CT when its values look like HU, or when the user says that they are.
  const unnamed = series.modality === 'OT' || series.modality === '';
  if (series.modality !== 'CT' && !unnamed)
    throw new Refusal(
      'NOT_CT',
      `The networks were trained on CT; this series is ${series.modality || 'of an unknown kind'}. Segment it by threshold and by hand.`,
    );
  if (series.voxels.units === 'normalized')
    throw new Refusal(
      'HU_NOT_CALIBRATED',
      'The values of this series were normalized (8.2), and networks bring HU to their own range themselves. Take the series before normalization.',
    );
  if ((unnamed || series.voxels.units !== 'HU') && !assume)
    throw new Refusal(
      'HU_NOT_CALIBRATED',
      'The values of this series are not known to be HU, which the networks need. If you know that they are, say so (assumeHu=true); else import a calibrated series, or segment by threshold.',
    );
}

/** An organ window inside the range that the network was trained on takes away what it goes by: flagged, it runs. */
function windowWarnings(state: CaseState, series: CaseSeries, [low, high]: readonly [number, number]): Coded[] {
  return derivationsOf(state, series).flatMap(({ settings: { window } }): Coded[] => {
    const [least, most] = [window?.lowHu ?? -200, window?.highHu ?? 300];
    if (!window || (least <= low && most >= high)) return [];
    const message = `This series was limited to ${least} to ${most} HU; the network learned from ${low} to ${high} HU. Take the series before the organ window.`;
    return [{ code: 'HU_OUT_OF_RANGE', message }];
  });
}

function part(context: JobContext, from: number, to: number) {
  return {
    signal: context.signal,
    onProgress: (fraction: number, note: string) => context.progress(from + (to - from) * fraction, note),
  };
}

interface Ran {
  finished: Tasks['networkResult']['out'];
  run: NetworkRun;
}

async function runNetworks(
  ports: Ports,
  session: Session,
  series: CaseSeries,
  settings: NetworkSettings,
  hand: MaskDelta[],
  context: JobContext,
): Promise<Ran> {
  const into = session.files.stagingFolder();
  const packages = packagesOf[settings.method];
  const card = await ports.models.card(packages[0]!);
  const left: StagedFile[] = [];
  const clock = ports.elapsedMs();
  try {
    const volume = session.volumeFile(series);
    const { pixelMm, sliceMm, rangeHu } = card.input;
    const laid = await ports.compute.run(
      'networkInput',
      { volume, card: { pixelMm, sliceMm, rangeHu }, roiLps: settings.roiLps, into },
      part(context, 0, 0.1),
    );
    left.push(laid.input);
    const prepared = ports.elapsedMs();
    const ran: InferenceResult[] = [];
    for (const [n, model] of packages.entries()) {
      const share = part(context, 0.1 + (0.75 * n) / packages.length, 0.1 + (0.75 * (n + 1)) / packages.length);
      const result = await ports.models.run(
        { model, input: { path: laid.input.path, dimensions: laid.grid.dimensions }, mirror: settings.mirror, into },
        share,
      );
      left.push(result.probability, ...(result.spread ? [result.spread] : []));
      ran.push(result);
    }
    const inferred = ports.elapsedMs();
    const outputs = ran.map((r) => ({ model: r.model.id, probability: r.probability.path, spread: r.spread?.path ?? null }));
    const finished = await ports.compute.run(
      'networkResult',
      { volume, grid: laid.grid, box: laid.box, outputs, settings, hand, into },
      part(context, 0.85, 1),
    );
    const providers = [...new Set(ran.map((r) => r.provider))];
    const run: NetworkRun = {
      models: ran.map((r) => r.model),
      provider: providers.join(', '),
      providerReason: [...new Set(ran.map((r) => r.providerReason))].join(' '),
      roi: laid.roi,
      box: laid.box,
      probabilities: finished.probabilities.map((p) => ({ model: p.model, sha256: p.file.sha256 })),
      spread: finished.spread?.sha256 ?? null,
      warnings: [...windowWarnings(session.state(), series, rangeHu), ...laid.warnings],
      seconds: {
        prepare: (prepared - clock) / 1000,
        infer: (inferred - prepared) / 1000,
        finish: (ports.elapsedMs() - inferred) / 1000,
      },
      wording: networkWording,
    };
    return { finished, run };
  } finally {
    for (const file of left) await ports.files.remove(file.path);
  }
}

/** M-unet, M-multi-unet and ours: finds the region, runs the networks, and journals the mask with the probabilities behind it. */
export async function segmentByNetwork(
  ports: Ports,
  session: Session,
  request: SegmentRequest & { settings: NetworkSettings; label: LabelEntry | null },
  context: JobContext,
): Promise<{ segment: Segment; case: CaseState }> {
  session.assertWritable();
  const { settings, overwriteHand } = request;
  const before = session.state();
  const into = request.into === null ? null : chooseSegment(before, request.into);
  if (into) assertUnlocked(into);
  const series = into ? seriesOf(before, into) : chooseSeries(before, request.series);
  assertHu(series, settings.assumeHu);
  const hand = into && !overwriteHand ? await session.handOf(into.id) : [];
  const { finished, run } = await runNetworks(ports, session, series, settings, hand, context);
  const files = [finished.mask, ...finished.probabilities.map((p) => p.file), ...(finished.spread ? [finished.spread] : [])];
  const entry = await session.record(
    files,
    segmentAct({
      series: series.seriesInstanceUid,
      input: series.voxels.sha256,
      name: request.name,
      label: request.label,
      title: `${titles[settings.method]}, probability ${settings.probability}`,
      settings,
      network: run,
      into: into?.id ?? null,
      from: into ? markOf(into.mask) : null,
      keptByHand: finished.keptByHand,
      overwriteHand,
      mask: finished.mask.sha256,
      voxels: finished.voxels,
      volumeMm3: finished.volumeMm3,
    }),
  );
  const state = session.state();
  return { segment: chooseSegment(state, into?.id ?? `segment-${entry.sequence}`), case: state };
}

const titles = {
  unet: 'U-Net (Method B)',
  'multi-unet': 'Two U-Nets, cortical and thin (Method C)',
  default: 'Orbit network',
} as const;

/** What a run has left of a segment: where its probabilities lie, and by which settings they are read. */
export function networkOf(session: Session, segment: Segment) {
  const { network } = segment;
  const settings = network?.settings;
  if (!network || !settings || !isNetwork(settings))
    throw new Refusal(
      'NOT_FOUND',
      `${segment.name} was not made by a network: it has no probabilities. Choose a segment that a network made.`,
    );
  return {
    volume: session.volumeFile(seriesOf(session.state(), segment)),
    box: network.box,
    probabilities: network.probabilities.map((p) => ({ model: p.model, path: session.files.blobPath(p.sha256) })),
    settings,
  };
}

/** Moves the threshold, or how Method C integrates, after the run: nothing is run again, and the hand's voxels stay unless told. */
export async function adjustSegment(
  ports: Ports,
  session: Session,
  nameOrId: string | null,
  moved: AdjustSettings,
  context: JobContext,
): Promise<{ segment: Segment; case: CaseState }> {
  session.assertWritable();
  const segment = chooseSegment(session.state(), nameOrId);
  assertUnlocked(segment);
  const stored = networkOf(session, segment);
  const { overwriteHand, ...changed } = moved;
  if (stored.settings.method !== 'multi-unet' && (changed.corticalWeight !== undefined || changed.overlapHu !== undefined))
    throw new Refusal('NOT_FOUND', `${segment.name} was not made by Method C: it has no overlap of two networks to weigh.`);
  const settings = { ...stored.settings, ...changed } as NetworkSettings;
  const hand = overwriteHand ? [] : await session.handOf(segment.id);
  const result = await ports.compute.run(
    'adjust',
    { ...stored, settings, hand, into: session.files.stagingFolder() },
    { onProgress: context.progress, signal: context.signal },
  );
  await session.record(
    result.mask,
    adjustAct({
      segment: segment.id,
      from: markOf(segment.mask),
      settings: moved,
      title: `Probability ${settings.probability}${changed.corticalWeight === undefined ? '' : `, cortical weight ${changed.corticalWeight}`}`,
      inputs: segment.network?.probabilities.map((p) => p.sha256) ?? [],
      keptByHand: result.keptByHand,
      mask: result.mask.sha256,
      voxels: result.voxels,
      volumeMm3: result.volumeMm3,
    }),
  );
  const state = session.state();
  return { segment: chooseSegment(state, segment.id), case: state };
}
