/** CSS pixels of a view; y points down. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
export type Px = readonly [number, number];
/** A text that wants to stand beside a drawing. */
export interface WantedLabel {
  width: number;
  height: number;
  /** The drawing itself, px; never empty. */
  points: readonly Px[];
  /** Where the text belongs, if not beside the whole drawing: the tail of an arrow, the corner of an angle. */
  at: Px | null;
  gap: number;
}
export interface LabelPlace {
  box: Box;
  /** A thin line from the text to its drawing, where it had to stand away; null: it stands beside it. */
  leader: readonly [Px, Px] | null;
}

const between = 4;
/** Steps along a side, in heights of the label, before the next ring of places. */
const shifts = [0, -1, 1, -2, 2];
const rings = [0, 18];

const overlaps = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
const inside = (a: Box, view: Box): boolean => a.left >= view.left && a.top >= view.top && a.right <= view.right && a.bottom <= view.bottom;
const grown = ({ left, top, right, bottom }: Box, by: number): Box => ({
  left: left - by,
  top: top - by,
  right: right + by,
  bottom: bottom + by,
});
const boxAt = (left: number, top: number, { width, height }: WantedLabel): Box => ({
  left,
  top,
  right: left + width,
  bottom: top + height,
});
const away = (box: Box, [x, y]: Px): Px => [Math.max(box.left, Math.min(box.right, x)), Math.max(box.top, Math.min(box.bottom, y))];
const distance = (box: Box, to: Px): number => {
  const [x, y] = away(box, to);
  return Math.hypot(x - to[0], y - to[1]);
};

const cellPx = 6;
/** Which cells of a view lines pass through: asked for many places, so that a place costs its own size and not all lines. */
function cellsOf(lines: readonly (readonly Px[])[], view: Box): (box: Box) => boolean {
  const column = (x: number): number => Math.floor((x - view.left) / cellPx);
  const row = (y: number): number => Math.floor((y - view.top) / cellPx);
  const [columns, rows] = [Math.max(0, column(view.right) + 1), Math.max(0, row(view.bottom) + 1)];
  const cells = new Uint8Array(columns * rows);
  for (const points of lines)
    for (const [n, [x, y]] of points.entries()) {
      const [fromX, fromY] = points[Math.max(0, n - 1)]!;
      // A line that runs far out of a view that is zoomed in is not followed for ever.
      const steps = Math.min(4096, 1 + Math.ceil(Math.hypot(x - fromX, y - fromY) / (cellPx / 2)));
      for (let step = 0; step <= steps; step++) {
        const [i, j] = [column(fromX + ((x - fromX) * step) / steps), row(fromY + ((y - fromY) * step) / steps)];
        if (i >= 0 && j >= 0 && i < columns && j < rows) cells[i + columns * j] = 1;
      }
    }
  return (box) => {
    for (let j = Math.max(0, row(box.top)); j <= Math.min(rows - 1, row(box.bottom)); j++)
      for (let i = Math.max(0, column(box.left)); i <= Math.min(columns - 1, column(box.right)); i++)
        if (cells[i + columns * j]) return true;
    return false;
  };
}

/** Places beside a drawing in the order in which they are tried: right, left, below, above; along the side; then farther off. */
function* beside(label: WantedLabel): Generator<Box> {
  const points = label.at ? [label.at] : label.points;
  const most = (better: (a: Px, b: Px) => boolean): Px => points.reduce((best, point) => (better(point, best) ? point : best));
  const [east, west, south, north] = [
    most((a, b) => a[0] > b[0]),
    most((a, b) => a[0] < b[0]),
    most((a, b) => a[1] > b[1]),
    most((a, b) => a[1] < b[1]),
  ];
  const { width, height } = label;
  for (const ring of rings) {
    const gap = label.gap + ring;
    for (const shift of shifts) {
      const [along, across] = [shift * (height / 2 + between), shift * (width / 4 + between)];
      yield boxAt(east[0] + gap, east[1] - height / 2 + along, label);
      yield boxAt(west[0] - gap - width, west[1] - height / 2 + along, label);
      yield boxAt(south[0] - width / 2 + across, south[1] + gap, label);
      yield boxAt(north[0] - width / 2 + across, north[1] - gap - height, label);
    }
  }
}

