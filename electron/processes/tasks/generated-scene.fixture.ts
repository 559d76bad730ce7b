import { Draw } from './generated-draw.fixture.ts';
import type { SyntaxName } from './generated-writer.fixture.ts';

/** Random series as headers state them. What they mean is worked out in `generated-truth`; what bytes they become, in `generated-bytes`. */

export type Point = [number, number, number];

export interface Format {
  allocated: 8 | 16 | 32;
  stored: number;
  high: number;
  signed: boolean;
  /** What stands in the bits above and below the stored ones. */
  spare: 'sign' | 'zero' | 'noise';
}
/** One image: everything that its own header says. */
export interface Picture {
  position: [string, string, string];
  cosines: string[];
  /** Between rows, between columns. */
  pixelSpacing: [string, string];
  columns: number;
  rows: number;
  format: Format;
  slope: number | null;
  intercept: number | null;
  instance: number | null;
  sopInstance: number;
  /** Complete acquisitions of one series are told apart by it. */
  phase: number;
  /** Images with the same content hold the same pixels. */
  content: number;
  localizer: boolean;
}
export type Fault = 'tilt' | 'missing' | 'jitter' | 'step' | 'slid' | 'sideways' | 'wobble' | 'resized' | 'twins' | 'strangers' | 'ragged';

export interface Scene {
  seed: number;
  uid: string;
  syntax: SyntaxName;
  modality: 'CT' | 'MR';
  enhanced: boolean;
  openSequences: boolean;
  pictures: Picture[];
  /** Decimals of positions and cosines in the headers. */
  decimals: { position: number; cosine: number };
  /** What was done to the regular stack, with how much. */
  faults: { kind: Fault; amount: number }[];
  /** Positions were drawn on an even straight grid and only rounded after. */
  drawnRegular: boolean;
  padded: boolean;
  phaseTag: 'acquisition' | 'temporal' | 'echo' | null;
  secondOrientation: boolean;
  strayInSeries: boolean;
  flaggedLocalizer: boolean;
  tags: { thickness: number | null; between: number | null; tilt: number | null; betweenIsWrong: boolean; tiltIsInvented: boolean };
}

const dot = (a: Point, b: Point) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const scaled = (a: Point, by: number): Point => [a[0] * by, a[1] * by, a[2] * by];
const plus = (a: Point, b: Point): Point => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
const unit = (a: Point): Point => scaled(a, 1 / Math.hypot(...a));
const product = (a: Point, b: Point): Point => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

/** A decimal string of at most 16 characters, as DS asks for. */
export function decimalString(value: number, places: number): string {
  let text = value.toFixed(Math.min(places, 14));
  for (let fewer = Math.min(places, 14); text.length > 16 && fewer > 0; fewer--) text = value.toFixed(fewer - 1);
  return Number(text) === 0 ? '0' : text;
}

interface Axes {
  row: Point;
  column: Point;
}
function randomAxes(draw: Draw): Axes {
  const gauss = (): Point => [draw.between(-1, 1), draw.between(-1, 1), draw.between(-1, 1)];
  for (;;) {
    const a = gauss();
    const b = gauss();
    if (Math.hypot(...a) < 0.1 || Math.hypot(...b) < 0.1) continue;
    const row = unit(a);
    const rest = plus(b, scaled(row, -dot(row, b)));
    if (Math.hypot(...rest) > 0.1) return { row, column: unit(rest) };
  }
}
/** One of the 24 ways to lay rows and columns along the patient's axes, both signs of each. */
function straightAxes(draw: Draw): Axes {
  const [a, b] = draw.shuffled([0, 1, 2]) as [number, number];
  const along = (axis: number, sign: number) => [0, 1, 2].map((n) => (n === axis ? sign : 0)) as Point;
  return { row: along(a, draw.sign()), column: along(b, draw.sign()) };
}
function turned({ row, column }: Axes, around: Point, radians: number): Axes {
  const turn = (v: Point) =>
    plus(
      plus(scaled(v, Math.cos(radians)), scaled(product(around, v), Math.sin(radians))),
      scaled(around, dot(around, v) * (1 - Math.cos(radians))),
    );
  return { row: turn(row), column: turn(column) };
}
function drawAxes(draw: Draw): Axes {
  switch (draw.weighted({ random: 40, straight: 35, nearly: 15, diagonal: 10 })) {
    case 'random':
      return randomAxes(draw);
    case 'straight':
      return straightAxes(draw);
    case 'nearly':
      return turned(straightAxes(draw), randomAxes(draw).row, draw.logarithmic(1e-4, 0.2));
    default:
      return turned(straightAxes(draw), draw.pick<Point>([[1, 0, 0], [0, 1, 0], [0, 0, 1]]), Math.PI / 4); // biome-ignore format: one line
  }
}

