import { float32Text } from './float32-text.ts';
import type { Mesh, Tick } from './mesh.ts';
import { oneLine, textPieces } from './text-pieces.ts';

/** Directions of normals are for show: readers take them from the corners. */
const short = (value: number) => String(Number(value.toPrecision(6)));

function normalText(p: Mesh['positions'], a: number, b: number, c: number): string {
  const ux = p[b] - p[a];
  const uy = p[b + 1] - p[a + 1];
  const uz = p[b + 2] - p[a + 2];
  const vx = p[c] - p[a];
  const vy = p[c + 1] - p[a + 1];
  const vz = p[c + 2] - p[a + 2];
  const nx = uy * vz - uz * vy;
  const ny = uz * vx - ux * vz;
  const nz = ux * vy - uy * vx;
  const length = Math.sqrt(nx * nx + ny * ny + nz * nz);
  const scale = length > 0 ? 1 / length : 0;
  return `${short(nx * scale)} ${short(ny * scale)} ${short(nz * scale)}`;
}

/**
 * A mesh (LPS mm, stored as float32) as STL text, in pieces. `name` goes after `solid`, one line of ASCII. Coordinates read back bit for
 * bit. Throws RangeError on a coordinate that is not finite. Cost: about 250 bytes a triangle, a string a vertex in memory.
 */
export function* stlTextPieces({ positions, triangles }: Mesh, name: string, tick?: Tick): Generator<Uint8Array> {
  const p = Float32Array.from(positions);
  const corners = Array.from({ length: p.length / 3 }, (_, v) => {
    if (v % 100_000 === 0) tick?.((0.3 * v * 3) / p.length);
    return `      vertex ${float32Text(p[v * 3])} ${float32Text(p[v * 3 + 1])} ${float32Text(p[v * 3 + 2])}\n`;
  });
  const out = textPieces();
  const solid = oneLine(name);
  out.put(`solid ${solid}\n`);
  for (let n = 0; n < triangles.length; n += 3) {
    const [a, b, c] = [triangles[n], triangles[n + 1], triangles[n + 2]];
    out.put(`  facet normal ${normalText(p, a * 3, b * 3, c * 3)}\n    outer loop\n`);
    out.put(corners[a]);
    out.put(corners[b]);
    out.put(corners[c]);
    out.put('    endloop\n  endfacet\n');
    if (out.full()) {
      tick?.(0.3 + (0.7 * n) / triangles.length);
      yield out.take();
    }
  }
  out.put(`endsolid ${solid}\n`);
  yield out.take();
}
