import type { Coded } from '../../../contract/errors.ts';
import type { MeshFigures } from '../../../contract/mesh.ts';
import { type CheckedMesh, faultsOf, type MeshFault } from '../../../kernels/mesh/check.ts';

const plural = (count: number, one: string, many: string) => (count === 1 ? `1 ${one}` : `${count} ${many}`);

function messageOf(fault: MeshFault, m: CheckedMesh): string {
  if (fault === 'MESH_INVALID_VERTEX') {
    return `${plural(m.invalidVertices, 'vertex has', 'vertices have')} a coordinate that is not a number. Export the model again from the program that made it.`;
  }
  if (fault === 'MESH_NOT_WATERTIGHT') {
    if (m.triangles === 0) return 'The mesh has no triangles.';
    return `The surface is not closed: ${plural(m.openEdges, 'edge belongs', 'edges belong')} to one triangle only. Close the holes before printing.`;
  }
  if (fault === 'MESH_NON_MANIFOLD') {
    const edges = `${plural(m.nonManifoldEdges, 'edge joins', 'edges join')} more than two triangles`;
    const vertices = `${plural(m.nonManifoldVertices, 'vertex joins', 'vertices join')} parts that share no edge`;
    return `${m.nonManifoldEdges > 0 ? edges : vertices}. Separate the parts that touch there.`;
  }
  if (m.misorientedEdges > 0)
    return `At ${plural(m.misorientedEdges, 'edge', 'edges')} one triangle faces inward and its neighbour outward. Make all face outward.`;
  return 'The surface is inside out: its triangles face inward. Turn them round.';
}

/** What is wrong with a mesh, worst first, in words with the remedy; empty where it may be printed. */
export function reasonsOf(checked: CheckedMesh): Coded[] {
  return faultsOf(checked).map((code) => ({ code, message: messageOf(code, checked) }));
}

/** The figures that the contract prints; what only the verdict needs is left out. */
export function figuresOf(checked: CheckedMesh): MeshFigures {
  const { nonManifoldVertices: _, invalidVertices: __, ...figures } = checked;
  return figures;
}
