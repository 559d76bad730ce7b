import { z } from 'zod';
import { problem } from './errors.ts';

/** Long work. `fraction` runs from 0 to 1; 'cancelling' is a state because cancelling takes time. */
export const job = z.object({
  id: z.string(),
  title: z.string(),
  state: z.enum(['waiting', 'running', 'cancelling', 'done', 'cancelled', 'refused', 'failed']),
  fraction: z.number(),
  note: z.string(),
  startedAt: z.string(),
  durationMs: z.number(),
  result: z.unknown().optional(),
  problem: problem.optional(),
});
export type Job = z.infer<typeof job>;
export const finished = (j: Job): boolean => ['done', 'cancelled', 'refused', 'failed'].includes(j.state);
