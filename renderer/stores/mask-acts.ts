import { z } from 'zod';
import { type CaseState, caseState, segment } from '../../contract/case.ts';
import type { EffectSettings } from '../../contract/effects.ts';
import type { Job } from '../../contract/job.ts';
import type { MaskPreview } from '../../contract/routes.ts';
import type { CleanSettings } from '../../contract/segmentation.ts';
import { api, type EffectWish } from '../api/client.ts';
import { act, open } from './acts.ts';
import { adopt } from './case.ts';
import { runJob } from './jobs.ts';
import { useNotices } from './notices.ts';
import { useViewer } from './viewer.ts';

const maskPreview = z.object({
  voxelsBefore: z.number(),
  voxels: z.number(),
  volumeMm3: z.number(),
  partsAfter: z.number(),
  mask: z.string(),
});

/** What a clean or an effect asks for. */
export type MaskWish = { kind: 'clean'; settings: CleanSettings } | { kind: 'effect'; settings: EffectSettings };

interface Previewed {
  told: MaskPreview;
  values: Uint8Array;
}
async function previewed(start: Promise<Job>): Promise<Previewed> {
  const told = maskPreview.parse(await runJob(start));
  const length = useViewer.getState().volume?.values.length;
  if (length === undefined) throw new RangeError('no volume is on screen');
  return { told, values: await api.previewBytes(told.mask, length) };
}

/** What it would make of a segment: counts, and the mask. The case stays as it is. */
export function previewMask(id: string, { kind, settings }: MaskWish): Promise<Previewed | null> {
  const start = () => (kind === 'clean' ? api.cleanPreview(open().id, id, settings) : api.effectPreview(open().id, id, { settings }));
  return act('Preview', () => previewed(start()), { reads: true });
}

/** What a drawn effect would make of a segment. `started` hears of the job, so that it can be stopped. */
export function previewEffect(id: string, request: EffectWish, words: string, started: (job: Job) => void): Promise<Previewed | null> {
  const start = async () => {
    const job = await api.effectPreview(open().id, id, request);
    started(job);
    return job;
  };
  return act(`${words}, preview`, () => previewed(start()), { reads: true });
}

const effected = z.object({ segment, segments: segment.array(), notice: z.string().nullable(), case: caseState });
/** One effect on a segment, with all the masks that it makes and changes one act. `words`: how the status line calls it. */
export function applyEffect(id: string, request: EffectWish, words = 'Effect'): Promise<CaseState | null> {
  return act(words, async () => {
    const result = effected.parse(await runJob(api.effect(open().id, id, request)));
    await adopt(result.case);
    if (result.notice !== null) useNotices.getState().tell({ kind: 'notice', title: `${words}: no act`, text: result.notice });
    return result.case;
  });
}
