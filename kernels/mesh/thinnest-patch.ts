import type { Mesh } from './mesh.ts';
import { find } from './union.ts';
import { vertexAreas } from './vertex-areas.ts';

/** A patch has at least this much surface, and at least this part of all that was measured, but no more than half of it. */
export const patchMm2 = 0.5;
export const patchPart = 1e-4;
/** A single reading is no patch, however much surface belongs to it. */
const leastReadings = 3;

const nobody = 0xffffffff;

/** The asked vertex that each vertex is nearest to in edges: its own number where it is asked, `nobody` where none is in reach. */
function nearestAsked(triangles: Uint32Array, asked: Uint8Array): Uint32Array {
  let owners = Uint32Array.from(asked, (one, vertex) => (one ? vertex : nobody));
  if (!asked.includes(0)) return owners;
  for (let grown = true; grown; ) {
    grown = false;
    const next = owners.slice();
    for (let at = 0; at < triangles.length; at++) {
      const a = triangles[at];
      const b = triangles[at % 3 === 2 ? at - 2 : at + 1];
      // From what was known a round before, so that a patch grows as far one way as the other.
      if (owners[a] === nobody && owners[b] !== nobody && next[a] === nobody) next[a] = owners[b];
      else if (owners[b] === nobody && owners[a] !== nobody && next[b] === nobody) next[b] = owners[a];
      else continue;
      grown = true;
    }
    owners = next;
  }
  return owners;
}

/**
 * The thinnest wall that a patch of surface has: the least t for which vertices with readings up to t hang together by edges over 0.5 mm2 or
 * 1e-4 of the measured surface, whichever is more (at most half of it), three readings or more. One sharp fold, where a reading goes to
 * nothing, is no wall that a printer would miss; the least reading of all says no more than that there is one. Where no piece of the
 * surface is large enough, the largest one's whole.
 *
 * `thicknessMm` a vertex of `mesh`, NaN where there is no wall; `asked` is 1 where it was measured at all (every vertex, where not given):
 * vertices that were not belong to the nearest that was. Returns t and the vertex of the patch nearest to its middle, LPS mm; null where
 * nothing was read. Cost: O(n log n) of the readings, O(triangles) and a round of them an edge between asked vertices.
 */
export function thinnestPatch(
  mesh: Mesh,
  thicknessMm: Float32Array,
  asked: Uint8Array = new Uint8Array(thicknessMm.length).fill(1),
): { mm: number; areaMm2: number; lps: [number, number, number] } | null {
  const { triangles, positions: p } = mesh;
  const owners = nearestAsked(triangles, asked);
  const areas = new Float64Array(thicknessMm.length);
  const own = vertexAreas(mesh);
  let wholeMm2 = 0;
  for (let vertex = 0; vertex < own.length; vertex++) {
    const owner = owners[vertex];
    if (owner === nobody || Number.isNaN(thicknessMm[owner]) || !Number.isFinite(own[vertex])) continue;
    areas[owner] += own[vertex];
    wholeMm2 += own[vertex];
  }
  const order = Uint32Array.from(areas.keys()).filter((vertex) => areas[vertex] > 0);
  order.sort((a, b) => thicknessMm[a] - thicknessMm[b] || a - b);
  if (order.length === 0) return null;
  const enoughMm2 = Math.min(wholeMm2 / 2, Math.max(patchMm2, patchPart * wholeMm2));

  const { starts, lower } = lowerNeighbours(triangles, owners, order, areas.length);
  const parent = Uint32Array.from(order.keys());
  const sums = Float64Array.from(order, (vertex) => areas[vertex]);
  const readings = new Uint32Array(order.length).fill(1);
  let largest = 0;
  for (let rank = 0; rank < order.length; rank++) {
    let root = rank;
    for (let at = starts[rank]; at < starts[rank + 1]; at++) {
      const other = find(parent, lower[at]);
      if (other === root) continue;
      // Under the lower root, whose readings came first.
      const [keep, give] = other < root ? [other, root] : [root, other];
      parent[give] = keep;
      sums[keep] += sums[give];
      readings[keep] += readings[give];
      root = keep;
    }
    if (readings[root] >= leastReadings && sums[root] >= enoughMm2) return told(rank, root);
    if (sums[root] > sums[find(parent, largest)]) largest = root;
  }
  const root = find(parent, largest);
  let last = root;
  for (let rank = 0; rank < order.length; rank++) if (find(parent, rank) === root) last = rank;
  return told(last, root);

  /** The patch under a root, all of whose readings are up to that of `rank`. */
  function told(rank: number, root: number) {
    const patch = order.subarray(0, rank + 1).filter((_, n) => find(parent, n) === root);
    const middle = [0, 0, 0];
    for (const vertex of patch) for (let axis = 0; axis < 3; axis++) middle[axis] += (areas[vertex] / sums[root]) * p[vertex * 3 + axis];
    const awayMm = (v: number) => Math.hypot(p[v * 3] - middle[0], p[v * 3 + 1] - middle[1], p[v * 3 + 2] - middle[2]);
    const at = patch.reduce((nearest, vertex) => (awayMm(vertex) < awayMm(nearest) ? vertex : nearest), patch[0]) * 3;
    return { mm: thicknessMm[order[rank]], areaMm2: sums[root], lps: [p[at], p[at + 1], p[at + 2]] as [number, number, number] };
  }
}

/** For each place in the order the earlier places that share an edge with it: `lower[starts[n]..starts[n + 1])`. */
function lowerNeighbours(triangles: Uint32Array, owners: Uint32Array, order: Uint32Array, vertices: number) {
  const ranks = new Uint32Array(vertices).fill(nobody);
  for (let rank = 0; rank < order.length; rank++) ranks[order[rank]] = rank;
  const rankOf = Uint32Array.from(owners, (owner) => (owner === nobody ? nobody : ranks[owner]));
  const starts = new Uint32Array(order.length + 1);
  const each = (look: (high: number, low: number) => void) => {
    for (let at = 0; at < triangles.length; at++) {
      const a = rankOf[triangles[at]];
      const b = rankOf[triangles[at % 3 === 2 ? at - 2 : at + 1]];
      // On an open rim an edge comes up once, elsewhere twice.
      if (a !== b && a !== nobody && b !== nobody) look(Math.max(a, b), Math.min(a, b));
    }
  };
  each((high) => starts[high + 1]++);
  for (let rank = 0; rank < order.length; rank++) starts[rank + 1] += starts[rank];
  const lower = new Uint32Array(starts[order.length]);
  const next = starts.slice();
  each((high, low) => {
    lower[next[high]++] = low;
  });
  return { starts, lower };
}
