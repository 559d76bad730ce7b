/** A closed outline by its corners, in cells; the last corner is not the first again. Edges run along u or v. */
type Outline = [number, number][];

/** Twice the area, positive where what is set lies on the left of the outline's way round. */
function doubleArea(outline: Outline): number {
  let sum = 0;
  for (let n = 0; n < outline.length; n++) {
    const [a, b] = [outline[n], outline[(n + 1) % outline.length]];
    sum += a[0] * b[1] - a[1] * b[0];
  }
  return sum;
}

function contains(outline: Outline, u: number, v: number): boolean {
  let inside = false;
  for (let n = 0; n < outline.length; n++) {
    const [a, b] = [outline[n], outline[(n + 1) % outline.length]];
    if (a[1] > v !== b[1] > v && u < a[0]) inside = !inside;
  }
  return inside;
}

/** The centre of a cell that is set and touches the hole's first edge. */
function cellBeside(hole: Outline): [number, number] {
  const [[u, v], [nextU, nextV]] = hole;
  const [du, dv] = [Math.sign(nextU - u), Math.sign(nextV - v)];
  return [u + (du - dv) / 2, v + (dv + du) / 2];
}

/** The corner of a hole that is farthest to low u, and among those to low v. */
function lowest(hole: Outline): number {
  return hole.reduce((best, [u, v], n) => (u < hole[best][0] || (u === hole[best][0] && v < hole[best][1]) ? n : best), 0);
}

/** One outline of two: along a face line from the hole's lowest corner to the next edge below, round the hole, and back the same way. */
function joined(outline: Outline, hole: Outline): Outline | null {
  const start = lowest(hole);
  const [u, v] = hole[start];
  let edge = -1;
  let at = Number.NEGATIVE_INFINITY;
  for (let n = 0; n < outline.length; n++) {
    const [a, b] = [outline[n], outline[(n + 1) % outline.length]];
    if (a[0] === b[0] && a[0] <= u && a[0] > at && Math.min(a[1], b[1]) <= v && Math.max(a[1], b[1]) >= v) {
      edge = n;
      at = a[0];
    }
  }
  if (edge < 0) return null;
  const round = [...hole.slice(start), ...hole.slice(0, start), hole[start]];
  const path: Outline = [...outline.slice(0, edge + 1), [at, v], ...round, [at, v], ...outline.slice(edge + 1)];
  return path.filter(([x, y], n) => {
    const before = path[(n + path.length - 1) % path.length];
    return x !== before[0] || y !== before[1];
  });
}

/**
 * Outlines with holes as outlines without (the keyhole technique of PS3.3 C.8.8.6.3): each hole is joined to what surrounds it by a doubled
 * line along cell faces, which no cell's centre lies on. Filled by the even-odd or the non-zero rule the same cells are inside.
 * @param outlines as of `contoursOfSlice`, in whole cells: what is set lies on the left, so that holes run the other way round
 * @returns one outline for each that encloses what is set
 * Cost: for each hole a look at all outlines' boxes, and at the edges of the one around it.
 */
export function keyholes(outlines: readonly (readonly (readonly [number, number])[])[]): Outline[] {
  const all = outlines.map((outline) => outline.map(([u, v]): [number, number] => [u, v]));
  const around = all
    .map((outline) => ({ outline, area: doubleArea(outline), holes: [] as Outline[] }))
    .filter(({ area }) => area > 0)
    .sort((a, b) => a.area - b.area);
  const alone: Outline[] = [];
  for (const hole of all) {
    if (doubleArea(hole) >= 0) continue;
    const cell = cellBeside(hole);
    const parent = around.find(({ outline }) => contains(outline, ...cell));
    if (parent) parent.holes.push(hole);
    else alone.push(hole);
  }
  const out: Outline[] = [];
  for (const { outline, holes } of around) {
    holes.sort((a, b) => a[lowest(a)][0] - b[lowest(b)][0]);
    let path = outline;
    for (const hole of holes) {
      const next = joined(path, hole);
      if (next) path = next;
      else alone.push(hole);
    }
    out.push(path);
  }
  return [...out, ...alone];
}
