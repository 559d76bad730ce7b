import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { inTurn, type RunParts } from '../../kernels/parts.ts';
import { crewParts } from './crew-parts.ts';

const ownEntry = new URL(import.meta.url.endsWith('.ts') ? './crew-worker.ts' : './crew-worker.js', import.meta.url);
/** Beyond this many the memory's own speed is the limit. */
const mostThreads = 8;

/** Work of this length is done by the calling thread alone: starting a thread costs about as much. */
const worthThreadsMs = 60;

/** One round: `next[0]` is the first input that nobody has taken. */
export interface CrewRound {
  round: number;
  part: string;
  inputs: readonly unknown[];
  next: Int32Array;
}
export type CrewAnswer = { round: number; index: number } & ({ output: unknown } | { error: string });

/** Threads that run the parts of kernels over shared memory, the calling one among them. */
export interface Crew {
  run: RunParts;
  threads: number;
  end(): Promise<void>;
}

// Parts differ in what they take.
// biome-ignore lint/suspicious/noExplicitAny: each is called with its own input
export type CrewParts = Record<string, (input: any) => unknown>;

/** What a part wrote into memory of its own would be lost without a word. */
function assertShared(value: unknown, depth = 0): void {
  if (ArrayBuffer.isView(value)) {
    if (!(value.buffer instanceof SharedArrayBuffer)) throw new RangeError('a part was given an array that is not in shared memory');
  } else if (typeof value === 'object' && value !== null && depth < 3) for (const one of Object.values(value)) assertShared(one, depth + 1);
}

interface Waiting {
  round: number;
  outputs: unknown[];
  missing: number;
  settle(error: Error | null): void;
}

/**
 * Threads for kernels in parts. They are started once the parts have taken as long as that takes (50 to 100 ms), and are not waited for:
 * until they are up the calling thread does the parts.
 * A round costs about 0.1 ms. A part that throws ends its round with RangeError; so does a thread that dies.
 * @param threads the calling one among them
 * @param parts the parts that the threads started by `entry` know, by their names there
 */
export function startCrew(
  threads = Math.min(mostThreads, availableParallelism()),
  { entry = ownEntry, parts = crewParts as CrewParts, worthMs = worthThreadsMs } = {},
): Crew {
  const keyOf = new Map<unknown, string>(Object.entries(parts).map(([key, part]) => [part, key]));
  let workers: Worker[] = [];
  let waiting: Waiting | null = null;
  let rounds = 0;
  let broken: Error | null = null;
  /** Time that parts have taken on the calling thread. */
  let spentMs = 0;

  const take = (answer: CrewAnswer): void => {
    if (!waiting || answer.round !== waiting.round) return;
    if ('error' in answer) {
      waiting.settle(new RangeError(answer.error));
      return;
    }
    waiting.outputs[answer.index] = answer.output;
    if (--waiting.missing === 0) waiting.settle(null);
  };
  const start = (): void => {
    while (workers.length < threads - 1) {
      const worker = new Worker(entry);
      worker.unref();
      worker.on('message', take);
      worker.on('error', (error) => {
        broken = new RangeError(`a thread of the crew ended: ${(error as Error)?.message ?? error}`);
        waiting?.settle(broken);
      });
      workers.push(worker);
    }
  };

  const run: RunParts = async <I, O>(part: (input: I) => O, inputs: readonly I[], between?: (share: number) => void): Promise<O[]> => {
    if (inputs.length < 2 || threads < 2) return inTurn(part, inputs, between);
    const key = keyOf.get(part);
    if (key === undefined) throw new RangeError(`${part.name} is not among the crew's parts`);
    if (waiting) throw new RangeError('the crew is at another round');
    if (broken) throw broken;
    assertShared(inputs);
    const next = new Int32Array(new SharedArrayBuffer(4));
    const round = ++rounds;
    const outputs = new Array<unknown>(inputs.length);
    let called = false;
    const call = (): void => {
      if (called || spentMs < worthMs) return;
      called = true;
      start();
      for (const worker of workers) {
        // A worker keeps the process alive only while something is asked of it.
        worker.ref();
        worker.postMessage({ round, part: key, inputs, next } satisfies CrewRound);
      }
    };
    try {
      await new Promise<void>((resolve, reject) => {
        waiting = { round, outputs, missing: inputs.length, settle: (error) => (error ? reject(error) : resolve()) };
        call();
        for (let index = Atomics.add(next, 0, 1); index < inputs.length; index = Atomics.add(next, 0, 1)) {
          try {
            between?.(index / inputs.length);
            const begun = performance.now();
            take({ round, index, output: part(inputs[index] as I) });
            spentMs += performance.now() - begun;
            call();
          } catch (error) {
            // Nobody takes another part of a round that has failed.
            Atomics.store(next, 0, inputs.length);
            reject(error);
            return;
          }
        }
      });
    } finally {
      waiting = null;
      for (const worker of workers) worker.unref();
    }
    return outputs as O[];
  };

  return {
    run,
    threads,
    async end() {
      const ending = workers;
      workers = [];
      await Promise.all(ending.map((worker) => worker.terminate()));
    },
  };
}
