import { type Edges, nextCorner, open, previousCorner } from './edges.ts';
import type { Mesh } from './mesh.ts';

/**
 * The half-edges of edges with three triangles or more, paired so that each pair bounds the same material: going round the edge, a
 * triangle that runs against it and the next one that runs along it. What finds no partner so is paired with its neighbour, one may stay
 * open. Triangles already run alike where two meet.
 */
export function pairCrowds({ positions: p, triangles }: Mesh, edges: Edges): Int32Array {
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
