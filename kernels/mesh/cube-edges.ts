/** The two corners of a grid edge. */
function edgeCorners(edge: number): [number, number] {
  const axis = edge >> 2;
  const low = edge & 1;
  const high = (edge >> 1) & 1;
  const others = [0, 1, 2].filter((a) => a !== axis) as [number, number];
  const corner = (low << others[0]) | (high << others[1]);
  return [corner, corner | (1 << axis)];
}

export const cornersOfEdge = Array.from({ length: 12 }, (_, edge) => edgeCorners(edge));

/** The six faces, corners counter-clockwise seen from outside the cube. */
export const faces = [
  [0, 4, 6, 2],
  [1, 3, 7, 5],
  [0, 1, 5, 4],
  [2, 6, 7, 3],
  [0, 2, 3, 1],
  [4, 5, 7, 6],
];

/** The edge of two neighbouring corners. */
export function edgeBetween(a: number, b: number): number {
  return cornersOfEdge.findIndex(([p, q]) => (p === a && q === b) || (p === b && q === a));
}

/** Walks from edge to following edge until each loop closes. Empties the map. */
export function closedLoops(next: Map<number, number>): number[][] {
  const loops: number[][] = [];
  while (next.size > 0) {
    const loop: number[] = [];
    let edge = next.keys().next().value as number;
    for (let following = next.get(edge); following !== undefined; following = next.get(edge)) {
      loop.push(edge);
      next.delete(edge);
      edge = following;
    }
    loops.push(loop);
  }
  return loops;
}
