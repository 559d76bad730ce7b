interface Edge {
  /** Its ends, the lower v first. */
  u0: number;
  v0: number;
  u1: number;
  v1: number;
  at: number;
}

/**
 * Area of what lies inside of an outline an odd number of times: of one that does not cross itself, its area; of one that does, what the
 * fill and the statistics by the same rule hold, where signed areas would cancel each other.
 * @param outline corners in order, mm, closed by itself; fewer than three enclose nothing
 * @returns mm², 0 or above
 * Cost: n log n for outlines that do not cross themselves and do not run to and fro much; at worst n².
 */
export function evenOddAreaMm2(outline: readonly (readonly [number, number])[]): number {
  const count = outline.length;
  if (count < 3) return 0;
  const edges = outline.map((a, at): Edge => {
    const b = outline[(at + 1) % count];
    const [low, high] = a[1] <= b[1] ? [a, b] : [b, a];
    return { u0: low[0], v0: low[1], u1: high[0], v1: high[1], at };
  });
  edges.sort((a, b) => a.v0 - b.v0);
  const meetings = meetingHeights(edges, count);
  if (meetings.length === 0) return Math.abs(signedArea(outline));
  const heights = [...new Set([...edges.flatMap((e) => [e.v0, e.v1]), ...meetings])].sort((a, b) => a - b);
  return areaOfStrips(edges, heights);
}

function signedArea(outline: readonly (readonly [number, number])[]): number {
  const [u, v] = outline[0];
  let twice = 0;
  for (let n = 1; n + 1 < outline.length; n++)
    twice += (outline[n][0] - u) * (outline[n + 1][1] - v) - (outline[n + 1][0] - u) * (outline[n][1] - v);
  return twice / 2;
}

/** Where edges that are no neighbours cross or touch: their heights. */
function meetingHeights(edges: readonly Edge[], count: number): number[] {
  const heights: number[] = [];
  for (let n = 0; n < edges.length; n++) {
    const a = edges[n];
    for (let m = n + 1; m < edges.length && edges[m].v0 <= a.v1; m++) {
      const b = edges[m];
      const steps = Math.abs(a.at - b.at);
      if (steps === 1 || steps === count - 1) continue;
      if (Math.max(a.u0, a.u1) < Math.min(b.u0, b.u1) || Math.max(b.u0, b.u1) < Math.min(a.u0, a.u1)) continue;
      const [ax, ay, bx, by] = [a.u1 - a.u0, a.v1 - a.v0, b.u1 - b.u0, b.v1 - b.v0];
      const across = ax * by - ay * bx;
      const [dx, dy] = [b.u0 - a.u0, b.v0 - a.v0];
      if (across === 0) {
        // On one line they may lie on each other; beside each other they do not meet.
        if (ax * dy - ay * dx === 0) heights.push(b.v0, Math.min(a.v1, b.v1));
        continue;
      }
      const t = (dx * by - dy * bx) / across;
      const s = (dx * ay - dy * ax) / across;
      if (t >= 0 && t <= 1 && s >= 0 && s <= 1) heights.push(a.v0 + t * ay);
    }
  }
  return heights;
}

/** Between two heights no edge ends and none crosses another: what lies between them are trapezia. */
function areaOfStrips(edges: readonly Edge[], heights: readonly number[]): number {
  let area = 0;
  let next = 0;
  let live: Edge[] = [];
  for (let n = 0; n + 1 < heights.length; n++) {
    const [low, high] = [heights[n], heights[n + 1]];
    live = live.filter((e) => e.v1 >= high);
    for (; next < edges.length && edges[next].v0 <= low; next++) if (edges[next].v1 >= high) live.push(edges[next]);
    const middle = (low + high) / 2;
    const turns = live.map((e) => e.u0 + ((middle - e.v0) / (e.v1 - e.v0)) * (e.u1 - e.u0)).sort((a, b) => a - b);
    for (let t = 0; t + 1 < turns.length; t += 2) area += (turns[t + 1] - turns[t]) * (high - low);
  }
  return area;
}
