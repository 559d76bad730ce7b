import { type Edges, edgesOf } from './edges.ts';
import type { Mesh } from './mesh.ts';
import { partsAround } from './parts-around.ts';
import { noPart, partNumbers, partsOf } from './parts-of.ts';

/** Triangles of the marked numbers turned round. */
function turnedRound(mesh: Mesh, turn: Uint8Array): { mesh: Mesh; turned: number } {
  let turned = 0;
  for (const one of turn) turned += one;
  if (turned === 0) return { mesh, turned };
  const triangles = mesh.triangles.slice();
  for (let triangle = 0; triangle < turn.length; triangle++) {
    if (turn[triangle])
      [triangles[triangle * 3 + 1], triangles[triangle * 3 + 2]] = [triangles[triangle * 3 + 2], triangles[triangle * 3 + 1]];
  }
  return { mesh: { positions: mesh.positions, triangles }, turned };
}

/**
 * Turns triangles so that neighbours over an edge of two run along it opposite ways; of each piece that hangs together so, the fewer are
 * turned. A surface with one side only keeps a seam. `twins` as of `edgesOf` or edges paired by another rule. Cost: O(triangles).
 */
export function orientAlike(
  mesh: Mesh,
  { twins }: Pick<Edges, 'twins'> = edgesOf(mesh.triangles, mesh.positions.length / 3),
): { mesh: Mesh; turned: number } {
  const { triangles } = mesh;
  const count = triangles.length / 3;
  const turn = new Uint8Array(count);
  const seen = new Uint8Array(count);
  const piece: number[] = [];
  for (let first = 0; first < count; first++) {
    if (seen[first]) continue;
    piece.length = 0;
    piece.push(first);
    seen[first] = 1;
    let turned = 0;
    for (let n = 0; n < piece.length; n++) {
      const triangle = piece[n];
      for (let h = triangle * 3; h < triangle * 3 + 3; h++) {
        const g = twins[h];
        if (g < 0) continue;
        const beside = Math.floor(g / 3);
        if (seen[beside]) continue;
        seen[beside] = 1;
        turn[beside] = (triangles[g] === triangles[h] ? 1 : 0) ^ turn[triangle];
        turned += turn[beside];
        piece.push(beside);
      }
    }
    if (turned * 2 > piece.length) for (const triangle of piece) turn[triangle] ^= 1;
  }
  return turnedRound(mesh, turn);
}

/**
 * Turns whole closed parts so that they face outward, and inward where they lie in an odd number of others: a cavity. Triangles of a part
 * already run alike. Open parts stay. Returns how many triangles were turned.
 */
export function orientOutward(mesh: Mesh): { mesh: Mesh; turned: number } {
  const parts = partsOf(mesh);
  const numbers = partNumbers(edgesOf(mesh.triangles, mesh.positions.length / 3)).parts;
  const around = partsAround(mesh, parts, numbers);
  const wrong = parts.map((part, n) => part.closed && (around[n].size % 2 === 1 ? part.volumeMm3 > 0 : part.volumeMm3 < 0));
  return turnedRound(
    mesh,
    Uint8Array.from(numbers, (part) => (part !== noPart && wrong[part] ? 1 : 0)),
  );
}
