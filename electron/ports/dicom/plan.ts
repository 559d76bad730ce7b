import { type Coded, Refusal } from '../../../contract/errors.ts';
import { type AllowCode, allowCode } from '../../../contract/volume.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import { cross, judgeStack, orderStack, type StackGeometry } from '../../../kernels/volume/stack.ts';
import { apart, axes } from './cosines.ts';
import { dropDuplicates, type Parted } from './duplicates.ts';
import type { ImageFile } from './image.ts';
import { takeApart } from './mixtures.ts';
import { bombRatio } from './pixel-fault.ts';
import { headerReasons, isCapture, isLocalizer, uniformReasons } from './series-faults.ts';
import type { Slice } from './slice.ts';
import { calibrationWarnings, fileWarnings, identityWarnings, tagWarnings } from './warnings.ts';

/** One volume, or one group of images that cannot be one, with the reasons. */
export interface Candidate {
  /** SeriesInstanceUID; a second volume of the same series gets `#2` behind it. */
  uid: string;
  kind: 'volume' | 'localizer' | 'single' | 'other';
  files: ImageFile[];
  /** By increasing projection on the normal; empty where the geometry cannot be told. */
  slices: Slice[];
  rowDirection: Triple;
  columnDirection: Triple;
  /** Between columns (along i), between rows (along j). */
  inPlaneMm: [number, number];
  stack: StackGeometry | null;
  reasons: Coded[];
  warnings: Coded[];
}

function missingWords({ missingMm }: StackGeometry): string {
  const listed = missingMm.slice(0, 8).map((at) => at.toFixed(2));
  const places = `at ${listed.join(', ')}${missingMm.length > listed.length ? ', …' : ''} mm along the normal`;
  return missingMm.length === 1 ? `1 slice is missing (${places}).` : `${missingMm.length} slices are missing (${places}).`;
}

const messages = {
  GANTRY_TILT: (s: StackGeometry) =>
    `The slices are slanted by ${s.tiltDegrees.toFixed(1)} degrees (gantry tilt). Allow the volume to be straightened by resampling, or choose a series without tilt.`,
  VARIABLE_SPACING: (s: StackGeometry) =>
    `The distance between slices varies from ${s.gapsMm.min.toFixed(3)} to ${s.gapsMm.max.toFixed(3)} mm. Allow the volume to be resampled onto even spacing, or choose a series with even spacing.`,
  MISSING_SLICES: (s: StackGeometry) =>
    `${missingWords(s)} Send ${s.missingMm.length === 1 ? 'it' : 'them'}, or allow the gap to be filled by interpolation.`,
  INCONSISTENT_SLICES: () => 'Some slices are shifted sideways against the others. Send one reconstruction only.',
  TOO_FEW_SLICES: (s: StackGeometry) => `${s.positionsMm.length} slices make no volume; at least 3 are needed.`,
};

/** What was done with consent, in place of the reason that asked for it. */
const done: Record<AllowCode, (s: StackGeometry) => string> = {
  GANTRY_TILT: (s) =>
    `The slices were slanted by ${s.tiltDegrees.toFixed(1)} degrees (gantry tilt). The volume was straightened with consent; true positions are kept.`,
  VARIABLE_SPACING: (s) =>
    `The distance between slices varied from ${s.gapsMm.min.toFixed(3)} to ${s.gapsMm.max.toFixed(3)} mm. The volume was resampled onto even spacing with consent; true positions are kept.`,
  MISSING_SLICES: (s) => `${missingWords(s)} The gap was filled by interpolation with consent: what is shown there was not measured.`,
};

/** The reasons of a plan as warnings of the volume that was resampled with consent. */
export function consentedWarnings(plan: Candidate): Coded[] {
  const { stack } = plan;
  if (!stack) throw new RangeError('the candidate is no stack');
  return plan.reasons.map(({ code, message }) => {
    const consented = allowCode.safeParse(code);
    return { code, message: consented.success ? done[consented.data](stack) : message };
  });
}

const reason = (code: Coded['code'], message: string): Coded => ({ code, message });

const bombFloor = 256 * 1024 ** 2;

/** More orientations than this in one series are a rotating scan, not stacks. */
const maximumOrientations = 256;
/** Cosines rounded to three decimals in some slices still mean one plane: 0.1 mm at the edge of a head. */
const orientationTolerance = 1e-3;
function distinct<T>(values: T[]): T[] {
  return [...new Set(values)];
}

function candidate(uid: string, kind: Candidate['kind'], files: ImageFile[], reasons: Coded[]): Candidate {
  return {
    uid,
    kind,
    files,
    slices: [],
    rowDirection: [1, 0, 0],
    columnDirection: [0, 1, 0],
    inPlaneMm: [0, 0],
    stack: null,
    reasons,
    warnings: [],
  };
}

