import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ExperimentAnswer } from '../../contract/experiment.ts';
import { Usage } from './client.ts';
import { withNetworkWording } from './network-words.ts';
import { readOptions } from './options.ts';
import { absolute, type Verb } from './verb.ts';

/** The experiment of a file, with its pairs found from where the file lies. */
async function readExperiment(file: string): Promise<unknown> {
  let experiment: { pairs?: { image?: unknown; truth?: unknown }[] };
  try {
    experiment = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new Usage(`the experiment ${file} cannot be read: ${(error as Error).message}`);
  }
  const beside = (where: unknown) => (typeof where === 'string' ? path.resolve(path.dirname(file), where) : where);
  if (!Array.isArray(experiment?.pairs)) return experiment;
  return { ...experiment, pairs: experiment.pairs.map((pair) => ({ ...pair, image: beside(pair?.image), truth: beside(pair?.truth) })) };
}

/** A folder of the experiment's name in the working folder that nothing has yet. */
function freeFolder(file: string): string {
  const name = `${path.basename(file).replace(/\.json$/i, '')}-result`;
  for (let n = 1; ; n++) {
    const folder = absolute(n === 1 ? name : `${name}-${n}`);
    if (!existsSync(folder)) return folder;
  }
}

/** Annex D.4. */
export const experimentVerbs: Record<string, Verb> = {
  experiment: {
    synopsis: 'FILE.json [--out DIR] [--json]',
    about: 'Runs the methods of a file on its test heads and writes figures, tables and a page (D.4). assets/experiments/d4.json is one.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['out'] });
      const [file] = o.positional;
      if (file === undefined || o.positional.length !== 1) throw new Usage('name one experiment file');
      const experiment = await readExperiment(absolute(file));
      const out = o.one('out');
      const answer = await client.job<ExperimentAnswer>('/api/experiment', {
        experiment,
        out: out === null ? freeFolder(file) : absolute(out),
      });
      const { path: folder, files, result } = answer;
      const lines = result.methods.map(({ id, title }) => {
        const { whole, thinWalls } = result.summary[id]!;
        const percent = (mean: number | null) => (mean === null ? '-' : `${(100 * mean).toFixed(1)} %`);
        const missed = whole.dsc.missed ? ` (${whole.dsc.missed} missed; others ${percent(whole.dsc.meanFound)})` : '';
        return `${title}: DSC ${percent(whole.dsc.mean)}${missed}, thin walls ${percent(thinWalls.exact.mean)}`;
      });
      return withNetworkWording(
        { json: { path: folder, files, ...result }, text: [...lines, folder].join('\n') },
        result.networks.map((one) => ({ name: one.id, networkWording: one.wording })),
      );
    },
  },
};
