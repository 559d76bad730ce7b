import type { CaseSeries, Segment } from '../../contract/case.ts';
import { Refusal } from '../../contract/errors.ts';
import {
  type ExperimentHead,
  type ExperimentNetwork,
  type ExperimentRequest,
  type ExperimentResult,
  type ExperimentSpec,
  type HeadFigures,
  methodsOf,
  thicknessBinsMm,
} from '../../contract/experiment.ts';
import { networkWording } from '../../contract/model.ts';
import { segmentRequest } from '../../contract/routes.ts';
import type { MaskFile } from '../processes/protocol.ts';
import { chooseSeries } from './choose.ts';
import type { JobContext } from './jobs.ts';
import type { OpenCases, Session } from './open-cases.ts';
import { share } from './pipeline.ts';
import type { Ports } from './ports.ts';
import { undo } from './steps/annotation/strokes.ts';
import { segmentSeries } from './steps/deployment/segment.ts';
import { cleanSegment } from './steps/postprocessing/clean.ts';
import { importIntoCase } from './steps/preparation/import.ts';

/** A test head on disk, whoever made it. */
interface Source {
  name: string;
  seed: number | null;
  kernel: string | null;
  paths: string[];
  truth: string;
  thickness: string | null;
}
type MethodRecord = ExperimentResult['methods'][number];
type Measured = Omit<ExperimentResult, 'summary' | 'differences'>;

const definitions = {
  region: 'Region of interest: every voxel of the head as it was imported.',
  whole: 'Whole bone: every voxel that the truth labels bone. Titanium is none.',
  cortical: 'Cortical bone: what of truth and result lies above 200 HU (D.3).',
  thin: 'Thin bone: what of truth and result lies below 300 HU (D.3); the two parts share 200 to 300 HU.',
  overlap:
    'Sensitivity, specificity, accuracy, DSC and IoU as in 11.2. A head is missed where the method finds nothing, or finds something where there is nothing; `missed` counts such heads. `mean`, SD and interval take them with what they have (DSC 0); `meanFound` is the mean of the other heads alone.',
  distances:
    'HD95: the larger of the two directed 95th percentiles; ASSD: the mean distance; both weighted by area of surface. Missed heads have none: they are counted, and no mean takes them.',
  walls: `Thin walls found: the share of voxels of true thin walls (label 3, where all labels of the truth are 0 to 3) that are bone in the result; bins by true thickness, ${thicknessBinsMm[0]} to ${thicknessBinsMm.at(-1)} mm, with at least 50 voxels in a head. Where a wall is thinner than a voxel its truth is one closed layer of voxels, so that finding it depends on the voxel as well.`,
  interval:
    'Interval: 95 % of the mean over the heads, by Student’s t. It tells of these heads and of those drawn like them, of no others.',
};

/** Draws a head by seed, or takes the files that the experiment names. */
async function sourceOf(ports: Ports, spec: ExperimentSpec, head: number, into: string, context: JobContext): Promise<Source> {
  const { files } = ports;
  const seed = spec.seeds[head];
  if (seed === undefined) {
    const pair = spec.pairs[head - spec.seeds.length];
    if (!pair) throw new RangeError(`there is no head ${head}`);
    return {
      name: pair.name,
      seed: null,
      kernel: null,
      paths: [files.absolute(pair.image)],
      truth: files.absolute(pair.truth),
      thickness: null,
    };
  }
  await ports.compute.run('phantom', { seed, into, size: spec.size }, { onProgress: context.progress, signal: context.signal });
  const truth = JSON.parse(await files.readText(files.join(into, 'truth.json'), 1 << 20)) as { scanner: { kernel: string } };
  return {
    name: `seed ${seed}`,
    seed,
    kernel: truth.scanner.kernel,
    paths: [files.join(into, 'dicom')],
    truth: files.join(into, 'truth-labels.nii.gz'),
    thickness: spec.size === 'orbits' ? files.join(into, 'truth-thickness.nii.gz') : null,
  };
}

/** One head: every method through the steps that a user's click runs, in a case that is gone afterwards. */
async function runHead(
  ports: Ports,
  session: Session,
  spec: ExperimentSpec,
  source: Source,
  records: Map<string, MethodRecord>,
  context: JobContext,
): Promise<{ series: CaseSeries; methods: Record<string, HeadFigures>; seconds: Record<string, number> }> {
  const series = chooseSeries(session.state(), null);
  const methods: Record<string, HeadFigures> = {};
  const seconds: Record<string, number> = {};
  const all = methodsOf(spec);
  const part = (id: string, what: string) => {
    const at = all.findIndex((m) => m.id === id);
    return share(context, at / all.length, (at + 1) / all.length, `${source.name}, ${all[at]?.title}${what}`);
  };
  const measure = async (id: string, segment: Segment | null) => {
    const mask: MaskFile = segment ? await session.maskFile(segment) : { base: null, deltas: [] };
    const { truth, thickness } = source;
    methods[id] = await ports.compute.run(
      'measureTruth',
      { volume: session.volumeFile(series), mask, truth, thickness },
      { signal: context.signal },
    );
  };
  const timed = async <T>(id: string, work: () => Promise<T>): Promise<T> => {
    const started = performance.now();
    const result = await work();
    seconds[id] = Math.round(performance.now() - started) / 1000;
    return result;
  };
  for (const method of spec.methods) {
    const request = segmentRequest.parse({ series: series.seriesInstanceUid, name: method.id, settings: method.segment });
    const made = await timed(method.id, () => orNothing(segmentSeries(ports, session, request, part(method.id, ''))));
    note(records, method.id, made?.segment ?? null);
    await measure(method.id, made?.segment ?? null);
    for (const variant of method.variants) {
      let segment = made?.segment ?? null;
      let cleans = 0;
      await timed(variant.id, async () => {
        for (const settings of segment ? variant.clean : []) {
          const cleaned = await orNothing(cleanSegment(ports, session, made!.segment.id, settings, part(variant.id, '')));
          segment = cleaned?.segment ?? null;
          if (!cleaned) break;
          cleans++;
        }
      });
      note(records, variant.id, made?.segment ?? null);
      await measure(variant.id, segment);
      // The next variant starts from the method's own result again.
      for (; cleans > 0; cleans--) await undo(session);
    }
  }
  return { series, methods, seconds };
}

