import type { Triple } from '../volume/geometry.ts';
import { fromSlice, onSlice, sliceValue, type ValueSlice } from '../volume/value-slice.ts';

/** Sides of a cell of four values: 0 below, 1 right, 2 above, 3 left. Where the line goes on from each. */
const across = [
  [0, -1],
  [1, 0],
  [0, 1],
  [-1, 0],
] as const;
/** No point of the line comes nearer to a value's own place than this share of a step, so that every place lies clearly on one side. */
const clear = 0.02;

class Cells {
  readonly level: number;
  private readonly slice: ValueSlice;
  private readonly nu: number;
  private readonly nv: number;

  constructor(slice: ValueSlice, level: number) {
    this.slice = slice;
    this.level = level;
    [this.nu, this.nv] = slice.size;
  }

  /** Whether the four values of cell (a, b) are there. */
  has(a: number, b: number): boolean {
    if (!(a >= 0 && b >= 0 && a < this.nu - 1 && b < this.nv - 1)) return false;
    const { values } = this.slice;
    const at = a + this.nu * b;
    // A sum is no number where one of its parts is none.
    return !Number.isNaN(values[at] + values[at + 1] + values[at + this.nu] + values[at + this.nu + 1]);
  }

  /** Whether the line passes the cell. */
  isCut(a: number, b: number): boolean {
    const { values } = this.slice;
    const at = a + this.nu * b;
    const above = values[at] >= this.level;
    return (
      values[at + 1] >= this.level !== above ||
      values[at + this.nu] >= this.level !== above ||
      values[at + this.nu + 1] >= this.level !== above
    );
  }

  corners(a: number, b: number): [number, number, number, number] {
    const { values } = this.slice;
    const at = a + this.nu * b;
    return [values[at], values[at + 1], values[at + this.nu + 1], values[at + this.nu]];
  }

  /** The side by which a line that has come in by `side` leaves the cell; -1: no line comes in there. */
  leaves(a: number, b: number, side: number): number {
    const c = this.corners(a, b);
    const above = c.map((v) => v >= this.level);
    const cut = (n: number): boolean => above[n] !== above[(n + 1) & 3];
    if (!cut(side)) return -1;
    const others = [1, 2, 3].map((n) => (side + n) & 3).filter(cut);
    if (others.length === 1) return others[0];
    // Two lines: they part at the mean of the cell. Corner n lies between sides n - 1 and n; lines go around the corners of the other kind.
    const middle = (c[0] + c[1] + c[2] + c[3]) / 4 >= this.level;
    return above[side] !== middle ? (side + 3) & 3 : (side + 1) & 3;
  }

  /** Where the line crosses a side. */
  point(a: number, b: number, side: number): [number, number] {
    const c = this.corners(a, b);
    const [from, to] = [c[side], c[(side + 1) & 3]];
    const t = Math.min(1 - clear, Math.max(clear, (this.level - from) / (to - from)));
    return side === 0 ? [a + t, b] : side === 1 ? [a + 1, b + t] : side === 2 ? [a + 1 - t, b + 1] : [a, b + 1 - t];
  }
}

const segmentDistance = ([x, y]: number[], [ax, ay]: number[], [bx, by]: number[]): number => {
  const [dx, dy] = [bx - ax, by - ay];
  const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
};

/** The piece of line in a cell that comes nearest to a place. */
function nearestIn(cells: Cells, a: number, b: number, place: [number, number]): { side: number; distance: number } | null {
  if (!cells.has(a, b) || !cells.isCut(a, b)) return null;
  let best: { side: number; distance: number } | null = null;
  for (let side = 0; side < 4; side++) {
    const out = cells.leaves(a, b, side);
    if (out < 0) continue;
    const distance = segmentDistance(place, cells.point(a, b, side), cells.point(a, b, out));
    if (best === null || distance < best.distance) best = { side, distance };
  }
  return best;
}

/** The cell and side where a line is nearest: in rings around the place, until no further ring can come nearer. */
function nearestLine(cells: Cells, slice: ValueSlice, place: [number, number]): { a: number; b: number; side: number } | null {
  const [nu, nv] = slice.size;
  const [x, y] = place.map(Math.floor);
  let best: { a: number; b: number; side: number; distance: number } | null = null;
  for (let ring = 0; ring <= Math.max(nu, nv) && (best === null || ring - 1 <= best.distance); ring++)
    for (let b = y - ring; b <= y + ring; b++) {
      const step = b === y - ring || b === y + ring || ring === 0 ? 1 : 2 * ring;
      for (let a = x - ring; a <= x + ring; a += step) {
        const found = nearestIn(cells, a, b, place);
        if (found && (best === null || found.distance < best.distance)) best = { a, b, ...found };
      }
    }
  return best;
}

/**
 * The closed line of equal value through a point of a slice (9.1, level tracing): marching squares at the value under the point. Where the
 * values around the point are all alike, the line of that value nearest to it. Every value of the lattice lies clearly on one side of the
 * line, so that filling it takes the same voxels as the line encloses.
 * @returns points in LPS mm, the last not the first again; null where there is no such line, or it leaves the slice or the image before it closes
 * Cost: some 0.2 us a cell that the line passes, and where nothing differs near the point a look at the cells in between: under 4 ms for
 * lines of an image of 512 x 512.
 */
export function levelOutline(slice: ValueSlice, seedLps: Triple): Triple[] | null {
  const place = onSlice(slice, seedLps);
  const level = sliceValue(slice, ...place);
  if (Number.isNaN(level)) return null;
  const cells = new Cells(slice, level);
  const start = nearestLine(cells, slice, place);
  if (start === null) return null;
  const outline: Triple[] = [];
  let { a, b, side } = start;
  do {
    outline.push(fromSlice(slice, ...cells.point(a, b, side)));
    const out = cells.leaves(a, b, side);
    a += across[out][0];
    b += across[out][1];
    side = (out + 2) & 3;
    if (!cells.has(a, b)) return null;
  } while (a !== start.a || b !== start.b || side !== start.side);
  return outline;
}
