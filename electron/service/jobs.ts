import { finished, type Job } from '../../contract/job.ts';
import { toProblem } from './problems.ts';

export interface JobContext {
  progress(fraction: number, note: string): void;
  signal: AbortSignal;
}
type Listener = (job: Job) => void;

/** Finished jobs that stay to be asked after. */
const kept = 64;

/**
 * The jobs table: long work under an id, with progress, cancel and an end that is one of four. A job that was cancelled has changed
 * nothing: work is journalled only after the last point at which it can be cancelled.
 */
export function createJobs(ports: { newId(): string; now(): string; log(line: string): void }) {
  const jobs = new Map<
    string,
    {
      job: Job;
      owner: string | null;
      background: boolean;
      controller: AbortController;
      startedMs: number;
      listeners: Set<Listener>;
      end: Promise<void>;
    }
  >();

  function change(id: string, next: Partial<Job>): void {
    const record = jobs.get(id);
    if (!record || finished(record.job)) return;
    record.job = { ...record.job, ...next, durationMs: Math.round(performance.now() - record.startedMs) };
    for (const listener of record.listeners) listener(record.job);
  }

  return {
    /**
     * `owner`: the case that the work belongs to. `background`: nobody asked for it, so nobody is asked before it is given up.
     */
    start(
      title: string,
      work: (context: JobContext) => Promise<unknown>,
      { owner = null, background = false }: { owner?: string | null; background?: boolean } = {},
    ): Job {
      const id = ports.newId();
      const controller = new AbortController();
      const job: Job = { id, title, state: 'running', fraction: 0, note: '', startedAt: ports.now(), durationMs: 0 };
      const context: JobContext = { signal: controller.signal, progress: (fraction, note) => change(id, { fraction, note }) };
      // The table knows the job before its work begins.
      const end = Promise.resolve()
        .then(() => {
          controller.signal.throwIfAborted();
          return work(context);
        })
        .then(
          (result) => change(id, { state: 'done', fraction: 1, result }),
          (error: unknown) => {
            if (controller.signal.aborted && (error as Error)?.name === 'AbortError')
              return change(id, { state: 'cancelled', note: 'Cancelled; nothing was changed' });
            const problem = toProblem(error, ports.log);
            change(id, { state: problem.status >= 500 ? 'failed' : 'refused', problem });
          },
        );
      jobs.set(id, { job, owner, background, controller, startedMs: performance.now(), listeners: new Set(), end });
      const ended = [...jobs.values()].filter((r) => finished(r.job));
      for (const old of ended.slice(0, Math.max(0, ended.length - kept))) jobs.delete(old.job.id);
      return job;
    },
    /** Before a case closes or the host ends: its jobs (all, without an owner) are cancelled and have cleaned up after themselves. */
    async endAll(owner?: string): Promise<void> {
      const ending = [...jobs.values()].filter((r) => owner === undefined || r.owner === owner);
      for (const { job, controller } of ending) if (!finished(job)) controller.abort();
      await Promise.all(ending.map((r) => r.end));
    },
    get: (id: string): Job | undefined => jobs.get(id)?.job,
    list: (): Job[] => [...jobs.values()].map((r) => r.job),
    runningCount: (): number => [...jobs.values()].filter((r) => !r.background && !finished(r.job)).length,
    cancel(id: string): Job | undefined {
      const record = jobs.get(id);
      if (record && !finished(record.job)) {
        change(id, { state: 'cancelling' });
        record.controller.abort();
      }
      return record?.job;
    },
    /** Calls at once with the job as it is, then at every change; returns how to stop listening. */
    follow(id: string, listener: Listener): (() => void) | undefined {
      const record = jobs.get(id);
      if (!record) return undefined;
      record.listeners.add(listener);
      listener(record.job);
      return () => record.listeners.delete(listener);
    },
  };
}
export type Jobs = ReturnType<typeof createJobs>;
