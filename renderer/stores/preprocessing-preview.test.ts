import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Job } from '../../contract/job.ts';
import { type PreprocessPreviewRequest, preprocessSettings } from '../../contract/preprocessing.ts';
import { askPreview, type PreviewMaker, usePreview } from './preprocessing-preview.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  askPreview(null);
  vi.useRealTimers();
});

const settings = preprocessSettings.parse({ denoise: { method: 'gaussian' } });
const request = (z: number): PreprocessPreviewRequest => ({ series: '1', settings, atLps: [0, 0, z] });
const picture = { width: 1, height: 1, pixelMm: [1, 1] as [number, number], values: 'AAAAAA==', units: 'HU' };
const job = (id: string, state: Job['state'], result?: unknown): Job => ({
  id,
  title: 'Preview',
  state,
  fraction: 0,
  note: '',
  startedAt: '',
  durationMs: 1,
  ...(result === undefined ? {} : { result }),
});
const done = (id: string, text: string) =>
  job(id, 'done', { before: picture, after: picture, steps: [{ step: 'denoise', text }], notShown: [] });

function service() {
  const asked: number[] = [];
  const cancelled: string[] = [];
  const changes = new Map<string, (job: Job) => void>();
  const by: PreviewMaker = {
    start: async (_, { atLps }) => {
      asked.push(atLps[2]);
      return job(`job ${atLps[2]}`, 'running');
    },
    follow: (id, onChange) => {
      changes.set(id, onChange);
      return () => changes.delete(id);
    },
    cancel: async (id) => {
      cancelled.push(id);
    },
  };
  return { asked, cancelled, changes, by };
}
const wish = (z: number) => ({ caseId: 'a', request: request(z) });

test('[8.1-sequence] only what is set last is asked for, and the preview on its way is cancelled', async () => {
  const { asked, cancelled, changes, by } = service();
  askPreview(wish(1), { by });
  askPreview(wish(2), { by });
  expect(usePreview.getState()).toMatchObject({ working: true, ready: null });
  await vi.advanceTimersByTimeAsync(300);
  expect(asked).toEqual([2]);
  const late = changes.get('job 2');
  askPreview(wish(3), { by });
  expect(cancelled).toEqual(['job 2']);
  await vi.advanceTimersByTimeAsync(300);
  late?.(done('job 2', 'too late'));
  expect(usePreview.getState().ready).toBeNull();
  changes.get('job 3')?.(done('job 3', 'Gaussian'));
  expect(usePreview.getState()).toMatchObject({
    working: false,
    ready: { request: request(3), preview: { steps: [{ text: 'Gaussian' }] } },
  });
});

test('a job that was answered only after it was no longer wanted is cancelled then', async () => {
  const { cancelled, by } = service();
  let answer = (_: Job) => {};
  askPreview(wish(1), { by: { ...by, start: () => new Promise((resolve) => (answer = resolve)) } });
  await vi.advanceTimersByTimeAsync(300);
  askPreview(null);
  answer(job('slow', 'running'));
  await vi.advanceTimersByTimeAsync(0);
  expect(cancelled).toEqual(['slow']);
  expect(usePreview.getState()).toEqual({ ready: null, working: false, refused: null });
});

test('a refusal is told in its words with the remedy', async () => {
  const { changes, by } = service();
  askPreview(wish(1), { by });
  await vi.advanceTimersByTimeAsync(300);
  const problem = { type: 'about:blank', title: 'Not found', status: 422, detail: 'The region lies outside.', remedy: 'Set it anew.' };
  changes.get('job 1')?.({ ...job('job 1', 'refused'), problem });
  expect(usePreview.getState()).toMatchObject({ working: false, ready: null, refused: 'The region lies outside. Set it anew.' });
});
