import type { Segment } from '../../contract/case.ts';
import { type Authorship, authors } from '../../contract/review.ts';
import type { Client } from './client.ts';
import { type Options, readOptions } from './options.ts';
import { absolute, type Verb } from './verb.ts';

async function chosen(client: Client, o: Options): Promise<{ url: string; segment: Segment }> {
  const id = await client.openCase(absolute(o.need('case')));
  const segment = await client.get<Segment>(`/api/cases/${id}/segments/${encodeURIComponent(o.one('segment') ?? 'newest')}`);
  return { url: `/api/cases/${id}/segments/${segment.id}`, segment };
}

const percentOf = (part: number, total: number): number => (total > 0 ? Math.round((1000 * part) / total) / 10 : 0);

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
      return {
        json: { series: segment.series, segment: segment.name, total, voxels, percent, removedByHand },
        text: [`${segment.name}: ${total} voxels`, ...told, `taken away by hand: ${removedByHand} voxels`].join('\n'),
      };
    },
  },
};
