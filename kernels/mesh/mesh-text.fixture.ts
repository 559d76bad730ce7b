import type { Mesh } from './mesh.ts';

/** A tetrahedron beside the origin, no two of its sizes alike. */
export const tetrahedron: Mesh = {
  positions: Float64Array.of(0.1, -20.5, 1e3, 1, 0, 0, 0, 1, 0, 0, 0, 1),
  triangles: Uint32Array.of(0, 1, 2, 0, 3, 1, 1, 3, 2, 0, 2, 3),
};

/** All pieces as one array. */
export function joinedPieces(pieces: Iterable<Uint8Array>): Uint8Array {
  const all = [...pieces];
  const bytes = new Uint8Array(all.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of all) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

export const asciiBytes = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** Volume that the triangles close, above zero where they face outward; by the sum over tetrahedra to the origin. */
export function volumeOf({ positions: p, triangles }: Mesh): number {
  let sum = 0;
  for (let n = 0; n < triangles.length; n += 3) {
    const [a, b, c] = [triangles[n] * 3, triangles[n + 1] * 3, triangles[n + 2] * 3];
    sum += p[a] * (p[b + 1] * p[c + 2] - p[b + 2] * p[c + 1]);
    sum += p[a + 1] * (p[b + 2] * p[c] - p[b] * p[c + 2]);
    sum += p[a + 2] * (p[b] * p[c + 1] - p[b + 1] * p[c]);
  }
  return sum / 6;
}
