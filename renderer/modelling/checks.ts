import type { MeshReport } from '../../contract/mesh.ts';
import { count } from '../design/numbers.ts';
import type { Judgement } from '../design/Status.tsx';

export interface MeshCheckRow {
  id: string;
  name: string;
  of: Judgement;
  found: string;
  /** What it means when it is not plainly good. */
  why: string | null;
}

const edges = (n: number) => `${count(n)} ${n === 1 ? 'edge' : 'edges'}`;

function surfaceChecks(r: MeshReport): MeshCheckRow[] {
  return [
    {
      id: 'closed',
      name: 'Closed',
      of: r.openEdges === 0 ? 'ok' : 'bad',
      found: `${count(r.openEdges)} open`,
      why: r.openEdges === 0 ? null : 'A printer cannot tell inside from outside.',
    },
    {
      id: 'manifold',
      name: 'Manifold',
      of: r.nonManifoldEdges === 0 ? 'ok' : 'bad',
      found: edges(r.nonManifoldEdges),
      why: r.nonManifoldEdges === 0 ? null : 'More than two triangles meet at an edge.',
    },
    {
      id: 'outward',
      name: 'Facing outward',
      of: r.misorientedEdges > 0 || r.volumeMm3 <= 0 ? 'bad' : 'ok',
      found: `${count(r.misorientedEdges)} flipped`,
      why:
        r.misorientedEdges > 0 ? 'Neighbouring triangles disagree on the outside.' : r.volumeMm3 <= 0 ? 'The surface is inside out.' : null,
    },
    {
      id: 'degenerate',
      name: 'No empty triangles',
      of: r.degenerateTriangles === 0 ? 'ok' : 'warn',
      found: count(r.degenerateTriangles),
      why: r.degenerateTriangles === 0 ? null : 'Triangles without area; printers skip them.',
    },
    {
      id: 'self-intersections',
      name: 'No self-intersection',
      of: r.selfIntersections === null ? 'unknown' : r.selfIntersections === 0 ? 'ok' : 'warn',
      found: r.selfIntersections === null ? 'not checked' : `${count(r.selfIntersections)} pairs`,
      why: r.selfIntersections === null ? 'This version does not look for them.' : null,
    },
  ];
}

/**
 * The checks of a model in the order of their weight, from the figures of the written triangles. Several parts are a plain fact of a
 * sound model (a closed cavity is one), and a thing to look at where something else is wrong.
 */
export function meshChecks(r: MeshReport): MeshCheckRow[] {
  const rows = surfaceChecks(r);
  const sound = rows.every((row) => row.of === 'ok' || row.of === 'unknown');
  return [
    ...rows,
    {
      id: 'parts',
      name: 'Parts',
      of: r.parts === 1 ? 'ok' : sound ? 'info' : 'warn',
      found: count(r.parts),
      why:
        r.parts === 1
          ? null
          : 'Islands, closed cavities, or bits that touch at a corner only. Clean with connectivity 18 and holes filled leaves one.',
    },
  ];
}
