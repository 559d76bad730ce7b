import type { ModelCheck, ModelEntry } from '../../contract/model.ts';
import { Usage } from './client.ts';
import { readOptions } from './options.ts';
import { absolute, type Verb } from './verb.ts';

function sentence(entry: ModelEntry): string {
  const lines = [`${entry.id}: ${entry.state}${entry.provider ? ` on ${entry.provider}` : ''} · ${entry.title}`, `  ${entry.wording}`];
  for (const { step, state, note } of entry.steps) if (state !== 'waiting') lines.push(`  ${step} ${state}: ${note}`);
  for (const { provider, state, note } of entry.providers) lines.push(`  ${provider} ${state}${note ? `: ${note}` : ''}`);
  for (const { code, message } of entry.reasons) lines.push(`  ${code}: ${message}`);
  return lines.join('\n');
}

/** Verbs of clause 12: which networks there are, and whether one may run. */
export const modelVerbs: Record<string, Verb> = {
  models: {
    synopsis: '[--deploy ID] [--json]',
    about: 'Lists the model packages; --deploy takes one through the deployment process.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['deploy'] });
      const id = o.one('deploy');
      if (id === null) {
        const models = await client.get<ModelEntry[]>('/api/models');
        return { json: { models }, text: models.map(sentence).join('\n') || 'no model packages' };
      }
      const entry = await client.job<ModelEntry>(`/api/models/${encodeURIComponent(id)}/deploy`, {});
      return { json: entry, text: sentence(entry), exitCode: entry.state === 'enabled' ? 0 : 3 };
    },
  },
  'check-model': {
    synopsis: 'FILE|DIR [--json]',
    about: 'Reads a model package or a bare .onnx file, loads it, runs it once and holds it against its known answer.',
    async run(client, argv) {
      const o = readOptions(argv, {});
      const [file] = o.positional;
      if (file === undefined || o.positional.length !== 1) throw new Usage('name one file or folder');
      const json = await client.job<ModelCheck>('/api/check-model', { path: absolute(file) });
      const lines = [
        ...(json.outcome === 'load' ? ['loads and runs'] : []),
        ...json.reasons.map((r) => `${r.code}: ${r.message}`),
        ...json.warnings.map((w) => `warning ${w.code}: ${w.message}`),
      ];
      return { json, text: lines.join('\n'), exitCode: json.outcome === 'load' ? 0 : 3 };
    },
  },
};
