import type { Mesh } from './mesh.ts';

/** Blue below, white at 0, red above; without a value grey. */
function colourOf(value: number, atMostMm: number): [number, number, number] {
  if (Number.isNaN(value)) return [128, 128, 128];
  const part = Math.max(-1, Math.min(1, value / atMostMm));
  const pale = Math.round(255 * (1 - Math.abs(part)));
  return part < 0 ? [pale, pale, 255] : [255, pale, pale];
}

/**
 * A mesh as binary little-endian PLY with a float property a vertex and colours from blue (-atMostMm) over white (0) to red (+atMostMm).
 * `mesh` in LPS mm, `name` a word. Throws RangeError on values that are not of this mesh or a range that is not above 0.
 */
export function colouredPly(mesh: Mesh, values: Float32Array, name: string, atMostMm: number): Uint8Array {
  const vertices = mesh.positions.length / 3;
  const faces = mesh.triangles.length / 3;
  if (values.length !== vertices) throw new RangeError(`${values.length} values for ${vertices} vertices`);
  if (!(atMostMm > 0)) throw new RangeError(`colours need a range, not ${atMostMm}`);
  if (!/^\w+$/.test(name)) throw new RangeError(`${name} is not a name of a property`);
  const header = [
    'ply',
    'format binary_little_endian 1.0',
    'comment Lamina, millimetres, DICOM patient coordinates (LPS)',
    `comment blue -${atMostMm} mm, white 0, red +${atMostMm} mm`,
    `element vertex ${vertices}`,
    'property float x',
    'property float y',
    'property float z',
    `property float ${name}`,
    'property uchar red',
    'property uchar green',
    'property uchar blue',
    `element face ${faces}`,
    'property list uchar int vertex_indices',
    'end_header\n',
  ].join('\n');
  const bytes = new Uint8Array(header.length + vertices * 19 + faces * 13);
  for (let n = 0; n < header.length; n++) bytes[n] = header.charCodeAt(n);
  const view = new DataView(bytes.buffer);
  let at = header.length;
  for (let vertex = 0; vertex < vertices; vertex++, at += 19) {
    for (let axis = 0; axis < 3; axis++) view.setFloat32(at + axis * 4, mesh.positions[vertex * 3 + axis], true);
    view.setFloat32(at + 12, values[vertex], true);
    bytes.set(colourOf(values[vertex], atMostMm), at + 16);
  }
  for (let face = 0; face < faces; face++, at += 13) {
    bytes[at] = 3;
    for (let corner = 0; corner < 3; corner++) view.setInt32(at + 1 + corner * 4, mesh.triangles[face * 3 + corner], true);
  }
  return bytes;
}
