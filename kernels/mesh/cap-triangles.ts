import { bridgeHoles } from './bridge-holes.ts';
import { type EarLimits, earClip, type Flat } from './ear-clip.ts';

interface Outline {
  rim: number[];
  /** Above 0 counter-clockwise. */
  area: number;
  low: [number, number];
  high: [number, number];
}

function outlineOf(p: Flat, rim: number[]): Outline {
  const outline: Outline = { rim, area: 0, low: [Infinity, Infinity], high: [-Infinity, -Infinity] };
  const [ox, oy] = [p[rim[0] * 2], p[rim[0] * 2 + 1]];
  rim.forEach((a, n) => {
    const b = rim[(n + 1) % rim.length];
    outline.area += ((p[a * 2] - ox) * (p[b * 2 + 1] - oy) - (p[b * 2] - ox) * (p[a * 2 + 1] - oy)) / 2;
    for (let axis = 0; axis < 2; axis++) {
      outline.low[axis] = Math.min(outline.low[axis], p[a * 2 + axis]);
      outline.high[axis] = Math.max(outline.high[axis], p[a * 2 + axis]);
    }
  });
  return outline;
}

function contains({ rim, low, high }: Outline, p: Flat, x: number, y: number): boolean {
  if (x < low[0] || x > high[0] || y < low[1] || y > high[1]) return false;
  let inside = false;
  rim.forEach((a, n) => {
    const b = rim[(n + 1) % rim.length];
    const [ay, by] = [p[a * 2 + 1], p[b * 2 + 1]];
    if (ay > y !== by > y && x < p[a * 2] + ((y - ay) / (by - ay)) * (p[b * 2] - p[a * 2])) inside = !inside;
  });
  return inside;
}

/** Edges of a hole that are asked where it lies: an odd number, since one that lies along an outline says nothing. */
const asked = 5;

/** The smallest outline around a hole, told by the middles of its edges, since its corners may be those of the outline; -1 where there is none. */
function around(p: Flat, { rim, area }: Outline, outlines: readonly Outline[]): number {
  const middles = Array.from({ length: asked }, (_, n) => {
    const at = Math.floor((n * rim.length) / asked);
    const [a, b] = [rim[at], rim[(at + 1) % rim.length]];
    return [(p[a * 2] + p[b * 2]) / 2, (p[a * 2 + 1] + p[b * 2 + 1]) / 2] as const;
  });
  let best = -1;
  outlines.forEach((outline, n) => {
    if (outline.area < -area || (best >= 0 && outline.area >= outlines[best].area)) return;
    if (middles.filter(([x, y]) => contains(outline, p, x, y)).length * 2 > asked) best = n;
  });
  return best;
}

/**
 * Triangles over the corners of closed rims in a plane that cover what the rims enclose: counter-clockwise rims are outlines, clockwise ones
 * holes in the smallest outline around them, at any depth. Every edge of a rim is used once in its direction, every other edge once each
 * way, so that a surface which ends in these rims is closed, even where rounding has crossed a rim with itself.
 *
 * `p` x, y a vertex; rims of three corners or more that name no vertex twice; `limits` as `earClip` takes them. Cost: see `earClip` and `bridgeHoles`.
 */
export function capTriangles(p: Flat, rims: readonly number[][], limits?: EarLimits): number[] {
  const all = rims.map((rim) => outlineOf(p, rim));
  const outlines = all.filter(({ area }) => area >= 0);
  const holesOf: number[][][] = outlines.map(() => []);
  const triangles: number[] = [];
  for (const hole of all) {
    if (hole.area >= 0) continue;
    const owner = around(p, hole, outlines);
    if (owner >= 0) {
      holesOf[owner].push(hole.rim);
      continue;
    }
    // A hole in nothing, thinner than rounding: closed as if seen from behind.
    const behind = earClip(p, hole.rim.toReversed(), limits);
    for (let at = 0; at < behind.length; at += 3) triangles.push(behind[at], behind[at + 2], behind[at + 1]);
  }
  outlines.forEach(({ rim }, n) => {
    for (const vertex of earClip(p, bridgeHoles(p, rim, holesOf[n]), limits)) triangles.push(vertex);
  });
  return triangles;
}
