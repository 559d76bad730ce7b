import { Refusal } from '../../../contract/errors.ts';
import type { ComputeOptions } from '../../service/ports.ts';
import type { ChildLike, ForkChild } from '../child.ts';
import type { InferenceAnswer, OrderName, Orders } from './orders.ts';
import { residentBytes, watchResident } from './resident.ts';

export interface OrderOptions extends ComputeOptions {
  limitMs?: number;
  late?: string;
  /** The process is ended and the order refused as OUT_OF_MEMORY once it holds more than this. Linux alone: elsewhere nobody tells. */
  limitBytes?: number;
}

export interface Inference {
  /**
   * Carries out one order; others wait for it. Rejects with Refusal (PROCESS_DIED where the process ended by itself or was killed from
   * outside) or, when cancelled, with an AbortError within a second.
   * @param options.limitMs the process is ended and the order refused as INVALID_MODEL after this, in the words of `late`
   */
  order<N extends OrderName>(name: N, input: Orders[N]['in'], options?: OrderOptions): Promise<Orders[N]['out']>;
  readonly pid: number | undefined;
  close(): void;
}

/** A cancelled order may finish its tile for this long; then the process is ended, since a run cannot be interrupted. */
const patienceMs = 500;

const aborted = () => new DOMException('cancelled', 'AbortError');
const died = 'The process that runs the networks ended in mid-work. The case is untouched; run the network again.';

/** The process ended itself over one request for memory: on Electron a single one near 1 GiB does that, without an error. */
export class Trapped extends Refusal {
  constructor() {
    super('PROCESS_DIED', died);
  }
}
/** SIGTRAP as a shell, a wait status and Windows (STATUS_BREAKPOINT) write it. */
const trapCodes = [133, 5, 0x80000003, 0x80000003 - 2 ** 32];
const processDied = (code: number | null, signal: string | null | undefined) =>
  signal === 'SIGTRAP' || (code !== null && trapCodes.includes(code)) ? new Trapped() : new Refusal('PROCESS_DIED', died);

const tooLarge = (bytes: number) =>
  new Refusal(
    'OUT_OF_MEMORY',
    `The model took more than ${(bytes / 2 ** 30).toFixed(1)} GiB of memory for a small input, and its process was ended. It is not used; take a smaller one.`,
  );

interface InHand {
  id: number;
  settle(act: () => void): void;
  resolve(result: unknown): void;
  reject(error: unknown): void;
  onProgress: ComputeOptions['onProgress'];
  /** What to say when the process ends because we ended it. */
  ended: (() => unknown) | null;
}

/**
 * glibc gives each large block back to the system as soon as a layer is done with it and asks for it again for the next layer, page by
 * page: half of a run's processor time was that. It is told to keep them. Other systems and Electron's own allocator do not read these.
 */
const keptMemory = { MALLOC_ARENA_MAX: '1', MALLOC_MMAP_MAX_: '0', MALLOC_TRIM_THRESHOLD_: '8589934592', MALLOC_TOP_PAD_: '67108864' };

/** The host's side of the inference process: started when first needed, one order at a time, killed and started again where that is due. */
export function createInference(fork: ForkChild, log: (line: string) => void): Inference {
  const entry = new URL(import.meta.url.endsWith('.ts') ? '../inference.ts' : './inference.js', import.meta.url);
  let child: ChildLike | null = null;
  let hand: InHand | null = null;
  let last: Promise<void> = Promise.resolve();
  let count = 0;
  let closed = false;

  function receive(answer: InferenceAnswer): void {
    const work = hand;
    if (work?.id !== answer.id) return;
    if (answer.kind === 'progress') work.onProgress?.(answer.fraction, answer.note);
    else if (answer.kind === 'done') work.settle(() => work.resolve(answer.result));
    else if (answer.kind === 'cancelled') work.settle(() => work.reject(aborted()));
    else if (answer.kind === 'refused')
      work.settle(() => work.reject(new Refusal(answer.code, answer.message, { reasons: answer.reasons })));
    else {
      log(`inference failed: ${answer.stack || answer.message}`);
      work.settle(() => work.reject(new Error(answer.message)));
    }
  }

  function start(): ChildLike {
    const started = fork(entry, { name: 'lamina-inference', heapMiB: 1024, quiet: true, env: keptMemory });
    started.onMessage((message) => {
      if (child === started) receive(message as InferenceAnswer);
    });
    started.onExit((code, signal) => {
      if (child !== started) return;
      child = null;
      if (!closed && !hand?.ended) log(`inference process ended (${code ?? signal ?? 'signal'})`);
      const work = hand;
      work?.settle(() => work.reject(work.ended ? work.ended() : processDied(code, signal)));
    });
    return started;
  }

  /** Ends the process and answers the order in hand when it is gone, so that nobody writes into its files any more. */
  function end(work: InHand, answer: () => unknown): void {
    if (hand !== work) return;
    work.ended = answer;
    child?.kill();
  }

  function carryOut<N extends OrderName>(
    name: N,
    input: Orders[N]['in'],
    { onProgress, signal, limitMs, limitBytes, late = 'The model did not answer in time. Take a smaller one.' }: OrderOptions,
  ): Promise<Orders[N]['out']> {
    // A trial is watched from a small process: what earlier runs have left in it is not the model's.
    if (limitBytes !== undefined && child && (residentBytes(child.pid) ?? 0) > limitBytes / 4) {
      const large = child;
      child = null;
      large.kill();
    }
    child ??= start();
    const target = child;
    const id = ++count;
    return new Promise((resolve, reject) => {
      let patience: NodeJS.Timeout | undefined;
      let limit: NodeJS.Timeout | undefined;
      let unwatch = () => {};
      const work: InHand = {
        id,
        resolve: resolve as (result: unknown) => void,
        reject,
        onProgress,
        ended: null,
        settle(act) {
          if (hand === work) hand = null;
          clearTimeout(patience);
          clearTimeout(limit);
          unwatch();
          signal?.removeEventListener('abort', stop);
          act();
        },
      };
      const stop = () => {
        target.postMessage({ kind: 'cancel', id });
        patience = setTimeout(() => end(work, aborted), patienceMs);
      };
      hand = work;
      signal?.addEventListener('abort', stop, { once: true });
      if (limitMs !== undefined) limit = setTimeout(() => end(work, () => new Refusal('INVALID_MODEL', late)), limitMs);
      if (limitBytes !== undefined)
        unwatch = watchResident(
          () => target.pid,
          limitBytes,
          () => end(work, () => tooLarge(limitBytes)),
        );
      target.postMessage({ kind: 'run', id, order: name, input });
    });
  }

  return {
    get pid() {
      return child?.pid;
    },
    order(name, input, options = {}) {
      const { signal } = options;
      let begun = false;
      const turn = last.then(() => {
        if (closed || signal?.aborted) throw aborted();
        begun = true;
        return carryOut(name, input, options);
      });
      last = turn.then(
        () => {},
        () => {},
      );
      if (!signal) return turn;
      // One that still waits for its turn is answered at once.
      return new Promise((resolve, reject) => {
        const leave = () => {
          if (!begun) reject(aborted());
        };
        signal.addEventListener('abort', leave, { once: true });
        turn.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
      });
    },
    close() {
      closed = true;
      child?.kill();
      child = null;
      const work = hand;
      work?.settle(() => work.reject(aborted()));
    },
  };
}
