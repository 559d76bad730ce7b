import { indexToLps, type Triple, type VolumeGeometry } from '../volume/geometry.ts';
import type { Mesh } from './mesh.ts';

/** How often a closed surface goes round a point, by the solid angle of each triangle (van Oosterom and Strackee 1983). Slow and plain. */
function turnsAround({ positions: p, triangles }: Mesh, [x, y, z]: Triple): number {
  let angle = 0;
  const ray = (vertex: number): Triple => [p[vertex * 3]! - x, p[vertex * 3 + 1]! - y, p[vertex * 3 + 2]! - z];
  for (let at = 0; at < triangles.length; at += 3) {
    const [a, b, c] = [ray(triangles[at]!), ray(triangles[at + 1]!), ray(triangles[at + 2]!)];
    const dot = (u: Triple, v: Triple) => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
    const [la, lb, lc] = [Math.hypot(...a), Math.hypot(...b), Math.hypot(...c)];
    const triple = a[0] * (b[1] * c[2] - b[2] * c[1]) - a[1] * (b[0] * c[2] - b[2] * c[0]) + a[2] * (b[0] * c[1] - b[1] * c[0]);
    angle += 2 * Math.atan2(triple, la * lb * lc + dot(a, b) * lc + dot(b, c) * la + dot(c, a) * lb);
  }
  return Math.round(angle / (4 * Math.PI));
}

/**
 * Whether the centre of a voxel lies inside of a closed surface; null where it lies so near to it (2^-10 of a voxel's step) that rounding may
 * decide.
 */
export function insideSlowly(mesh: Mesh, grid: VolumeGeometry, i: number, j: number, k: number): boolean | null {
  const step = 2 ** -10;
  const around: Triple[] = [
    [0, 0, 0],
    [step, 0, 0],
    [-step, 0, 0],
    [0, step, 0],
    [0, -step, 0],
    [0, 0, step],
    [0, 0, -step],
  ];
  const found = around.map((by) => turnsAround(mesh, indexToLps(grid, i + by[0], j + by[1], k + by[2])) !== 0);
  return found.every((inside) => inside === found[0]) ? found[0]! : null;
}
