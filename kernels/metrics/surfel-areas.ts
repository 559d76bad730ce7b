import { closedLoops, cornersOfEdge, edgeBetween, faces } from '../mesh/cube-edges.ts';
import type { Triple } from '../volume/geometry.ts';

/**
 * Areas of surface elements (surfels). A surfel sits at the corner where eight voxels meet; its code has bit c set where the voxel with
 * x = c & 1, y = (c >> 1) & 1, z = (c >> 2) & 1 is inside. Its area is that of the marching-cubes triangles of its code, so that a slanted
 * surface is not counted as a staircase. Two choices make the areas those of the published surface-distance definition (Nikolov et al. 2018),
 * so that figures compare: of inside and outside, the fewer corners are cut off one by one (a mask and its complement have the same
 * surface), and a loop of more than four edges is cut into triangles in the way that has the largest area on a cube.
 */

function countOf(code: number): number {
  let count = 0;
  for (let corner = 0; corner < 8; corner++) count += (code >> corner) & 1;
  return count;
}

/** Closed loops of cube edges around the corners of `code`, of which there are at most four. */
function loopsOf(code: number): number[][] {
  const next = new Map<number, number>();
  const isIn = (corner: number) => ((code >> corner) & 1) === 1;
  for (const face of faces) {
    for (let start = 0; start < 4; start++) {
      const before = face[(start + 3) % 4];
      if (!isIn(face[start]) || isIn(before)) continue;
      let last = start;
      while (isIn(face[(last + 1) % 4])) last++;
      next.set(edgeBetween(before, face[start]), edgeBetween(face[last % 4], face[(last + 1) % 4]));
    }
  }
  return closedLoops(next);
}

type Triangle = [number, number, number];

function areaOf(triangle: Triangle, spacingMm: Triple): number {
  const [p, q, r] = triangle.map((edge) => {
    const [a, b] = cornersOfEdge[edge];
    return [0, 1, 2].map((axis) => ((((a >> axis) & 1) + ((b >> axis) & 1)) / 2) * spacingMm[axis]);
  });
  const u = q.map((value, axis) => value - p[axis]);
  const v = r.map((value, axis) => value - p[axis]);
  return Math.hypot(u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]) / 2;
}

/** The cut of loop[from..to] into triangles that has the largest area on a cube. */
function widestCut(loop: number[], from: number, to: number): { area: number; triangles: Triangle[] } {
  let best: { area: number; triangles: Triangle[] } = { area: 0, triangles: [] };
  for (let apex = from + 1; apex < to; apex++) {
    const left = widestCut(loop, from, apex);
    const right = widestCut(loop, apex, to);
    const triangle: Triangle = [loop[from], loop[apex], loop[to]];
    const area = left.area + right.area + areaOf(triangle, [1, 1, 1]);
    if (area > best.area + 1e-9) best = { area, triangles: [...left.triangles, triangle, ...right.triangles] };
  }
  return best;
}

const trianglesOf: Triangle[][] = Array.from({ length: 256 }, (_, code) =>
  loopsOf(countOf(code) > 4 ? 255 - code : code).flatMap((loop) => widestCut(loop, 0, loop.length - 1).triangles),
);

/** Area in mm² of a surfel by its code, on a grid of this spacing; 0 for codes 0 and 255. */
export function surfelAreasMm2(spacingMm: Triple): Float64Array {
  return Float64Array.from(trianglesOf, (triangles) => triangles.reduce((sum, triangle) => sum + areaOf(triangle, spacingMm), 0));
}
