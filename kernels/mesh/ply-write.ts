import type { Mesh, Tick } from './mesh.ts';
import { oneLine, textPieces } from './text-pieces.ts';

/** What a vertex carries besides its place. */
export interface VertexValues {
  /** One float32 a vertex under a name of the file, say `thickness_mm`. */
  scalar?: { name: string; values: Float32Array };
  /** Red, green, blue a vertex. */
  colours?: Uint8Array;
}

const rows = 65_536;
const triangleBytes = 13;

function header(vertices: number, faces: number, remarks: string[], { scalar, colours }: VertexValues): Uint8Array {
  const out = textPieces(1);
  out.put('ply\nformat binary_little_endian 1.0\n');
  for (const remark of remarks) out.put(`comment ${oneLine(remark)}\n`);
  out.put(`element vertex ${vertices}\nproperty float x\nproperty float y\nproperty float z\n`);
  if (scalar) out.put(`property float ${scalar.name}\n`);
  if (colours) out.put('property uchar red\nproperty uchar green\nproperty uchar blue\n');
  out.put(`element face ${faces}\nproperty list uchar int vertex_indices\nend_header\n`);
  return out.take();
}

function fit(vertices: number, { scalar, colours }: VertexValues): void {
  if (scalar && !/^[a-z][a-z0-9_]*$/i.test(scalar.name)) throw new RangeError(`${scalar.name} cannot be the name of a property`);
  if (scalar && scalar.values.length !== vertices) throw new RangeError(`${scalar.values.length} values for ${vertices} vertices`);
  if (colours && colours.length !== vertices * 3) throw new RangeError(`${colours.length} colour bytes for ${vertices} vertices`);
}

/**
 * A mesh (LPS mm, stored as float32) as binary little-endian PLY, in pieces, with what its vertices carry. Throws RangeError where the
 * values do not fit the vertices, the scalar's name is no single word, or a vertex number does not fit an int32. Cost: 12 bytes a vertex
 * (and 4 and 3 for what it carries), 13 a triangle.
 */
export function* plyPieces(mesh: Mesh, remarks: string[], carried: VertexValues = {}, tick?: Tick): Generator<Uint8Array> {
  const { positions: p, triangles } = mesh;
  const { scalar, colours } = carried;
  const vertices = p.length / 3;
  if (vertices > 0x7fffffff) throw new RangeError(`${vertices} vertices do not fit a PLY`);
  fit(vertices, carried);
  yield header(vertices, triangles.length / 3, remarks, carried);
  const stride = 12 + (scalar ? 4 : 0) + (colours ? 3 : 0);
  for (let from = 0; from < vertices; from += rows) {
    tick?.((0.5 * from) / vertices);
    const to = Math.min(vertices, from + rows);
    const view = new DataView(new ArrayBuffer((to - from) * stride));
    for (let v = from, at = 0; v < to; v++, at += stride) {
      for (let axis = 0; axis < 3; axis++) view.setFloat32(at + axis * 4, p[v * 3 + axis], true);
      if (scalar) view.setFloat32(at + 12, scalar.values[v], true);
      if (colours) for (let n = 0; n < 3; n++) view.setUint8(at + stride - 3 + n, colours[v * 3 + n]);
    }
    yield new Uint8Array(view.buffer);
  }
  for (let from = 0; from < triangles.length; from += rows * 3) {
    tick?.(0.5 + (0.5 * from) / triangles.length);
    const to = Math.min(triangles.length, from + rows * 3);
    const view = new DataView(new ArrayBuffer(((to - from) / 3) * triangleBytes));
    for (let n = from, at = 0; n < to; n += 3, at += triangleBytes) {
      view.setUint8(at, 3);
      for (let corner = 0; corner < 3; corner++) view.setInt32(at + 1 + corner * 4, triangles[n + corner], true);
    }
    yield new Uint8Array(view.buffer);
  }
}
