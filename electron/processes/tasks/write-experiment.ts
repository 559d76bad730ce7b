import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExperimentResult } from '../../../contract/experiment.ts';
import { page } from '../experiment/page.ts';
import { summarise } from '../experiment/summary.ts';
import { csv, markdown } from '../experiment/table.ts';
import type { Task } from '../protocol.ts';
import { assertFree, writeNewFolder } from './new-folder.ts';

/** Refuses a folder that could not take a result, before hours of work are spent on it. */
export const checkNewFolder: Task<'checkNewFolder'> = async ({ out }) => {
  await assertFree(out);
  return {};
};

/**
 * Sums the heads up and writes experiment.json, .md, .csv and .html into a new folder.
 * @throws Refusal OUTPUT_NOT_WRITABLE, DISK_FULL
 */
export const writeExperiment: Task<'writeExperiment'> = async ({ measured, out, staging }, context) => {
  context.throwIfCancelled();
  context.progress(0, 'Statistics');
  const ids = measured.methods.map((m) => m.id);
  const { times, ...facts } = measured;
  const result: ExperimentResult = { ...facts, ...summarise(measured.heads, ids, measured.spec.reference), times };
  return writeNewFolder(out, staging, async (folder) => {
    const files: { name: string; sha256: string; bytes: number }[] = [];
    for (const [name, text] of [
      ['experiment.json', `${JSON.stringify(result, null, 1)}\n`],
      ['experiment.md', markdown(result)],
      ['experiment.csv', csv(result)],
      ['experiment.html', page(result)],
    ] as const) {
      const bytes = new TextEncoder().encode(text);
      await writeFile(join(folder, name), bytes, { flag: 'wx' });
      files.push({ name, sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length });
    }
    context.throwIfCancelled();
    context.progress(1, 'Experiment written');
    return { result, files };
  });
};
