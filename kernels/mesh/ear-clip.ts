/** Points of the plane by number: x at 2n, y at 2n + 1. */
export type Flat = Float64Array;

/** Sines below this are no corner. */
const straight = 1e-4;

/** Twice the area of a triangle, above 0 counter-clockwise. */
export const twiceArea = (p: Flat, a: number, b: number, c: number): number =>
  (p[b * 2] - p[a * 2]) * (p[c * 2 + 1] - p[a * 2 + 1]) - (p[b * 2 + 1] - p[a * 2 + 1]) * (p[c * 2] - p[a * 2]);

const gap = (p: Flat, a: number, b: number): number => Math.hypot(p[b * 2] - p[a * 2], p[b * 2 + 1] - p[a * 2 + 1]);

/** A ring of corners, and those that may lie in an ear by place. */
class Ring {
  readonly vertex: Int32Array;
  readonly next: Int32Array;
  readonly previous: Int32Array;
  private readonly p: Flat;
  private readonly fuzzMm: number;
  private readonly gone: Uint8Array;
  private readonly low: [number, number];
  private readonly cellSize: number;
  private readonly across: number;
  private readonly cells: Map<number, number[]> = new Map();

  constructor(p: Flat, polygon: readonly number[], fuzzMm: number) {
    const n = polygon.length;
    this.p = p;
    this.fuzzMm = fuzzMm;
    this.vertex = Int32Array.from(polygon);
    this.next = Int32Array.from({ length: n }, (_, at) => (at + 1) % n);
    this.previous = Int32Array.from({ length: n }, (_, at) => (at + n - 1) % n);
    this.gone = new Uint8Array(n);
    const high = [-Infinity, -Infinity];
    this.low = [Infinity, Infinity];
    for (const v of polygon) {
      for (let axis = 0; axis < 2; axis++) {
        this.low[axis] = Math.min(this.low[axis], p[v * 2 + axis]);
        high[axis] = Math.max(high[axis], p[v * 2 + axis]);
      }
    }
    const wide = Math.max(high[0] - this.low[0], high[1] - this.low[1]) || 1;
    this.across = Math.ceil(Math.sqrt(n)) + 1;
    this.cellSize = wide / (this.across - 1);
    // Convex corners cannot be the only ones in an ear, and a corner that is not convex now may be so later, never the other way.
    for (let at = 0; at < n; at++) {
      if (this.sharp(at)) continue;
      const cell = this.cellOf(p[polygon[at] * 2], 0) + this.across * this.cellOf(p[polygon[at] * 2 + 1], 1);
      const list = this.cells.get(cell);
      if (list) list.push(at);
      else this.cells.set(cell, [at]);
    }
  }

  private cellOf(value: number, axis: number): number {
    return Math.min(this.across - 1, Math.floor((value - this.low[axis]) / this.cellSize));
  }

  /** Convex, and not nearly straight. */
  sharp(at: number): boolean {
    const [a, b, c] = [this.vertex[this.previous[at]], this.vertex[at], this.vertex[this.next[at]]];
    return twiceArea(this.p, a, b, c) > straight * gap(this.p, a, b) * gap(this.p, b, c) + this.fuzzMm * gap(this.p, a, c);
  }

  /** Whether another corner lies in the ear, or where `wary` so little beyond its base that what is left would have no area. */
  blocked(at: number, wary: boolean): boolean {
    const { p, vertex } = this;
    const [a, b, c] = [vertex[this.previous[at]], vertex[at], vertex[this.next[at]]];
    const base = gap(p, a, c);
    const reach = wary ? straight * base + this.fuzzMm : 0;
    const beyond = -reach * base;
    const [x0, x1] = [Math.min(p[a * 2], p[b * 2], p[c * 2]), Math.max(p[a * 2], p[b * 2], p[c * 2])];
    const [y0, y1] = [Math.min(p[a * 2 + 1], p[b * 2 + 1], p[c * 2 + 1]), Math.max(p[a * 2 + 1], p[b * 2 + 1], p[c * 2 + 1])];
    for (let j = Math.max(0, this.cellOf(y0 - reach, 1)); j <= this.cellOf(y1 + reach, 1); j++) {
      for (let i = Math.max(0, this.cellOf(x0 - reach, 0)); i <= this.cellOf(x1 + reach, 0); i++) {
        const list = this.cells.get(i + this.across * j);
        if (!list) continue;
        for (const other of list) {
          if (this.gone[other] || this.sharp(other)) continue;
          const v = vertex[other];
          // A bridge passes by its ends twice: those are the corners themselves.
          if (gap(p, v, a) === 0 || gap(p, v, b) === 0 || gap(p, v, c) === 0) continue;
          if (twiceArea(p, a, b, v) >= 0 && twiceArea(p, b, c, v) >= 0 && twiceArea(p, c, a, v) >= beyond) return true;
        }
      }
    }
    return false;
  }

  clip(at: number): void {
    this.gone[at] = 1;
    this.next[this.previous[at]] = this.next[at];
    this.previous[this.next[at]] = this.previous[at];
  }
}

export interface EarLimits {
  /** Corners this near to a straight line are no corners. */
  fuzzMm: number;
  /** Edges that the surface has already: a second one in the same place would not be manifold. */
  taken: (a: number, b: number) => boolean;
}

const noLimits: EarLimits = { fuzzMm: 0, taken: () => false };

/**
 * How an ear may be: sharp, with nothing in it or just beyond its base, which is no edge yet; with area, nothing in it and a new base; with
 * area and nothing in it; with area; any. The last two are for rims that rounding has crossed with themselves: the cut stays closed there,
 * whatever it looks like.
 */
const lastLevel = 4;

function isEar(ring: Ring, p: Flat, at: number, level: number, taken: EarLimits['taken']): boolean {
  if (level === lastLevel) return true;
  const [a, c] = [ring.vertex[ring.previous[at]], ring.vertex[ring.next[at]]];
  if (level === 0) return ring.sharp(at) && !ring.blocked(at, true) && !taken(a, c);
  if (twiceArea(p, a, ring.vertex[at], c) <= 0) return false;
  return level === 3 || (!ring.blocked(at, false) && (level === 2 || !taken(a, c)));
}

/**
 * Cuts a polygon (counter-clockwise, each corner a vertex number; corners may come twice where a bridge leads to a hole) into n - 2 triangles
 * over its own corners by taking ears off (Meisters 1975). Corners nearly on a straight line end in triangles with area, and no edge is
 * `taken`, where that can be. Always ends; O(n²) at
 * worst, near O(n log n) for outlines of bone since only corners that bend inwards are looked at, by place.
 */
export function earClip(p: Flat, polygon: readonly number[], limits = noLimits): number[] {
  const triangles: number[] = [];
  if (polygon.length < 3) return triangles;
  const ring = new Ring(p, polygon, limits.fuzzMm);
  let left = polygon.length;
  let at = 0;
  let level = 0;
  let tried = 0;
  while (left > 3) {
    if (isEar(ring, p, at, level, limits.taken)) {
      triangles.push(ring.vertex[ring.previous[at]], ring.vertex[at], ring.vertex[ring.next[at]]);
      ring.clip(at);
      left--;
      tried = 0;
      level = 0;
      // Not the neighbour: ears all round, rather than a fan.
      at = ring.next[ring.next[at]];
      continue;
    }
    at = ring.next[at];
    if (++tried < left) continue;
    tried = 0;
    level++;
  }
  triangles.push(ring.vertex[ring.previous[at]], ring.vertex[at], ring.vertex[ring.next[at]]);
  return triangles;
}