function stackOf(uid: string, slices: Slice[], warnings: Coded[]): Candidate {
  const first = slices[0] as Slice;
  const files = distinct(slices.map((slice) => slice.file));
  const directions = axes(first.frame.orientation as number[]);
  const spacing = first.frame.pixelSpacing as [number, number];
  if (!directions) throw new RangeError('the orientation was not checked');
  const out: Candidate = {
    ...candidate(uid, slices.length === 1 ? 'single' : 'volume', files, uniformReasons(slices)),
    rowDirection: directions.row,
    columnDirection: directions.column,
    inPlaneMm: [spacing[1], spacing[0]],
  };
  const planes = { rowDirection: directions.row, columnDirection: directions.column };
  const { projectionsMm } = orderStack({ ...planes, positionsLps: slices.map((slice) => slice.position) });
  if (projectionsMm.length !== slices.length) throw new RangeError('duplicates were not dropped');
  const stack = judgeStack({ ...planes, positionsLps: slices.map((slice) => slice.position) });
  out.slices = slices;
  out.stack = stack;
  const { rows, columns } = first.file.format;
  // Each file may be small enough by itself and all of them still a bomb.
  const bytes = files.reduce((sum, file) => sum + file.fileBytes, 0);
  const needed = rows * columns * slices.length * (first.file.format.bitsAllocated / 8);
  if (needed > bombFloor && needed > bombRatio * bytes) {
    out.reasons.push(reason('TOO_LARGE', `${bytes} bytes would become ${needed}. The series is refused as a possible attack.`));
  }
  if (slices.length < 3) out.reasons.push(reason('TOO_FEW_SLICES', messages.TOO_FEW_SLICES(stack)));
  else for (const fault of stack.faults) out.reasons.push(reason(fault, messages[fault](stack)));
  out.warnings = [
    ...warnings,
    ...fileWarnings(files),
    ...identityWarnings(files),
    ...calibrationWarnings(files),
    ...tagWarnings(slices, stack),
  ];
  const spread = slices.reduce(
    (most, { frame }) => Math.max(most, apart(frame.orientation as number[], first.frame.orientation as number[])),
    0,
  );
  // At the rim of a large picture a small turn counts: it is said before it moves a pixel by what may go unsaid.
  if (spread * (columns * out.inPlaneMm[0] + rows * out.inPlaneMm[1]) > 0.01) {
    out.warnings.push(
      reason(
        'INVALID_GEOMETRY_NORMALISED',
        `The direction cosines of the slices differ by up to ${spread.toExponential(1)}; the first slice's were taken.`,
      ),
    );
  } else if (directions.off > 1e-4) {
    out.warnings.push(
      reason(
        'INVALID_GEOMETRY_NORMALISED',
        `The direction cosines were off by ${directions.off.toExponential(1)} and were made unit vectors at right angles.`,
      ),
    );
  }
  if (slices.length >= 3 && slices.length < 5) {
    out.warnings.push(reason('TOO_FEW_SLICES', `Only ${slices.length} slices: the volume is thinner than any model of bone needs.`));
  }
  return out;
}

/** Volumes of slices that share an orientation: duplicates dropped, acquisitions at the same positions taken apart. */
function stacksOf(uid: string, slices: Slice[], warnings: Coded[]): Candidate[] {
  const first = slices[0] as Slice;
  const directions = axes(first.frame.orientation as number[]);
  if (!directions) throw new RangeError('the orientation was not checked');
  const { groups } = orderStack({
    rowDirection: directions.row,
    columnDirection: directions.column,
    positionsLps: slices.map((slice) => slice.position),
  });
  const sorted = groups.map((group) => group.map((n) => slices[n] as Slice));
  const parted = partedOrRefused(sorted);
  if ('ambiguous' in parted) {
    const out = stackOfAmbiguous(uid, slices);
    out.reasons.push(parted.ambiguous);
    return [out];
  }
  return parted.volumes.map((volume, n) => stackOf(n === 0 ? uid : `${uid}#${n + 1}`, volume, [...warnings, ...parted.warnings]));
}

/** A file that cannot be read for comparison refuses its own series only. */
function partedOrRefused(groups: Slice[][]): Parted {
  try {
    const parted = dropDuplicates(groups);
    if ('ambiguous' in parted) return parted;
    const taken = parted.volumes.map(takeApart);
    return {
      volumes: taken.flatMap((part) => part.volumes),
      warnings: [...parted.warnings, ...taken.flatMap((part) => part.warnings)],
    };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ambiguous: reason(error.code, error.message) };
  }
}

function stackOfAmbiguous(uid: string, slices: Slice[]): Candidate {
  return { ...candidate(uid, 'volume', distinct(slices.map((slice) => slice.file)), []), slices: [] };
}

