import { edgesOf, fansOf, none } from './edges.ts';
import { isDegenerate } from './float32.ts';
import type { Mesh, Tick } from './mesh.ts';
import { countCavities, partNumbers } from './parts-of.ts';

/** Same shape as the contract's figures of a mesh. */
export interface MeshFigures {
  triangles: number;
  vertices: number;
  /** Pieces held together by shared edges; two bodies that touch in one vertex are two. */
  parts: number;
  /** Parts that are closed and face inward: hollows within bodies; the other parts are bodies, or open. */
  cavities: number;
  /** Edges with one triangle. */
  openEdges: number;
  /** Edges with three triangles or more. */
  nonManifoldEdges: number;
  /** Edges whose two triangles run along it the same way. */
  misorientedEdges: number;
  /** Triangles without area; those with two equal corners take no part in the edge counts. */
  degenerateTriangles: number;
  selfIntersections: number | null;
  /** Vertices in use - edges + triangles; triangles with two equal corners take no part. */
  eulerNumber: number;
  /** Handles of all parts together; null where the surface is empty, not closed, not manifold or not one way round. */
  genus: number | null;
  /** Positive where the surface faces outward; without meaning where it is open. */
  volumeMm3: number;
  areaMm2: number;
  /** Over the finite vertices; zeros where there are none. */
  boundsLps: { min: [number, number, number]; max: [number, number, number] };
}

export interface CheckedMesh extends MeshFigures {
  /** Vertices where two or more fans of triangles meet without a shared edge. */
  nonManifoldVertices: number;
  /** Vertices with a coordinate that is not finite. */
  invalidVertices: number;
}

export type MeshFault = 'MESH_INVALID_VERTEX' | 'MESH_NOT_WATERTIGHT' | 'MESH_NON_MANIFOLD' | 'MESH_ORIENTATION';

/** What keeps a mesh from being printed, worst first; empty means closed, manifold and facing outward. */
export function faultsOf(mesh: CheckedMesh): MeshFault[] {
  const faults: MeshFault[] = [];
  if (mesh.invalidVertices > 0) faults.push('MESH_INVALID_VERTEX');
  if (mesh.openEdges > 0 || mesh.triangles === 0) faults.push('MESH_NOT_WATERTIGHT');
  if (mesh.nonManifoldEdges > 0 || mesh.nonManifoldVertices > 0) faults.push('MESH_NON_MANIFOLD');
  if (mesh.misorientedEdges > 0 || mesh.volumeMm3 < 0) faults.push('MESH_ORIENTATION');
  return faults;
}

/**
 * Counts what P-print asks of a mesh before printing: closed, manifold, one way round; and measures it. Exact on the given numbering:
 * weld a soup first. Self-intersections are not looked for (null): see self-intersections.ts.
 *
 * `mesh` in LPS mm. Throws RangeError where a triangle names a vertex that is not there.
 * Cost: O(triangles), 0.25 s of one core a million; about 60 bytes a triangle.
 */
export function checkMesh(mesh: Mesh, tick?: Tick): CheckedMesh {
  const { triangles } = mesh;
  const vertices = mesh.positions.length / 3;
  for (let at = 0; at < triangles.length; at++) {
    if (triangles[at] >= vertices) throw new RangeError(`triangle ${Math.floor(at / 3)} names vertex ${triangles[at]} of ${vertices}`);
  }
  tick?.(0);
  const edges = countEdges(mesh, vertices, tick);
  tick?.(0.8);
  return { triangles: triangles.length / 3, vertices, ...edges, selfIntersections: null, ...measure(mesh) };
}

type Counted = Pick<
  CheckedMesh,
  'openEdges' | 'nonManifoldEdges' | 'misorientedEdges' | 'parts' | 'cavities' | 'nonManifoldVertices' | 'eulerNumber' | 'genus'
>;

