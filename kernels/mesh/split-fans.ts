import { edgesOf, fansOf, nextCorner, previousCorner } from './edges.ts';
import type { Mesh } from './mesh.ts';
import { pairCrowds } from './pair-crowds.ts';

/** The least that two vertices are moved apart: a thousandth of a mm, or more steps than float32 loses. */
export const apartMm = 0.001;

/**
 * Makes a surface manifold where it is not: at an edge of three triangles or more, and at a vertex where fans meet without an edge, each
 * fan gets a vertex of its own. Since an STL tells vertices apart by place alone, all but the flattest fan's move 0.001 mm (or a few
 * steps of float32) towards the middle of their neighbours. Returns how many vertices were added.
 * Cost: O(triangles).
 */
export function splitFans(mesh: Mesh): { mesh: Mesh; added: number } {
  const { positions: p, triangles } = mesh;
  const edges = edgesOf(triangles, p.length / 3);
  const twins = edges.crowds.length > 0 ? pairCrowds(mesh, edges) : edges.twins;
  const { fans, count } = fansOf(triangles, { ...edges, twins, crowds: new Uint32Array(0) });
  const vertexOf = new Uint32Array(count);
  for (let corner = 0; corner < triangles.length; corner++) vertexOf[fans[corner]] = triangles[corner];
  const first = new Int32Array(p.length / 3).fill(-1);
  const shared = new Map<number, number[]>();
  for (let fan = 0; fan < count; fan++) {
    const vertex = vertexOf[fan];
    if (first[vertex] < 0) first[vertex] = fan;
    else shared.set(vertex, [...(shared.get(vertex) ?? [first[vertex]]), fan]);
  }
  if (shared.size === 0) return { mesh, added: 0 };

  const wanted = new Map<number, number[]>();
  for (const list of shared.values()) for (const fan of list) wanted.set(fan, [0, 0, 0, 0]);
  for (let corner = 0; corner < triangles.length; corner++) {
    const sum = wanted.get(fans[corner]);
    if (!sum) continue;
    for (const other of [triangles[nextCorner(corner)], triangles[previousCorner(corner)]]) {
      const d = [0, 1, 2].map((axis) => p[other * 3 + axis] - p[triangles[corner] * 3 + axis]);
      const length = Math.hypot(d[0], d[1], d[2]);
      if (!(length > 0)) continue;
      for (let axis = 0; axis < 3; axis++) sum[axis] += d[axis] / length;
      sum[3]++;
    }
  }
  const pointed = (fan: number): number => {
    const [x, y, z, n] = wanted.get(fan) ?? [0, 0, 0, 1];
    return Math.hypot(x, y, z) / Math.max(1, n);
  };
  const renamed = new Map<number, number>();
  const places: number[] = [];
  for (const [vertex, list] of shared) {
    const [, ...others] = list.toSorted((a, b) => pointed(a) - pointed(b) || a - b);
    for (const [rank, fan] of others.entries()) {
      renamed.set(fan, p.length / 3 + places.length / 3);
      const sum = wanted.get(fan) ?? [0, 0, 0, 1];
      const length = Math.hypot(sum[0], sum[1], sum[2]);
      const here = [p[vertex * 3], p[vertex * 3 + 1], p[vertex * 3 + 2]];
      const step = Math.max(apartMm, 2 ** -20 * Math.max(...here.map(Math.abs))) * (rank + 1);
      // A fan that is flat has no middle to go to: any way apart will do.
      for (let axis = 0; axis < 3; axis++)
        places.push(here[axis] + (length > 1e-6 ? (sum[axis] / length) * step : axis === rank % 3 ? step : 0));
    }
  }
  const positions = p instanceof Float32Array ? new Float32Array(p.length + places.length) : new Float64Array(p.length + places.length);
  positions.set(p);
  positions.set(places, p.length);
  return { mesh: { positions, triangles: triangles.map((vertex, corner) => renamed.get(fans[corner]) ?? vertex) }, added: renamed.size };
}