function drawFormat(draw: Draw, fine: boolean): Format {
  const kind = fine ? draw.weighted({ full: 80, twelve: 20 }) : draw.weighted({ full: 50, twelve: 38, high: 4, byte: 4, long: 4 });
  const signed = draw.chance(0.5);
  const spare = draw.weighted({ sign: 40, zero: 30, noise: 30 });
  switch (kind) {
    case 'full':
      return { allocated: 16, stored: 16, high: 15, signed, spare };
    case 'twelve':
      return { allocated: 16, stored: 12, high: 11, signed, spare };
    case 'high':
      return { allocated: 16, stored: 12, high: 15, signed, spare: 'zero' };
    case 'byte':
      return { allocated: 8, stored: 8, high: 7, signed: false, spare };
    default:
      return { allocated: 32, stored: 32, high: 31, signed: true, spare };
  }
}
export function storedRange({ stored, signed }: Format): [low: number, high: number] {
  // 32 bits are not filled: float32 keeps 24 of them.
  if (stored === 32) return [-1_000_000, 1_000_000];
  return signed ? [-(2 ** (stored - 1)), 2 ** (stored - 1) - 1] : [0, 2 ** stored - 1];
}

interface Station {
  /** Along the normal, along the row, along the column, mm. */
  at: Point;
}
type Faults = Scene['faults'];

function drawFaults(draw: Draw, decimals: number): Fault[] {
  const one = () =>
    draw.weighted<Fault>({
      tilt: 22,
      missing: 16,
      jitter: 14,
      step: 7,
      slid: 8,
      sideways: 9,
      wobble: 3,
      resized: 2,
      twins: 9,
      strangers: 7,
      ragged: 0,
    });
  const count = draw.weighted({ none: decimals < 3 ? 60 : 42, one: 43, two: 15 });
  if (count === 'none') return [];
  const first = one();
  const second = count === 'two' ? one() : first;
  return first === second ? [first] : [first, second];
}

