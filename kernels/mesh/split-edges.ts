import { edgesOf, nextCorner, previousCorner } from './edges.ts';
import type { Mesh } from './mesh.ts';
import { pairCrowds } from './pair-crowds.ts';
import { apartMm } from './split-fans.ts';

/** A triangle is cut once a round; one with three such edges takes three. */
const mostRounds = 16;

/**
 * Parts surfaces that share an edge and hang together at both of its ends, so that splitting those vertices does not part them: all pairs
 * of triangles but the first get a vertex of their own in the middle of the edge, 0.001 mm towards their side, and become four. Returns
 * how many vertices were added; no other moves. Cost: O(triangles) a round.
 */
export function splitEdges(mesh: Mesh): { mesh: Mesh; added: number } {
  let now = mesh;
  let added = 0;
  for (let round = 0; round < mostRounds; round++) {
    const { positions: p, triangles } = now;
    const edges = edgesOf(triangles, p.length / 3);
    const { crowds } = edges;
    if (crowds.length === 0) break;
    const twins = pairCrowds(now, edges);
    const cut = new Set<number>();
    const places: number[] = [];
    const corners = [...triangles];
    for (let at = 0; at < crowds.length; at += crowds[at] + 1) {
      const halves = [...crowds.subarray(at + 1, at + 1 + crowds[at])];
      const groups = halves.filter((h) => twins[h] < 0 || h < twins[h]).map((h) => (twins[h] < 0 ? [h] : [h, twins[h]]));
      // What stays is a pair, where there is one.
      groups.sort((a, b) => b.length - a.length || a[0] - b[0]);
      for (const [rank, group] of groups.entries()) {
        if (rank === 0 || group.some((h) => cut.has(Math.floor(h / 3)))) continue;
        const [from, to] = [triangles[group[0]], triangles[nextCorner(group[0])]];
        const middle = [0, 1, 2].map((axis) => (p[from * 3 + axis] + p[to * 3 + axis]) / 2);
        const towards = [0, 0, 0];
        for (const h of group) {
          const d = middle.map((value, axis) => p[triangles[previousCorner(h)] * 3 + axis] - value);
          const length = Math.max(Number.MIN_VALUE, Math.hypot(...d));
          for (let axis = 0; axis < 3; axis++) towards[axis] += d[axis] / length;
        }
        const length = Math.hypot(...towards);
        const step = Math.max(apartMm, 2 ** -20 * Math.max(...middle.map(Math.abs))) * rank;
        const vertex = (p.length + places.length) / 3;
        places.push(
          ...middle.map((value, axis) => value + (length > 1e-6 ? (towards[axis] / length) * step : axis === rank % 3 ? step : 0)),
        );
        for (const h of group) {
          const [a, b, c] = [triangles[h], triangles[nextCorner(h)], triangles[previousCorner(h)]];
          const triangle = Math.floor(h / 3);
          cut.add(triangle);
          corners[triangle * 3] = a;
          corners[triangle * 3 + 1] = vertex;
          corners[triangle * 3 + 2] = c;
          corners.push(vertex, b, c);
        }
      }
    }
    if (places.length === 0) break;
    added += places.length / 3;
    const positions = p instanceof Float32Array ? new Float32Array(p.length + places.length) : new Float64Array(p.length + places.length);
    positions.set(p);
    positions.set(places, p.length);
    now = { positions, triangles: Uint32Array.from(corners) };
  }
  return { mesh: now, added };
}
