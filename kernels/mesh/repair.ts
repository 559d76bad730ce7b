import type { RunParts } from '../parts.ts';
import { cutCrossings } from './cut-crossings.ts';
import { dropCollapsed, dropFlaps, dropRepeated, turnFlat } from './drop-triangles.ts';
import { fillHoles } from './fill-holes.ts';
import { joinEqual, joinNear } from './join-corners.ts';
import type { Mesh, Tick } from './mesh.ts';
import { orientAlike, orientOutward } from './orient-parts.ts';
import { dropParts, partsOf } from './parts-of.ts';
import { splitEdges } from './split-edges.ts';
import { splitFans } from './split-fans.ts';

/** Same shape as the contract's settings of a repair. */
export interface RepairSettings {
  /** Holes whose rim is at most this long are closed; 0 leaves them. */
  fillHolesUpToMm: number;
  dropPartsBelowMm3: number;
  mendSelfIntersections: boolean;
}

/** Same shape as the contract's: one change that was made. */
export interface MeshRepair {
  kind:
    | 'joined-corners'
    | 'removed-degenerate'
    | 'removed-duplicate'
    | 'turned-triangles'
    | 'split-vertices'
    | 'filled-hole'
    | 'dropped-part'
    | 'mended-self-intersection';
  count: number;
  text: string;
}

/** Corners of open edges within this of one another are joined where that closes the surface. */
export const nearMm = 0.001;

const told = (count: number, one: string, many: string) => (count === 1 ? `1 ${one}` : `${count} ${many}`);

/**
 * Mends a mesh from elsewhere (P-finish), in this order: corners joined, triangles without area and repeated ones taken out, triangles
 * turned to run alike, edges and vertices that more than one surface shares split, small holes closed, parts turned to face outward
 * (cavities inward), small bodies left out with the cavities in them (other cavities stay), crossings cut out. Each change is counted and told. Vertices that no change names keep their
 * coordinates to the last bit. What cannot be mended stays: check the result.
 *
 * `mesh` LPS mm, welded or not. Throws RangeError where a triangle names a vertex that is not there or a setting is below 0.
 * Cost: a few times that of checking the mesh, and that of looking for crossings.
 */
export async function repairMesh(
  mesh: Mesh,
  settings: RepairSettings,
  run: RunParts,
  tick?: Tick,
): Promise<{ mesh: Mesh; repairs: MeshRepair[] }> {
  const { fillHolesUpToMm, dropPartsBelowMm3 } = settings;
  if (!(fillHolesUpToMm >= 0 && dropPartsBelowMm3 >= 0)) throw new RangeError('a repair takes no limits below 0');
  const vertices = mesh.positions.length / 3;
  for (const vertex of mesh.triangles) if (vertex >= vertices) throw new RangeError(`a triangle names vertex ${vertex} of ${vertices}`);
  const repairs: MeshRepair[] = [];
  const tell = (kind: MeshRepair['kind'], count: number, text: string) => {
    if (count > 0) repairs.push({ kind, count, text });
  };

  tick?.(0);
  const equal = joinEqual(mesh);
  let now = equal.mesh;
  const near = joinNear(now, nearMm);
  now = near.mesh;
  tell('joined-corners', equal.joined, `${told(equal.joined, 'corner was', 'corners were')} joined with another at the very same place`);
  tell('joined-corners', near.joined, `${told(near.joined, 'corner', 'corners')} of open edges joined with one within ${nearMm} mm`);

  tick?.(0.1);
  const collapsed = dropCollapsed(now);
  const flat = turnFlat(collapsed.mesh);
  const repeated = dropRepeated(flat.mesh);
  const flaps = dropFlaps(repeated.mesh);
  now = flaps.mesh;

  tick?.(0.2);
  const alike = orientAlike(now);
  const small = fillHoles(alike.mesh, fillHolesUpToMm);
  const split = splitFans(small.mesh);
  const cut = splitEdges(split.mesh);
  const again = orientAlike(cut.mesh);

  tick?.(0.3);
  // What was split can have left a hole.
  const filled = split.added + cut.added > 0 ? fillHoles(again.mesh, fillHolesUpToMm) : { mesh: again.mesh, filledMm: [] };
  const filledMm = [...small.filledMm, ...filled.filledMm];
  const crack = turnFlat(filled.mesh);
  // Rims that met could have been closed along the same edge; then rather open than shared.
  const last = splitFans(crack.mesh);
  const lastCut = splitEdges(last.mesh);
  now = lastCut.mesh;
  const added = split.added + cut.added + last.added + lastCut.added;
  const without = collapsed.dropped + flat.turned + crack.turned;
  tell(
    'removed-degenerate',
    without,
    `${told(without, 'triangle', 'triangles')} without area or with a corner that is not a number taken out`,
  );
  tell('removed-duplicate', repeated.dropped, `${told(repeated.dropped, 'triangle', 'triangles')} taken out that repeated another`);
  tell('split-vertices', added, `${told(added, 'vertex', 'vertices')} added where surfaces shared an edge or a vertex, 0.001 mm apart`);
  const longest = filledMm.reduce((most, one) => Math.max(most, one), 0).toFixed(1);
  tell('filled-hole', filledMm.length, `${told(filledMm.length, 'hole', 'holes')} closed; the longest rim was ${longest} mm`);

  tell('dropped-part', flaps.dropped, `${told(flaps.dropped, 'triangle', 'triangles')} left out that hung by one edge on others`);

  tick?.(0.4);
  // Turned first: only then a body is told from a cavity.
  const outward = orientOutward(now);
  now = outward.mesh;
  const dropped = dropParts(now, partsOf(now), dropPartsBelowMm3);
  now = dropped.mesh;
  tell(
    'dropped-part',
    dropped.dropped,
    `${told(dropped.dropped, 'body', 'bodies')} of less than ${dropPartsBelowMm3} mm³ left out${
      dropped.cavities > 0 ? `, and ${told(dropped.cavities, 'cavity', 'cavities')} in them` : ''
    }`,
  );
  const turned = alike.turned + again.turned + outward.turned;
  tell('turned-triangles', turned, `${told(turned, 'triangle', 'triangles')} turned round`);

  tick?.(0.5);
  if (settings.mendSelfIntersections) {
    const tangles = await cutCrossings(now, run, tick && ((part) => tick(0.5 + part * 0.5)));
    now = tangles.mesh;
    const rest = tangles.left > 0 ? `; ${told(tangles.left, 'pair is', 'pairs are')} left` : '';
    tell(
      'mended-self-intersection',
      tangles.mended,
      `${told(tangles.mended, 'pair', 'pairs')} of crossing triangles cut out and the hole closed${rest}`,
    );
  }
  tick?.(1);
  return { mesh: now, repairs };
}
