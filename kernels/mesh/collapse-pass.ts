import { CollapsePatch, longestBorder } from './collapse-patch.ts';
import { type HalfEdges, nextOf, previousOf } from './half-edges.ts';
import { mergeQuadrics, perVertex, priceEdge } from './quadric.ts';

export interface CollapsePart {
  half: HalfEdges;
  /** Vertices [from, to): only edges whose whole star lies among them are touched, or read beyond what nobody changes. */
  from: number;
  to: number;
  /** Edges that cost more wait for a later pass. */
  costLimit: number;
  /** Collapses at most. */
  quota: number;
  /** No triangle's bound may exceed it, mm. */
  errorMm: number;
}

const mostTries = 3;

/**
 * One pass over the vertices [from, to): the cheapest edge of each that is cheap enough collapses, if what comes of it is allowed
 * (collapse-patch.ts). Returns how many did. Parts whose vertices are disjoint may run at once: a triangle with vertices of two parts is
 * changed by neither, and so is no vertex of it.
 */
export function collapsePart(part: CollapsePart): number {
  const { half, from, to, costLimit, quota } = part;
  const { least } = half;
  const pass = new CollapsePass(part);
  let collapsed = 0;
  for (let u = from; u < to && collapsed < quota; u++) {
    if (least[u] <= costLimit && pass.visit(u)) collapsed++;
  }
  return collapsed;
}

/** Cost of the cheapest edge from u to a higher vertex; Infinity where there is none, not a number where u stays. */
export function cheapestAt(half: HalfEdges, u: number, place: Float64Array): number {
  const { positions, quadrics, corners, twins, least, outOf } = half;
  if (Number.isNaN(least[u])) return Number.NaN;
  const first = outOf[u];
  let cost = Infinity;
  let h = first;
  do {
    const v = corners[nextOf(h)];
    if (v > u && !Number.isNaN(least[v])) {
      priceEdge(positions, quadrics, u, v, place);
      cost = Math.min(cost, place[3]);
    }
    h = twins[previousOf(h)];
  } while (h !== first);
  return cost;
}

class CollapsePass {
  private readonly part: CollapsePart;
  private readonly patch = new CollapsePatch();
  private readonly place = new Float64Array(4);
  /** Half-edges of the vertex at hand, and what they cost. */
  private readonly tried = new Int32Array(longestBorder);
  private readonly prices = new Float64Array(longestBorder);

  constructor(part: CollapsePart) {
    this.part = part;
  }

  visit(u: number): boolean {
    const { half, from, to, costLimit, errorMm } = this.part;
    const { positions, quadrics, corners, twins, outOf, least } = half;
    const { place, tried, prices } = this;
    let cost = Infinity;
    let best = -1;
    let edges = 0;
    const first = outOf[u];
    let h = first;
    do {
      const v = corners[nextOf(h)];
      // A neighbour in another part: the next pass cuts elsewhere.
      if (v < from || v >= to) return false;
      if (v > u && !Number.isNaN(least[v])) {
        priceEdge(positions, quadrics, u, v, place);
        const price = place[3];
        if (price < cost) {
          cost = price;
          best = edges;
        }
        if (edges < longestBorder) {
          tried[edges] = h;
          prices[edges++] = price;
        }
      }
      h = twins[previousOf(h)];
    } while (h !== first);
    least[u] = cost;
    if (!(cost <= costLimit)) return false;
    // Under an error limit more are refused, and it is worth asking the next cheapest too.
    for (let tries = errorMm < Infinity ? mostTries : 1; tries > 0; tries--) {
      const verdict = this.attempt(u, tried[best], cost);
      if (verdict === 'collapsed') return true;
      if (verdict === 'seam') return false;
      prices[best] = Infinity;
      cost = Infinity;
      for (let n = 0; n < edges; n++) {
        if (prices[n] >= cost) continue;
        cost = prices[n];
        best = n;
      }
      if (!(cost <= costLimit)) break;
    }
    least[u] = cost === Infinity || cost <= costLimit ? Infinity : cost;
    return false;
  }

  private attempt(u: number, h: number, cost: number): 'collapsed' | 'refused' | 'seam' {
    const { half, from, to, errorMm } = this.part;
    const { place, patch } = this;
    if (!patch.gather(half, h)) return 'refused';
    if (!patch.within(from, to)) return 'seam';
    const v = half.corners[nextOf(h)];
    priceEdge(half.positions, half.quadrics, u, v, place);
    for (let axis = 0; axis < 3; axis++) place[axis] = Math.fround(place[axis]);
    if (!(patch.measure(half, h, place, errorMm) <= errorMm)) return 'refused';
    this.collapse(u, v, h, cost);
    return 'collapsed';
  }

  /** u moves to `place` and takes over v's triangles; the two at the edge go. */
  private collapse(u: number, v: number, h: number, cost: number): void {
    const { positions, quadrics, corners, twins, outOf, least, bounds } = this.part.half;
    const { place, patch } = this;
    const { ring, spokes, size, ofU } = patch;
    mergeQuadrics(positions, quadrics, u, v, place);
    positions[u * perVertex] = place[0];
    positions[u * perVertex + 1] = place[1];
    positions[u * perVertex + 2] = place[2];
    const back = twins[h];
    glue(twins, twins[nextOf(h)], twins[previousOf(h)]);
    glue(twins, twins[nextOf(back)], twins[previousOf(back)]);
    corners[h & ~3] = -1;
    corners[back & ~3] = -1;
    for (let n = 0; n < size; n++) {
      if (n >= ofU) corners[spokes[n]] = u;
      bounds[spokes[n] | 3] = patch.bounds[n];
      if (least[ring[n]] === Infinity) least[ring[n]] = 0;
    }
    outOf[v] = -1;
    least[v] = Number.NaN;
    outOf[u] = spokes[0];
    outOf[ring[0]] = nextOf(spokes[0]);
    outOf[ring[ofU]] = nextOf(spokes[ofU]);
    least[u] = cost;
  }
}

function glue(twins: Int32Array, one: number, other: number): void {
  twins[one] = other;
  twins[other] = one;
}
