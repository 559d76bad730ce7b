import { sharedArray } from '../parts.ts';
import type { Mesh } from './mesh.ts';
import { addTriangle, quadricSize } from './quadric.ts';

/**
 * A mesh that edges can be collapsed in, on memory that threads share. Half-edge h = 4 t + n starts at corner n (0..2) of triangle t and
 * runs to the next corner.
 */
export interface HalfEdges {
  /** x, y, z in LPS mm. */
  positions: Float32Array;
  /** Four a triangle: the vertices of its corners (the first -1: it is gone), and what `bounds` holds. */
  corners: Int32Array;
  /** The same memory as `corners`; at 4 t + 3 how far triangle t may be from the input's surface, mm. */
  bounds: Float32Array;
  /** The half-edge that runs the other way; -1 where there is none. */
  twins: Int32Array;
  /** A half-edge that starts at the vertex; -1 where it is gone or was never used. */
  outOf: Int32Array;
  /** See quadric.ts. */
  quadrics: Float32Array;
  /**
   * No edge from the vertex to a higher one costs less than this; Infinity: none can collapse until its surroundings change. Not a number:
   * the vertex is gone, or stays for good, since its surroundings are not one closed fan of triangles.
   */
  least: Float32Array;
}

export const nextOf = (h: number): number => ((h & 3) === 2 ? h - 2 : h + 1);
export const previousOf = (h: number): number => ((h & 3) === 0 ? h + 2 : h - 1);

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
  const positions = sharedArray(Float32Array, vertices * 3);
  positions.set(mesh.positions);
  const corners = sharedArray(Int32Array, count * 4);
  const twins = sharedArray(Int32Array, count * 4);
  const nextCorner = sharedArray(Int32Array, count * 4);
  const firstCorner = sharedArray(Int32Array, vertices).fill(-1);
  const { triangles } = mesh;
  for (let t = count - 1; t >= 0; t--) {
    for (let n = 0; n < 3; n++) {
      const vertex = triangles[t * 3 + n];
      const h = t * 4 + n;
      corners[h] = vertex;
      twins[h] = -1;
      nextCorner[h] = firstCorner[vertex];
      firstCorner[vertex] = h;
    }
  }
  const half = {
    positions,
    corners,
    bounds: new Float32Array(corners.buffer),
    twins,
    outOf: sharedArray(Int32Array, vertices),
    quadrics: sharedArray(Float32Array, vertices * quadricSize),
    least: sharedArray(Float32Array, vertices),
  };
  return { half, firstCorner, nextCorner };
}

/** Pairs every half-edge that starts at its lower vertex with one that runs back. */
export function pairPart({ half, firstCorner, nextCorner, from, to }: HalfEdgesPart): void {
  const { corners, twins } = half;
  for (let a = from; a < to; a++) {
    for (let h = firstCorner[a]; h >= 0; h = nextCorner[h]) {
      const b = corners[nextOf(h)];
      if (b <= a) continue;
      for (let g = firstCorner[b]; g >= 0; g = nextCorner[g]) {
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
    const x = p[vertex * 3];
    const y = p[vertex * 3 + 1];
    const z = p[vertex * 3 + 2];
    for (let h = first; h >= 0; h = nextCorner[h]) {
      size++;
      const back = previousOf(h);
      // A pair that is not mutual is an edge of three triangles or more.
      if (twins[h] < 0 || twins[back] < 0 || twins[twins[h]] !== h || twins[twins[back]] !== back) whole = false;
      const a = corners[nextOf(h)] * 3;
      const b = corners[back] * 3;
      addTriangle(quadrics, vertex * quadricSize, p[a] - x, p[a + 1] - y, p[a + 2] - z, p[b] - x, p[b + 1] - y, p[b + 2] - z);
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