/** Moves or removes stations of an even stack; returns what is left and how much was done. */
function spoil(draw: Draw, stations: Station[], spacing: number, kind: Fault): { stations: Station[]; amount: number } {
  const move = (chosen: Station[], by: (s: Station) => Point) => {
    for (const s of chosen) s.at = plus(s.at, by(s));
  };
  const count = stations.length;
  const inner = () => draw.whole(1, Math.max(1, count - 2));
  switch (kind) {
    case 'tilt': {
      const degrees = draw.chance(0.2) ? draw.logarithmic(1e-3, 0.1) : draw.logarithmic(0.1, 30);
      const slope = Math.tan((degrees * Math.PI) / 180) * draw.sign();
      const mix = draw.weighted({ column: 60, row: 25, both: 15 });
      const [u, v] = mix === 'column' ? [0, slope] : mix === 'row' ? [slope, 0] : [slope * 0.6, slope * 0.8 * draw.sign()];
      move(stations, ({ at }) => [0, (u as number) * at[0], (v as number) * at[0]]);
      return { stations, amount: degrees };
    }
    case 'missing': {
      const how = draw.weighted({ one: 50, some: 25, second: 15, first: 10 });
      const gone = new Set<number>();
      if (how === 'one') gone.add(inner());
      else if (how === 'first') gone.add(1);
      else if (how === 'some') for (let n = draw.whole(2, 3); n > 0; n--) gone.add(inner());
      else for (let n = 1; n < count; n += 2) gone.add(n);
      const left = stations.filter((_, n) => !gone.has(n));
      return { stations: left, amount: count - left.length };
    }
    case 'jitter': {
      const mm = draw.logarithmic(1e-6, Math.min(2, spacing * 0.45));
      const way = draw.weighted({ along: 60, all: 40 });
      move(stations, () =>
        way === 'along' ? [draw.between(-mm, mm), 0, 0] : [draw.between(-mm, mm), draw.between(-mm, mm), draw.between(-mm, mm)],
      );
      return { stations, amount: mm };
    }
    case 'step': {
      const factor = draw.pick([0.5, 0.8, 0.95, 1.01, 1.05, 1.25, 1.5, 2, 2.5]);
      const from = inner();
      stations.forEach((s, n) => {
        if (n > from) s.at = plus(s.at, [(n - from) * spacing * (factor - 1), 0, 0]);
      });
      return { stations, amount: factor };
    }
    case 'slid': {
      const mm = draw.logarithmic(1e-3, spacing * 0.8) * draw.sign();
      move([draw.pick(stations)], () => [mm, 0, 0]);
      return { stations, amount: mm };
    }
    case 'sideways': {
      const mm = draw.logarithmic(1e-3, 5);
      const angle = draw.between(0, 2 * Math.PI);
      move([draw.pick(stations)], () => [0, mm * Math.cos(angle), mm * Math.sin(angle)]);
      return { stations, amount: mm };
    }
    default:
      return { stations, amount: 0 };
  }
}

function rescales(draw: Draw, format: Format, count: number, isCt: boolean): { slope: number | null; intercept: number | null }[] {
  const [low, high] = storedRange(format);
  const middle = Math.round((low + high) / 2);
  if (!isCt && draw.chance(0.7)) return Array.from({ length: count }, () => ({ slope: null, intercept: null }));
  if (draw.chance(0.6)) {
    const slope = draw.weighted({ 1: 80, 2: 10, 0.5: 10 });
    const intercept = draw.pick([0, -1024, -1000, -8192, draw.whole(-3000, 3000)]);
    return Array.from({ length: count }, () => ({ slope: Number(slope), intercept }));
  }
  return Array.from({ length: count }, () => {
    const slope = draw.pick([1, 1, 1.25, 2, 0.5]);
    return { slope, intercept: Math.round(-middle * slope) + draw.whole(-50, 50) };
  });
}

function instances(draw: Draw, count: number): (number | null)[] {
  const honest = Array.from({ length: count }, (_, n) => n + 1);
  switch (draw.weighted({ honest: 30, reversed: 20, shuffled: 35, constant: 8, absent: 7 })) {
    case 'honest':
      return honest;
    case 'reversed':
      return honest.reverse();
    case 'shuffled':
      return draw.shuffled(honest);
    case 'constant':
      return honest.map(() => 1);
    default:
      return honest.map(() => null);
  }
}

