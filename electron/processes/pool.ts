import { Refusal } from '../../contract/errors.ts';
import type { Compute, ComputeOptions } from '../service/ports.ts';
import type { ChildLike, ForkChild } from './child.ts';
import type { Answer } from './messages.ts';
import type { TaskName, Tasks } from './protocol.ts';

interface Waiting {
  resolve(result: never): void;
  reject(error: unknown): void;
  onProgress: ComputeOptions['onProgress'];
}

/** Deaths on the same input before it is refused without another try. */
const deathsAllowed = 3;

/**
 * The host's side of the compute process: started when first needed, watched, started again after it died. A death is a refusal of the
 * work in hand (PROCESS_DIED), never of the host.
 */
export function createCompute(fork: ForkChild, log: (line: string) => void): Compute & { close(): void; readonly pid: number | undefined } {
  const entry = new URL(import.meta.url.endsWith('.ts') ? './compute.ts' : './compute.js', import.meta.url);
  const waiting = new Map<number, Waiting>();
  const deaths = new Map<string, number>();
  let child: ChildLike | null = null;
  let count = 0;
  let closed = false;

  function start(): ChildLike {
    const started = fork(entry, { name: 'lamina-compute', heapMiB: 3072 });
    started.onMessage((message) => {
      const answer = message as Answer;
      const work = waiting.get(answer.id);
      if (!work) return;
      if (answer.kind === 'progress') return work.onProgress?.(answer.fraction, answer.note);
      waiting.delete(answer.id);
      if (answer.kind === 'done') work.resolve(answer.result as never);
      else if (answer.kind === 'cancelled') work.reject(new DOMException('cancelled', 'AbortError'));
      else if (answer.kind === 'refused')
        work.reject(
          new Refusal(answer.code, answer.message, {
            reasons: answer.reasons.length ? answer.reasons : undefined,
            report: answer.report,
          }),
        );
      else {
        log(`task failed: ${answer.stack || answer.message}`);
        work.reject(new Error(answer.message));
      }
    });
    started.onExit((code) => {
      if (child === started) child = null;
      if (closed) return;
      log(`compute process ended (${code ?? 'signal'})`);
      const lost = [...waiting.values()];
      waiting.clear();
      for (const work of lost)
        work.reject(
          new Refusal('PROCESS_DIED', 'The process that does the computing ended in mid-work. The case is untouched; try once more.'),
        );
    });
    return started;
  }

  return {
    get pid() {
      return child?.pid;
    },
    run<N extends TaskName>(task: N, input: Tasks[N]['in'], options: ComputeOptions = {}): Promise<Tasks[N]['out']> {
      const key = `${task} ${JSON.stringify((input as { paths?: unknown; path?: unknown }).paths ?? (input as { path?: unknown }).path ?? '')}`;
      if ((deaths.get(key) ?? 0) >= deathsAllowed)
        return Promise.reject(
          new Refusal(
            'PROCESS_DIED',
            `This input ended the computing process ${deathsAllowed} times and is not tried again. Report the file to us.`,
          ),
        );
      if (options.signal?.aborted) return Promise.reject(new DOMException('cancelled', 'AbortError'));
      child ??= start();
      const target = child;
      const id = ++count;
      return new Promise<Tasks[N]['out']>((resolve, reject) => {
        const stop = () => target.postMessage({ kind: 'cancel', id });
        options.signal?.addEventListener('abort', stop, { once: true });
        waiting.set(id, {
          resolve: (result) => {
            options.signal?.removeEventListener('abort', stop);
            resolve(result);
          },
          reject: (error) => {
            options.signal?.removeEventListener('abort', stop);
            if (error instanceof Refusal && error.code === 'PROCESS_DIED') deaths.set(key, (deaths.get(key) ?? 0) + 1);
            reject(error);
          },
          onProgress: options.onProgress,
        });
        target.postMessage({ kind: 'run', id, task, input });
      });
    },
    close() {
      closed = true;
      child?.kill();
      child = null;
    },
  };
}