/** Two groups of nearly one orientation whose slices alternate: one acquisition that moved, not two stacks. */
function interlaced(a: Slice[], b: Slice[]): boolean {
  const orientation = a[0]?.frame.orientation as number[];
  if (a.length < 3 || b.length < 3 || apart(orientation, b[0]?.frame.orientation as number[]) > nearlyParallel) return false;
  const directions = axes(orientation);
  if (!directions) throw new RangeError('the orientation was not checked');
  const { row, column } = directions;
  const slices = [...a, ...b];
  const { groups } = orderStack({ rowDirection: row, columnDirection: column, positionsLps: slices.map((slice) => slice.position) });
  if (groups.some((group) => group.length > 1)) return false;
  const sides = groups.map((group) => (group[0] as number) < a.length);
  return sides.filter((side, n) => n > 0 && side !== sides[n - 1]).length > 2;
}
const nearlyParallel = 0.04;

function planSeries(uid: string, files: ImageFile[]): Candidate[] {
  const out: Candidate[] = [];
  const localizers = files.filter(isLocalizer);
  const others = files.filter((file) => !isLocalizer(file));
  const captures = others.filter(isCapture);
  // A dose report or a picture of the screen that was sent with the slices is no reason against them.
  const stray = captures.length < others.length ? captures : [];
  const rest = others.filter((file) => !stray.includes(file));
  if (localizers.length > 0) out.push(candidate(uid, 'localizer', localizers, []));
  for (const file of stray) out.push(candidate(uid, 'other', [file], headerReasons([file])));
  if (rest.length === 0) return out;
  const reasons = headerReasons(rest);
  if (reasons.length > 0)
    return [...out, candidate(uid, rest.length > 1 || (rest[0]?.frames.length ?? 0) > 1 ? 'volume' : 'single', rest, reasons)];
  const unsorted = () =>
    candidate(uid, 'volume', rest, [
      reason('MIXED_ORIENTATION_SPLIT', 'The images of this series lie in different orientations and form no stack.'),
    ]);
  const clusters: Slice[][] = [];
  for (const file of rest) {
    for (const frame of file.frames) {
      const slice: Slice = { file, frame, position: frame.position as Triple };
      const own = frame.orientation as number[];
      const home = clusters.find((cluster) => apart(cluster[0]?.frame.orientation as number[], own) <= orientationTolerance);
      if (home) home.push(slice);
      else if (clusters.length < maximumOrientations) clusters.push([slice]);
      else return [...out, unsorted()];
    }
  }
  clusters.sort((a, b) => b.length - a.length);
  const stacks = clusters.filter((cluster) => cluster.length >= 3);
  if (clusters.length > 1 && stacks.length === 0) return [...out, unsorted()];
  if (clusters.some((a, n) => clusters.slice(n + 1).some((b) => interlaced(a, b)))) {
    return [
      ...out,
      candidate(uid, 'volume', rest, [
        reason('INCONSISTENT_SLICES', 'Slices that lie between each other are turned against each other. Send one acquisition only.'),
      ]),
    ];
  }
  const split =
    clusters.length > 1 ? [reason('MIXED_ORIENTATION_SPLIT', 'Images of different orientation in one series were taken apart.')] : [];
  let made = 0;
  for (const cluster of clusters) {
    for (const stack of stacksOf(uid, cluster, cluster.length >= 3 ? split : [])) {
      made++;
      out.push(made === 1 ? stack : { ...stack, uid: `${uid}#${made}` });
    }
  }
  return out;
}

/**
 * Groups images into series and judges each: what can become a volume, and why the others cannot. Reads pixels only where two images lie
 * at the same position.
 * @param tick called before each series; may throw to cancel
 */
export function planVolumes(images: ImageFile[], tick: () => void = () => {}): Candidate[] {
  const series = new Map<string, ImageFile[]>();
  for (const image of images) {
    const key =
      image.seriesInstanceUid || `\n${image.studyInstanceUid}\n${image.frameOfReferenceUid}\n${image.modality}\n${image.description}`;
    const known = series.get(key);
    if (known) known.push(image);
    else series.set(key, [image]);
  }
  const out: Candidate[] = [];
  let unnamed = 0;
  for (const [key, files] of series) {
    tick();
    const nameless = key.startsWith('\n');
    if (nameless) unnamed++;
    const planned = planSeries(nameless ? (unnamed > 1 ? `#${unnamed}` : '') : key, files);
    if (nameless) {
      for (const item of planned)
        item.warnings.unshift(
          reason('MISSING_REQUIRED_TAG', 'The SeriesInstanceUID is missing; images were grouped by study and frame of reference.'),
        );
    }
    out.push(...planned);
  }
  return out;
}

/** Unit vectors of i, j and k, and the distance between slices along k. */
export function gridOf(plan: Candidate): { directionLps: [...Triple, ...Triple, ...Triple]; spacingMm: Triple; normal: Triple } {
  if (!plan.stack) throw new RangeError('the candidate is no stack');
  return {
    directionLps: [...plan.rowDirection, ...plan.columnDirection, ...plan.stack.stepDirection],
    // Sums of decimal positions carry noise of the last bit; a billionth of a millimetre is none.
    spacingMm: [plan.inPlaneMm[0], plan.inPlaneMm[1], Math.round(plan.stack.stepMm * 1e9) / 1e9],
    normal: cross(plan.rowDirection, plan.columnDirection),
  };
}
