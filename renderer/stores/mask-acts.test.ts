import { afterEach, expect, test, vi } from 'vitest';
import type { Job } from '../../contract/job.ts';
import { api } from '../api/client.ts';
import { useCase } from './case.ts';
import { caseAt, segmentWith } from './case-state.fixture.ts';
import { applyEffect } from './mask-acts.ts';
import { useNotices } from './notices.ts';

const segment = { ...segmentWith('segment-3', []), name: 'Bone', voxels: 8, volumeMm3: 8 };
const state = { ...caseAt(8, 4, []), id: 'one', series: [] };

function answers(notice: string | null): void {
  const result = { segment, segments: [], voxelsBefore: 8, changed: notice === null, notice, case: state };
  const job = { id: 'j', title: 'Effect', state: 'done', fraction: 1, note: '', durationMs: 5, result } as unknown as Job;
  vi.spyOn(api, 'effect').mockResolvedValue(job);
  useCase.setState({ state });
  useNotices.setState({ notices: [] });
}
afterEach(() => {
  vi.restoreAllMocks();
  useCase.setState({ state: null });
});

test('[M-combine] an effect that changed nothing is told in the window as the service told it; one that did is told nowhere', async () => {
  const words = 'Nothing changed: 1 mm is less than a voxel (2.1 mm).';
  answers(words);
  expect(await applyEffect('segment-3', { settings: { effect: 'open', mm: 1, neighbours: 6 } })).toMatchObject({ id: 'one', sequence: 4 });
  expect(useNotices.getState().notices).toMatchObject([{ kind: 'notice', text: words }]);
  answers(null);
  await applyEffect('segment-3', { settings: { effect: 'invert' } });
  expect(useNotices.getState().notices).toEqual([]);
});
