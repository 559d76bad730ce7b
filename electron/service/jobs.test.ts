import { describe, expect, test } from 'vitest';
import { Refusal } from '../../contract/errors.ts';
import type { Job } from '../../contract/job.ts';
import { createJobs } from './jobs.ts';

let count = 0;
const ports = { newId: () => `job-${++count}`, now: () => '2026-01-01T00:00:00Z', log: () => {} };
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('jobs', () => {
  test('tell progress and end once', async () => {
    const jobs = createJobs(ports);
    const seen: Job[] = [];
    const started = jobs.start('work', async (context) => {
      await settled();
      context.progress(0.5, 'half');
      return 42;
    });
    jobs.follow(started.id, (job) => seen.push(job));
    await settled();
    await settled();
    expect(seen.map((j) => [j.state, j.fraction])).toEqual([
      ['running', 0],
      ['running', 0.5],
      ['done', 1],
    ]);
    expect(jobs.get(started.id)?.result).toBe(42);
    expect(jobs.runningCount()).toBe(0);
  });

  test('cancelling is a state, and the end is cancelled only if the work says so', async () => {
    const jobs = createJobs(ports);
    const obeys = jobs.start(
      'obeys',
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => setTimeout(() => reject(new DOMException('', 'AbortError')), 2))),
    );
    const late = jobs.start('too late', async () => {
      await settled();
      return 'written';
    });
    await Promise.resolve();
    await Promise.resolve();
    expect(jobs.cancel(obeys.id)?.state).toBe('cancelling');
    jobs.cancel(late.id);
    await jobs.endAll();
    expect(jobs.get(obeys.id)?.state).toBe('cancelled');
    expect(jobs.get(late.id)?.state).toBe('done');
  });

  test('one that is cancelled before it begins does nothing', async () => {
    const jobs = createJobs(ports);
    let begun = false;
    const job = jobs.start('never', async () => {
      begun = true;
    });
    jobs.cancel(job.id);
    await jobs.endAll();
    expect(jobs.get(job.id)?.state).toBe('cancelled');
    expect(begun).toBe(false);
  });

  test('a refusal keeps its code and gets its remedy; a mistake says nothing of its inside', async () => {
    const jobs = createJobs(ports);
    const refused = jobs.start('a', () => Promise.reject(new Refusal('GANTRY_TILT', 'tilted by 18.5 degrees')));
    const failed = jobs.start('b', () => Promise.reject(new Error('secret of the patient')));
    await settled();
    expect(jobs.get(refused.id)).toMatchObject({
      state: 'refused',
      problem: { code: 'GANTRY_TILT', remedy: expect.stringContaining('resampling') },
    });
    expect(jobs.get(failed.id)?.state).toBe('failed');
    expect(JSON.stringify(jobs.get(failed.id))).not.toContain('secret');
  });

  test('an unknown job is not followed', () => {
    expect(createJobs(ports).follow('nothing', () => {})).toBeUndefined();
  });
});
