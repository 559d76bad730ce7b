import { z } from 'zod';
import { create } from 'zustand';
import { d4Experiment } from '../../contract/experiment-d4.ts';
import { api } from '../api/client.ts';
import { JobCancelled, runJob } from './jobs.ts';
import { tellProblem, useNotices } from './notices.ts';

const figure = z.object({ mean: z.number().nullable(), sd: z.number().nullable(), heads: z.number() });
const answer = z.object({
  path: z.string(),
  page: z.string(),
  result: z.object({
    wording: z.string(),
    heads: z.array(z.unknown()),
    methods: z.array(z.object({ id: z.string(), title: z.string() })),
    summary: z.record(
      z.string(),
      z.object({
        whole: z.object({ dsc: figure, hd95Mm: figure }),
        thin: z.object({ dsc: figure }),
        thinWalls: z.object({ exact: figure }),
      }),
    ),
  }),
});
export type ShownExperiment = z.infer<typeof answer>;

/** An experiment belongs to no case: it goes on while cases are opened and worked on, and its figures stay until the next one. */
export const useExperiment = create<{ running: boolean; shown: ShownExperiment | null }>()(() => ({ running: false, shown: null }));

/** Runs the experiment of D.4 on the first so many of its heads and writes it into a new folder. */
export async function runExperiment(heads: number, out: string): Promise<void> {
  useExperiment.setState({ running: true, shown: null });
  try {
    const experiment = { ...d4Experiment, seeds: d4Experiment.seeds.slice(0, heads) };
    useExperiment.setState({ shown: answer.parse(await runJob(api.experiment({ experiment, out }))) });
  } catch (cause) {
    if (cause instanceof JobCancelled)
      useNotices.getState().tell({ kind: 'notice', title: 'Experiment: cancelled', text: 'Nothing was written.' });
    else tellProblem('Experiment', cause);
  } finally {
    useExperiment.setState({ running: false });
  }
}
