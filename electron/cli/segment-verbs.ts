import type { CaseState, Segment } from '../../contract/case.ts';
import type { LabelList } from '../../contract/labels.ts';
import { spreadSets } from './case-verbs.ts';
import { Usage } from './client.ts';
import { withNetworkWording } from './network-words.ts';
import { readOptions } from './options.ts';
import { absolute, type Verb } from './verb.ts';

/** What a label stands for, as scripts print it: 'SCT 91609006 Mandible'. */
const codeOf = ({ type, modifier }: Segment['label']): string =>
  [`${type.scheme} ${type.value} ${type.meaning}`, ...(modifier ? [modifier.meaning] : [])].join(', ');

const tableRow = (s: Segment) => ({
  id: s.id,
  name: s.name,
  colour: s.colour,
  number: s.number,
  locked: s.locked,
  review: s.review,
  label: s.label,
  series: s.series,
  voxels: s.voxels,
  volumeMm3: s.volumeMm3,
  networkWording: s.networkWording,
});
const inWords = (s: Segment): string =>
  `${s.number}. ${s.name}: ${s.label.name} (${codeOf(s.label)}), ${(s.volumeMm3 / 1000).toFixed(2)} ml, ${s.review}${s.locked ? ', locked' : ''}, colour ${s.colour}`;

/** Texts of `key=value` are taken as they stand: a name may look like a number or hold a comma. */
function wordsOf(sets: string[]): Record<string, unknown> {
  const read = (pair: string): [string, unknown] => {
    const at = pair.indexOf('=');
    if (at < 1) throw new Usage(`--set takes key=value, not '${pair}'`);
    const [key, text] = [pair.slice(0, at), pair.slice(at + 1)];
    if ((key === 'colour' || key === 'number') && text !== '' && Number.isFinite(Number(text))) return [key, Number(text)];
    if (key === 'locked' && (text === 'true' || text === 'false')) return [key, text === 'true'];
    return [key, text];
  };
  return Object.fromEntries(sets.map(read));
}

/** Verbs on the table of segments (9.1): what there is, what each stands for, and what a person says of it. */
export const segmentVerbs: Record<string, Verb> = {
  labels: {
    synopsis: '[--json]',
    about: 'Lists the label table: keys, values and codes of what a segment can stand for, with a hospital’s own rows.',
    async run(client, argv) {
      readOptions(argv, {});
      const json = await client.get<LabelList>('/api/labels');
      const lines = json.labels.map((row) => `${String(row.value).padStart(5)}  ${row.key.padEnd(18)} ${row.name} (${codeOf(row)})`);
      return { json, text: ['    0  other', ...lines, `own tables: ${json.folder}`, ...json.faults.map((f) => f.text)].join('\n') };
    },
  },
  segments: {
    synopsis: '--case DIR [--json]',
    about: 'Lists the segments of a case: number, name, label, volume, review state, lock.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['case'] });
      const { segments } = await client.get<CaseState>(`/api/cases/${await client.openCase(absolute(o.need('case')))}`);
      const text = segments.map(inWords).join('\n') || 'no segments yet';
      return withNetworkWording({ json: { segments: segments.map(tableRow) }, text }, segments);
    },
  },
  describe: {
    synopsis:
      '--case DIR [--segment NAME] --set [name=TEXT] [colour=1..8] [number=N] [locked=true|false] [review="not started"|"in progress"|completed|flagged] [label=KEY] [--json]',
    about: 'Changes what a segment is called, shown as and stands for, its lock and its review state; undo takes it back.',
    async run(client, argv) {
      const o = readOptions(spreadSets(argv), { values: ['case', 'set', 'segment'] });
      const change = wordsOf(o.many('set'));
      const id = await client.openCase(absolute(o.need('case')));
      const name = o.one('segment');
      const { id: segment } = await client.get<Segment>(`/api/cases/${id}/segments/${name === null ? 'newest' : encodeURIComponent(name)}`);
      const state = await client.send<CaseState>('PATCH', `/api/cases/${id}/segments/${segment}`, change);
      const changed = state.segments.find((one) => one.id === segment);
      if (!changed) throw new RangeError('the segment is gone');
      return withNetworkWording({ json: tableRow(changed), text: inWords(changed) }, [changed]);
    },
  },
};
