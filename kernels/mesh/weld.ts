import { float32Hash, tableSize } from './float32.ts';
import type { Mesh, Tick } from './mesh.ts';

/**
 * Joins the corners of loose triangles whose float32 coordinates are exactly equal (no tolerance: -0 equals 0, a NaN equals only the
 * same NaN), numbering vertices in order of first use. `soup` is nine float32 a triangle, LPS mm.
 * Throws RangeError where the length is not a multiple of nine. Cost: O(corners); the table takes 8 to 16 bytes a vertex.
 */
export function weld(soup: Float32Array, tick?: Tick): Mesh {
  if (soup.length % 9 !== 0) throw new RangeError(`${soup.length} numbers are not whole triangles`);
  const corners = soup.length / 3;
  const triangles = new Uint32Array(corners);
  // A closed surface has half as many vertices as triangles; the table and the positions grow where that is not so.
  let positions = new Float32Array(3 * Math.max(16, Math.ceil(corners / 5)));
  let mask = tableSize(positions.length / 3) - 1;
  let table = new Int32Array(mask + 1).fill(-1);
  let vertices = 0;
  const same = (p: number, q: number) => p === q || (Number.isNaN(p) && Number.isNaN(q));

  const grow = () => {
    const wider = new Float32Array(Math.min(soup.length, positions.length * 2));
    wider.set(positions);
    positions = wider;
    mask = tableSize(positions.length / 3) - 1;
    table = new Int32Array(mask + 1).fill(-1);
    for (let vertex = 0; vertex < vertices; vertex++) {
      let slot = float32Hash(positions[vertex * 3], positions[vertex * 3 + 1], positions[vertex * 3 + 2]) & mask;
      while (table[slot] >= 0) slot = (slot + 1) & mask;
      table[slot] = vertex;
    }
  };

  for (let corner = 0; corner < corners; corner++) {
    if (corner % 1_000_000 === 0) tick?.(corner / corners);
    const x = soup[corner * 3];
    const y = soup[corner * 3 + 1];
    const z = soup[corner * 3 + 2];
    let slot = float32Hash(x, y, z) & mask;
    while (table[slot] >= 0) {
      const at = table[slot] * 3;
      if (same(positions[at], x) && same(positions[at + 1], y) && same(positions[at + 2], z)) break;
      slot = (slot + 1) & mask;
    }
    if (table[slot] < 0) {
      if (vertices * 3 === positions.length) {
        grow();
        slot = float32Hash(x, y, z) & mask;
        while (table[slot] >= 0) slot = (slot + 1) & mask;
      }
      table[slot] = vertices;
      positions[vertices * 3] = x;
      positions[vertices * 3 + 1] = y;
      positions[vertices * 3 + 2] = z;
      vertices++;
    }
    triangles[corner] = table[slot];
  }
  return { positions: positions.slice(0, vertices * 3), triangles };
}
