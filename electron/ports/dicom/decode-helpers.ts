import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { type HelperOrder, seatFree, seatTaken } from './decode-seat.ts';
import { type DecodeWork, decodeSlices, doneFraction, stop } from './decode-work.ts';

const ownEntry = new URL(import.meta.url.endsWith('.ts') ? './decode-worker.ts' : './decode-worker.js', import.meta.url);
/** Beyond this many the memory's own speed is the limit, and each helper has decoders of its own in memory. */
const mostHelpers = 3;
/** Between two looks whether a helper has ended its last slice, or the work was cancelled. */
const glanceMs = 1;

/** A helper whose slice takes longer than any slice can is ended; the caller does that slice itself, where its own hang is seen. */
const longestSliceMs = 20_000;

/** Below this many voxels a volume is decoded before a helper has come up. */
const worthHelp = 2_000_000;

/** A deflated file is inflated whole whichever frame is wanted: one thread does that once for all of them. */
function inflatedForEachFrame({ slices }: DecodeWork): boolean {
  return slices.some(({ file }) => file.deflated && file.frames.length > 1);
}

interface Helper {
  worker: Worker;
  seat: Int32Array;
}

/**
 * Threads that decode beside the calling one. A helper that is not up yet is not waited for; one that dies leaves its slice open, and the
 * caller does that itself.
 */
export class DecodeHelpers {
  private readonly helpers: Helper[] = [];
  private readonly wanted: number;
  private readonly fromVoxels: number;
  private readonly entry: URL;
  private readonly longestSliceMs: number;

  /**
   * @param wanted threads beside the calling one
   * @param fromVoxels smaller volumes are decoded by the calling thread alone
   * @param sliceMs how long a helper may be at its last slice
   */
  constructor({
    wanted = Math.min(mostHelpers, availableParallelism() - 1),
    fromVoxels = worthHelp,
    entry = ownEntry,
    sliceMs = longestSliceMs,
  } = {}) {
    this.wanted = wanted;
    this.fromVoxels = fromVoxels;
    this.entry = entry;
    this.longestSliceMs = sliceMs;
  }

  /** Threads that decode, the calling one among them. */
  get threads(): number {
    return this.wanted + 1;
  }

  /** Starts them where that has not been done. They take 50 to 100 ms, in which the caller can do other things. */
  start(): void {
    while (this.helpers.length < this.wanted) {
      const worker = new Worker(this.entry);
      worker.unref();
      const helper: Helper = { worker, seat: new Int32Array(new SharedArrayBuffer(4)) };
      // A helper's end is no fault: what it leaves undone is done by the caller.
      worker.on('error', () => {});
      worker.on('exit', () => Atomics.store(helper.seat, 0, seatFree));
      this.helpers.push(helper);
    }
  }

  /**
   * Works through the slices with all threads; returns when no thread is at it any more.
   * @param step called with the fraction done, between the slices of this thread; may throw to cancel
   */
  async run(work: DecodeWork, step: (fraction: number) => void): Promise<void> {
    const helped = work.target.length >= this.fromVoxels && work.pending.length > 1 && !inflatedForEachFrame(work);
    if (helped) this.start();
    const helpers = helped ? this.helpers : [];
    for (const { worker, seat } of helpers) worker.postMessage({ work, seat } satisfies HelperOrder);
    try {
      decodeSlices(work, () => step(doneFraction(work)));
      // A helper that comes only now finds nothing to take.
      const since = performance.now();
      for (const { seat, worker } of helpers)
        while (Atomics.load(seat, 0) === seatTaken) {
          await new Promise((resume) => setTimeout(resume, glanceMs));
          if (performance.now() - since > this.longestSliceMs) await worker.terminate();
          step(doneFraction(work));
        }
      step(doneFraction(work));
    } finally {
      stop(work);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.helpers.splice(0).map(({ worker }) => worker.terminate()));
  }
}