/** Of the places where a free one must touch what is taken or the view's edge, if there is one at all: the nearest that is free. */
function anywhere(label: WantedLabel, [x, y]: Px, view: Box, taken: readonly Box[]): Box | null {
  const { width, height } = label;
  const off = (at: number, size: number, to: number): number => Math.max(0, at - to, to - at - size);
  // Nearest first: what lies farther off than one that was found is passed over unlooked at.
  const sorted = (ats: number[], size: number, to: number, low: number, high: number): number[] =>
    [...new Set(ats)].filter((at) => at >= low && at + size <= high).sort((a, b) => off(a, size, to) - off(b, size, to));
  const lefts = [view.left, view.right - width, x, ...taken.flatMap((box) => [box.right, box.left - width])];
  const tops = [view.top, view.bottom - height, y, ...taken.flatMap((box) => [box.bottom, box.top - height])];
  const rows = sorted(tops, height, y, view.top, view.bottom);
  let [best, least]: [Box | null, number] = [null, Infinity];
  for (const left of sorted(lefts, width, x, view.left, view.right)) {
    const aside = off(left, width, x);
    if (aside >= least) break;
    // Only what stands in this column can be in the way.
    const near = taken.filter((box) => box.left < left + width && left < box.right);
    for (const top of rows) {
      const far = Math.hypot(aside, off(top, height, y));
      if (far >= least) break;
      if (near.some((box) => box.top < top + height && top < box.bottom)) continue;
      [best, least] = [boxAt(left, top, label), far];
    }
  }
  return best;
}

/**
 * Where labels stand so that they overlap neither each other nor what is kept free, and no line while there is another place for them.
 * The same drawings give the same places; one that comes later in the list moves none before it, so that what is dragged comes last.
 * A label that has no room at all stands beside its drawing, inside of the view, over what is there.
 * @param view the part of the view in which labels may stand
 * @param kept places that stay free: letters, the scale bar
 * @returns a place for each label, in their order. Cost: length of the lines, and labels squared x forty places; labels cubed where it is crowded
 */
export function labelPlaces(
  labels: readonly WantedLabel[],
  lines: readonly (readonly Px[])[],
  view: Box,
  kept: readonly Box[],
): LabelPlace[] {
  const taken = [...kept];
  const crossed = cellsOf(lines, view);
  // Where one had no room, a later one as large has none either.
  let full: WantedLabel | null = null;
  return labels.map((label) => {
    let [clear, free]: [Box | null, Box | null] = [null, null];
    let first: Box | null = null;
    for (const box of beside(label)) {
      first ??= box;
      if (!inside(box, view) || taken.some((one) => overlaps(one, box))) continue;
      free ??= box;
      if (crossed(box)) continue;
      clear = box;
      break;
    }
    let box = clear ?? free;
    if (!box && !(full && label.width >= full.width && label.height >= full.height)) {
      box = anywhere(label, label.at ?? middleOf(label.points), view, taken);
      if (!box) full = label;
    }
    box ??= within(first!, view);
    taken.push(grown(box, between));
    return { box, leader: leaderTo(box, label) };
  });
}

/** Of the box around a drawing. */
function middleOf(points: readonly Px[]): Px {
  const middle = (axis: 0 | 1): number => {
    // An outline has too many points for the arguments of a call.
    const low = points.reduce((least, point) => Math.min(least, point[axis]), Infinity);
    return (low + points.reduce((most, point) => Math.max(most, point[axis]), -Infinity)) / 2;
  };
  return [middle(0), middle(1)];
}

function within(box: Box, view: Box): Box {
  const left = Math.max(view.left, Math.min(view.right - (box.right - box.left), box.left));
  const top = Math.max(view.top, Math.min(view.bottom - (box.bottom - box.top), box.top));
  return { left, top, right: left + box.right - box.left, bottom: top + box.bottom - box.top };
}

function leaderTo(box: Box, { points, at, gap }: WantedLabel): LabelPlace['leader'] {
  const ends = at ? [at] : points;
  const near = ends.reduce((best, point) => (distance(box, point) < distance(box, best) ? point : best));
  // A label whose edge lies beside the drawing needs none, wherever along it that is.
  return distance(box, near) <= gap + 12 ? null : [away(box, near), near];
}
