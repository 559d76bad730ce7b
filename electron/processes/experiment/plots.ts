import type { Summary } from '../../../contract/experiment.ts';
import type { Unit } from './words.ts';

/** One method in a plot. */
export interface Row {
  title: string;
  colour: string;
  marker: Marker;
  values: readonly (number | null)[];
  summary: Summary;
}
export const markers = ['circle', 'square', 'diamond', 'triangle', 'down', 'cross', 'ring', 'box'] as const;
export type Marker = (typeof markers)[number];

export const escaped = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

const px = (value: number): string => String(Math.round(value * 10) / 10);
const label = (x: number, y: number, text: string, attributes = ''): string =>
  `<text x="${px(x)}" y="${px(y)}" ${attributes}>${escaped(text)}</text>`;
const line = (x1: number, y1: number, x2: number, y2: number, attributes: string): string =>
  `<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" ${attributes}/>`;

/** Round numbers that span the values: step 1, 2 or 5 times a power of ten, about `wanted` of them. */
export function ticks(low: number, high: number, wanted: number): number[] {
  const span = high - low || Math.abs(high) || 1;
  const raw = span / wanted;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((m) => m * power >= raw * 0.999) ?? 10);
  const out: number[] = [];
  for (let n = Math.floor(low / step + 1e-9); n * step <= high + step * (1 - 1e-9); n++) out.push(Number((n * step).toPrecision(12)));
  return out;
}

function mark(marker: Marker, x: number, y: number, r: number, colour: string, solid = true): string {
  const paint = solid && marker !== 'ring' && marker !== 'box' ? `fill="${colour}"` : `fill="#fff" stroke="${colour}" stroke-width="1.6"`;
  const path = (points: [number, number][]) =>
    `<path d="M${points.map(([a, b]) => `${px(x + a * r)} ${px(y + b * r)}`).join('L')}Z" ${paint}/>`;
  switch (marker) {
    case 'circle':
    case 'ring':
      return `<circle cx="${px(x)}" cy="${px(y)}" r="${px(r)}" ${paint}/>`;
    case 'square':
    case 'box':
      return path([
        [-0.9, -0.9],
        [0.9, -0.9],
        [0.9, 0.9],
        [-0.9, 0.9],
      ]);
    case 'diamond':
      return path([
        [0, -1.25],
        [1.25, 0],
        [0, 1.25],
        [-1.25, 0],
      ]);
    case 'triangle':
      return path([
        [0, -1.2],
        [1.15, 0.9],
        [-1.15, 0.9],
      ]);
    case 'down':
      return path([
        [0, 1.2],
        [1.15, -0.9],
        [-1.15, -0.9],
      ]);
    default:
      return path([
        [-0.4, -1.2],
        [0.4, -1.2],
        [0.4, -0.4],
        [1.2, -0.4],
        [1.2, 0.4],
        [0.4, 0.4],
        [0.4, 1.2],
        [-0.4, 1.2],
        [-0.4, 0.4],
        [-1.2, 0.4],
        [-1.2, -0.4],
        [-0.4, -0.4],
      ]);
  }
}

/** Decimals that tell the marks of an axis apart: the same for all of them. */
function decimalsOf(marks: readonly number[]): number {
  const step = Math.abs((marks[1] ?? 1) - (marks[0] ?? 0)) || 1;
  return Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
}
const tickText = (value: number, decimals: number): string => {
  const text = value.toFixed(decimals);
  return (Number(text) === 0 ? text.replace('-', '') : text).replace('-', '\u2212');
};

const lineLetters = 25;
/** A name on one line or two; what does not fit ends in an ellipsis. */
export function inTwo(title: string): string[] {
  if (title.length <= lineLetters) return [title];
  const at = title.lastIndexOf(' ', lineLetters);
  const first = title.slice(0, at > 0 ? at : lineLetters);
  const rest = title.slice(first.length).trim();
  return [first, rest.length <= lineLetters ? rest : `${rest.slice(0, lineLetters - 1).trim()}…`];
}

const axisStyle = 'class="tick"';

/** Puts dots of a row beside each other where they would lie on top of each other: a fixed order, so that the same figures give the same picture. */
function spread(values: readonly number[], apart: number, step: number, most: number): number[] {
  const order = values.map((_, n) => n).sort((a, b) => values[a]! - values[b]! || a - b);
  const lanes: number[] = [];
  const out = values.map(() => 0);
  for (const n of order) {
    let lane = lanes.findIndex((last) => values[n]! - last >= apart);
    if (lane < 0) lane = lanes.length;
    lanes[lane] = values[n]!;
    const side = lane % 2 ? 1 : -1;
    out[n] = Math.max(-most, Math.min(most, side * Math.ceil(lane / 2) * step));
  }
  return out;
}

/**
 * A row a method: a dot for each head, the mean with its 95 % interval beneath. Higher or lower is better: said at the axis by the caller.
 * @param titled draws the methods' names; plots side by side need them once
 */
