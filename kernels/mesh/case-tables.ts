import { cubeCases, midpoint } from './cube-cases.ts';

/** The 256 cases laid flat, for loops that look one up for every cell that the surface passes. */
export interface CaseTables {
  /** Bit n set where grid edge n carries a vertex. */
  edges: Uint16Array;
  /** Triangles of the case, and vertices that lie in the cell and not on an edge. */
  triangles: Uint8Array;
  centroids: Uint8Array;
  /** Local vertex numbers of case c from `cornersFrom[c]` to `cornersFrom[c + 1]`, three a triangle. */
  cornersFrom: Uint16Array;
  corners: Uint8Array;
  /** Place of each centroid of case c from `placesFrom[c]` on, x y z in cells from the cell's lowest corner. */
  placesFrom: Uint16Array;
  places: Float64Array;
}

/** Tables with triangles as the cases have them, or turned over for left-handed grids. */
function flatTables(turned: boolean): CaseTables {
  const corners: number[] = [];
  const places: number[] = [];
  const cornersFrom = new Uint16Array(257);
  const placesFrom = new Uint16Array(257);
  for (const [inside, { centroids, triangles }] of cubeCases.entries()) {
    for (let at = 0; at < triangles.length; at += 3) {
      const [a, b, c] = triangles.subarray(at, at + 3);
      corners.push(a, ...(turned ? [c, b] : [b, c]));
    }
    for (const loop of centroids) {
      const points = Array.from(loop, midpoint);
      for (let axis = 0; axis < 3; axis++) places.push(points.reduce((sum, point) => sum + point[axis], 0) / points.length);
    }
    cornersFrom[inside + 1] = corners.length;
    placesFrom[inside + 1] = places.length;
  }
  return {
    edges: Uint16Array.from(cubeCases, ({ edges }) => edges.reduce((bits, edge) => bits | (1 << edge), 0)),
    triangles: Uint8Array.from(cubeCases, ({ triangles }) => triangles.length / 3),
    centroids: Uint8Array.from(cubeCases, ({ centroids }) => centroids.length),
    cornersFrom,
    corners: Uint8Array.from(corners),
    placesFrom,
    places: Float64Array.from(places),
  };
}

export const caseTables = flatTables(false);
export const turnedTables = flatTables(true);
