import type { Authorship } from '../../../../contract/review.ts';
import { markOf } from '../../cases/acts.ts';
import { chooseSegment, seriesOf } from '../../choose.ts';
import type { JobContext } from '../../jobs.ts';
import type { Session } from '../../open-cases.ts';
import type { Ports } from '../../ports.ts';
import { authorSteps } from './author-steps.ts';

/** What is on disk for each opened case: the last map, and the counts by segment and mask. It goes with the case that is closed. */
const maps = new WeakMap<Session, string>();
const counts = new WeakMap<Session, Map<string, Omit<Authorship, 'map'>>>();

/** Who set each voxel of a segment last (9.1): counts, and a map that takes the place of the one before it. Reads only. */
export async function authorshipOf(ports: Ports, session: Session, nameOrId: string, context: Partial<JobContext>): Promise<Authorship> {
  const state = session.state();
  const segment = chooseSegment(state, nameOrId);
  const steps = await authorSteps(session.entries(), segment.id, session.files);
  const into = await ports.files.temporary();
  try {
    const options = {
      ...(context.progress ? { onProgress: context.progress } : {}),
      ...(context.signal ? { signal: context.signal } : {}),
    };
    const { map, ...told } = await ports.compute.run(
      'authorship',
      { steps, dimensions: seriesOf(state, segment).dimensions, into },
      options,
    );
    const name = `preview-${ports.newId()}.u8`;
    const path = await session.cacheFile(name);
    await ports.files.copy(map.path, path);
    const before = maps.get(session);
    maps.set(session, path);
    if (before !== undefined) await ports.files.remove(before);
    const known = counts.get(session) ?? new Map();
    counts.set(session, known.set(`${segment.id} ${JSON.stringify(markOf(segment.mask))}`, told));
    return { ...told, map: `/api/cases/${session.id}/previews/${name}` };
  } finally {
    await ports.files.remove(into);
  }
}

/** The counts alone, worked out once for a mask: what an export's report says. */
export async function authorCounts(
  ports: Ports,
  session: Session,
  id: string,
  context: Partial<JobContext>,
): Promise<Omit<Authorship, 'map'>> {
  const segment = chooseSegment(session.state(), id);
  const known = counts.get(session)?.get(`${segment.id} ${JSON.stringify(markOf(segment.mask))}`);
  return known ?? authorshipOf(ports, session, id, context);
}
