/** A mesh as it is drawn: three corners a triangle, so that an edge can be sharp. */
export interface ShadedMesh {
  /** LPS mm, 9 numbers a triangle. */
  positions: Float32Array;
  /** Unit normals, 9 numbers a triangle. */
  normals: Float32Array;
  /** How open a corner lies, 0 (deep in a hollow) to 1; 3 numbers a triangle. */
  openness: Float32Array;
}

/**
 * Smooth shading that keeps true edges: each corner's normal is the area-weighted mean over the faces around its (welded) vertex that
 * turn by less than `creaseDegrees` against its own face. Returns 9 numbers a triangle. O(triangles x valence).
 */
export function creaseNormals(positions: ArrayLike<number>, triangles: Uint32Array, creaseDegrees: number): Float32Array {
  const faces = faceNormals(positions, triangles);
  const { starts, around } = facesAround(positions.length / 3, triangles);
  const least = Math.cos((creaseDegrees * Math.PI) / 180);
  const count = triangles.length / 3;
  const lengths = new Float64Array(count);
  for (let f = 0; f < count; f++) lengths[f] = length3(faces[3 * f] as number, faces[3 * f + 1] as number, faces[3 * f + 2] as number);
  const out = new Float32Array(triangles.length * 3);
  for (let corner = 0; corner < triangles.length; corner++) {
    const own = Math.floor(corner / 3);
    const vertex = triangles[corner] as number;
    const ox = faces[3 * own] as number;
    const oy = faces[3 * own + 1] as number;
    const oz = faces[3 * own + 2] as number;
    const ownLength = lengths[own] as number;
    let x = 0;
    let y = 0;
    let z = 0;
    for (let n = starts[vertex] as number; n < (starts[vertex + 1] as number); n++) {
      const face = around[n] as number;
      const fx = faces[3 * face] as number;
      const fy = faces[3 * face + 1] as number;
      const fz = faces[3 * face + 2] as number;
      // a face without area has no opinion, and takes its neighbours'
      if (ownLength > 0 && ox * fx + oy * fy + oz * fz < least * ownLength * (lengths[face] as number)) continue;
      x += fx;
      y += fy;
      z += fz;
    }
    const length = length3(x, y, z) || 1;
    out[3 * corner] = x / length;
    out[3 * corner + 1] = y / length;
    out[3 * corner + 2] = z / length;
  }
  return out;
}

/** Math.hypot guards against overflow, which millimetres do not need, at several times the cost. */
export const length3 = (x: number, y: number, z: number): number => Math.sqrt(x * x + y * y + z * z);

/** Normals of the faces, as long as twice the face's area; 3 numbers a triangle. */
export function faceNormals(positions: ArrayLike<number>, triangles: Uint32Array): Float64Array {
  const out = new Float64Array(triangles.length);
  const p = (vertex: number, axis: number) => positions[3 * vertex + axis] as number;
  for (let f = 0; f < triangles.length; f += 3) {
    const a = triangles[f] as number;
    const b = triangles[f + 1] as number;
    const c = triangles[f + 2] as number;
    const ux = p(b, 0) - p(a, 0);
    const uy = p(b, 1) - p(a, 1);
    const uz = p(b, 2) - p(a, 2);
    const vx = p(c, 0) - p(a, 0);
    const vy = p(c, 1) - p(a, 1);
    const vz = p(c, 2) - p(a, 2);
    out[f] = uy * vz - uz * vy;
    out[f + 1] = uz * vx - ux * vz;
    out[f + 2] = ux * vy - uy * vx;
  }
  return out;
}

function facesAround(vertices: number, triangles: Uint32Array): { starts: Uint32Array; around: Uint32Array } {
  const starts = new Uint32Array(vertices + 1);
  for (const vertex of triangles) starts[vertex + 1] = (starts[vertex + 1] as number) + 1;
  for (let v = 0; v < vertices; v++) starts[v + 1] = (starts[v + 1] as number) + (starts[v] as number);
  const next = starts.slice();
  const around = new Uint32Array(triangles.length);
  for (let corner = 0; corner < triangles.length; corner++) {
    const vertex = triangles[corner] as number;
    const place = next[vertex] as number;
    around[place] = Math.floor(corner / 3);
    next[vertex] = place + 1;
  }
  return { starts, around };
}
