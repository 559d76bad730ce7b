export interface SettleInput {
  positions: Float32Array;
  normals: Float32Array;
  fromList: Uint32Array;
  list: Uint32Array;
  here: Float32Array;
  there: Float32Array;
  /** A point further than this from where its neighbours expect it is one that misread its profile. */
  limitMm: number;
  reachMm: number;
  from: number;
  to: number;
}

const most = 32;
const expected = new Float64Array(most);

/**
 * Takes single misreadings out of the offsets: each placed neighbour says where along the vertex's normal its own tangent plane would put
 * it; a vertex further than the limit from the median of these goes there. The others stay: regularising is smoothing's task.
 */
export function settlePart({ positions: p, normals: n, fromList, list, here, there, limitMm, reachMm, from, to }: SettleInput): void {
  for (let vertex = from; vertex < to; vertex++) {
    there[vertex] = here[vertex];
    if (Number.isNaN(here[vertex])) continue;
    const at = vertex * 3;
    let count = 0;
    for (let edge = fromList[vertex]; edge < fromList[vertex + 1] && count < most; edge++) {
      const other = list[edge];
      if (Number.isNaN(here[other])) continue;
      const to3 = other * 3;
      const facing = n[at] * n[to3] + n[at + 1] * n[to3 + 1] + n[at + 2] * n[to3 + 2];
      if (facing < 0.5) continue;
      const across = (p[to3] - p[at]) * n[to3] + (p[to3 + 1] - p[at + 1]) * n[to3 + 1] + (p[to3 + 2] - p[at + 2]) * n[to3 + 2];
      expected[count++] = (across + here[other]) / facing;
    }
    if (count < 3) continue;
    for (let a = 1; a < count; a++) {
      const value = expected[a];
      let b = a - 1;
      for (; b >= 0 && expected[b] > value; b--) expected[b + 1] = expected[b];
      expected[b + 1] = value;
    }
    const middle = 0.5 * (expected[(count - 1) >> 1] + expected[count >> 1]);
    if (Math.abs(middle - here[vertex]) > limitMm && Math.abs(middle) <= reachMm) there[vertex] = middle;
  }
}
