import { bridgeHoles } from './bridge-holes.ts';
import { earClip, type Flat } from './ear-clip.ts';

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

/** The smallest outline around a hole, told by a corner of the hole that is not one of the outline's; -1 where there is none. */
function around(p: Flat, hole: Outline, outlines: readonly Outline[]): number {
  let best = -1;
  outlines.forEach((outline, n) => {
    if (outline.area < -hole.area || (best >= 0 && outline.area >= outlines[best].area)) return;
    const corners = new Set(outline.rim);
    const v = hole.rim.find((corner) => !corners.has(corner)) ?? hole.rim[0];
    if (contains(outline, p, p[v * 2], p[v * 2 + 1])) best = n;
  });
  return best;
}

/**
 * Triangles over the corners of closed rims in a plane that cover what the rims enclose: counter-clockwise rims are outlines, clockwise ones
 * holes in the smallest outline around them, at any depth. Every edge of a rim is used once in its direction, every other edge once each
 * way, so that a surface which ends in these rims is closed, even where rounding has crossed a rim with itself.
 *
 * `p` x, y a vertex; rims of three corners or more that name no vertex twice. Cost: see `earClip` and `bridgeHoles`.
 */
export function capTriangles(p: Flat, rims: readonly number[][]): number[] {
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
    const behind = earClip(p, hole.rim.toReversed());
    for (let at = 0; at < behind.length; at += 3) triangles.push(behind[at], behind[at + 2], behind[at + 1]);
  }
  outlines.forEach(({ rim }, n) => {
    for (const vertex of earClip(p, bridgeHoles(p, rim, holesOf[n]))) triangles.push(vertex);
  });
  return triangles;
}
