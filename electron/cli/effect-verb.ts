import type { CaseState, Segment } from '../../contract/case.ts';
import type { Client } from './client.ts';
import type { Outcome } from './verb.ts';

/** What `lamina clean` takes for an effect, one at a time. */
export const effectSynopsis =
  '--case DIR --set effect=erode|dilate|open|close mm=N|voxels=N [neighbours=6|18|26] | effect=margin mm=N | effect=hollow shellMm=N [surface=inside|medial|outside] | effect=smooth filter=median|gaussian|joint mm=N [with=A,B] | effect=combine operation=union|intersect|subtract with=A,B | effect=invert | effect=roi roiLps=xmin,ymin,zmin,xmax,ymax,zmax [keep=outside] | effect=grow-from-seeds with=A,B [marginMm=N locality=N] | effect=fill-between-slices [axis=i|j|k] | effect=split [connectivity=26 most=N minimumMm3=N neckMm=N]';

/** A name that reads as a number is still a name. */
const named = (value: unknown): unknown => (Array.isArray(value) ? value.map(String) : String(value));

/** `lamina clean --set effect=...`: one effect on a segment. */
export async function runEffect(client: Client, id: string, segment: Segment, given: Record<string, unknown>): Promise<Outcome> {
  const settings = 'with' in given ? { ...given, with: named(given.with) } : given;
  const done = await client.job<{
    segment: Segment;
    segments: Segment[];
    voxelsBefore: number;
    changed: boolean;
    notice: string | null;
    case: CaseState;
  }>(`/api/cases/${id}/segments/${segment.id}/effect`, { settings });
  const { voxelsBefore, segment: s } = done;
  const segments = done.segments.map((one) => ({ id: one.id, segment: one.name, voxels: one.voxels, volumeMm3: one.volumeMm3 }));
  const json = {
    series: s.series,
    segment: s.name,
    voxelsBefore,
    voxels: s.voxels,
    volumeMm3: s.volumeMm3,
    changed: done.changed,
    ...(done.notice === null ? {} : { notice: done.notice }),
    segments,
    technique: s.technique.at(-1),
  };
  const told = segments.map((one) => `${one.segment}: ${one.voxels} voxels, ${(one.volumeMm3 / 1000).toFixed(2)} ml`);
  if (done.notice !== null) return { json, text: done.notice };
  return { json, text: [`${s.name}: ${voxelsBefore} voxels before`, ...told].join('\n') };
}
