import { closedLoops, cornersOfEdge, edgeBetween, faces } from './cube-edges.ts';

/**
 * The 256 cases of marching cubes on a binary mask, generated instead of typed in.
 *
 * Corner c of a cube has x = c & 1, y = (c >> 1) & 1, z = (c >> 2) & 1; bit c of a case says that this corner is inside. Grid edge
 * axis * 4 + n runs along `axis`; n holds the other two coordinates, lower axis first.
 *
 * One rule for every face: walked counter-clockwise from outside the cube, each run of outside corners is cut off by one segment from
 * where the walk leaves it to where it entered. Two inside corners on a diagonal are therefore joined: bone counts as connected over
 * edges (18) and air over faces (6), as in hole filling, so that a wall one voxel thick stays closed where it runs at a slant. Because
 * the neighbour walks the same face the other way round it finds the same segments, reversed: no face can open. Loops of segments are then cut into
 * triangles using only diagonals between grid edges without a common face, since an edge lying in a face could be made a second time by
 * the neighbour. A loop that cannot be cut so gets a vertex at its centroid. The surface is thus a closed 2-manifold for any mask.
 */
export interface CubeCase {
  /** Grid edges that carry a vertex. */
  edges: Uint8Array;
  /** Per centroid vertex, the grid edges of its loop. Centroid n has local number 12 + n. */
  centroids: Uint8Array[];
  /** Local vertex numbers, three a triangle: 0-11 the grid edge's vertex, 12 and up a centroid. */
  triangles: Uint8Array;
}

const facesOfEdge = cornersOfEdge.map(([a, b]) => faces.flatMap((face, n) => (face.includes(a) && face.includes(b) ? [n] : [])));

function shareFace(a: number, b: number): boolean {
  return facesOfEdge[a].some((face) => facesOfEdge[b].includes(face));
}

/** The middle of a grid edge, in cells from the lowest corner of the cube. */
export function midpoint(edge: number): [number, number, number] {
  const [a, b] = cornersOfEdge[edge];
  return [0, 1, 2].map((axis) => (((a >> axis) & 1) + ((b >> axis) & 1)) / 2) as [number, number, number];
}

function areaOf(a: number, b: number, c: number): number {
  const [p, q, r] = [midpoint(a), midpoint(b), midpoint(c)];
  const u = [q[0] - p[0], q[1] - p[1], q[2] - p[2]];
  const v = [r[0] - p[0], r[1] - p[1], r[2] - p[2]];
  return Math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]) / 2;
}

/** Closed loops of grid edges, each turning counter-clockwise seen from outside the mask. */
function loopsOf(inside: number): number[][] {
  const next = new Map<number, number>();
  const isIn = (corner: number) => ((inside >> corner) & 1) === 1;
  for (const face of faces) {
    for (let start = 0; start < 4; start++) {
      const before = face[(start + 3) % 4];
      if (isIn(face[start]) || !isIn(before)) continue;
      let last = start;
      while (!isIn(face[(last + 1) % 4])) last++;
      next.set(edgeBetween(face[last % 4], face[(last + 1) % 4]), edgeBetween(before, face[start]));
    }
  }
  return closedLoops(next);
}

/** The cut of loop[from..to] with the least area, or null where every cut needs a diagonal inside a face. */
function cut(loop: number[], from: number, to: number): { area: number; triangles: number[] } | null {
  if (to - from < 2) return { area: 0, triangles: [] };
  let best: { area: number; triangles: number[] } | null = null;
  const allowed = (p: number, q: number) => q - p === 1 || (p === 0 && q === loop.length - 1) || !shareFace(loop[p], loop[q]);
  for (let apex = from + 1; apex < to; apex++) {
    if (!allowed(from, apex) || !allowed(apex, to)) continue;
    const left = cut(loop, from, apex);
    const right = cut(loop, apex, to);
    if (!left || !right) continue;
    const area = left.area + right.area + areaOf(loop[from], loop[apex], loop[to]);
    if (best && best.area <= area + 1e-9) continue;
    best = { area, triangles: [...left.triangles, loop[from], loop[apex], loop[to], ...right.triangles] };
  }
  return best;
}

function cubeCase(inside: number): CubeCase {
  const loops = loopsOf(inside);
  const centroids: Uint8Array[] = [];
  const triangles: number[] = [];
  for (const loop of loops) {
    const whole = cut(loop, 0, loop.length - 1);
    if (whole) {
      triangles.push(...whole.triangles);
      continue;
    }
    const centre = 12 + centroids.length;
    centroids.push(Uint8Array.from(loop));
    for (let n = 0; n < loop.length; n++) triangles.push(loop[n], loop[(n + 1) % loop.length], centre);
  }
  return { edges: Uint8Array.from(loops.flat()), centroids, triangles: Uint8Array.from(triangles) };
}

/** By case number: bit c set where corner c is inside. */
export const cubeCases: readonly CubeCase[] = Array.from({ length: 256 }, (_, inside) => cubeCase(inside));
