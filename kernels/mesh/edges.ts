import { find, unite } from './union.ts';

/**
 * Which triangles meet at which edge. Half-edge h starts at corner h of `triangles` and ends at the next corner of the same triangle.
 */
export interface Edges {
  /** The other half-edge of an edge that two triangles share, whichever way that runs; `open`, `crowded` or `none` otherwise. */
  twins: Int32Array;
  /** Distinct edges. */
  edges: number;
  openEdges: number;
  nonManifoldEdges: number;
  misorientedEdges: number;
  /** Half-edges of the edges with three triangles or more: for each how many, then their numbers, rising. */
  crowds: Uint32Array;
}

/** What stands in `twins` of an edge with one triangle, with three or more, and of a triangle with two equal corners. */
export const open = -1;
export const crowded = -2;
export const none = -3;

export const nextCorner = (h: number): number => (h % 3 === 2 ? h - 2 : h + 1);
export const previousCorner = (h: number): number => (h % 3 === 0 ? h + 2 : h - 1);

/** Up to here every half-edge of a vertex is compared with every other; beyond, they are sorted. */
const fewEdges = 32;

/**
 * Pairs half-edges: they are dealt out to their lower vertices, and those of one vertex compared by their higher one.
 * Triangles with two equal corners take no part. Vertex numbers must be below `vertices`.
 * Cost: O(triangles) where vertices have few neighbours, O(n log n) for one with many; 36 bytes a triangle while at work.
 */
export function edgesOf(triangles: Uint32Array, vertices: number): Edges {
  const count = triangles.length;
  const first = new Uint32Array(vertices + 1);
  const twins = new Int32Array(count);
  for (let at = 0; at < count; at += 3) {
    const a = triangles[at];
    const b = triangles[at + 1];
    const c = triangles[at + 2];
    if (a === b || b === c || c === a) {
      twins[at] = twins[at + 1] = twins[at + 2] = none;
      continue;
    }
    first[Math.min(a, b)]++;
    first[Math.min(b, c)]++;
    first[Math.min(c, a)]++;
  }
  let total = 0;
  for (let vertex = 0; vertex < vertices; vertex++) {
    const here = first[vertex];
    first[vertex] = total;
    total += here;
  }
  const halves = new Uint32Array(total);
  const ends = new Uint32Array(total);
  for (let at = 0; at < count; at += 3) {
    if (twins[at] === none) continue;
    let start = triangles[at + 2];
    for (let n = 0, h = at + 2; n < 3; h = at + n, n++) {
      const end = triangles[at + n];
      const place = first[Math.min(start, end)]++;
      halves[place] = h;
      ends[place] = Math.max(start, end);
      start = end;
    }
  }

  let edges = 0;
  let openEdges = 0;
  let nonManifoldEdges = 0;
  let misorientedEdges = 0;
  const crowds: number[] = [];
  const settle = (group: readonly number[]) => {
    edges++;
    nonManifoldEdges++;
    const sorted = group.toSorted((a, b) => a - b);
    crowds.push(sorted.length, ...sorted);
    for (const h of sorted) twins[h] = crowded;
  };
  const pair = (h: number, g: number) => {
    edges++;
    twins[h] = g;
    twins[g] = h;
    if (triangles[h] === triangles[g]) misorientedEdges++;
  };
  const alone = (h: number) => {
    edges++;
    openEdges++;
    twins[h] = open;
  };

  for (let vertex = 0, from = 0; vertex < vertices; vertex++) {
    // After dealing out, `first` holds where each vertex's stretch ends.
    const to = first[vertex];
    if (to - from > fewEdges) sortByEnd(halves, ends, from, to);
    const sorted = to - from > fewEdges;
    for (let i = from; i < to; i++) {
      const h = halves[i];
      if (h === taken) continue;
      let other = -1;
      let group: number[] | null = null;
      for (let j = i + 1; j < to; j++) {
        if (ends[j] !== ends[i]) {
          if (sorted) break;
          continue;
        }
        const g = halves[j];
        if (g === taken) continue;
        halves[j] = taken;
        if (other < 0) other = g;
        else if (group) group.push(g);
        else group = [h, other, g];
      }
      if (group) settle(group);
      else if (other < 0) alone(h);
      else pair(h, other);
    }
    from = to;
  }
  return { twins, edges, openEdges, nonManifoldEdges, misorientedEdges, crowds: Uint32Array.from(crowds) };
}

const taken = 0xffffffff;

/** Sorts a stretch by the higher vertex, equal ones as they stood. */
function sortByEnd(halves: Uint32Array, ends: Uint32Array, from: number, to: number): void {
  const count = to - from;
  // A vertex number times the count stays exact in a double: both are below 2^32 and their product below what a file can hold.
  const keys = Float64Array.from({ length: count }, (_, n) => ends[from + n] * count + n).sort();
  const before = halves.slice(from, to);
  for (let n = 0; n < count; n++) {
    const end = Math.floor(keys[n] / count);
    ends[from + n] = end;
    halves[from + n] = before[keys[n] - end * count];
  }
}

/**
 * Corners of one vertex that hang together over edges are one fan: a surface is manifold at a vertex where there is one. Gives each
 * corner a number that its fan shares with no other; corners of triangles with two equal corners stay alone.
 * Returns how many fans there are. Cost: O(triangles).
 */
export function fansOf(triangles: Uint32Array, { twins, crowds }: Edges): { fans: Uint32Array; count: number } {
  const unset = 0xffffffff;
  const fans = new Uint32Array(triangles.length).fill(unset);
  let count = 0;
  for (let corner = 0; corner < triangles.length; corner++) {
    if (fans[corner] !== unset) continue;
    const fan = count++;
    fans[corner] = fan;
    // Around the vertex over one edge of the corner, and where that way ends at a rim, over the other.
    for (let way = 0; way < 2; way++) {
      let across = way === 0 ? corner : previousCorner(corner);
      let closed = false;
      for (let g = twins[across]; g >= 0; g = twins[across]) {
        const starts = triangles[g] === triangles[corner];
        const here = starts ? g : nextCorner(g);
        if (fans[here] === fan) {
          closed = true;
          break;
        }
        fans[here] = fan;
        across = starts ? previousCorner(g) : nextCorner(g);
      }
      if (closed) break;
    }
  }
  return crowds.length > 0 ? joinFans(triangles, fans, count, crowds) : { fans, count };
}

/** Fans that hang together over an edge with three triangles or more are one. */
function joinFans(triangles: Uint32Array, fans: Uint32Array, count: number, crowds: Uint32Array): { fans: Uint32Array; count: number } {
  const parent = Uint32Array.from({ length: count }, (_, fan) => fan);
  for (let at = 0; at < crowds.length; at += crowds[at] + 1) {
    const h = crowds[at + 1];
    for (let n = 2; n <= crowds[at]; n++) {
      const g = crowds[at + n];
      const same = triangles[g] === triangles[h];
      unite(parent, fans[h], fans[same ? g : nextCorner(g)]);
      unite(parent, fans[nextCorner(h)], fans[same ? nextCorner(g) : g]);
    }
  }
  let joined = 0;
  for (let fan = 0; fan < count; fan++) if (find(parent, fan) === fan) joined++;
  return { fans: fans.map((fan) => find(parent, fan)), count: joined };
}
