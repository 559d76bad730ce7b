import { isDegenerate } from './float32.ts';
import type { Mesh, Tick } from './mesh.ts';
import { find, unite } from './union.ts';

/** Same shape as the contract's figures of a mesh. */
export interface MeshFigures {
  triangles: number;
  vertices: number;
  /** Pieces held together by shared edges; two bodies that touch in one vertex are two. */
  parts: number;
  /** Edges with one triangle. */
  openEdges: number;
  /** Edges with three triangles or more. */
  nonManifoldEdges: number;
  /** Edges whose two triangles run along it the same way. */
  misorientedEdges: number;
  /** Triangles without area; those with two equal corners take no part in the edge counts. */
  degenerateTriangles: number;
  selfIntersections: number | null;
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
 * weld a soup first. Self-intersections are not looked for (null).
 *
 * `mesh` in LPS mm. Throws RangeError where a triangle names a vertex that is not there.
 * Cost: O(triangles) whatever the valence of a vertex; about 60 bytes a triangle.
 */
export function checkMesh(mesh: Mesh, tick?: Tick): CheckedMesh {
  const { triangles } = mesh;
  const vertices = mesh.positions.length / 3;
  for (let at = 0; at < triangles.length; at++) {
    if (triangles[at] >= vertices) throw new RangeError(`triangle ${Math.floor(at / 3)} names vertex ${triangles[at]} of ${vertices}`);
  }
  tick?.(0);
  const edges = countEdges(triangles, vertices, tick);
  tick?.(0.8);
  return { triangles: triangles.length / 3, vertices, ...edges, selfIntersections: null, ...measure(mesh) };
}

/**
 * Half-edges sorted by their lower, then their higher vertex with two stable counting sorts: equal edges lie side by side, in O(n) also
 * where a million triangles share one vertex. Half-edge h starts at corner h and ends at the next corner of its triangle.
 */
function sortedHalfEdges(triangles: Uint32Array, vertices: number): Uint32Array {
  const end = (h: number) => triangles[h % 3 === 2 ? h - 2 : h + 1];
  let order = new Uint32Array(triangles.length);
  let used = 0;
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [triangles[at], triangles[at + 1], triangles[at + 2]];
    if (a === b || b === c || c === a) continue;
    order[used++] = at;
    order[used++] = at + 1;
    order[used++] = at + 2;
  }
  order = order.subarray(0, used);
  for (const key of [(h: number) => Math.max(triangles[h], end(h)), (h: number) => Math.min(triangles[h], end(h))]) {
    const place = new Uint32Array(vertices + 1);
    for (let n = 0; n < used; n++) place[key(order[n]) + 1]++;
    for (let vertex = 0; vertex < vertices; vertex++) place[vertex + 1] += place[vertex];
    const sorted = new Uint32Array(used);
    for (let n = 0; n < used; n++) sorted[place[key(order[n])]++] = order[n];
    order = sorted;
  }
  return order;
}

function countEdges(
  triangles: Uint32Array,
  vertices: number,
  tick?: Tick,
): Pick<CheckedMesh, 'openEdges' | 'nonManifoldEdges' | 'misorientedEdges' | 'parts' | 'nonManifoldVertices'> {
  const order = sortedHalfEdges(triangles, vertices);
  tick?.(0.5);
  const endCorner = (h: number) => (h % 3 === 2 ? h - 2 : h + 1);
  // A corner is a vertex within a triangle; corners of one vertex that hang together over edges are one fan.
  const fanOf = new Uint32Array(triangles.length).map((_, corner) => corner);
  const partOf = new Uint32Array(triangles.length / 3).map((_, triangle) => triangle);
  let openEdges = 0;
  let nonManifoldEdges = 0;
  let misorientedEdges = 0;
  for (let from = 0; from < order.length; ) {
    const h = order[from];
    const [a, b] = [triangles[h], triangles[endCorner(h)]];
    let forward = 0;
    let to = from;
    for (; to < order.length; to++) {
      const other = order[to];
      const start = triangles[other];
      const end = triangles[endCorner(other)];
      const sameWay = start === a && end === b;
      if (!sameWay && !(start === b && end === a)) break;
      if (sameWay) forward++;
      if (to === from) continue;
      unite(partOf, Math.floor(h / 3), Math.floor(other / 3));
      unite(fanOf, h, sameWay ? other : endCorner(other));
      unite(fanOf, endCorner(h), sameWay ? endCorner(other) : other);
    }
    const uses = to - from;
    if (uses === 1) openEdges++;
    else if (uses > 2) nonManifoldEdges++;
    else if (forward !== 1) misorientedEdges++;
    from = to;
  }
  const fans = new Uint8Array(vertices);
  let parts = 0;
  for (let n = 0; n < order.length; n++) {
    const corner = order[n];
    if (find(fanOf, corner) === corner && fans[triangles[corner]] < 2) fans[triangles[corner]]++;
    if (corner % 3 === 0 && find(partOf, corner / 3) === corner / 3) parts++;
  }
  let nonManifoldVertices = 0;
  for (const count of fans) if (count > 1) nonManifoldVertices++;
  return { openEdges, nonManifoldEdges, misorientedEdges, parts, nonManifoldVertices };
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
    if (a === b || b === c || c === a || isDegenerate(p, a, b, c)) degenerateTriangles++;
    if (!Number.isFinite(area)) continue;
    twoAreas += area;
    sixVolumes += ax * cx + ay * cy + az * cz;
  }
  return { volumeMm3: sixVolumes / 6, areaMm2: twoAreas / 2, degenerateTriangles, invalidVertices, boundsLps };
}
