import { type Edges, edgesOf, fansOf, nextCorner, open, previousCorner } from './edges.ts';
import type { Mesh } from './mesh.ts';

/**
 * The half-edges of edges with three triangles or more, paired so that each pair bounds the same material: going round the edge, a
 * triangle that runs against it and the next one that runs along it. What finds no partner so is paired with its neighbour, one may stay
 * open. Triangles already run alike where two meet.
 */
function pairCrowds({ positions: p, triangles }: Mesh, edges: Edges): Int32Array {
  const twins = edges.twins.slice();
  const { crowds } = edges;
  for (let at = 0; at < crowds.length; at += crowds[at] + 1) {
    const halves = [...crowds.subarray(at + 1, at + 1 + crowds[at])];
    const from = Math.min(triangles[halves[0]], triangles[nextCorner(halves[0])]);
    const to = Math.max(triangles[halves[0]], triangles[nextCorner(halves[0])]);
    const angle = anglesAbout(p, from, to);
    const sorted = halves
      .map((h) => ({ h, along: triangles[h] === from, angle: angle(triangles[previousCorner(h)]) }))
      .toSorted((a, b) => a.angle - b.angle || a.h - b.h);
    const waiting: typeof sorted = [];
    const join = (g: number, h: number) => {
      twins[g] = h;
      twins[h] = g;
    };
    // Twice round: what waits at the end is met by what comes first.
    for (const one of [...sorted, ...sorted]) {
      if (twins[one.h] >= 0 || waiting.includes(one)) continue;
      const last = waiting.at(-1);
      if (last && !last.along && one.along) {
        join(last.h, one.h);
        waiting.pop();
      } else waiting.push(one);
    }
    for (let n = 0; n + 1 < waiting.length; n += 2) join(waiting[n].h, waiting[n + 1].h);
    if (waiting.length % 2 === 1) twins[waiting[waiting.length - 1].h] = open;
  }
  return twins;
}

/** The angle at which a vertex lies round the line from one vertex to another, counter-clockwise seen from where it goes. */
function anglesAbout(p: ArrayLike<number>, from: number, to: number): (vertex: number) => number {
  const e = [0, 1, 2].map((axis) => p[to * 3 + axis] - p[from * 3 + axis]);
  const length = Math.hypot(e[0], e[1], e[2]);
  const along = e.map((v) => v / length);
  const least = along.map(Math.abs).indexOf(Math.min(...along.map(Math.abs)));
  const square = [0, 1, 2].map((axis) => (axis === least ? 1 : 0) - along[least] * along[axis]);
  const third = [
    along[1] * square[2] - along[2] * square[1],
    along[2] * square[0] - along[0] * square[2],
    along[0] * square[1] - along[1] * square[0],
  ];
  return (vertex) => {
    const d = [0, 1, 2].map((axis) => p[vertex * 3 + axis] - p[from * 3 + axis]);
    return Math.atan2(d[0] * third[0] + d[1] * third[1] + d[2] * third[2], d[0] * square[0] + d[1] * square[1] + d[2] * square[2]);
  };
}

/** The least that two vertices are moved apart: a thousandth of a mm, or more steps than float32 loses. */
const apartMm = 0.001;

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
