import type { Mesh } from './mesh.ts';

/** Parts of its displacement that a vertex goes, each time it is held back again. */
const parts = [1, 0.7, 0.4, 0.2, 0];

/**
 * Moves every vertex by its offset along its normal, less far where a triangle would be turned inside out: its new face is compared with
 * the sum of its face at the start and of its corners' smoothed normals, since the risers of a mask's steps may well lie down.
 * Returns the positions (float32), and changes `offsets` to what was gone. Ends after at most four rounds a vertex; each is O(triangles).
 */
export function moveWithoutFlips(mesh: Mesh, normals: Float32Array, offsets: Float32Array, moved: Float32Array): number {
  const { positions: p, triangles } = mesh;
  const held = new Uint8Array(offsets.length);
  const whole = offsets.slice();
  const place = (vertex: number) => {
    offsets[vertex] = whole[vertex] * parts[held[vertex]];
    for (let at = vertex * 3; at < vertex * 3 + 3; at++) moved[at] = p[at] + offsets[vertex] * normals[at];
  };
  for (let vertex = 0; vertex < offsets.length; vertex++) place(vertex);
  let turned: number[] = [];
  const look = (at: number) => {
    const a = triangles[at] * 3;
    const b = triangles[at + 1] * 3;
    const c = triangles[at + 2] * 3;
    const q = moved;
    const ux = q[b] - q[a];
    const uy = q[b + 1] - q[a + 1];
    const uz = q[b + 2] - q[a + 2];
    const vx = q[c] - q[a];
    const vy = q[c + 1] - q[a + 1];
    const vz = q[c + 2] - q[a + 2];
    const x = uy * vz - uz * vy;
    const y = uz * vx - ux * vz;
    const z = ux * vy - uy * vx;
    const sx = normals[a] + normals[b] + normals[c];
    const sy = normals[a + 1] + normals[b + 1] + normals[c + 1];
    const sz = normals[a + 2] + normals[b + 2] + normals[c + 2];
    // Most triangles face along their corners' normals: no need to look at the start.
    const along = x * sx + y * sy + z * sz;
    const longest = Math.max(ux * ux + uy * uy + uz * uz, vx * vx + vy * vy + vz * vz);
    if (along > 0.15 * longest) return false;
    const ox = p[b] - p[a];
    const oy = p[b + 1] - p[a + 1];
    const oz = p[b + 2] - p[a + 2];
    const wx = p[c] - p[a];
    const wy = p[c + 1] - p[a + 1];
    const wz = p[c + 2] - p[a + 2];
    const fx = oy * wz - oz * wy;
    const fy = oz * wx - ox * wz;
    const fz = ox * wy - oy * wx;
    const face = Math.sqrt(fx * fx + fy * fy + fz * fz);
    if (!(face > 0)) return false;
    return !(3 * (x * fx + y * fy + z * fz) + along * face > 0);
  };
  const free = (at: number) => held[triangles[at]] + held[triangles[at + 1]] + held[triangles[at + 2]] < 3 * (parts.length - 1);
  for (let at = 0; at < triangles.length; at += 3) if (look(at)) turned.push(at);
  let total = 0;
  while (turned.length > 0) {
    const touched = new Set<number>();
    for (const at of turned) {
      for (let corner = at; corner < at + 3; corner++) {
        const vertex = triangles[corner];
        if (touched.has(vertex) || held[vertex] === parts.length - 1) continue;
        touched.add(vertex);
        if (held[vertex]++ === 0) total++;
        place(vertex);
      }
    }
    if (touched.size === 0) break;
    turned = [];
    for (let at = 0; at < triangles.length; at += 3) {
      if (!(touched.has(triangles[at]) || touched.has(triangles[at + 1]) || touched.has(triangles[at + 2]))) continue;
      if (free(at) && look(at)) turned.push(at);
    }
  }
  return total;
}
