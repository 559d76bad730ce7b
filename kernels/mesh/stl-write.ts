import { type RunParts, sharedArray, stretches } from '../parts.ts';
import type { Mesh, Tick } from './mesh.ts';
import { float32OnSharedMemory, onSharedMemory } from './on-shared-memory.ts';

/** Bytes before the first triangle: header and count. A multiple of four, so that every second triangle begins at a word. */
const headerBytes = 84;
const triangleBytes = 50;

interface StlStretch {
  positions: Float32Array;
  triangles: Uint32Array;
  /** The file from its first triangle on. */
  words: Uint32Array;
  /** Triangles; `from` is even. */
  from: number;
  to: number;
}

const normal = new Float32Array(3);
const normalBits = new Uint32Array(normal.buffer);

/** Writes the triangles of a stretch: two of them are 25 words, the second shifted by half a word. */
export function stlPart({ positions: p, triangles, words, from, to }: StlStretch): void {
  const bits = new Uint32Array(p.buffer, p.byteOffset, p.length);
  for (let triangle = from; triangle < to; triangle++) {
    const a = triangles[triangle * 3] * 3;
    const b = triangles[triangle * 3 + 1] * 3;
    const c = triangles[triangle * 3 + 2] * 3;
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
    normal[0] = nx * scale;
    normal[1] = ny * scale;
    normal[2] = nz * scale;
    let at = (triangle >> 1) * 25;
    if ((triangle & 1) === 0) {
      words[at] = normalBits[0];
      words[at + 1] = normalBits[1];
      words[at + 2] = normalBits[2];
      words[at + 3] = bits[a];
      words[at + 4] = bits[a + 1];
      words[at + 5] = bits[a + 2];
      words[at + 6] = bits[b];
      words[at + 7] = bits[b + 1];
      words[at + 8] = bits[b + 2];
      words[at + 9] = bits[c];
      words[at + 10] = bits[c + 1];
      words[at + 11] = bits[c + 2];
      words[at + 12] = 0;
      continue;
    }
    // The lower half of word 12 is the attribute of the triangle before, which is zero.
    at += 12;
    words[at] = normalBits[0] << 16;
    words[at + 1] = (normalBits[0] >>> 16) | (normalBits[1] << 16);
    words[at + 2] = (normalBits[1] >>> 16) | (normalBits[2] << 16);
    words[at + 3] = (normalBits[2] >>> 16) | (bits[a] << 16);
    words[at + 4] = (bits[a] >>> 16) | (bits[a + 1] << 16);
    words[at + 5] = (bits[a + 1] >>> 16) | (bits[a + 2] << 16);
    words[at + 6] = (bits[a + 2] >>> 16) | (bits[b] << 16);
    words[at + 7] = (bits[b] >>> 16) | (bits[b + 1] << 16);
    words[at + 8] = (bits[b + 1] >>> 16) | (bits[b + 2] << 16);
    words[at + 9] = (bits[b + 2] >>> 16) | (bits[c] << 16);
    words[at + 10] = (bits[c] >>> 16) | (bits[c + 1] << 16);
    words[at + 11] = (bits[c + 1] >>> 16) | (bits[c + 2] << 16);
    words[at + 12] = bits[c + 2] >>> 16;
  }
}

/** The file with its header, its triangles still to be written; and what the parts read. */
function begun(mesh: Mesh, header: string): { bytes: Uint8Array; stretch: Omit<StlStretch, 'from' | 'to'>; count: number } {
  if (/^\s*solid/i.test(header)) throw new RangeError('the header of a binary STL must not begin with solid');
  const count = mesh.triangles.length / 3;
  if (count > 0xffffffff) throw new RangeError(`${count} triangles do not fit an STL`);
  // An odd last triangle writes two bytes beyond the file.
  const words = sharedArray(Uint32Array, Math.ceil((headerBytes + triangleBytes * count) / 4));
  const bytes = new Uint8Array(words.buffer, 0, headerBytes + triangleBytes * count);
  bytes.fill(0x20, 0, 80);
  for (let n = 0; n < Math.min(80, header.length); n++) {
    const code = header.charCodeAt(n);
    bytes[n] = code >= 0x20 && code < 0x7f ? code : 0x3f;
  }
  new DataView(words.buffer).setUint32(80, count, true);
  const stretch = { positions: float32OnSharedMemory(mesh.positions), triangles: onSharedMemory(mesh.triangles) };
  return { bytes, stretch: { ...stretch, words: words.subarray(headerBytes / 4) }, count };
}

/**
 * A mesh as binary STL: 80 bytes of header text, the count, then normal, corners and two zero bytes a triangle, all little-endian float32.
 *
 * `header` is cut to 80 ASCII bytes (others become `?`, the rest blanks). `mesh` in LPS mm, stored as float32; the normals are of what is
 * stored. Throws RangeError on a header that begins with `solid` (readers would take the file for text) or on more than 2^32 - 1
 * triangles. Needs a little-endian machine, as every one that runs this is. Cost: 50 bytes and some 25 ns a triangle.
 */
export function writeStl(mesh: Mesh, header: string, tick?: Tick): Uint8Array {
  const { bytes, stretch, count } = begun(mesh, header);
  for (let from = 0; from < count; from += 500_000) {
    tick?.(from / count);
    stlPart({ ...stretch, from, to: Math.min(count, from + 500_000) });
  }
  return bytes;
}

/** The same bytes by as many threads as there are. */
export async function writeStlByParts(mesh: Mesh, header: string, run: RunParts): Promise<Uint8Array> {
  const { bytes, stretch, count } = begun(mesh, header);
  await run(
    stlPart,
    stretches(count, 16, 2).map(([from, to]) => ({ ...stretch, from, to })),
  );
  return bytes;
}
