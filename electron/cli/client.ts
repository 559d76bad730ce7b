import type { Problem } from '../../contract/errors.ts';
import { finished, type Job } from '../../contract/job.ts';

/** A request that the command line could not make sense of: exit 2. */
export class Usage extends Error {}

/** The service refused or failed; the problem says which. */
export class JobFailed extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

export interface Client {
  get<T>(path: string): Promise<T>;
  send<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Starts a job and waits for its end, with progress on stderr. GET: one that only reads. */
  job<T>(path: string, body: unknown, method?: 'POST' | 'GET'): Promise<T>;
  /** Opens a case; it is closed when the command ends. */
  openCase(folder: string): Promise<string>;
  cancelRunning(): void;
  closeCases(): Promise<void>;
}

/** The command line's way to the service: the same requests that the window makes, in this process. */
export function createClient(fetch: (request: Request) => Promise<Response>): Client {
  let stopped = false;
  const cancelled = () =>
    new JobFailed({ type: 'about:blank', title: 'Cancelled', status: 500, detail: 'Cancelled; what was journalled before stays.' });
  const running = new Set<string>();
  const cases = new Set<string>();

  async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(
      new Request(`http://lamina${path}`, {
        method,
        body: body === undefined ? undefined : JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    );
    const text = await response.text();
    const answer = text ? JSON.parse(text) : null;
    if (!response.ok) throw new JobFailed(answer as Problem);
    return answer as T;
  }

  async function follow(id: string): Promise<Job> {
    const response = await fetch(new Request(`http://lamina/api/jobs/${id}/events`));
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const decoder = new TextDecoder();
    let pending = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) throw new RangeError('the job ended without an answer');
      pending += decoder.decode(value, { stream: true });
      const frames = pending.split('\n\n');
      pending = frames.pop() ?? '';
      for (const frame of frames) {
        if (!frame.startsWith('data: ')) continue;
        const job = JSON.parse(frame.slice(6)) as Job;
        showProgress(job);
        if (finished(job)) return job;
      }
    }
  }

  return {
    get: (path) => send('GET', path),
    send,
    async job<T>(path: string, body: unknown, method: 'POST' | 'GET' = 'POST'): Promise<T> {
      if (stopped) throw cancelled();
      const started = await send<Job>(method, path, body);
      running.add(started.id);
      const job = await follow(started.id);
      running.delete(started.id);
      if (job.state === 'done') return job.result as T;
      if (job.problem) throw new JobFailed(job.problem);
      throw cancelled();
    },
    async openCase(folder) {
      const state = await send<{ id: string }>('POST', '/api/open', { folder });
      cases.add(state.id);
      return state.id;
    },
    cancelRunning() {
      stopped = true;
      for (const id of running) void send('DELETE', `/api/jobs/${id}`);
    },
    async closeCases() {
      for (const id of cases) await send('DELETE', `/api/cases/${id}`).catch(() => {});
    },
  };
}

/** One line that is written over, and only where a person looks on. */
function showProgress(job: Job): void {
  if (!process.stderr.isTTY) return;
  const line = finished(job) ? '' : `${job.title} ${Math.round(job.fraction * 100)} % ${job.note}`;
  process.stderr.write(`\r\x1b[2K${line.slice(0, (process.stderr.columns ?? 80) - 1)}`);
}
