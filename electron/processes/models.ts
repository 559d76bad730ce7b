import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Coded, Refusal } from '../../contract/errors.ts';
import {
  type DeploymentStep,
  deploymentSteps,
  type ModelCard,
  type ModelCheck,
  type ModelEntry,
  networkWording,
} from '../../contract/model.ts';
import type { Compute, ComputeOptions, InferenceRequest, InferenceResult, Models } from '../service/ports.ts';
import type { ForkChild } from './child.ts';
import { createInference, type Inference, Trapped } from './inference/client.ts';
import { boneChannel, compareKnownAnswer, type Deployed, deployPackage, memoryNote, trialBytes } from './inference/deployment.ts';
import { climb, reasonFor } from './inference/ladder.ts';
import { plainReason } from './inference/plain-reason.ts';
import { planTiles, widestBytes } from './inference/tiles.ts';
import type { ModelReading } from './protocol.ts';

export interface ModelsOptions {
  /** The folder that holds the packages, one folder each. */
  folder: string;
  fork: ForkChild;
  compute: Compute;
  log(line: string): void;
  /** LAMINA_PROVIDER: the one provider to try above the CPU. */
  provider?: string | null;
  platform?: string;
  inference?: Inference;
}

interface Package {
  steps: DeploymentStep[];
  deployed: Deployed | null;
  reasons: Coded[];
  under: Promise<void> | null;
  listeners: Set<ComputeOptions['onProgress']>;
}

const packageName = /^[a-z0-9][a-z0-9.-]{0,63}$/;
const reasonsOf = (error: Refusal): Coded[] => error.reasons;

/** check-model's run must end within this; a model may be made to compute for days. */
const checkLimitMs = 60_000;

const noKnownAnswer: Coded = {
  code: 'INVALID_MODEL',
  message: 'The package brings no known answer: it can be looked at but will not be deployed.',
};

