import { z } from 'zod';
import type { CaseState, Segment } from '../../../../contract/case.ts';
import { type DoubtfulPlace, doubtfulPlace, type ReviewedPlace, type ReviewQueue, type Unreviewed } from '../../../../contract/review.ts';
import { isNetwork } from '../../../../contract/segmentation.ts';
import type { Tasks, VolumeFile } from '../../../processes/protocol.ts';
import { markOf, reviewAct } from '../../cases/acts.ts';
import { chooseSegment, seriesOf } from '../../choose.ts';
import type { JobContext } from '../../jobs.ts';
import type { Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';

const listed = 500;
/** Counts up when other places would be found in the same mask. */
const edition = 1;
const longestFile = 4 * 1024 * 1024;
const kept = z.object({ places: z.array(doubtfulPlace.omit({ reviewed: true })).max(listed), total: z.number().int().nonnegative() });
type Found = z.infer<typeof kept>;

/** What is found depends on these alone. */
function fileOf(ports: Ports, session: Session, segment: Segment): Promise<string> {
  const { series, mask, network } = segment;
  const of = [edition, segment.id, series, markOf(mask), network && [network.probabilities, network.spread, network.settings]];
  return session.cacheFile(`doubts-${ports.digest(JSON.stringify(of))}.json`);
}

/** What was found in this very mask before; null: nobody has looked, or what was kept cannot be read. */
async function known(ports: Ports, session: Session, segment: Segment): Promise<Found | null> {
  const path = await fileOf(ports, session, segment);
  if (!(await ports.files.exists(path))) return null;
  try {
    return kept.parse(JSON.parse(await ports.files.readText(path, longestFile)));
  } catch {
    // A cache is made again.
    return null;
  }
}

const isIn = (place: Pick<DoubtfulPlace, 'kind' | 'centreLps'>, looked: ReviewedPlace): boolean =>
  place.kind === looked.kind && Math.hypot(...place.centreLps.map((mm, n) => mm - looked.centreLps[n]!)) <= Math.max(looked.radiusMm, 0.1);

function queueOf({ places, total }: Found, segment: Segment): ReviewQueue {
  const marked = places.map((place) => ({ ...place, reviewed: segment.reviewed.some((looked) => isIn(place, looked)) }));
  return { places: marked, total, reviewed: marked.filter((place) => place.reviewed).length };
}

/** The network run behind a segment; null: there is none. */
function runOf(session: Session, { network }: Segment, volume: VolumeFile): Tasks['doubts']['in']['network'] {
  if (!network || !isNetwork(network.settings)) return null;
  const probabilities = network.probabilities.map(({ model, sha256 }) => ({ model, path: session.files.blobPath(sha256) }));
  return {
    run: { volume, box: network.box, probabilities, settings: network.settings },
    spread: network.spread === null ? null : session.files.blobPath(network.spread),
  };
}

/** 9.1: the doubtful places of a segment as it stands, worst first; what a person has looked at is marked. Reads only. */
export async function doubtsOf(ports: Ports, session: Session, nameOrId: string, context: JobContext): Promise<ReviewQueue> {
  const state = session.state();
  const segment = chooseSegment(state, nameOrId);
  const before = await known(ports, session, segment);
  if (before) return queueOf(before, segment);
  const series = seriesOf(state, segment);
  const found = await ports.compute.run(
    'doubts',
    {
      mask: await session.maskFile(segment),
      geometry: series,
      volume: series.voxels.units === 'HU' ? session.volumeFile(series) : null,
      network: runOf(session, segment, session.volumeFile(series)),
      limit: listed,
    },
    { onProgress: context.progress, signal: context.signal },
  );
  await ports.files.writeText(await fileOf(ports, session, segment), JSON.stringify(found));
  return queueOf(found, chooseSegment(session.state(), segment.id));
}

/** Journals places that a person has looked at, or takes back that they were. */
export function reviewPlaces(session: Session, id: string, places: ReviewedPlace[], reviewed: boolean): Promise<CaseState> {
  return session.exclusive(async () => {
    const segment = chooseSegment(session.state(), id);
    await session.append(reviewAct({ segment: segment.id, segmentName: segment.name, places, reviewed }));
    return session.state();
  });
}

/** What an export says of the review. Cheap: the places of this very mask as they were found before, or that nobody has looked for them. */
export async function unreviewedOf(ports: Ports, session: Session, segment: Segment): Promise<Unreviewed> {
  const found = await known(ports, session, segment);
  if (!found) return { looked: false };
  const { total, reviewed } = queueOf(found, segment);
  return { looked: true, total, unreviewed: total - reviewed };
}

/** The same in words, for reports and answers. */
export function unreviewedWords(of: Unreviewed): string {
  if (!of.looked) return 'Doubtful places were not looked for.';
  if (of.total === 0) return 'No doubtful place was found, which proves nothing.';
  return `${of.unreviewed} of ${of.total} doubtful places not reviewed (${((100 * of.unreviewed) / of.total).toFixed(0)} %).`;
}
