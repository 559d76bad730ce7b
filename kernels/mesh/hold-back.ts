import { type RunParts, stretches } from '../parts.ts';
import { isTurned, turnedPart } from './turned-triangles.ts';

/** Parts of its displacement that a vertex goes, each time it is held back again. */
const parts = [1, 0.7, 0.4, 0.2, 0];

/**
 * Moves every vertex by its offset along its normal, less far where a triangle would be turned inside out (turned-triangles.ts).
 * Writes `moved` (float32), changes `offsets` to what was gone, returns how many vertices were held back. `positions`, `normals`, `moved`
 * and triangles on shared memory where threads run the parts. Ends: each round holds a vertex back further, and where none goes at all the
 * triangle is as it was. A round is O(triangles); in practice there are two to four.
 */
export async function moveWithoutFlips(
  { positions, triangles }: { positions: Float32Array; triangles: Uint32Array },
  normals: Float32Array,
  offsets: Float32Array,
  moved: Float32Array,
  run: RunParts,
  pieces = 8,
): Promise<number> {
  const held = new Uint8Array(offsets.length);
  const whole = offsets.slice();
  const place = (vertex: number) => {
    offsets[vertex] = whole[vertex] * parts[held[vertex]];
    for (let at = vertex * 3; at < vertex * 3 + 3; at++) moved[at] = positions[at] + offsets[vertex] * normals[at];
  };
  for (let vertex = 0; vertex < offsets.length; vertex++) place(vertex);
  const cut = stretches(triangles.length, pieces, 3);
  let turned = (
    await run(
      turnedPart,
      cut.map(([from, to]) => ({ positions, triangles, normals, moved, from, to })),
    )
  ).flat();
  let total = 0;
  while (turned.length > 0) {
    const touched = new Uint8Array(offsets.length);
    let more = false;
    for (const at of turned) {
      for (let corner = at; corner < at + 3; corner++) {
        const vertex = triangles[corner];
        if (touched[vertex] || held[vertex] === parts.length - 1) continue;
        touched[vertex] = 1;
        more = true;
        if (held[vertex]++ === 0) total++;
        place(vertex);
      }
    }
    if (!more) break;
    turned = [];
    for (let at = 0; at < triangles.length; at += 3) {
      if (!(touched[triangles[at]] || touched[triangles[at + 1]] || touched[triangles[at + 2]])) continue;
      if (isTurned(positions, triangles, normals, moved, at)) turned.push(at);
    }
  }
  return total;
}
