import { z } from 'zod';
import { type CaseSeries, caseSeries, caseState, segment } from '../../contract/case.ts';
import type { PreprocessSettings } from '../../contract/preprocessing.ts';
import { api } from '../api/client.ts';
import { act, open } from './acts.ts';
import { adopt } from './case.ts';
import { runJob } from './jobs.ts';

const made = z.object({ series: caseSeries, segments: segment.array(), case: caseState });
export const preprocessTitle = 'Preprocess';

/** Clause 8: makes a new series of one; the segments named go with it. Where its source is on screen the new series takes its place. */
export function preprocess(series: string, settings: PreprocessSettings, segments: string[]): Promise<CaseSeries | null> {
  return act(preprocessTitle, async () => {
    const result = made.parse(await runJob(api.preprocess(open().id, { series, settings, segments })));
    await adopt(result.case);
    return result.series;
  });
}
