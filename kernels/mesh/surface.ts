import { indexToLps, signedVoxelVolumeMm3, type Triple, type VolumeGeometry } from '../volume/geometry.ts';
import { cubeCases } from './cube-cases.ts';
import type { Mesh, Tick } from './mesh.ts';

/** Vertices and triangles while they are found; arrays double, so that a push costs O(1). */
class GrowingMesh {
  positions = new Float64Array(3 * 1024);
  triangles = new Uint32Array(3 * 2048);
  vertices = 0;
  corners = 0;

  vertex(x: number, y: number, z: number): number {
    const at = this.vertices * 3;
    if (at + 3 > this.positions.length) {
      const wider = new Float64Array(this.positions.length * 2);
      wider.set(this.positions);
      this.positions = wider;
    }
    this.positions[at] = x;
    this.positions[at + 1] = y;
    this.positions[at + 2] = z;
    return this.vertices++;
  }

  triangle(a: number, b: number, c: number): void {
    if (this.corners + 3 > this.triangles.length) {
      const wider = new Uint32Array(this.triangles.length * 2);
      wider.set(this.triangles);
      this.triangles = wider;
    }
    this.triangles[this.corners++] = a;
    this.triangles[this.corners++] = b;
    this.triangles[this.corners++] = c;
  }
}

/** Slice k of the mask with a border of one outside voxel; `first` and `last` hold the inside extent of each row (last 0: empty row). */
class PaddedSlice {
  readonly inside: Uint8Array;
  readonly first: Int32Array;
  readonly last: Int32Array;
  empty = true;
  private readonly nx: number;
  private readonly ny: number;
  constructor(nx: number, ny: number) {
    this.nx = nx;
    this.ny = ny;
    this.inside = new Uint8Array((nx + 2) * (ny + 2));
    this.first = new Int32Array(ny + 2);
    this.last = new Int32Array(ny + 2);
  }

  read(mask: Uint8Array, k: number, nz: number): void {
    const { nx, ny, inside, first, last } = this;
    if (!this.empty) {
      inside.fill(0);
      last.fill(0);
    }
    this.empty = true;
    if (k < 0 || k >= nz) return;
    for (let j = 0; j < ny; j++) {
      const from = (k * ny + j) * nx;
      const row = (j + 1) * (nx + 2) + 1;
      let low = 0;
      let high = 0;
      for (let i = 0; i < nx; i++) {
        if (mask[from + i] === 0) continue;
        inside[row + i] = 1;
        if (low === 0) low = i + 1;
        high = i + 1;
      }
      first[j + 1] = low;
      last[j + 1] = high;
      if (high > 0) this.empty = false;
    }
  }
}

/** Vertex numbers on the grid edges of the layer of cubes between two slices; -1 where none is yet. */
function layerOfEdges(cells: number): { xLow: Int32Array; yLow: Int32Array; z: Int32Array; xHigh: Int32Array; yHigh: Int32Array } {
  const plane = () => new Int32Array(cells).fill(-1);
  return { xLow: plane(), yLow: plane(), z: plane(), xHigh: plane(), yHigh: plane() };
}

/**
 * The surface of a mask by marching cubes: one vertex halfway along every grid edge between an inside and an outside voxel centre.
 *
 * The standard's clause on the 3D model (P-surface) asks for a closed, manifold, outward surface; it is one by construction
 * (cube-cases.ts), also where the mask touches the grid's border, beyond which all is outside. Inside voxels that meet in an edge are
 * one body, so that a slanted wall one voxel thick has no holes; those that meet in a corner only are kept apart. A left-handed grid (negative determinant) has its triangles turned, so that they face outward in LPS.
 *
 * `mask` one byte a voxel, i fastest, non-zero is inside; result in LPS mm. An empty mask gives an empty mesh.
 * Throws RangeError where the mask does not fit the dimensions, or the grid has no volume or a corner that is not finite.
 * Cost: reads the mask once; memory is the result (24 bytes a vertex, 12 a triangle, at most twice that while growing) and a few slices.
 */