export function dotPlot(
  rows: readonly Row[],
  { unit, zero = false, titled = true, width = 520, name }: { unit: Unit; zero?: boolean; titled?: boolean; width?: number; name: string },
): string {
  const rowHeight = 34;
  const left = titled ? 188 : 14;
  const right = 20;
  const top = 6;
  const height = top + rows.length * rowHeight + 28;
  const all = rows.flatMap((r) => [...r.values.filter((v) => v !== null), ...(r.summary.interval95 ?? [])]);
  if (!all.length) return `<p class="none">No method has this figure.</p>`;
  // An interval of few heads may reach beyond what a share can be; the axis does not.
  const [floor, ceiling] = zero ? [-Infinity, Infinity] : [0, unit === '%' ? 1 : Infinity];
  const low = Math.max(floor, Math.min(...all, ...(zero ? [0] : [])));
  const high = Math.min(ceiling, Math.max(...all, ...(zero ? [0] : [])));
  const scale = unit === '%' ? 100 : 1;
  const marks = ticks(low * scale, high * scale, titled ? 6 : 4).map((t) => t / scale);
  const [from, to] = [marks[0]!, marks.at(-1)! === marks[0] ? marks[0]! + 1 : marks.at(-1)!];
  const x = (value: number) => left + ((value - from) / (to - from)) * (width - left - right);
  const decimals = decimalsOf(marks.map((t) => t * scale));
  const parts: string[] = [];
  for (const t of marks) {
    parts.push(line(x(t), top, x(t), height - 24, `class="${zero && t === 0 ? 'zero' : 'grid'}"`));
    parts.push(label(x(t), height - 8, tickText(t * scale, decimals), `${axisStyle} text-anchor="middle"`));
  }
  rows.forEach((row, n) => {
    const y = top + (n + 0.5) * rowHeight;
    if (n) parts.push(line(titled ? 0 : left - 10, y - rowHeight / 2, width, y - rowHeight / 2, 'class="rule"'));
    if (titled) {
      const names = inTwo(row.title);
      names.forEach((words, at) => {
        parts.push(label(left - 14, y + 4 + (at - (names.length - 1) / 2) * 14, words, 'class="name" text-anchor="end"'));
      });
    }
    const there = row.values.filter((v) => v !== null);
    const places = there.map((v) => x(v));
    const offsets = spread(places, 6, 3.2, 7);
    const { mean, interval95 } = row.summary;
    places.forEach((at, m) => {
      parts.push(`<circle cx="${px(at)}" cy="${px(y - 5 + offsets[m]!)}" r="3" fill="${row.colour}" fill-opacity="0.5"/>`);
    });
    if (mean === null) parts.push(label(left, y + 4, 'none', 'class="none"'));
    else {
      if (interval95)
        parts.push(
          line(x(Math.max(from, interval95[0])), y + 9, x(Math.min(to, interval95[1])), y + 9, `stroke="${row.colour}" stroke-width="2.4"`),
        );
      parts.push(mark('diamond', x(mean), y + 9, 3.6, row.colour));
    }
    if (row.summary.missed) parts.push(label(width - 2, y + 4, `${row.summary.missed} missed`, 'class="none" text-anchor="end"'));
  });
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(name)}">${parts.join('')}</svg>`;
}

/** A line a method over the bins of true thickness, with the 95 % interval of each mean. */
export function binPlot(
  rows: readonly { title: string; colour: string; marker: Marker; bins: readonly Summary[] }[],
  bins: readonly string[],
  name: string,
): string {
  const [width, height, left, right, top, bottom] = [1040, 360, 48, 16, 12, 44];
  const x = (b: number, n: number) =>
    left + ((b + 0.5 + ((n - (rows.length - 1) / 2) / rows.length) * 0.5) / bins.length) * (width - left - right);
  const y = (share: number) => top + (1 - share) * (height - top - bottom);
  const parts: string[] = [];
  for (let t = 0; t <= 1.001; t += 0.2) {
    parts.push(line(left, y(t), width - right, y(t), 'class="grid"'));
    parts.push(label(left - 8, y(t) + 4, tickText(100 * t, 0), `${axisStyle} text-anchor="end"`));
  }
  bins.forEach((words, b) => {
    const middle = left + ((b + 0.5) / bins.length) * (width - left - right);
    const most = Math.max(0, ...rows.map((r) => r.bins[b]!.heads));
    if (b)
      parts.push(
        line(
          middle - (width - left - right) / bins.length / 2,
          top,
          middle - (width - left - right) / bins.length / 2,
          height - bottom,
          'class="rule"',
        ),
      );
    parts.push(label(middle, height - bottom + 18, `${words} mm`, `${axisStyle} text-anchor="middle"`));
    parts.push(
      label(
        middle,
        height - bottom + 34,
        most ? `${most} head${most > 1 ? 's' : ''}` : 'no such walls',
        'class="none" text-anchor="middle"',
      ),
    );
  });
  rows.forEach((row, n) => {
    let before: [number, number] | null = null;
    const top: string[] = [];
    row.bins.forEach(({ mean, interval95 }, b) => {
      if (mean === null) {
        before = null;
        return;
      }
      const at: [number, number] = [x(b, n), y(mean)];
      if (before) parts.push(line(...before, ...at, `stroke="${row.colour}" stroke-opacity="0.35" stroke-width="1.4"`));
      if (interval95) {
        const clipped = interval95.map((v) => y(Math.max(0, Math.min(1, v))));
        top.push(line(at[0], clipped[0]!, at[0], clipped[1]!, `stroke="${row.colour}" stroke-width="1.6"`));
      }
      top.push(mark(row.marker, ...at, 4.2, row.colour));
      before = at;
    });
    parts.push(...top);
  });
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(name)}">${parts.join('')}</svg>`;
}

/** The mark of a method in a legend. */
export function legendMark(marker: Marker, colour: string): string {
  return `<svg class="key" viewBox="0 0 14 14" aria-hidden="true">${mark(marker, 7, 7, 4.4, colour)}</svg>`;
}
