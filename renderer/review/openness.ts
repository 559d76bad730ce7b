import { faceNormals, length3 } from './shade.ts';

const cellsAcross = 72;
/** Where to look along the normal, in cells, in which grid (0: fine, 1: blurred wide), and how much what is found there counts. */
const looks = [
  { reach: 2.2, grid: 0, weight: 0.5 },
  { reach: 4, grid: 0, weight: 0.45 },
  { reach: 7, grid: 1, weight: 0.9 },
  { reach: 12, grid: 1, weight: 1.1 },
] as const;

/**
 * How open each vertex lies: 1 on a bare dome, falling toward 0 in a hollow, so that sutures and orbits read as depth under any light.
 * Counts surface in front of a vertex on a coarse grid of area (one pass of splats, two of blur, four looks along the normal):
 * a cheap stand-in for ambient occlusion, made for the eye and never for measuring. Returns one number a vertex. O(triangles + 72³).
 */
export function vertexOpenness(positions: ArrayLike<number>, triangles: Uint32Array): Float32Array {
  const vertices = positions.length / 3;
  const openness = new Float32Array(vertices).fill(1);
  if (triangles.length === 0) return openness;
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let n = 0; n < positions.length; n++) {
    const axis = n % 3;
    low[axis] = Math.min(low[axis] as number, positions[n] as number);
    high[axis] = Math.max(high[axis] as number, positions[n] as number);
  }
  const [lx, ly, lz] = low as [number, number, number];
  const widest = Math.max(...high.map((value, axis) => value - (low[axis] as number)));
  if (!(widest > 0)) return openness;
  const cell = widest / cellsAcross;
  const [nx, ny, nz] = high.map((value, axis) => Math.ceil((value - (low[axis] as number)) / cell) + 3) as [number, number, number];
  const grid = new Float32Array(nx * ny * nz);
  const place = (x: number, y: number, z: number) =>
    Math.floor((x - lx) / cell + 1) + nx * (Math.floor((y - ly) / cell + 1) + ny * Math.floor((z - lz) / cell + 1));
  const faces = faceNormals(positions, triangles);
  const normals = new Float64Array(positions.length);
  for (let f = 0; f < triangles.length; f += 3) {
    const area = length3(faces[f] as number, faces[f + 1] as number, faces[f + 2] as number) / (2 * cell * cell);
    for (let corner = 0; corner < 3; corner++) {
      const v = 3 * (triangles[f + corner] as number);
      const at = place(positions[v] as number, positions[v + 1] as number, positions[v + 2] as number);
      grid[at] = (grid[at] as number) + area / 3;
      for (let axis = 0; axis < 3; axis++) normals[v + axis] = (normals[v + axis] as number) + (faces[f + axis] as number);
    }
  }
  const fine = blur(grid, nx, ny, nz);
  const wide = blur(blur(fine, nx, ny, nz), nx, ny, nz);
  for (let vertex = 0; vertex < vertices; vertex++) {
    const v = 3 * vertex;
    const length = length3(normals[v] as number, normals[v + 1] as number, normals[v + 2] as number);
    if (length === 0) continue;
    let hidden = 0;
    for (const { reach, grid, weight } of looks) {
      const step = (reach * cell) / length;
      const i = ((positions[v] as number) - lx + (normals[v] as number) * step) / cell + 1;
      const j = ((positions[v + 1] as number) - ly + (normals[v + 1] as number) * step) / cell + 1;
      const k = ((positions[v + 2] as number) - lz + (normals[v + 2] as number) * step) / cell + 1;
      if (i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz) continue;
      const found = (grid === 0 ? fine : wide)[Math.floor(i) + nx * (Math.floor(j) + ny * Math.floor(k))];
      hidden += weight * Math.min(1, found as number);
    }
    openness[vertex] = Math.exp(-hidden);
  }
  return openness;
}

/** Mean over 3 x 3 x 3, one axis at a time. */
function blur(grid: Float32Array, nx: number, ny: number, nz: number): Float32Array {
  let from = grid;
  for (const [stride, length] of [
    [1, nx],
    [nx, ny],
    [nx * ny, nz],
  ] as const) {
    const to = new Float32Array(from.length);
    for (let n = 0; n < from.length; n++) {
      const along = Math.floor(n / stride) % length;
      const before = along > 0 ? (from[n - stride] as number) : 0;
      const after = along < length - 1 ? (from[n + stride] as number) : 0;
      to[n] = (before + (from[n] as number) + after) / 3;
    }
    from = to;
  }
  return from;
}
