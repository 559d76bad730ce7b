/** A closed outline by its corners, in cells; the last corner is not the first again. Edges run along u or v. */
type Outline = [number, number][];

/** Where holes are joined to an edge, in the order of its way. */
interface Bridge {
  v: number;
  hole: number;
  start: number;
}

/** Edges of all outlines have numbers: those of outline o from first[o] on, edge n from corner n to the next. Fewer than this in a slice. */
const edgeRoom = 2 ** 26;

/** Twice the area, positive where what is set lies on the left of the outline's way round. */
function doubleArea(outline: Outline): number {
  let sum = 0;
  for (let n = 0; n < outline.length; n++) {
    const [a, b] = [outline[n], outline[(n + 1) % outline.length]];
    sum += a[0] * b[1] - a[1] * b[0];
  }
  return sum;
}

/** The corner of an outline that is farthest to low u, and among those to low v. */
function lowest(outline: Outline): number {
  let best = 0;
  for (let n = 1; n < outline.length; n++) {
    const [u, v] = outline[n];
    if (u < outline[best][0] || (u === outline[best][0] && v < outline[best][1])) best = n;
  }
  return best;
}

/** For each row of cells the edges that run along v beside it, as u * edgeRoom + number, ascending. */
function edgesByRow(outlines: Outline[], first: number[]): Map<number, Float64Array> {
  const rows = new Map<number, number[]>();
  for (const [o, outline] of outlines.entries())
    for (let n = 0; n < outline.length; n++) {
      const [a, b] = [outline[n], outline[(n + 1) % outline.length]];
      for (let row = Math.min(a[1], b[1]); row < Math.max(a[1], b[1]); row++) {
        const list = rows.get(row);
        const entry = a[0] * edgeRoom + first[o] + n;
        if (list) list.push(entry);
        else rows.set(row, [entry]);
      }
    }
  return new Map([...rows].map(([row, list]) => [row, Float64Array.from(list).sort()]));
}

/** The edge next to low u of a place in a row; -1: there is none. */
function edgeBelow(row: Float64Array | undefined, u: number): number {
  if (!row) return -1;
  let [low, high] = [0, row.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (row[middle] < u * edgeRoom) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? -1 : row[low - 1] - Math.floor(row[low - 1] / edgeRoom) * edgeRoom;
}

/** An outline with the holes that are joined to it, the holes that are joined to those, and so on. */
function walk(outlines: Outline[], first: number[], bridges: Map<number, Bridge[]>, from: number): Outline {
  const path: Outline = [];
  const stack: { outline: number; start: number; done: number; taken: number; back: [number, number] | null }[] = [
    { outline: from, start: 0, done: 0, taken: 0, back: null },
  ];
  for (let at = stack[0]; at; at = stack[stack.length - 1]) {
    const corners = outlines[at.outline];
    const edge = (at.start + at.done) % corners.length;
    if (at.done === corners.length) {
      if (at.back) path.push(corners[at.start], at.back);
      stack.pop();
      continue;
    }
    if (at.taken === 0) path.push(corners[edge]);
    const joined = bridges.get(first[at.outline] + edge);
    if (joined && at.taken < joined.length) {
      const { v, hole, start } = joined[at.taken++];
      const place: [number, number] = [corners[edge][0], v];
      path.push(place);
      stack.push({ outline: hole, start, done: 0, taken: 0, back: place });
    } else {
      at.done++;
      at.taken = 0;
    }
  }
  // Where a line ends at a corner, the corner stands there twice.
  return path.filter(([u, v], n) => {
    const before = path[(n + path.length - 1) % path.length];
    return u !== before[0] || v !== before[1];
  });
}

/**
 * Outlines with holes as outlines without (the keyhole technique of PS3.3 C.8.8.6.3): each hole is joined to what surrounds it, or to the
 * next hole, by a doubled line along cell faces, which no cell's centre lies on. Filled by the even-odd or the non-zero rule the same cells
 * are inside.
 * @param outlines as of `contoursOfSlice`, in whole cells: what is set lies on the left, so that holes run the other way round
 * @returns one outline for each that encloses what is set
 * Cost: some 100 ns a face and a search for each hole.
 */
export function keyholes(outlines: readonly (readonly (readonly [number, number])[])[]): Outline[] {
  const all = outlines.map((outline) => outline.map(([u, v]): [number, number] => [u, v]));
  const areas = all.map(doubleArea);
  if (areas.every((area) => area >= 0)) return all;
  const first: number[] = [];
  let edges = 0;
  for (const outline of all) {
    first.push(edges);
    edges += outline.length;
  }
  if (edges >= edgeRoom) throw new RangeError(`a slice of ${edges} edges`);
  const rows = edgesByRow(all, first);
  const bridges = new Map<number, Bridge[]>();
  const alone: number[] = [];
  for (const [hole, outline] of all.entries()) {
    if (areas[hole] >= 0) continue;
    const start = lowest(outline);
    const [u, v] = outline[start];
    // The cells from here to low u are set as far as the next edge, which so belongs to the same part.
    const edge = edgeBelow(rows.get(v), u);
    if (edge < 0) alone.push(hole);
    else bridges.set(edge, [...(bridges.get(edge) ?? []), { v, hole, start }]);
  }
  const upwards = all.flatMap((outline) => outline.map((corner, n) => outline[(n + 1) % outline.length][1] > corner[1]));
  for (const [edge, joined] of bridges) joined.sort((a, b) => (upwards[edge] ? a.v - b.v : b.v - a.v));
  const around = areas.flatMap((area, n) => (area > 0 ? [n] : []));
  return [...around, ...alone].map((outline) => walk(all, first, bridges, outline));
}
