import type { Truth } from './generated-bytes.fixture.ts';
import type { Picture, Point, Scene } from './generated-scene.fixture.ts';

/** What the headers of a generated series say, by arithmetic of its own. */

export const dot = (a: readonly number[], b: readonly number[]) =>
  (a[0] as number) * (b[0] as number) + (a[1] as number) * (b[1] as number) + (a[2] as number) * (b[2] as number);

export interface Axes {
  row: Point;
  column: Point;
  normal: Point;
}
/** Unit vectors at right angles, as near to the cosines as can be. */
export function axesOf({ row, column }: Pick<Truth, 'row' | 'column'>): Axes {
  const r = row.map((v) => v / Math.hypot(...row)) as Point;
  const lean = dot(r, column);
  const c = column.map((v, n) => v - lean * (r[n] as number)) as Point;
  const length = Math.hypot(...c);
  const u = c.map((v) => v / length) as Point;
  return { row: r, column: u, normal: [r[1] * u[2] - r[2] * u[1], r[2] * u[0] - r[0] * u[2], r[0] * u[1] - r[1] * u[0]] };
}

/** Closer than this along the normal, two images may be taken for one position. */
const samePlaneMm = 0.012;

export interface Stack {
  phase: number;
  axes: Axes;
  /** One truth a position, by increasing distance along the normal. */
  truths: Truth[];
  /** Distances along the normal, mm. */
  at: number[];
  /** Images at a position that another one holds already. */
  copies: number;
  /** Largest distance from an even grid between the first and the last, along the normal. */
  unevenMm: number;
  /** Largest distance from the line between the first and the last, across it. */
  sidewaysMm: number;
  /** How far the last lies beside the first, and the angle of that. */
  slantMm: number;
  slantDegrees: number;
  gaps: { min: number; max: number };
  /** Length of the mean step from slice to slice. */
  stepMm: number;
}

function stackOf(phase: number, members: Truth[]): Stack {
  const axes = axesOf(members[0] as Truth);
  const sorted = members.map((t) => ({ t, at: dot(t.position, axes.normal) })).sort((a, b) => a.at - b.at);
  const kept: typeof sorted = [];
  for (const one of sorted) {
    const last = kept[kept.length - 1];
    if (!last || one.at - last.at > samePlaneMm) kept.push(one);
  }
  const truths = kept.map(({ t }) => t);
  const at = kept.map((one) => one.at);
  const first = truths[0] as Truth;
  const last = truths[truths.length - 1] as Truth;
  const count = at.length;
  const along = (at[count - 1] as number) - (at[0] as number);
  const beside = (t: Truth): [number, number] => {
    const from = t.position.map((v, n) => v - (first.position[n] as number));
    return [dot(from, axes.row), dot(from, axes.column)];
  };
  const end = beside(last);
  const gaps = at.slice(1).map((v, n) => v - (at[n] as number));
  const share = (n: number) => (along > 0 ? ((at[n] as number) - (at[0] as number)) / along : 0);
  return {
    phase,
    axes,
    truths,
    at,
    copies: members.length - kept.length,
    unevenMm: Math.max(...at.map((v, n) => Math.abs(v - (at[0] as number) - (n * along) / Math.max(1, count - 1)))),
    sidewaysMm: Math.max(
      ...truths.map((t, n) => {
        const [u, v] = beside(t);
        return Math.hypot(u - end[0] * share(n), v - end[1] * share(n));
      }),
    ),
    slantMm: Math.hypot(...end),
    slantDegrees: (Math.atan2(Math.hypot(...end), along) * 180) / Math.PI,
    gaps: { min: Math.min(...gaps), max: Math.max(...gaps) },
    stepMm: Math.hypot(...last.position.map((v, n) => v - (first.position[n] as number))) / Math.max(1, count - 1),
  };
}

/** The volumes that a series holds: acquisitions and orientations apart, localizers left out. */
export function stacksOf(truths: Truth[]): Stack[] {
  const images = truths.filter(({ picture }) => !picture.localizer);
  return [0, 1, 2].flatMap((phase) => {
    const members = images.filter(({ picture }) => picture.phase === phase);
    return members.length > 0 ? [stackOf(phase, members)] : [];
  });
}

/** No fault was put in that could not be seen in the positions, and the positions are even and straight far inside every tolerance. */
export function mustBeAccepted(scene: Scene, stacks: Stack[]): boolean {
  const unseen = scene.faults.some(({ kind }) => kind === 'wobble' || kind === 'resized' || kind === 'strangers' || kind === 'ragged');
  return (
    !unseen &&
    stacks.every((s) => s.at.length >= 3 && s.gaps.min > 0.1 && s.unevenMm <= 0.004 && s.sidewaysMm <= 0.012 && s.slantMm <= 0.03)
  );
}

