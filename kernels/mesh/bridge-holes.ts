import { type Flat, twiceArea } from './ear-clip.ts';

/** Whether the way from corner `at` of a polygon to q starts inside it. */
function startsInside(p: Flat, polygon: readonly number[], at: number, q: number): boolean {
  const n = polygon.length;
  const [before, here, behind] = [polygon[(at + n - 1) % n], polygon[at], polygon[(at + 1) % n]];
  return twiceArea(p, before, here, behind) > 0
    ? twiceArea(p, before, here, q) >= 0 && twiceArea(p, here, behind, q) >= 0
    : twiceArea(p, before, here, q) > 0 || twiceArea(p, here, behind, q) > 0;
}

/** The corner of the polygon that a hole's rightmost vertex m sees (Eberly 2002): of the edge on its right, or a corner in between. */
function seenFrom(p: Flat, polygon: readonly number[], m: number): number {
  const [mx, my] = [p[m * 2], p[m * 2 + 1]];
  const n = polygon.length;
  let hit = Infinity;
  let best = -1;
  for (let at = 0; at < n; at++) {
    const [a, b] = [polygon[at], polygon[(at + 1) % n]];
    const [ay, by] = [p[a * 2 + 1], p[b * 2 + 1]];
    if (!(ay <= my && my <= by && ay !== by)) continue;
    const x = p[a * 2] + ((my - ay) / (by - ay)) * (p[b * 2] - p[a * 2]);
    if (x < mx || x >= hit) continue;
    hit = x;
    best = p[a * 2] > p[b * 2] ? at : (at + 1) % n;
  }
  if (best < 0) {
    // Rounding has put the hole outside: any bridge closes, the nearest does least harm.
    const away = polygon.map((v) => Math.hypot(p[v * 2] - mx, p[v * 2 + 1] - my));
    return away.indexOf(Math.min(...away));
  }
  const [cx, cy] = [p[polygon[best] * 2], p[polygon[best] * 2 + 1]];
  const turn = (ax: number, ay: number, bx: number, by: number, x: number, y: number) => (bx - ax) * (y - ay) - (by - ay) * (x - ax);
  const way = cy < my ? -1 : 1;
  let least = Infinity;
  let found = best;
  for (let at = 0; at < n; at++) {
    const [x, y] = [p[polygon[at] * 2], p[polygon[at] * 2 + 1]];
    if (x < mx || x > Math.max(hit, cx) || (x === mx && y === my)) continue;
    // The triangle of m, the hit and the corner runs counter-clockwise where the corner is above.
    if (way * turn(mx, my, hit, my, x, y) < 0 || way * turn(hit, my, cx, cy, x, y) < 0 || way * turn(cx, cy, mx, my, x, y) < 0) continue;
    const slope = Math.abs(y - my) / (x - mx);
    const nearer = slope < least || (slope === least && x < p[polygon[found] * 2]);
    if (!nearer || !startsInside(p, polygon, at, m)) continue;
    least = slope;
    found = at;
  }
  return found;
}

/**
 * One polygon of an outline (counter-clockwise) and its holes (clockwise): each hole is joined by a bridge that is walked both ways, or at the
 * corner that it shares with what is there already. O(holes * corners).
 */
export function bridgeHoles(p: Flat, outline: readonly number[], holes: readonly number[][]): number[] {
  let polygon = [...outline];
  const rightmost = holes.map((hole) => hole.reduce((best, v, at) => (p[v * 2] > p[hole[best] * 2] ? at : best), 0));
  const order = holes.map((_, n) => n).sort((a, b) => p[holes[b][rightmost[b]] * 2] - p[holes[a][rightmost[a]] * 2] || a - b);
  for (const n of order) {
    const hole = holes[n];
    const corners = new Set(hole);
    const common = polygon.flatMap((v, at) => (corners.has(v) ? [at] : []));
    // A corner that the polygon passes twice is shared where the hole goes on inside.
    const shared =
      common.find((at) => startsInside(p, polygon, at, hole[(hole.indexOf(polygon[at]) + 1) % hole.length])) ?? common[0] ?? -1;
    const from = shared >= 0 ? hole.indexOf(polygon[shared]) : rightmost[n];
    const round = [...hole.slice(from), ...hole.slice(0, from)];
    const at = shared >= 0 ? shared : seenFrom(p, polygon, round[0]);
    const bridge = shared >= 0 ? [...round.slice(1), polygon[at]] : [...round, round[0], polygon[at]];
    polygon = [...polygon.slice(0, at + 1), ...bridge, ...polygon.slice(at + 1)];
  }
  return polygon;
}
