import type { Segment } from '../../contract/case.ts';
import { type Authorship, authors, type DoubtfulPlace, type ReviewQueue } from '../../contract/review.ts';
import { type Client, Usage } from './client.ts';
import { withNetworkWording } from './network-words.ts';
import { type Options, readOptions } from './options.ts';
import { absolute, type Verb } from './verb.ts';

async function chosen(client: Client, o: Options): Promise<{ url: string; segment: Segment }> {
  const id = await client.openCase(absolute(o.need('case')));
  const segment = await client.get<Segment>(`/api/cases/${id}/segments/${encodeURIComponent(o.one('segment') ?? 'newest')}`);
  return { url: `/api/cases/${id}/segments/${segment.id}`, segment };
}

const percentOf = (part: number, total: number): number => (total > 0 ? Math.round((1000 * part) / total) / 10 : 0);

const line = ({ id, text, centreLps, reviewed }: DoubtfulPlace): string =>
  `${reviewed ? 'reviewed ' : '         '}${id}  ${text}  at ${centreLps.map((mm) => mm.toFixed(1)).join(', ')}`;

const share = ({ total, reviewed }: ReviewQueue): string =>
  total === 0
    ? 'no doubtful place found, which proves nothing'
    : `${total - reviewed} of ${total} doubtful places not reviewed (${Math.round((100 * (total - reviewed)) / total)} %)`;

/** Verbs that look a segment over. */
export const reviewVerbs: Record<string, Verb> = {
  authorship: {
    synopsis: '--case DIR [--segment NAME] [--json]',
    about: 'Says who set the voxels of a segment last: threshold, network, hand, fill, clean or a file; in voxels and percent.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['case', 'segment'] });
      const { url, segment } = await chosen(client, o);
      const { voxels, removedByHand, total } = await client.job<Authorship>(`${url}/authorship`, undefined, 'GET');
      const percent = Object.fromEntries(authors.map((one) => [one, percentOf(voxels[one], total)]));
      const told = authors.filter((one) => voxels[one] > 0).map((one) => `${one}: ${voxels[one]} voxels, ${percent[one]} %`);
      const text = [`${segment.name}: ${total} voxels`, ...told, `taken away by hand: ${removedByHand} voxels`].join('\n');
      const json = { series: segment.series, segment: segment.name, total, voxels, percent, removedByHand };
      return withNetworkWording({ json, text }, [segment]);
    },
  },
  doubts: {
    synopsis: '--case DIR [--segment NAME] [--json]',
    about:
      'Lists doubtful places of a segment, worst first: gaps in thin walls, where a network was unsure, parts that hang alone. Suspicions: what is not listed may be wrong too.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['case', 'segment'] });
      const { url, segment } = await chosen(client, o);
      const queue = await client.job<ReviewQueue>(`${url}/doubts`, undefined, 'GET');
      const text = [`${segment.name}: ${share(queue)}`, ...queue.places.map(line)].join('\n');
      return withNetworkWording({ json: { series: segment.series, segment: segment.name, ...queue }, text }, [segment]);
    },
  },
  review: {
    synopsis: '--case DIR [--segment NAME] --place ID...|--all [--take-back] [--json]',
    about: 'Keeps that a person has looked at doubtful places (ids as doubts lists them), or takes back that they were.',
    async run(client, argv) {
      const o = readOptions(argv, { values: ['case', 'segment', 'place'], flags: ['all', 'take-back'] });
      const ids = [...o.many('place'), ...o.positional];
      if (o.flag('all') === ids.length > 0) throw new Usage('review takes --place ID... or --all');
      const { url, segment } = await chosen(client, o);
      const before = await client.job<ReviewQueue>(`${url}/doubts`, undefined, 'GET');
      const strange = ids.find((id) => !before.places.some((place) => place.id === id));
      if (strange !== undefined) throw new Usage(`${segment.name} has no doubtful place ${strange}; doubts lists them`);
      const reviewed = !o.flag('take-back');
      const wanted = before.places.filter((place) => place.reviewed !== reviewed && (o.flag('all') || ids.includes(place.id)));
      if (wanted.length > 0) {
        const places = wanted.map(({ kind, centreLps, radiusMm }) => ({ kind, centreLps, radiusMm }));
        await client.send('POST', `${url}/review`, { places, reviewed });
      }
      const queue = await client.job<ReviewQueue>(`${url}/doubts`, undefined, 'GET');
      const { total, reviewed: looked } = queue;
      const json = { series: segment.series, segment: segment.name, changed: wanted.map((one) => one.id), total, reviewed: looked };
      return withNetworkWording({ json, text: `${segment.name}: ${wanted.length} changed, ${share(queue)}` }, [segment]);
    },
  },
};
