import { float32Text } from './float32-text.ts';
import type { Mesh, Tick } from './mesh.ts';
import { oneLine, textPieces } from './text-pieces.ts';

/**
 * A mesh (LPS mm, stored as float32) as Wavefront OBJ, in pieces: remarks, vertices in their order, triangles numbered from 1.
 * Coordinates read back bit for bit. Throws RangeError on a coordinate that is not finite. Cost: some 30 bytes a vertex, 22 a triangle.
 */
export function* objPieces({ positions: p, triangles }: Mesh, name: string, remarks: string[], tick?: Tick): Generator<Uint8Array> {
  const out = textPieces();
  for (const remark of remarks) out.put(`# ${oneLine(remark)}\n`);
  out.put(`o ${oneLine(name).replace(/ /g, '_')}\n`);
  for (let n = 0; n < p.length; n += 3) {
    out.put(`v ${float32Text(p[n])} ${float32Text(p[n + 1])} ${float32Text(p[n + 2])}\n`);
    if (out.full()) {
      tick?.((0.7 * n) / p.length);
      yield out.take();
    }
  }
  for (let n = 0; n < triangles.length; n += 3) {
    out.put(`f ${triangles[n] + 1} ${triangles[n + 1] + 1} ${triangles[n + 2] + 1}\n`);
    if (out.full()) {
      tick?.(0.7 + (0.3 * n) / triangles.length);
      yield out.take();
    }
  }
  yield out.take();
}
