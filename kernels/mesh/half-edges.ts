import { sharedArray } from '../parts.ts';
import type { Mesh } from './mesh.ts';
import { addTriangle, perVertex } from './quadric.ts';

/**
 * A mesh that edges can be collapsed in, on memory that threads share. Half-edge h = 8 t + n starts at corner n (0..2) of triangle t and
 * runs to the next corner. What is needed together lies together: waiting for memory is most of the cost.
 */
export interface HalfEdges {
  /** x, y, z in LPS mm, every `perVertex` numbers; `quadrics` (quadric.ts) lies between, on the same memory. */
  positions: Float32Array;
  /** Eight a triangle: the vertices of its corners (the first -1: it is gone), what `bounds` holds, and `twins`. */
  corners: Int32Array;
  /** The same memory as `corners`; at 8 t + 3 how far triangle t may be from the input's surface, mm. */
  bounds: Float32Array;
  /** The half-edge that runs the other way; -1 where there is none. The same memory, four further. */
  twins: Int32Array;
  /** A half-edge that starts at the vertex; -1 where it is gone or was never used. */
  outOf: Int32Array;
  quadrics: Float32Array;
  /**
   * No edge from the vertex to a higher one costs less than this; Infinity: none can collapse until its surroundings change. Not a number:
   * the vertex is gone, or stays for good, since its surroundings are not one closed fan of triangles.
   */
  least: Float32Array;
}

export const nextOf = (h: number): number => ((h & 3) === 2 ? h - 2 : h + 1);
export const previousOf = (h: number): number => ((h & 3) === 0 ? h + 2 : h - 1);

/** Where a list of half-edges has h: four a triangle. */
const placeOf = (h: number): number => ((h >> 1) & ~3) | (h & 3);

/** What `pairPart` and `starPart` work on: the half-edges and, for pairing, the corners of each vertex as a list that ends with -1. */
export interface HalfEdgesPart {
  half: HalfEdges;
  firstCorner: Int32Array;
  nextCorner: Int32Array;
  /** Vertices [from, to). */
  from: number;
  to: number;
}

/** Copies a mesh into half-edges, not yet paired: run `pairPart`, then `starPart` over all vertices. O(triangles), 110 bytes each. */
export function unpairedHalfEdges(mesh: Mesh): Omit<HalfEdgesPart, 'from' | 'to'> {
  const vertices = mesh.positions.length / 3;
  const count = mesh.triangles.length / 3;
  const positions = sharedArray(Float32Array, vertices * perVertex);
  for (let vertex = 0; vertex < vertices; vertex++) {
    const to = vertex * perVertex;
    const from = vertex * 3;
    positions[to] = mesh.positions[from];
    positions[to + 1] = mesh.positions[from + 1];
    positions[to + 2] = mesh.positions[from + 2];
  }
  const corners = sharedArray(Int32Array, count * 8);
  const twins = new Int32Array(corners.buffer, count > 0 ? 16 : 0);
  const nextCorner = sharedArray(Int32Array, count * 4);
  const firstCorner = sharedArray(Int32Array, vertices).fill(-1);
  const { triangles } = mesh;
  for (let t = count - 1; t >= 0; t--) {
    for (let n = 0; n < 3; n++) {
      const vertex = triangles[t * 3 + n];
      const h = t * 8 + n;
      corners[h] = vertex;
      twins[h] = -1;
      nextCorner[placeOf(h)] = firstCorner[vertex];
      firstCorner[vertex] = h;
    }
  }
  const half = {
    positions,
    corners,
    bounds: new Float32Array(corners.buffer),
    twins,
    outOf: sharedArray(Int32Array, vertices),
    quadrics: new Float32Array(positions.buffer, vertices > 0 ? 16 : 0),
    least: sharedArray(Float32Array, vertices),
  };
  return { half, firstCorner, nextCorner };
}

/** Pairs every half-edge that starts at its lower vertex with one that runs back. */
export function pairPart({ half, firstCorner, nextCorner, from, to }: HalfEdgesPart): void {
  const { corners, twins } = half;
  for (let a = from; a < to; a++) {
    for (let h = firstCorner[a]; h >= 0; h = nextCorner[placeOf(h)]) {
      const b = corners[nextOf(h)];
      if (b <= a) continue;
      for (let g = firstCorner[b]; g >= 0; g = nextCorner[placeOf(g)]) {
        if (corners[nextOf(g)] !== a) continue;
        twins[h] = g;
        twins[g] = h;
        break;
      }
    }
  }
}

/** Finds out which vertices stand in one closed fan, locks the others, and sums up the planes around each. */
export function starPart({ half, firstCorner, nextCorner, from, to }: HalfEdgesPart): void {
  const { positions: p, corners, twins, outOf, least, quadrics } = half;
  for (let vertex = from; vertex < to; vertex++) {
    const first = firstCorner[vertex];
    outOf[vertex] = first;
    if (first < 0) {
      least[vertex] = Number.NaN;
      continue;
    }
    let size = 0;
    let whole = true;
    const x = p[vertex * perVertex];
    const y = p[vertex * perVertex + 1];
    const z = p[vertex * perVertex + 2];
    for (let h = first; h >= 0; h = nextCorner[placeOf(h)]) {
      size++;
      const back = previousOf(h);
      // A pair that is not mutual is an edge of three triangles or more.
      if (twins[h] < 0 || twins[back] < 0 || twins[twins[h]] !== h || twins[twins[back]] !== back) whole = false;
      const a = corners[nextOf(h)] * perVertex;
      const b = corners[back] * perVertex;
      addTriangle(quadrics, vertex * perVertex, p[a] - x, p[a + 1] - y, p[a + 2] - z, p[b] - x, p[b + 1] - y, p[b + 2] - z);
    }
    if (whole) {
      let h = first;
      do {
        h = twins[previousOf(h)];
        size--;
      } while (h !== first && size > 0);
      whole = h === first && size === 0;
    }
    if (!whole) least[vertex] = Number.NaN;
  }
}
