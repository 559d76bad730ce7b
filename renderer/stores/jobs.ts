import { create } from 'zustand';
import { finished, type Job } from '../../contract/job.ts';
import { api, followJob } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';

interface JobsState {
  /** Long work as the status bar shows it. */
  running: Job[];
  /** The last one that ended well: one calm line until the next one starts. */
  last: { title: string; seconds: number } | null;
  cancel: (id: string) => Promise<void>;
}

export const useJobs = create<JobsState>()((set) => ({
  running: [],
  last: null,
  cancel: async (id) => {
    set((s) => ({ running: s.running.map((r) => (r.id === id ? { ...r, state: 'cancelling' as const } : r)) }));
    await api.cancelJob(id);
  },
}));

/** Thrown by `runJob` when the user stopped it: not a problem, nothing was changed. */
export class JobCancelled extends Error {}

const put = (job: Job) =>
  useJobs.setState((s) => {
    const old = s.running.find((r) => r.id === job.id);
    const held = old?.state === 'cancelling' && !finished(job) ? { ...job, state: 'cancelling' as const } : job;
    return old ? { running: s.running.map((r) => (r === old ? held : r)) } : { running: [...s.running, held], last: null };
  });
const drop = (id: string) => useJobs.setState((s) => ({ running: s.running.filter((r) => r.id !== id) }));

/**
 * Starts a job, follows it in the status bar and answers with its result. Throws ApiProblem when it was refused or failed, JobCancelled
 * when it was stopped.
 */
export async function runJob(start: Promise<Job>): Promise<unknown> {
  const first = await start;
  put(first);
  try {
    const last = finished(first)
      ? first
      : await new Promise<Job>((resolve, reject) => {
          const close = followJob(
            first.id,
            (now) => {
              put(now);
              if (!finished(now)) return;
              close();
              resolve(now);
            },
            reject,
          );
        });
    if (last.state === 'done') {
      useJobs.setState({ last: { title: last.title, seconds: last.durationMs / 1000 } });
      return last.result;
    }
    if (last.state === 'cancelled') throw new JobCancelled(last.title);
    throw new ApiProblem(
      last.problem ?? {
        type: 'about:blank',
        title: `${last.title} ended without a result`,
        status: 500,
        detail: last.note || 'The worker ended before it answered.',
        remedy: 'The case is as it was. Run it again.',
      },
    );
  } finally {
    drop(first.id);
  }
}
