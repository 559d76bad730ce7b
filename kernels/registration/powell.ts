/** Where a search ended. */
export interface Found {
  at: number[];
  value: number;
  evaluations: number;
  /** It came to rest before it ran out of rounds. */
  converged: boolean;
}
export interface Search {
  /** First step along each direction, in the units of the parameters. */
  step: number;
  /** At rest where a whole round moves no parameter by more. */
  tolerance: number;
  rounds: number;
}

const golden = (3 - Math.sqrt(5)) / 2;

/**
 * Lowest place of a function near a start, without its slope: Powell's method (1964), lines searched by Brent's (1973), a direction
 * replaced by the way of the whole round where Powell's condition says that it pays.
 */
export function powell(cost: (at: readonly number[]) => number, start: readonly number[], { step, tolerance, rounds }: Search): Found {
  const size = start.length;
  let at = [...start];
  let evaluations = 0;
  const costAt = (place: readonly number[]): number => {
    evaluations++;
    return cost(place);
  };
  let value = costAt(at);
  const directions: number[][] = at.map((_, n) => at.map((__, m) => (m === n ? 1 : 0)));
  const along = (direction: readonly number[], length: number): number[] => at.map((v, n) => v + length * direction[n]);
  const search = (direction: readonly number[], first: number): number => {
    const line = brent((length) => costAt(along(direction, length)), value, first, tolerance / 4);
    at = along(direction, line.at);
    const gain = value - line.value;
    value = line.value;
    return gain;
  };
  let first = step;
  for (let round = 0; round < rounds; round++) {
    const before = [...at];
    const valueBefore = value;
    let best = 0;
    let bestGain = 0;
    for (let n = 0; n < size; n++) {
      const gain = search(directions[n], first);
      if (gain > bestGain) [best, bestGain] = [n, gain];
    }
    const way = at.map((v, n) => v - before[n]);
    const moved = Math.hypot(...way);
    if (Math.max(...way.map(Math.abs)) <= tolerance) return { at, value, evaluations, converged: true };
    const beyond = costAt(at.map((v, n) => v + way[n]));
    const bend = 2 * (valueBefore - 2 * value + beyond) * (valueBefore - value - bestGain) ** 2;
    if (beyond < valueBefore && bend < bestGain * (valueBefore - beyond) ** 2) {
      const direction = way.map((v) => v / moved);
      search(direction, moved);
      directions[best] = directions[size - 1];
      directions[size - 1] = direction;
    }
    first = Math.max(2 * tolerance, Math.min(step, moved / 2));
  }
  return { at, value, evaluations, converged: false };
}

/** Lowest place along a line from 0, where the value is known: walks downhill until it rises again, then Brent's search between. */
function brent(value: (length: number) => number, atZero: number, first: number, tolerance: number): { at: number; value: number } {
  let [a, b] = [0, first];
  let [fa, fb] = [atZero, value(first)];
  if (fb > fa) [a, b, fa, fb] = [b, a, fb, fa];
  let c = b + 1.618 * (b - a);
  let fc = value(c);
  for (let n = 0; n < 20 && fc < fb; n++) {
    [a, b, fb] = [b, c, fc];
    c = b + 1.618 * (b - a);
    fc = value(c);
  }
  let [low, high] = a < c ? [a, c] : [c, a];
  let [x, w, v] = [b, b, b];
  let [fx, fw, fv] = [fb, fb, fb];
  let move = 0;
  let moveBefore = 0;
  for (let n = 0; n < 40; n++) {
    const middle = (low + high) / 2;
    if (Math.abs(x - middle) <= 2 * tolerance - (high - low) / 2) break;
    let isParabola = false;
    if (Math.abs(moveBefore) > tolerance) {
      const r = (x - w) * (fx - fv);
      let q = (x - v) * (fx - fw);
      let p = (x - v) * q - (x - w) * r;
      q = 2 * (q - r);
      if (q > 0) p = -p;
      q = Math.abs(q);
      if (Math.abs(p) < Math.abs(0.5 * q * moveBefore) && p > q * (low - x) && p < q * (high - x)) {
        moveBefore = move;
        move = p / q;
        isParabola = true;
      }
    }
    if (!isParabola) {
      moveBefore = x >= middle ? low - x : high - x;
      move = golden * moveBefore;
    }
    const u = x + (Math.abs(move) >= tolerance ? move : Math.sign(move || 1) * tolerance);
    const fu = value(u);
    if (fu <= fx) {
      if (u >= x) low = x;
      else high = x;
      [v, fv, w, fw, x, fx] = [w, fw, x, fx, u, fu];
    } else {
      if (u < x) low = u;
      else high = u;
      if (fu <= fw || w === x) [v, fv, w, fw] = [w, fw, u, fu];
      else if (fu <= fv || v === x || v === w) [v, fv] = [u, fu];
    }
  }
  return fx <= atZero ? { at: x, value: fx } : { at: 0, value: atZero };
}