/** A method that finds nothing is a result of the experiment; every other refusal ends it. */
async function orNothing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Refusal && error.code === 'EMPTY_SEGMENT') return null;
    throw error;
  }
}

/** Which networks ran where. Throws TypeError where they changed between heads: figures of two networks are no cohort. */
function note(records: Map<string, MethodRecord>, id: string, segment: Segment | null): void {
  const record = records.get(id);
  const network = segment?.network;
  if (!record || !network) return;
  if (record.models.length && JSON.stringify(record.models) !== JSON.stringify(network.models))
    throw new TypeError(`the networks of ${id} changed while the experiment ran`);
  record.models = network.models;
  record.provider = network.provider;
  record.warnings = [...new Set([...record.warnings, ...network.warnings.map((w) => w.code)])].sort();
}

const count = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

/** What the card says of the network that ran. A card that was replaced meanwhile tells nothing of it. */
async function networkOf(ports: Ports, { id, sha256 }: { id: string; sha256: string }): Promise<ExperimentNetwork> {
  const card = await ports.models.card(id);
  const said = card.file.sha256 === sha256 ? (card.training as Record<string, unknown> | undefined) : undefined;
  const steps = count(said?.steps);
  const complete = typeof said?.complete === 'boolean' ? said.complete : null;
  const training = steps === null ? null : { steps, stepsPlanned: count(said?.stepsPlanned), complete, seed: count(said?.seed) };
  return { id, sha256, wording: card.wording, training };
}

/** Every network of an experiment once, in the order in which the methods name them. */
function networksOf(ports: Ports, records: Iterable<MethodRecord>): Promise<ExperimentNetwork[]> {
  const models = new Map([...records].flatMap((r) => r.models.map((model) => [model.id, model] as const)));
  return Promise.all([...models.values()].map((model) => networkOf(ports, model)));
}

/**
 * D.4: every method on every head, measured against the truth, with means, deviations and intervals; written as JSON, tables and a page.
 * Nothing is left behind where it is cancelled or refused.
 * @param out a new or empty folder
 */
export async function runExperiment(
  ports: Ports,
  open: OpenCases,
  { experiment: spec, out }: ExperimentRequest,
  context: JobContext,
): Promise<{ result: ExperimentResult; files: { name: string; sha256: string; bytes: number }[] }> {
  await ports.compute.run('checkNewFolder', { out }, { signal: context.signal });
  const startedAt = ports.now();
  const records = new Map(methodsOf(spec).map((m) => [m.id, { ...m, models: [], provider: null, warnings: [] } as MethodRecord]));
  const heads: ExperimentHead[] = [];
  const seconds: Record<string, Record<string, number>> = {};
  const count = spec.seeds.length + spec.pairs.length;
  for (let n = 0; n < count; n++) {
    const bar = share(context, n / count, (n + 1) / count, '');
    const temporary = await ports.files.temporary();
    let session: Session | null = null;
    try {
      const source = await sourceOf(ports, spec, n, ports.files.join(temporary, 'head'), share(bar, 0, 0.15, 'Draw the head'));
      const folder = ports.files.join(temporary, 'head.lamina');
      const request = { paths: source.paths, folder, seriesInstanceUid: null, allow: [] };
      ({ session } = await importIntoCase(ports, open, request, share(bar, 0.15, 0.2, 'Import')));
      const ran = await runHead(ports, session, spec, source, records, share(bar, 0.2, 1, ''));
      const { name, seed, kernel } = source;
      heads.push({ name, seed, kernel, dimensions: ran.series.dimensions, spacingMm: ran.series.spacingMm, methods: ran.methods });
      seconds[name] = ran.seconds;
    } finally {
      if (session) await open.close(session.id);
      await ports.files.remove(temporary);
    }
  }
  const measured: Measured = {
    schema: 1,
    clause: 'D.4',
    title: spec.title,
    synthetic: spec.pairs.length === 0,
    wording: networkWording,
    lamina: (await ports.about()).version,
    spec,
    specSha256: ports.digest(JSON.stringify(spec)),
    definitions,
    methods: [...records.values()],
    networks: await networksOf(ports, records.values()),
    heads,
    times: { startedAt, finishedAt: ports.now(), seconds },
  };
  const staging = `${out}.${ports.newId()}.tmp`;
  try {
    return await ports.compute.run('writeExperiment', { measured, out, staging }, { signal: context.signal });
  } finally {
    await ports.files.remove(staging);
  }
}