/** Model packages on disk, the deployment process of clause 12, and runs. The process that runs networks is started when first needed. */
export function createModels(
  options: ModelsOptions,
): Models & { close(): Promise<void>; count(): Promise<number>; readonly pid: number | undefined } {
  const inference = options.inference ?? createInference(options.fork, options.log);
  const packages = new Map<string, Package>();
  const readings = new Map<string, { mark: string; reading: Promise<ModelReading> }>();

  const folderOf = (id: string) => path.join(options.folder, id);
  /** Size and time of every file that a reading rests on, whatever the card calls the model; the known answer may lie beside the package. */
  async function markOf(id: string): Promise<string> {
    const folders = [folderOf(id), path.join(folderOf(id), 'parity'), path.join(options.folder, 'parity', id)];
    const marks = folders.map(async (folder) => {
      const files = (await readdir(folder).catch(() => [])).sort().slice(0, 1000);
      return Promise.all(files.map(async (name) => `${name} ${await mtime(path.join(folder, name))}`));
    });
    return JSON.stringify(await Promise.all(marks));
  }
  const mtime = (file: string) =>
    stat(file).then(
      (s) => `${s.size} ${s.mtimeMs}`,
      () => 'none',
    );

  async function names(): Promise<string[]> {
    const entries = await readdir(options.folder, { withFileTypes: true }).catch(() => []);
    const found = entries.filter((e) => e.isDirectory() && packageName.test(e.name)).map((e) => e.name);
    const withCard = await Promise.all(
      found.map(async (name) => ((await mtime(path.join(folderOf(name), 'card.json'))) === 'none' ? [] : [name])),
    );
    return withCard.flat().sort();
  }

  /** What stands on disk, read again only where a file of it has changed. */
  async function read(id: string): Promise<ModelReading> {
    if (!packageName.test(id) || !(await names()).includes(id))
      throw new Refusal('NOT_FOUND', `There is no model package ${JSON.stringify(id.slice(0, 80))}. \`lamina models\` lists them.`);
    const mark = await markOf(id);
    const known = readings.get(id);
    if (known?.mark === mark) return known.reading;
    const reading = options.compute.run('readModel', { path: folderOf(id) }).then((found) => {
      if (found.card?.id !== id)
        throw new Refusal('INVALID_MODEL', `The card in ${id} is that of ${found.card?.id}. Name the folder after its model.`);
      return found;
    });
    readings.set(id, { mark, reading });
    reading.catch(() => readings.delete(id));
    return reading;
  }

  const waiting = (): DeploymentStep[] => deploymentSteps.map((step) => ({ step, state: 'waiting', note: '' }));
  function packageOf(id: string): Package {
    const found = packages.get(id) ?? { steps: waiting(), deployed: null, reasons: [], under: null, listeners: new Set() };
    packages.set(id, found);
    return found;
  }

  async function entryOf(id: string): Promise<ModelEntry> {
    const kept = packageOf(id);
    let reading: ModelReading | null = null;
    let reasons = kept.reasons;
    try {
      reading = await read(id);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!kept.deployed && !reasons.length) reasons = reasonsOf(error);
    }
    const card = reading?.card ?? kept.deployed?.reading.card ?? null;
    const ladder = kept.deployed?.ladder ?? [];
    return {
      id,
      title: card?.title ?? id,
      folder: folderOf(id),
      state: kept.deployed ? 'enabled' : reasons.length ? 'refused' : 'found',
      steps: kept.steps,
      providers: ladder.map(({ plain: _, ...rung }) => rung),
      provider: ladder.find((rung) => rung.state === 'chosen')?.provider ?? null,
      reasons,
      wording: card?.wording ?? networkWording,
      licence: card?.licence ?? '',
      intendedUse: card?.intendedUse ?? '',
      risks: risksOf(card),
      sha256: kept.deployed?.reading.model.sha256 ?? reading?.model.sha256 ?? '',
    };
  }

  /** Takes a package through the deployment process once, whoever asks and however often. */
  async function enable(id: string, { onProgress, signal }: ComputeOptions): Promise<void> {
    const kept = packageOf(id);
    if (kept.deployed) return;
    // Known before anything is run: NOT_FOUND is no refused package.
    if (!(await names()).includes(id)) await read(id);
    kept.listeners.add(onProgress);
    kept.under ??= deploy(id, kept).finally(() => {
      kept.under = null;
      kept.listeners.clear();
    });
    await abortable(kept.under, signal);
  }

  async function deploy(id: string, kept: Package): Promise<void> {
    kept.steps = waiting();
    kept.reasons = [];
    const write = (step: DeploymentStep) => {
      const at = kept.steps.findIndex((s) => s.step === step.step);
      kept.steps[at] = step;
      for (const tell of kept.listeners) tell?.((at + 1) / kept.steps.length, `${id}: ${step.step} ${step.state}`);
    };
    try {
      const settings = { platform: options.platform ?? process.platform, pinned: options.provider ?? null };
      kept.deployed = await deployPackage(inference, () => read(id), settings, write, {});
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // A process that was killed from outside says nothing of the package.
      if (error.code === 'PROCESS_DIED') throw error;
      kept.reasons = reasonsOf(error);
    }
  }

  async function readyModel(id: string, context: ComputeOptions): Promise<Deployed> {
    const tell = context.onProgress && ((_: number, note: string) => context.onProgress?.(0, `Checking the network: ${note}`));
    await enable(id, { signal: context.signal, onProgress: tell });
    const { deployed, reasons } = packageOf(id);
    if (deployed) return deployed;
    const first = reasons[0] ?? { code: 'INVALID_MODEL', message: `The network ${id} is not enabled.` };
    throw new Refusal(first.code, `${id} is not enabled: ${first.message}`, { reasons });
  }

  /** The package is no longer what was enabled: it goes through the deployment process again before it runs. */
  async function disable(id: string, reasons: Coded[]): Promise<void> {
    const kept = packageOf(id);
    const gone = kept.deployed;
    kept.deployed = null;
    kept.steps = waiting();
    kept.reasons = reasons;
    readings.delete(id);
    await gone?.release();
  }

  async function run(request: InferenceRequest, context: ComputeOptions): Promise<InferenceResult> {
    const deployed = await readyModel(request.model, context);
    const { reading, bone, ladder } = deployed;
    let tiles = planTiles(request.input.dimensions, reading.card);
    let remark = '';
    const started = performance.now();
    for (;;) {
      const rung = ladder.find((r) => r.state === 'chosen') ?? (await climb(ladder, deployed.tryRung, deployed.cpuMilliseconds));
      const name = path.join(request.into, `inference-${randomUUID()}`);
      const probability = `${name}-probability.f32`;
      const spread = request.mirror ? `${name}-spread.f32` : null;
      const order = {
        model: reading.model,
        provider: rung.provider,
        input: request.input,
        tiles,
        bone,
        mirror: request.mirror,
        probability,
        spread,
      };
      try {
        const made = await inference.order('run', order, context);
        return {
          model: { id: request.model, sha256: reading.model.sha256 },
          ...made,
          provider: rung.provider,
          providerReason: reasonFor(ladder) + remark,
          tiles: tiles.length,
          seconds: (performance.now() - started) / 1000,
        };
      } catch (error) {
        // A process that died leaves its files; one that refused has removed them.
        for (const file of [probability, spread]) if (file) await rm(file, { force: true });
        if (!(error instanceof Refusal)) throw error;
        if (error instanceof Trapped && rung.provider === 'cpu' && remark === '') {
          tiles = planTiles(request.input.dimensions, reading.card, widestBytes(tiles, reading.card.memory.widestFloatsPerVoxel) / 2);
          remark = ` It ran again in ${tiles.length} smaller tiles, since one request for memory had ended the process.`;
          options.log(`${request.model}:${remark}`);
          continue;
        }
        if (rung.provider === 'cpu' && error.code === 'INVALID_MODEL') await disable(request.model, reasonsOf(error));
        if (rung.provider === 'cpu' || error.code === 'DISK_FULL') throw error;
        // Never silent: the rung keeps why, and the result names it.
        rung.state = 'refused';
        rung.note = `failed in mid-run: ${error.message}`;
        rung.plain = `failed in mid-run, ${plainReason(rung.provider, error)}`;
        options.log(`${request.model}: ${rung.provider} ${rung.note}`);
      }
    }
  }

  async function check(file: string, context: ComputeOptions): Promise<ModelCheck> {
    try {
      const reading = await options.compute.run('readModel', { path: file }, context);
      if (reading.card) {
        // What the deployment process would refuse without a run.
        boneChannel(reading.card);
        memoryNote(reading.card);
      }
      const side = reading.card ? Math.max(64, reading.card.input.leastTilePixels) : 64;
      const depth = reading.card ? 2 * reading.card.input.haloSlices + 3 : 32;
      const shape = [1, 1, depth, side, side];
      const outputs =
        reading.card?.outputs.map(({ name, shape: [, classes] }) => ({ name, shape: [1, Number(classes), depth, side, side] })) ?? null;
      const order = { model: reading.model, provider: 'cpu', shape, outputs };
      await inference.order('attempt', order, { ...context, limitMs: checkLimitMs, limitBytes: trialBytes });
      if (reading.knownAnswer) await compareKnownAnswer(inference, reading.model, reading.knownAnswer, context);
      return { outcome: 'load', reasons: [], warnings: reading.card && !reading.knownAnswer ? [noKnownAnswer] : [] };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      // A model that ends the process that runs it is a bad model, whatever else may be true.
      const reasons: Coded[] =
        error.code === 'PROCESS_DIED'
          ? [{ code: 'INVALID_MODEL', message: 'The model ended the process that ran it. It is not used.' }]
          : reasonsOf(error);
      return { outcome: 'reject', reasons, warnings: [] };
    }
  }

  return {
    get pid() {
      return inference.pid;
    },
    count: async () => (await names()).length,
    list: async () => Promise.all((await names()).map(entryOf)),
    async card(id) {
      return (await read(id)).card as ModelCard;
    },
    async deploy(id, context = {}) {
      await enable(id, context);
      return entryOf(id);
    },
    check: (file, context = {}) => check(file, context),
    run: (request, context = {}) => run(request, context),
    async close() {
      inference.close();
      for (const { deployed } of packages.values()) await deployed?.release();
    },
  };
}

function risksOf(card: ModelCard | null): string[] {
  return (card?.risks ?? []).map((risk) =>
    typeof risk === 'string' ? risk : typeof risk.text === 'string' ? risk.text : JSON.stringify(risk),
  );
}

/** Work that several wait for goes on when one of them leaves. */
function abortable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const leave = () => reject(new DOMException('cancelled', 'AbortError'));
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