/** Reasons that a refusal may give, by what the headers say. */
export function truthfulReasons(scene: Scene, stacks: Stack[]): Set<string> {
  const out = new Set<string>();
  for (const s of stacks) {
    if (s.at.length < 3) out.add('TOO_FEW_SLICES');
    if (s.slantMm > 0.03) out.add('GANTRY_TILT');
    if (s.sidewaysMm > 0.012) out.add('INCONSISTENT_SLICES');
    if (s.unevenMm > 0.004) out.add('VARIABLE_SPACING');
    if (s.unevenMm > 0.004 && s.gaps.max > 1.4 * s.gaps.min) out.add('MISSING_SLICES');
    if (s.copies > 0) out.add('AMBIGUOUS_DUPLICATE_POSITIONS');
  }
  for (const { kind } of scene.faults) {
    if (kind === 'ragged') out.add('AMBIGUOUS_DUPLICATE_POSITIONS');
    if (kind === 'resized') out.add('INCONSISTENT_SLICES');
    if (kind === 'wobble')
      for (const code of ['MIXED_ORIENTATION_SPLIT', 'MISSING_SLICES', 'TOO_FEW_SLICES', 'VARIABLE_SPACING', 'INCONSISTENT_SLICES'])
        out.add(code);
  }
  if (scene.strayInSeries || scene.secondOrientation) out.add('MIXED_ORIENTATION_SPLIT');
  if (scene.strayInSeries || scene.flaggedLocalizer) out.add('TOO_FEW_SLICES');
  return out;
}

/** Groups of reasons of which each must be named once the series is refused for its positions. */
export function neededReasons(scene: Scene, stacks: Stack[]): string[][] {
  const kinds = scene.faults.map(({ kind }) => kind);
  if (kinds.includes('wobble') || kinds.includes('resized') || kinds.includes('ragged')) return [];
  if (kinds.includes('strangers') && stacks.some((s) => s.copies > 0)) return [['AMBIGUOUS_DUPLICATE_POSITIONS']];
  const out: string[][] = [];
  const main = stacks[0] as Stack;
  if (main.at.length < 3) return [['TOO_FEW_SLICES']];
  if (main.sidewaysMm > 0.1) out.push(['INCONSISTENT_SLICES']);
  else if (main.slantMm > 0.1 && main.slantDegrees > 0.05) out.push(['GANTRY_TILT']);
  const onlyMissing = kinds.includes('missing') && !kinds.some((kind) => kind === 'jitter' || kind === 'step' || kind === 'slid');
  const one = scene.faults.some(({ kind, amount }) => kind === 'missing' && amount === 1);
  if (onlyMissing && one && main.at.length >= 5 && main.unevenMm > 0.1 && scene.decimals.position >= 3) out.push(['MISSING_SLICES']);
  else if (main.unevenMm > 0.06) out.push(['VARIABLE_SPACING', 'MISSING_SLICES']);
  return out;
}

/** Warnings that an accepted series must bring, and those that it may. */
export function dueWarnings(scene: Scene, stacks: Stack[]): { due: string[]; allowed: Set<string> } {
  const due: string[] = [];
  const allowed = new Set(['HU_OUT_OF_RANGE']);
  const { thickness, between, tilt } = scene.tags;
  const kinds = scene.faults.map(({ kind }) => kind);
  const bent = kinds.includes('wobble');
  if (stacks.some((s) => s.at.length >= 3 && s.at.length < 5) && !bent) due.push('TOO_FEW_SLICES');
  if (bent) for (const code of ['MIXED_ORIENTATION_SPLIT', 'TOO_FEW_SLICES', 'INVALID_GEOMETRY_NORMALISED']) allowed.add(code);
  // A copy whose orientation was moved may stand apart from its original.
  if (stacks.some((s) => s.copies > 0)) {
    if (bent) allowed.add('DUPLICATE_SLICES');
    else due.push('DUPLICATE_SLICES');
  }
  if (scene.phaseTag !== null && !kinds.includes('ragged')) due.push('MULTIPLE_VOLUMES_SPLIT');
  if (scene.secondOrientation || scene.strayInSeries) due.push('MIXED_ORIENTATION_SPLIT');
  const main = stacks[0] as Stack;
  const formats = new Set(scene.pictures.map(({ format }: Picture) => `${format.signed} ${format.stored}`));
  if (scene.modality !== 'CT') due.push('NOT_CT_NO_HU');
  else if (scene.pictures.some(({ format }) => format.stored <= 8)) due.push('LOW_BIT_DEPTH');
  if (formats.size > 1) due.push('INCONSISTENT_PIXEL_FORMAT');
  if (between !== null) {
    const off = Math.abs(between - main.stepMm);
    if (off > 0.05 && off > 0.06 * main.stepMm && !bent) due.push('SPACING_TAGS_DISAGREE');
    else if (off > 0.004 || scene.secondOrientation || bent) allowed.add('SPACING_TAGS_DISAGREE');
  }
  if (thickness !== null && stacks.some((s) => Math.abs(thickness - s.stepMm) > 0.004)) allowed.add('SPACING_TAGS_DISAGREE');
  if (tilt !== null && Math.abs(tilt) > 0.5 && main.slantDegrees < 0.05 && !bent) due.push('GANTRY_TILT_TAG_IGNORED');
  else if (tilt !== null) allowed.add('GANTRY_TILT_TAG_IGNORED');
  if (scene.decimals.cosine <= 4) allowed.add('INVALID_GEOMETRY_NORMALISED');
  if (kinds.includes('ragged')) allowed.add('MULTIPLE_VOLUMES_SPLIT');
  for (const code of due) allowed.add(code);
  return { due, allowed };
}
