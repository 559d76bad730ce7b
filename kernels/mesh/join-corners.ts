import { edgesOf, open } from './edges.ts';
import { float32Hash, tableSize } from './float32.ts';
import { keepTriangles } from './keep-triangles.ts';
import type { Mesh } from './mesh.ts';

/** The mesh with each vertex replaced by another; those no longer used are left out. */
function renumbered(mesh: Mesh, into: Uint32Array): Mesh {
  return keepTriangles({ positions: mesh.positions, triangles: mesh.triangles.map((vertex) => into[vertex]) }, () => true).mesh;
}

/**
 * Joins vertices that are equal in float32 under the first of them (as who reads an STL does). Vertices that are not numbers stay apart.
 * Returns how many went. Cost: O(vertices).
 */
export function joinEqual(mesh: Mesh): { mesh: Mesh; joined: number } {
  const { positions } = mesh;
  const { fround } = Math;
  const vertices = positions.length / 3;
  const mask = tableSize(vertices) - 1;
  const table = new Int32Array(mask + 1).fill(-1);
  const into = new Uint32Array(vertices);
  let joined = 0;
  for (let vertex = 0; vertex < vertices; vertex++) {
    into[vertex] = vertex;
    const x = fround(positions[vertex * 3]);
    const y = fround(positions[vertex * 3 + 1]);
    const z = fround(positions[vertex * 3 + 2]);
    if (!Number.isFinite(x + y + z)) continue;
    let slot = float32Hash(x, y, z) & mask;
    for (; table[slot] >= 0; slot = (slot + 1) & mask) {
      const at = table[slot] * 3;
      if (fround(positions[at]) === x && fround(positions[at + 1]) === y && fround(positions[at + 2]) === z) break;
    }
    if (table[slot] < 0) table[slot] = vertex;
    else {
      into[vertex] = table[slot];
      joined++;
    }
  }
  return joined > 0 ? { mesh: renumbered(mesh, into), joined } : { mesh, joined };
}

/**
 * Joins corners of open edges that lie within a tolerance of one another, where that closes edges and makes none that three triangles
 * share; otherwise the mesh itself. Cost: O(triangles).
 */
export function joinNear(mesh: Mesh, toleranceMm: number): { mesh: Mesh; joined: number } {
  const { positions: p, triangles } = mesh;
  const vertices = p.length / 3;
  const before = edgesOf(triangles, vertices);
  if (before.openEdges === 0) return { mesh, joined: 0 };
  const onRim = new Uint8Array(vertices);
  for (let h = 0; h < triangles.length; h++) {
    if (before.twins[h] !== open) continue;
    onRim[triangles[h]] = 1;
    onRim[triangles[h % 3 === 2 ? h - 2 : h + 1]] = 1;
  }
  const into = Uint32Array.from({ length: vertices }, (_, vertex) => vertex);
  const cells = new Map<string, number[]>();
  let joined = 0;
  for (let vertex = 0; vertex < vertices; vertex++) {
    if (!onRim[vertex]) continue;
    const at = vertex * 3;
    const cell = [0, 1, 2].map((axis) => Math.floor(p[at + axis] / toleranceMm));
    let nearest = -1;
    let least = toleranceMm;
    for (let n = 0; n < 27; n++) {
      const key = `${cell[0] + (n % 3) - 1} ${cell[1] + (Math.floor(n / 3) % 3) - 1} ${cell[2] + Math.floor(n / 9) - 1}`;
      for (const other of cells.get(key) ?? []) {
        const far = Math.hypot(p[other * 3] - p[at], p[other * 3 + 1] - p[at + 1], p[other * 3 + 2] - p[at + 2]);
        if (far > least || (far === least && nearest >= 0)) continue;
        least = far;
        nearest = other;
      }
    }
    if (nearest >= 0) {
      into[vertex] = nearest;
      joined++;
    } else {
      const key = cell.join(' ');
      const here = cells.get(key);
      if (here) here.push(vertex);
      else cells.set(key, [vertex]);
    }
  }
  if (joined === 0) return { mesh, joined };
  const closer = renumbered(mesh, into);
  const after = edgesOf(closer.triangles, closer.positions.length / 3);
  const helps = after.openEdges < before.openEdges && after.nonManifoldEdges <= before.nonManifoldEdges;
  return helps ? { mesh: closer, joined } : { mesh, joined: 0 };
}
