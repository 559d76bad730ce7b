import type { RunParts } from '../parts.ts';
import { checkMesh } from './check.ts';
import { fillHoles } from './fill-holes.ts';
import { keepTriangles } from './keep-triangles.ts';
import type { Mesh, Tick } from './mesh.ts';
import { selfIntersections } from './self-intersections.ts';
import { splitFans } from './split-fans.ts';

/** A patch that is cut out may have a rim of at most this; larger crossings are not ours to decide. */
const largestRimMm = 20;
/** Rings of triangles around those that cross that go with them, one more each time that fewer were not enough. */
const mostRings = 3;

/**
 * Takes crossings out of a surface that has no start to go back to: triangles that cross and rings of others around them are cut out and
 * the holes closed over their rims. Kept only where that leaves fewer crossings, no more open edges and no more or fewer parts;
 * vertices outside of the patches stay. Triangles run alike and the surface is manifold.
 */
export async function cutCrossings(mesh: Mesh, run: RunParts, tick?: Tick): Promise<{ mesh: Mesh; mended: number; left: number }> {
  let best = mesh;
  let crossing = await selfIntersections(mesh, run, tick && ((part) => tick(part * 0.5)));
  const before = crossing.pairs;
  for (let rings = 0; rings <= mostRings && crossing.pairs > 0; rings++) {
    tick?.(0.5 + (0.5 * rings) / (mostRings + 1));
    const { triangles } = best;
    const gone = new Uint8Array(triangles.length / 3);
    for (const triangle of crossing.triangles) gone[triangle] = 1;
    for (let ring = 0; ring < rings; ring++) {
      const touched = new Uint8Array(best.positions.length / 3);
      for (let at = 0; at < triangles.length; at++) if (gone[Math.floor(at / 3)]) touched[triangles[at]] = 1;
      for (let at = 0; at < triangles.length; at++) if (touched[triangles[at]]) gone[Math.floor(at / 3)] = 1;
    }
    const was = checkMesh(best);
    const cut = splitFans(keepTriangles(best, (triangle) => gone[triangle] === 0).mesh).mesh;
    const filled = fillHoles(cut, largestRimMm).mesh;
    const now = checkMesh(filled);
    const sound =
      now.openEdges <= was.openEdges &&
      now.nonManifoldEdges + now.nonManifoldVertices === 0 &&
      now.degenerateTriangles <= was.degenerateTriangles;
    if (!sound || now.parts !== was.parts) continue;
    const found = await selfIntersections(filled, run);
    if (found.pairs >= crossing.pairs) continue;
    best = filled;
    crossing = found;
  }
  tick?.(1);
  return { mesh: best, mended: before - crossing.pairs, left: crossing.pairs };
}