export function extractSurface(mask: Uint8Array, dimensions: Triple, geometry: VolumeGeometry, tick?: Tick): Mesh {
  const [nx, ny, nz] = dimensions;
  if (mask.length !== nx * ny * nz) throw new RangeError(`mask of ${mask.length} voxels for a grid of ${dimensions}`);
  const handedness = signedVoxelVolumeMm3(geometry);
  if (!(Math.abs(handedness) > 0 && Number.isFinite(handedness))) throw new RangeError('the grid has no volume');

  const width = nx + 2;
  const cells = width * (ny + 2);
  const edges = layerOfEdges(cells);
  const growing = new GrowingMesh();
  const local = new Int32Array(16);
  let low = new PaddedSlice(nx, ny);
  let high = new PaddedSlice(nx, ny);
  let dirty = false;

  const vertexOn = (edge: number, i: number, j: number, k: number): number => {
    const axis = edge >> 2;
    const a = edge & 1;
    const b = (edge >> 1) & 1;
    const at = j * width + i;
    // The plane of numbers that holds this grid edge, its place there, and the midpoint in index units (padding taken off).
    const plane = axis === 2 ? edges.z : axis === 0 ? (b ? edges.xHigh : edges.xLow) : b ? edges.yHigh : edges.yLow;
    const place = axis === 2 ? at + a + b * width : axis === 0 ? at + a * width : at + a;
    const known = plane[place];
    if (known >= 0) return known;
    const x = i - 1 + (axis === 0 ? 0.5 : a);
    const y = j - 1 + (axis === 1 ? 0.5 : axis === 0 ? a : b);
    const z = k + (axis === 2 ? 0.5 : b);
    const vertex = growing.vertex(x, y, z);
    plane[place] = vertex;
    return vertex;
  };

  const cube = (inside: number, i: number, j: number, k: number): void => {
    const { edges: used, centroids, triangles } = cubeCases[inside];
    for (let n = 0; n < used.length; n++) local[used[n]] = vertexOn(used[n], i, j, k);
    for (let n = 0; n < centroids.length; n++) {
      const sum = [0, 0, 0];
      const loop = centroids[n];
      for (let m = 0; m < loop.length; m++) for (let axis = 0; axis < 3; axis++) sum[axis] += growing.positions[local[loop[m]] * 3 + axis];
      local[12 + n] = growing.vertex(sum[0] / loop.length, sum[1] / loop.length, sum[2] / loop.length);
    }
    for (let n = 0; n < triangles.length; n += 3) growing.triangle(local[triangles[n]], local[triangles[n + 1]], local[triangles[n + 2]]);
  };

  for (let k = -1; k < nz; k++) {
    tick?.((k + 1) / (nz + 1));
    [low, high] = [high, low];
    high.read(mask, k + 1, nz);
    [edges.xLow, edges.xHigh] = [edges.xHigh, edges.xLow];
    [edges.yLow, edges.yHigh] = [edges.yHigh, edges.yLow];
    if (dirty) {
      edges.xHigh.fill(-1);
      edges.yHigh.fill(-1);
      edges.z.fill(-1);
      if (low.empty && high.empty) {
        edges.xLow.fill(-1);
        edges.yLow.fill(-1);
      }
    }
    dirty = !(low.empty && high.empty);
    if (!dirty) continue;
    for (let j = 0; j <= ny; j++) {
      let from = width;
      let to = 0;
      for (const slice of [low, high]) {
        for (let row = j; row <= j + 1; row++) {
          if (slice.last[row] === 0) continue;
          from = Math.min(from, slice.first[row]);
          to = Math.max(to, slice.last[row]);
        }
      }
      if (to === 0) continue;
      let at = j * width + from - 1;
      let left = low.inside[at] | (low.inside[at + width] << 2) | (high.inside[at] << 4) | (high.inside[at + width] << 6);
      for (let i = from - 1; i <= to; i++) {
        at++;
        const right = low.inside[at] | (low.inside[at + width] << 2) | (high.inside[at] << 4) | (high.inside[at + width] << 6);
        const inside = left | (right << 1);
        left = right;
        if (inside !== 0 && inside !== 255) cube(inside, i, j, k);
      }
    }
  }
  return finished(growing, geometry, handedness < 0);
}

/** Index units to LPS mm, and triangles turned where the grid is left-handed. */
function finished(growing: GrowingMesh, geometry: VolumeGeometry, turn: boolean): Mesh {
  const positions = growing.positions.slice(0, growing.vertices * 3);
  const triangles = growing.triangles.slice(0, growing.corners);
  const origin = indexToLps(geometry, 0, 0, 0);
  const step = [indexToLps(geometry, 1, 0, 0), indexToLps(geometry, 0, 1, 0), indexToLps(geometry, 0, 0, 1)].map((point) =>
    point.map((value, axis) => value - origin[axis]),
  );
  for (let at = 0; at < positions.length; at += 3) {
    const [i, j, k] = [positions[at], positions[at + 1], positions[at + 2]];
    for (let axis = 0; axis < 3; axis++) positions[at + axis] = origin[axis] + i * step[0][axis] + j * step[1][axis] + k * step[2][axis];
  }
  if (turn) {
    for (let at = 0; at < triangles.length; at += 3) {
      const second = triangles[at + 1];
      triangles[at + 1] = triangles[at + 2];
      triangles[at + 2] = second;
    }
  }
  return { positions, triangles };
}
