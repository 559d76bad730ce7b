import type { CaseState, Segment } from '../../contract/case.ts';
import { type Markup, type MarkupMeasures, markupKinds } from '../../contract/markups.ts';
import { type Client, Usage } from './client.ts';
import { withNetworkWording } from './network-words.ts';
import { type Options, readOptions } from './options.ts';
import { absolute, type Verb } from './verb.ts';

const open = (client: Client, o: Options) => client.openCase(absolute(o.need('case')));

/** Triples out of x,y,z,x,y,z. Throws Usage. */
function triples(name: string, text: string): number[][] {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (numbers.length % 3 !== 0 || !numbers.every(Number.isFinite))
    throw new Usage(`--${name} takes x,y,z in mm (LPS), point after point; '${text}' is not that`);
  return Array.from({ length: numbers.length / 3 }, (_, n) => numbers.slice(3 * n, 3 * n + 3));
}

/** The series that a markup is drawn on: the one named, that of the newest segment, or the only one. Throws Usage. */
function seriesFor(state: CaseState, named: string | null): string {
  const only = state.series.length === 1 ? state.series[0]?.seriesInstanceUid : undefined;
  const series = named ?? state.segments.at(-1)?.series ?? only;
  if (series !== undefined) return series;
  throw new Usage(
    `this case holds ${state.series.length} volumes; --series says which: ${state.series.map((s) => s.seriesInstanceUid).join(', ')}`,
  );
}

const number = (value: number, digits: number) => value.toFixed(digits);
function measureWords({ lengthMm, angleDeg, areaMm2, values }: MarkupMeasures): string {
  const words: string[] = [];
  if (lengthMm !== null) words.push(`${number(lengthMm, 2)} mm`);
  if (areaMm2 !== null) words.push(`${number(areaMm2, 2)} mm²`);
  if (angleDeg !== null) words.push(`${number(angleDeg, 1)}°`);
  const unit = values?.units === 'HU' ? ' HU' : '';
  if (values?.voxels === 1) words.push(`${number(values.mean, 1)}${unit}`);
  else if (values)
    words.push(
      `${number(values.mean, 1)} ± ${number(values.sd, 1)}${unit}, ${values.minimum} to ${values.maximum}, ${values.voxels} voxels`,
    );
  return words.join(', ') || 'nothing to measure';
}
const line = (markup: Markup, measures: MarkupMeasures): string =>
  `${markup.name} (${markup.kind})${markup.text ? ` "${markup.text}"` : ''}: ${measureWords(measures)}`;

/** The segments that markups belong to. */
const segmentsUnder = (state: CaseState, markups: Markup[]): Segment[] =>
  state.segments.filter((one) => markups.some(({ segment }) => segment === one.id));

async function measured(client: Client, id: string, markups: Markup[]): Promise<(Markup & { measures: MarkupMeasures })[]> {
  if (markups.length === 0) return [];
  const measures = await client.job<MarkupMeasures[]>(`/api/cases/${id}/markups/measures`, { markups: markups.map((one) => one.id) });
  return markups.map((one, n) => ({ ...one, measures: measures[n]! }));
}

/** Verbs of what is drawn and written beside the masks (9.1). */
export const markupVerbs: Record<string, Verb> = {
  markup: {
    synopsis: `--case DIR --kind ${markupKinds.join('|')} --points x,y,z,x,y,z [--normal x,y,z] [--name NAME] [--text TEXT] [--segment NAME] [--series UID] [--json] | --case DIR --remove NAME [--json]`,
    about: 'Draws a line, an outline, a point or a text into a case, in mm (LPS), and says what it measures; --remove takes one away.',
    async run(client, argv) {
      const o = readOptions(withNegatives(argv), {
        values: ['case', 'kind', 'points', 'normal', 'name', 'text', 'segment', 'series', 'remove'],
      });
      const id = await open(client, o);
      const before = await client.get<CaseState>(`/api/cases/${id}`);
      const remove = o.one('remove');
      if (remove !== null) {
        if (o.one('kind') !== null) throw new Usage('--remove takes a markup away; it goes without --kind');
        const state = await client.send<CaseState>('DELETE', `/api/cases/${id}/markups/${encodeURIComponent(remove)}`);
        const gone = before.markups.find((one) => !state.markups.some(({ id: kept }) => kept === one.id));
        return { json: { removed: gone, markups: state.markups.length }, text: `${gone?.name} is gone; ${state.markups.length} left` };
      }
      const normal = o.one('normal');
      const state = await client.send<CaseState>('POST', `/api/cases/${id}/markups`, {
        kind: o.need('kind'),
        pointsLps: triples('points', o.need('points')),
        normalLps: normal === null ? null : unit(triples('normal', normal)),
        series: seriesFor(before, o.one('series')),
        ...(o.one('name') === null ? {} : { name: o.one('name') }),
        ...(o.one('text') === null ? {} : { text: o.one('text') }),
        segment: o.one('segment'),
      });
      const [json] = await measured(client, id, state.markups.slice(-1));
      if (!json) throw new RangeError('the markup that was made is not in the case');
      return withNetworkWording({ json, text: line(json, json.measures) }, segmentsUnder(state, [json]));
    },
  },
  markups: {
    synopsis: '--case DIR [--json]',
    about:
      'Lists what is drawn and written in a case, with lengths in mm, areas in mm², angles in degrees and values in the units of the series.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['case'] });
      const id = await open(client, o);
      const state = await client.get<CaseState>(`/api/cases/${id}`);
      const markups = await measured(client, id, state.markups);
      const text = markups.map((one) => line(one, one.measures)).join('\n') || 'Nothing is drawn in this case.';
      return withNetworkWording({ json: { markups }, text }, segmentsUnder(state, markups));
    },
  },
};

function unit(given: number[][]): number[] {
  const [normal] = given;
  const length = Math.hypot(...(normal ?? []));
  if (given.length !== 1 || !normal || !(length > 0)) throw new Usage('--normal takes one direction x,y,z that has a length');
  return normal.map((v) => v / length);
}

/** A coordinate may begin with a minus, which would read as an option. */
function withNegatives(argv: string[]): string[] {
  const joined: string[] = [];
  for (const word of argv) {
    const before = joined.at(-1);
    if (/^-[\d.]/.test(word) && (before === '--points' || before === '--normal')) joined[joined.length - 1] = `${before}=${word}`;
    else joined.push(word);
  }
  return joined;
}
