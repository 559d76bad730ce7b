import { z } from 'zod';
import { type CaseSeries, caseSeries, caseState, segment } from '../../contract/case.ts';
import type { PreprocessSettings } from '../../contract/preprocessing.ts';
import { api } from '../api/client.ts';
import { act, open } from './acts.ts';
import { adopt, useCase } from './case.ts';
import { runJob } from './jobs.ts';

const made = z.object({ series: caseSeries, segments: segment.array(), case: caseState });
export const preprocessTitle = 'Preprocess';

/** Clause 8: makes a new series of the one on screen; the segments named go with it. The new series is then the one on screen. */
export function preprocess(settings: PreprocessSettings, segments: string[]): Promise<CaseSeries | null> {
  return act(preprocessTitle, async () => {
    const { series } = useCase.getState();
    const result = made.parse(await runJob(api.preprocess(open().id, { series, settings, segments })));
    await adopt(result.case);
    return result.series;
  });
}