/** A series from its seed alone. */
export function drawScene(seed: number): Scene {
  const draw = new Draw(seed);
  const decimals = {
    position: Number(draw.weighted({ 2: 12, 3: 26, 4: 14, 5: 10, 6: 28, 12: 10 })),
    cosine: Number(draw.weighted({ 4: 3, 6: 57, 8: 15, 14: 25 })),
  };
  const faults = drawFaults(draw, decimals.position);
  // A wide matrix in a few pixels: what an orientation does at the rim of a real picture.
  const wide = faults.includes('wobble') || faults.includes('resized');
  const size = () => Number((wide ? draw.between(20, 60) : draw.logarithmic(0.2, 3)).toFixed(draw.pick([2, 4, 6])));
  const columnSpacing = size();
  const rowSpacing = draw.chance(0.4) ? columnSpacing : size();
  const spacing = Number(draw.logarithmic(0.2, 5).toFixed(draw.pick([1, 2, 3, 5])));
  const axes = drawAxes(draw);
  const columns = draw.whole(4, 9);
  const rows = draw.whole(3, 8);
  const slices = draw.chance(0.04) ? draw.whole(1, 3) : draw.whole(4, 9);
  const modality = draw.chance(0.05) ? 'MR' : 'CT';
  const structural: Fault[] = ['tilt', 'missing', 'jitter', 'step', 'slid', 'sideways'];
  const irregular = faults.some((kind) => structural.includes(kind));
  const format = drawFormat(draw, irregular);
  const places: Point = [draw.between(-300, 300), draw.between(-300, 300), draw.between(-900, 900)];
  const origin = draw.chance(0.2) ? ([0, 0, 0] as Point) : places;

  let stations: Station[] = Array.from({ length: slices }, (_, n) => ({ at: [n * spacing, 0, 0] as Point }));
  const done: Faults = [];
  // Slices are lost after they were made: a slide or a tilt comes first.
  for (const kind of [...faults].sort((a, b) => Number(a === 'missing') - Number(b === 'missing'))) {
    if (!structural.includes(kind)) continue;
    const spoilt = spoil(draw, stations, spacing, kind);
    stations = spoilt.stations;
    done.push({ kind, amount: spoilt.amount });
  }

  const enhanced = draw.chance(0.1);
  const picturesOf = (own: Axes, list: Station[], phase: number, from: Point): Picture[] => {
    const scale = rescales(draw, format, list.length, modality === 'CT');
    const normal = product(own.row, own.column);
    return list.map((s, n): Picture => {
      const lps = plus(plus(from, scaled(normal, s.at[0])), plus(scaled(own.row, s.at[1]), scaled(own.column, s.at[2])));
      return {
        position: lps.map((value) => decimalString(value, decimals.position)) as [string, string, string],
        cosines: [...own.row, ...own.column].map((value) => decimalString(value, decimals.cosine)),
        pixelSpacing: [String(rowSpacing), String(columnSpacing)],
        columns,
        rows,
        format,
        slope: scale[n]?.slope ?? null,
        intercept: scale[n]?.intercept ?? null,
        instance: null,
        sopInstance: 0,
        phase,
        content: phase * 1000 + n,
        localizer: false,
      };
    });
  };
  const pictures = picturesOf(axes, stations, 0, origin);
  for (const kind of faults) {
    const chosen = draw.pick(pictures);
    if (kind === 'wobble') {
      const radians = draw.logarithmic(1e-7, 1e-2);
      const other = turned(axes, randomAxes(draw).row, radians);
      chosen.cosines = [...other.row, ...other.column].map((value) => decimalString(value, decimals.cosine));
      done.push({ kind, amount: radians });
    } else if (kind === 'resized') {
      const factor = 1 + draw.logarithmic(1e-6, 1e-2) * draw.sign();
      chosen.pixelSpacing = [decimalString(rowSpacing * factor, 10), String(columnSpacing)];
      done.push({ kind, amount: factor });
    } else if (kind === 'twins') {
      const again = draw.whole(1, 3);
      for (let n = 0; n < again; n++) pictures.push({ ...draw.pick(pictures) });
      done.push({ kind, amount: again });
    } else if (kind === 'strangers') {
      const way = draw.weighted({ pixels: 60, rescale: 40 });
      if (way === 'pixels' || chosen.intercept === null) pictures.push({ ...chosen, content: chosen.content + 500 });
      else pictures.push({ ...chosen, intercept: chosen.intercept + draw.whole(1, 300) });
      done.push({ kind, amount: 1 });
    }
  }

  const plain = !faults.some((kind) => kind === 'twins' || kind === 'strangers' || kind === 'wobble' || kind === 'resized');
  let phaseTag: Scene['phaseTag'] = null;
  let secondOrientation = false;
  let strayInSeries = false;
  let flaggedLocalizer = false;
  const extra = draw.unit();
  if (plain && extra < 0.05 && pictures.length >= 2) {
    phaseTag = enhanced ? 'temporal' : draw.pick(['acquisition', 'temporal', 'echo'] as const);
    const second = picturesOf(axes, stations, 1, origin);
    if (draw.chance(0.2) && second.length > 3) {
      second.splice(draw.whole(0, second.length - 1), 1);
      done.push({ kind: 'ragged', amount: 1 });
    }
    pictures.push(...second);
  } else if (plain && !irregular && extra < 0.08 && slices >= 5) {
    secondOrientation = true;
    const other = turned(axes, axes.row, Math.PI / 2);
    pictures.push(
      ...picturesOf(
        other,
        Array.from({ length: draw.whole(3, slices - 1) }, (_, n) => ({ at: [n * 2, 0, 0] as Point })),
        2,
        origin,
      ),
    );
  } else if (plain && extra < 0.13 && stations.length >= 4) {
    const flat = turned(axes, axes.column, Math.PI / 2);
    const scout = picturesOf(flat, [{ at: [0, 0, 0] }], 3, origin)[0] as Picture;
    flaggedLocalizer = !enhanced && draw.chance(0.6);
    strayInSeries = !flaggedLocalizer;
    pictures.push({ ...scout, localizer: flaggedLocalizer, slope: pictures[0]?.slope ?? null, intercept: pictures[0]?.intercept ?? null });
  }
  // Slices that differ in sign and stored bits, each to be read by its own header.
  if (!enhanced && !irregular && phaseTag === null && format.allocated === 16 && plain && draw.chance(0.04)) {
    for (const picture of pictures)
      if (draw.chance(0.5)) picture.format = { allocated: 16, stored: 12, high: 11, signed: !format.signed, spare: 'sign' };
  }
  const numbers = instances(draw, pictures.length);
  const resent = draw.chance(0.5);
  pictures.forEach((picture, n) => {
    picture.instance = numbers[n] ?? null;
    const first = pictures.findIndex(
      (other) =>
        other.position.join() === picture.position.join() && other.content === picture.content && other.intercept === picture.intercept,
    );
    // A copy of a file keeps its identity; sent a second time it often has a new one.
    picture.sopInstance = resent ? n + 1 : first + 1;
  });

  const syntax = draw.weighted<SyntaxName>({ explicitLittle: 60, implicitLittle: 16, explicitBig: 8, deflated: 6, rle: 10 });
  const wrong = draw.weighted({ absent: 35, right: 35, wrong: 30 });
  const tilted = done.find(({ kind }) => kind === 'tilt');
  const tiltTag = draw.weighted({ absent: 50, right: 20, wrong: 30 });
  return {
    seed,
    uid: `1.2.826.0.1.3680043.10.${seed >>> 0}`,
    // Writers do not agree on 32-bit words of big endian: the import refuses them.
    syntax: format.allocated === 32 && syntax === 'explicitBig' ? 'explicitLittle' : syntax,
    modality,
    enhanced,
    openSequences: draw.chance(0.5),
    pictures: draw.shuffled(pictures),
    decimals,
    faults: done,
    drawnRegular: !irregular && !faults.includes('wobble') && !faults.includes('resized'),
    padded: draw.chance(0.15),
    phaseTag,
    secondOrientation,
    strayInSeries,
    flaggedLocalizer,
    tags: {
      thickness: draw.chance(0.2) ? null : Number((draw.chance(0.5) ? spacing : draw.logarithmic(0.2, 10)).toFixed(2)),
      between: wrong === 'absent' ? null : wrong === 'right' ? spacing : Number((spacing * draw.pick([0.5, 0.7, 1.3, 2, 3])).toFixed(4)),
      betweenIsWrong: wrong === 'wrong',
      tilt:
        tiltTag === 'absent'
          ? null
          : Number(((tiltTag === 'right' ? (tilted?.amount ?? 0) : draw.between(1, 25)) * draw.sign()).toFixed(2)),
      tiltIsInvented: tiltTag === 'wrong',
    },
  };
}

/** One line for the log of a failed case. */
export function described(scene: Scene): string {
  const faults = scene.faults.map(({ kind, amount }) => `${kind} ${Number(amount.toPrecision(3))}`).join(', ') || 'none';
  const first = scene.pictures[0] as Picture;
  return `${scene.pictures.length} images ${first.columns} x ${first.rows}, ${scene.enhanced ? 'enhanced ' : ''}${scene.syntax}, decimals ${scene.decimals.position}/${scene.decimals.cosine}, faults: ${faults}`;
}
