import type { Triple } from '../volume/geometry.ts';

/**
 * Edges of closed loops for scanlines, in homogeneous coordinates of a plane: a point (alpha, beta, gamma) lies at alpha / |gamma| along the
 * lines and at beta / |gamma| across them. Points with gamma above and below 0 lie on two sheets, so that a ray and the one opposite to it
 * are told apart; in a parallel view gamma is 1 everywhere.
 */
export interface LoopEdges {
  /**
   * Where the line at `across` on the sheet of `sign` crosses the loops, ascending, into `into`; returns how many. Crossings of an edge that
   * is shared, whichever way round, are the same number.
   */
  crossings(sign: 1 | -1, across: number, into: number[]): number;
}

const binsAtMost = 1024;

interface Sheet {
  /** Where bins lie: across the lines; in perspective, where points near the rows' vanishing point lie any distance across, by its angle. */
  place: (across: number) => number;
  lowest: number;
  highest: number;
  /** An edge leaves the sheet, so that lines beyond all points may cross it. */
  open: boolean;
  scale: number;
  /** Edges of bin b are those from start[b] up to start[b + 1]. */
  start: Uint32Array;
  edges: Uint32Array;
}

/** Prepares loops. `points[n]` to `points[next[n]]` is edge n. Cost: an entry for each edge and bin that it spans. */
export function loopEdges(loops: readonly (readonly Triple[])[]): LoopEdges {
  const points = loops.flat();
  const next = new Uint32Array(points.length);
  for (let n = 0, first = 0; n < loops.length; first += loops[n++].length)
    for (let m = 0; m < loops[n].length; m++) next[first + m] = first + ((m + 1) % loops[n].length);
  const sheets = new Map<1 | -1, Sheet | null>();
  const sheetOf = (sign: 1 | -1): Sheet | null => {
    if (!sheets.has(sign)) sheets.set(sign, sheet(points, next, sign));
    return sheets.get(sign)!;
  };
  return {
    crossings(sign, across, into) {
      const on = sheetOf(sign);
      if (on === null) return 0;
      const place = on.place(across);
      if (!on.open && !(place >= on.lowest && place <= on.highest)) return 0;
      const bin = binOf(on, place);
      let count = 0;
      for (let n = on.start[bin]; n < on.start[bin + 1]; n++) {
        const edge = on.edges[n];
        let [a1, b1, c1] = points[edge];
        let [a2, b2, c2] = points[next[edge]];
        const f1 = b1 - across * sign * c1;
        const f2 = b2 - across * sign * c2;
        if (f1 >= 0 === f2 >= 0) continue;
        // From the low end up, so that the same edge of a neighbour gives the same number.
        let t = f1 / (f1 - f2);
        if (f1 >= 0) {
          t = f2 / (f2 - f1);
          [a1, c1, a2, c2] = [a2, c2, a1, c1];
        }
        const gamma = (c1 + t * (c2 - c1)) * sign;
        if (gamma > 0) into[count++] = (a1 + t * (a2 - a1)) / gamma;
      }
      into.length = count;
      if (count > 1) into.sort((a, b) => a - b);
      return count;
    },
  };
}

const binOf = ({ lowest, scale, start }: Sheet, place: number): number =>
  Math.max(0, Math.min(start.length - 2, Math.floor((place - lowest) * scale)));

function sheet(points: readonly Triple[], next: Uint32Array, sign: 1 | -1): Sheet | null {
  const place = points.every(([, , c]) => c === 1) ? (across: number) => across : Math.atan;
  const places = Float64Array.from(points, ([, b, c]) => (c * sign > 0 ? place(b / Math.abs(c)) : Number.NaN));
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let open = false;
  for (let n = 0; n < points.length; n++) {
    if (places[n] < lowest) lowest = places[n];
    if (places[n] > highest) highest = places[n];
    if (Number.isNaN(places[n]) !== Number.isNaN(places[next[n]])) open = true;
  }
  if (!(highest >= lowest)) return null;
  const bins = Math.max(1, Math.min(binsAtMost, points.length));
  const scale = highest > lowest ? bins / (highest - lowest) : 0;
  const found: Sheet = { place, lowest, highest, open, scale, start: new Uint32Array(bins + 1), edges: new Uint32Array(0) };
  // A line may be told from a point by the last digit alone: an edge is in one bin too many rather than missed.
  const pad = 1e-9 * (Math.abs(lowest) + Math.abs(highest));
  const span = (n: number): [number, number] | null => {
    const [w1, w2] = [places[n], places[next[n]]];
    if (Number.isNaN(w1) && Number.isNaN(w2)) return null;
    if (Number.isNaN(w1) || Number.isNaN(w2)) return [0, bins - 1];
    return [binOf(found, Math.min(w1, w2) - pad), binOf(found, Math.max(w1, w2) + pad)];
  };
  const spans = points.map((_, n) => span(n));
  for (const one of spans) if (one) for (let b = one[0]; b <= one[1]; b++) found.start[b + 1]++;
  for (let b = 0; b < bins; b++) found.start[b + 1] += found.start[b];
  found.edges = new Uint32Array(found.start[bins]);
  const filled = found.start.slice();
  for (const [n, one] of spans.entries()) if (one) for (let b = one[0]; b <= one[1]; b++) found.edges[filled[b]++] = n;
  return found;
}
