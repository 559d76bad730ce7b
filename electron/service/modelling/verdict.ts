import type { Coded } from '../../../contract/errors.ts';
import type { MeshFigures } from '../../../contract/mesh.ts';

/** What is wrong with a mesh by its figures, in the closed list's codes; empty: it may be printed. */
export function verdictOf(m: MeshFigures): Coded[] {
  const reasons: Coded[] = [];
  if (m.openEdges > 0) reasons.push({ code: 'MESH_NOT_WATERTIGHT', message: `The surface has ${m.openEdges} open edges.` });
  if (m.nonManifoldEdges > 0)
    reasons.push({ code: 'MESH_NON_MANIFOLD', message: `${m.nonManifoldEdges} edges join more than two triangles.` });
  if (m.misorientedEdges > 0 || m.volumeMm3 < 0) reasons.push({ code: 'MESH_ORIENTATION', message: 'Some triangles face inward.' });
  return reasons;
}
