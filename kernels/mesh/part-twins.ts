import { float32Hash, tableSize } from './float32.ts';
import type { Mesh } from './mesh.ts';

/**
 * Moves vertices that coincide with an earlier one by the least step of float32 until none does, so that no reader joins them. Changes
 * `mesh.positions`; returns how far the furthest went, in mm (0 as a rule). O(vertices).
 */
export function partTwins(mesh: Mesh & { positions: Float32Array }): number {
  const { positions: p } = mesh;
  const vertices = p.length / 3;
  const mask = tableSize(vertices) - 1;
  const table = new Int32Array(mask + 1);
  const bits = new Int32Array(p.buffer, p.byteOffset, p.length);
  let furthest = 0;
  for (let vertex = 0; vertex < vertices; vertex++) {
    const at = vertex * 3;
    const before = p[at];
    for (;;) {
      let slot = float32Hash(p[at], p[at + 1], p[at + 2]) & mask;
      let met = false;
      for (; table[slot] > 0; slot = (slot + 1) & mask) {
        const other = (table[slot] - 1) * 3;
        if (p[other] !== p[at] || p[other + 1] !== p[at + 1] || p[other + 2] !== p[at + 2]) continue;
        met = true;
        break;
      }
      if (!met) {
        table[slot] = vertex + 1;
        break;
      }
      // The next number away from zero; from zero itself the least normal number.
      if (Math.abs(p[at]) < 1e-30) p[at] = 1e-30;
      else bits[at]++;
    }
    furthest = Math.max(furthest, Math.abs(p[at] - before));
  }
  return furthest;
}
