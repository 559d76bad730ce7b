import type { CaseState, Segment } from '../../contract/case.ts';
import { Usage } from './client.ts';
import { withNetworkWording } from './network-words.ts';
import { readOptions } from './options.ts';
import { absolute, type Verb } from './verb.ts';

/** x,y,z of an option; null where it is not given. Throws Usage where it is no point. */
function pointOf(name: string, text: string | null): number[] | null {
  if (text === null) return null;
  const point = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (point.length !== 3 || !point.every(Number.isFinite)) throw new Usage(`--${name} takes x,y,z in mm (LPS), not '${text}'`);
  return point;
}

/** Places left of and in front of the middle begin with a dash, which an option's value may not: '--at -3,4,5' becomes '--at=-3,4,5'. */
const joined = (argv: readonly string[]): string[] =>
  argv.flatMap((arg, n) => {
    const taken = (at: number): boolean => /^--(at|normal)$/.test(argv[at] ?? '') && /^-[\d.]/.test(argv[at + 1] ?? '');
    return taken(n - 1) ? [] : [taken(n) ? `${arg}=${argv[n + 1]}` : arg];
  });

/** Masks to contours. */
export const contourVerbs: Record<string, Verb> = {
  contours: {
    synopsis: '--case DIR [--segment NAME] [--at x,y,z] [--normal x,y,z] [--json]',
    about:
      'Draws the outlines of a segment as closed markups: on the slice through a point (--at), or on every slice; of the slices with that normal.',
    async run(client, argv) {
      const o = readOptions(joined(argv), { values: ['case', 'segment', 'at', 'normal'] });
      const request = { atLps: pointOf('at', o.one('at')), normalLps: pointOf('normal', o.one('normal')) };
      const id = await client.openCase(absolute(o.need('case')));
      const segment = await client.get<Segment>(`/api/cases/${id}/segments/${encodeURIComponent(o.one('segment') ?? 'newest')}`);
      const done = await client.job<{ markups: string[]; case: CaseState }>(`/api/cases/${id}/segments/${segment.id}/contours`, request);
      const made = done.case.markups.filter((one) => done.markups.includes(one.id));
      const lines = [`${segment.name}: ${made.length} contours`, ...made.map((one) => `${one.name}: ${one.pointsLps.length} points`)];
      return withNetworkWording({ json: { series: segment.series, segment: segment.name, markups: made }, text: lines.join('\n') }, [
        segment,
      ]);
    },
  },
};
