import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Refusal } from '../../../contract/errors.ts';
import type { DeploymentStep, ModelCard } from '../../../contract/model.ts';
import type { ComputeOptions } from '../../service/ports.ts';
import type { KnownAnswer, ModelFile, ModelReading } from '../protocol.ts';
import type { Inference } from './client.ts';
import { climb, ladderOf, type Rung, reasonFor } from './ladder.ts';
import type { BoneChannel } from './orders.ts';
import { largestTensorBytes, planTiles } from './tiles.ts';

/** A package that passed every step in this run of the program. */
export interface Deployed {
  reading: ModelReading & { card: ModelCard; knownAnswer: KnownAnswer };
  bone: BoneChannel;
  /** What the known answer takes on the CPU. */
  cpuMilliseconds: number;
  /** Tries the next rung, after one that ended in mid-run. */
  tryRung(provider: string): Promise<{ largestDifference: number; milliseconds: number }>;
  ladder: Rung[];
  /** Files of the CPU's answer; `release` takes them away. */
  release(): Promise<void>;
}

/** Which channel says bone: one minus background, or the second of two classes. Throws Refusal INVALID_MODEL where no output says it. */
export function boneChannel(card: ModelCard): BoneChannel {
  for (const output of card.outputs) {
    const classes = output.classes ?? [];
    const background = classes.indexOf('background');
    if (background < 0 || classes.length < 2) continue;
    const binary = classes.length === 2;
    return { output: output.name, channels: classes.length, channel: binary ? 1 - background : background, background: !binary };
  }
  throw new Refusal('INVALID_MODEL', 'The card names no output with a class called background, so that nobody knows what is bone.');
}

/** Starting a graphics driver and translating a network for it takes seconds; one that needs longer is drawn by the processor itself. */
const rungLimitMs = 15_000;

/**
 * No network needs more for the small input of a known answer or of check-model; a file of a few bytes may ask for any number. Held where the
 * system says what a process holds (Linux).
 */
export const trialBytes = 1.5 * 2 ** 30;

type Write = (step: DeploymentStep) => void;

/**
 * 12-process: load, contract, known answer, environment, in this order. Each step that passes is written; the first that fails throws.
 * @throws Refusal of the step that failed
 */
export async function deployPackage(
  inference: Inference,
  read: () => Promise<ModelReading>,
  settings: { platform: string; pinned: string | null },
  write: Write,
  options: ComputeOptions,
): Promise<Deployed> {
  const reading = await step('load', write, async () => {
    const found = await read();
    return { value: found, note: `${(found.bytes / 1e6).toFixed(1)} MB, SHA-256 as in the card` };
  });
  const { card } = reading;
  const bone = await step('contract', write, async () => {
    if (!card) throw new Refusal('INVALID_MODEL', 'The package has no card.json. Without one nobody knows what the network takes.');
    const value = boneChannel(card);
    return {
      value,
      note: `operator set ${reading.opset}; ${card.input.name} and ${card.outputs.map((o) => o.name).join(', ')} as in the card`,
    };
  });
  const folder = await mkdtemp(path.join(process.env.LAMINA_TEMP ?? tmpdir(), `lamina-${process.pid}-`));
  const release = () => rm(folder, { recursive: true, force: true });
  try {
    const { knownAnswer, cpu } = await step('known-answer', write, async () => {
      const known = reading.knownAnswer;
      if (!known)
        throw new Refusal(
          'INVALID_MODEL',
          'The package brings no known answer, so that nobody can tell whether it computes here what it did where it was made.',
        );
      return answerOnCpu(inference, reading, known, folder, options);
    });
    const tryRung = async (provider: string) => {
      if (provider === 'cpu') return { largestDifference: 0, milliseconds: cpu };
      const outputs = knownAnswer.outputs.map(({ name, shape }) => ({ name, shape, path: path.join(folder, `${name}.bin`) }));
      return inference.order(
        'answer',
        { model: reading.model, provider, input: knownAnswer.input, outputs, mode: 'compare' },
        { limitMs: rungLimitMs, late: `${provider} did not answer within ${rungLimitMs / 1000} s.` },
      );
    };
    const ladder = await step('environment', write, async () => {
      const rungs = ladderOf(settings.platform, settings.pinned);
      const chosen = await climb(rungs, tryRung, cpu);
      return { value: rungs, note: `${chosen.provider}; ${memoryNote(card!)}. ${reasonFor(rungs)}` };
    });
    return { reading: { ...reading, card: card!, knownAnswer }, bone, cpuMilliseconds: cpu, tryRung, ladder, release };
  } catch (error) {
    await release();
    throw error;
  }
}

async function step<T>(name: DeploymentStep['step'], write: Write, work: () => Promise<{ value: T; note: string }>): Promise<T> {
  try {
    const { value, note } = await work();
    write({ step: name, state: 'passed', note });
    return value;
  } catch (error) {
    if (error instanceof Refusal) write({ step: name, state: 'failed', note: error.message });
    throw error;
  }
}

/**
 * Runs the known answer on the CPU and holds it against what the package brings.
 * @throws Refusal INVALID_MODEL_OUTPUT where the network answers otherwise, OUT_OF_MEMORY, INVALID_MODEL
 */
export async function compareKnownAnswer(inference: Inference, model: ModelFile, known: KnownAnswer, { signal }: ComputeOptions) {
  const order = { model, provider: 'cpu', input: known.input, outputs: known.outputs, mode: 'compare' as const };
  const compared = await inference.order('answer', order, { signal, limitMs: 120_000, limitBytes: trialBytes });
  if (!(compared.largestDifference <= known.tolerance))
    throw new Refusal(
      'INVALID_MODEL_OUTPUT',
      `The network answers otherwise than where it was made: by up to ${compared.largestDifference.toPrecision(2)}, ${known.tolerance} is allowed. It is not used on this machine.`,
    );
  return compared;
}

async function answerOnCpu(inference: Inference, { model }: ModelReading, known: KnownAnswer, folder: string, { signal }: ComputeOptions) {
  const compared = await compareKnownAnswer(inference, model, known, { signal });
  const outputs = known.outputs.map(({ name, shape }) => ({ name, shape, path: path.join(folder, `${name}.bin`) }));
  const order = { model, provider: 'cpu', input: known.input, outputs, mode: 'keep' as const };
  await inference.order('answer', order, { signal, limitMs: 120_000, limitBytes: trialBytes });
  return {
    value: { knownAnswer: known, cpu: compared.milliseconds },
    note: `largest difference ${compared.largestDifference.toPrecision(2)}, ${known.tolerance} is allowed`,
  };
}

/** Refuses a network whose least tile is above the bound; says how large a tile may be. Throws Refusal OUT_OF_MEMORY. */
export function memoryNote(card: ModelCard): string {
  planTiles([card.input.leastTilePixels, card.input.leastTilePixels, 2 * card.input.haloSlices + 1], card);
  const voxels = largestTensorBytes / 4 / card.memory.widestFloatsPerVoxel;
  return `tiles of up to ${(voxels / 1e6).toFixed(1)} million voxels, so that no layer is above ${largestTensorBytes / 2 ** 20} MiB`;
}
