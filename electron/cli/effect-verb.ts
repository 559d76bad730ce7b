import type { CaseState, Segment } from '../../contract/case.ts';
import type { Client } from './client.ts';
import { withNetworkWording } from './network-words.ts';
import type { Outcome } from './verb.ts';

/** What `lamina clean` takes for an effect, one at a time. */
export const effectSynopsis =
  '--case DIR --set effect=erode|dilate|open|close mm=N|voxels=N [neighbours=6|18|26] | effect=margin mm=N | effect=hollow shellMm=N [surface=inside|medial|outside] | effect=smooth filter=median|gaussian|joint mm=N [with=A,B] | effect=combine operation=union|intersect|subtract with=A,B | effect=invert | effect=roi roiLps=xmin,ymin,zmin,xmax,ymax,zmax [keep=outside] | effect=grow-from-seeds with=A,B [marginMm=N locality=N] | effect=fill-between-slices [axis=i|j|k] | effect=split [connectivity=26 most=N minimumMm3=N neckMm=N] | effect=scissors loopLps=x,y,z,x,y,z,... normalLps=x,y,z [operation=fill] [region=outside] [depth=through] [eyeLps=x,y,z] | effect=flood-fill seedsLps=x,y,z,... [normalLps=x,y,z] [lowHu=N highHu=N | toleranceHu=N] [connectivity=6] [reachMm=N] [operation=erase] | effect=level-trace seedLps=x,y,z normalLps=x,y,z [operation=erase] | effect=contour contoursLps=x,y,z,... | markups=NAME,... [operation=erase] | effect=island seedLps=x,y,z [operation=remove|keep|take-out]; every effect [inside=NAME] [notOver=A,B] [gateHu=low,high]';

/** A name that reads as a number is still a name. */
const named = (value: unknown): unknown => (Array.isArray(value) ? value.map(String) : String(value));

const listed = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(String);

/** `lamina clean --set effect=...`: one effect on a segment. What names masking, or markups, among the settings is no setting of the effect itself. */
export async function runEffect(client: Client, id: string, segment: Segment, given: Record<string, unknown>): Promise<Outcome> {
  const { inside, notOver, gateHu, markups, ...rest } = given;
  const settings = 'with' in rest ? { ...rest, with: named(rest.with) } : rest;
  const masking = {
    ...(inside === undefined || inside === null ? {} : { inside: String(inside) }),
    ...(notOver === undefined ? {} : { notOver: listed(notOver) }),
    ...(gateHu === undefined ? {} : { gateHu }),
  };
  const done = await client.job<{
    segment: Segment;
    segments: Segment[];
    voxelsBefore: number;
    changed: boolean;
    notice: string | null;
    case: CaseState;
  }>(`/api/cases/${id}/segments/${segment.id}/effect`, {
    settings,
    masking,
    ...(markups === undefined ? {} : { markups: listed(markups) }),
  });
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
  const text = done.notice ?? [`${s.name}: ${voxelsBefore} voxels before`, ...told].join('\n');
  return withNetworkWording({ json, text }, [s, ...done.segments]);
}