function countEdges(mesh: Mesh, vertices: number, tick?: Tick): Counted {
  const { triangles } = mesh;
  const edges = edgesOf(triangles, vertices);
  const { openEdges, nonManifoldEdges, misorientedEdges } = edges;
  tick?.(0.4);
  const numbers = partNumbers(edges);
  const parts = numbers.count;
  const cavities = countCavities(mesh, edges, numbers);
  tick?.(0.5);
  const { fans } = fansOf(triangles, edges);
  const fanAt = new Uint32Array(vertices);
  const seen = new Uint8Array(vertices);
  let used = 0;
  let nonManifoldVertices = 0;
  let faces = 0;
  for (let corner = 0; corner < triangles.length; corner++) {
    if (edges.twins[corner] === none) continue;
    if (corner % 3 === 0) faces++;
    const vertex = triangles[corner];
    if (seen[vertex] === 0) {
      seen[vertex] = 1;
      fanAt[vertex] = fans[corner];
      used++;
    } else if (seen[vertex] === 1 && fanAt[vertex] !== fans[corner]) {
      seen[vertex] = 2;
      nonManifoldVertices++;
    }
  }
  const eulerNumber = used - edges.edges + faces;
  const sound = faces > 0 && openEdges + nonManifoldEdges + misorientedEdges + nonManifoldVertices === 0;
  const genus = sound ? parts - eulerNumber / 2 : null;
  return { openEdges, nonManifoldEdges, misorientedEdges, parts, cavities, nonManifoldVertices, eulerNumber, genus };
}

function measure({
  positions: p,
  triangles,
}: Mesh): Pick<CheckedMesh, 'volumeMm3' | 'areaMm2' | 'degenerateTriangles' | 'invalidVertices' | 'boundsLps'> {
  const min: [number, number, number] = [Infinity, Infinity, Infinity];
  const max: [number, number, number] = [-Infinity, -Infinity, -Infinity];
  let invalidVertices = 0;
  for (let at = 0; at < p.length; at += 3) {
    if (!(Number.isFinite(p[at]) && Number.isFinite(p[at + 1]) && Number.isFinite(p[at + 2]))) {
      invalidVertices++;
      continue;
    }
    for (let axis = 0; axis < 3; axis++) {
      if (p[at + axis] < min[axis]) min[axis] = p[at + axis];
      if (p[at + axis] > max[axis]) max[axis] = p[at + axis];
    }
  }
  const boundsLps = min[0] <= max[0] ? { min, max } : { min: [0, 0, 0] as typeof min, max: [0, 0, 0] as typeof max };
  // Volumes are summed about the middle of the box: far from the origin the terms would be large and cancel.
  const [mx, my, mz] = boundsLps.min.map((low, axis) => (low + boundsLps.max[axis]) / 2) as [number, number, number];
  // Rounding to float32 moves a corner by at most this; only slivers near that need the exact look of isDegenerate.
  const rounding = 2 ** -23 * Math.max(...boundsLps.min.map(Math.abs), ...boundsLps.max.map(Math.abs));
  let sixVolumes = 0;
  let twoAreas = 0;
  let degenerateTriangles = 0;
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [triangles[at], triangles[at + 1], triangles[at + 2]];
    const ax = p[a * 3] - mx;
    const ay = p[a * 3 + 1] - my;
    const az = p[a * 3 + 2] - mz;
    const ux = p[b * 3] - mx - ax;
    const uy = p[b * 3 + 1] - my - ay;
    const uz = p[b * 3 + 2] - mz - az;
    const vx = p[c * 3] - mx - ax;
    const vy = p[c * 3 + 1] - my - ay;
    const vz = p[c * 3 + 2] - mz - az;
    const cx = uy * vz - uz * vy;
    const cy = uz * vx - ux * vz;
    const cz = ux * vy - uy * vx;
    const area = Math.sqrt(cx * cx + cy * cy + cz * cz);
    const longest = Math.sqrt(ux * ux + uy * uy + uz * uz) + Math.sqrt(vx * vx + vy * vy + vz * vz);
    if (!(area > longest * (2e-6 * longest + 16 * rounding)) && (a === b || b === c || c === a || isDegenerate(p, a, b, c))) {
      degenerateTriangles++;
    }
    if (!Number.isFinite(area)) continue;
    twoAreas += area;
    sixVolumes += ax * cx + ay * cy + az * cz;
  }
  return { volumeMm3: sixVolumes / 6, areaMm2: twoAreas / 2, degenerateTriangles, invalidVertices, boundsLps };
}
