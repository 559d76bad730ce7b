import { type Coded, Refusal } from '../../../contract/errors.ts';
import { type AllowCode, allowCode } from '../../../contract/volume.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import { cross, judgeStack, orderStack, type StackGeometry } from '../../../kernels/volume/stack.ts';
import { dropDuplicates, type Parted } from './duplicates.ts';
import type { FrameHeader, ImageFile } from './image.ts';
import { takeApart } from './mixtures.ts';
import { severalPatients } from './patients.ts';
import { bombRatio } from './pixel-fault.ts';
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

/** Cosines as unit vectors at right angles; null where they are none. `off`: how far they were from that. */
function axes(orientation: number[]): { row: Triple; column: Triple; off: number } | null {
  const row = orientation.slice(0, 3) as Triple;
  const column = orientation.slice(3, 6) as Triple;
  const rowLength = Math.hypot(...row);
  const columnLength = Math.hypot(...column);
  const lean = row[0] * column[0] + row[1] * column[1] + row[2] * column[2];
  const off = Math.max(Math.abs(rowLength - 1), Math.abs(columnLength - 1), Math.abs(lean));
  if (!(off < 5e-3)) return null;
  if (off < 1e-12) return { row, column, off };
  const unit = row.map((value) => value / rowLength) as Triple;
  const inner = unit[0] * column[0] + unit[1] * column[1] + unit[2] * column[2];
  const square = column.map((value, n) => value - inner * (unit[n] as number)) as Triple;
  const length = Math.hypot(...square);
  return { row: unit, column: square.map((value) => value / length) as Triple, off };
}

const bombFloor = 256 * 1024 ** 2;

/** More orientations than this in one series are a rotating scan, not stacks. */
const maximumOrientations = 256;
/** Cosines rounded to three decimals in some slices still mean one plane: 0.1 mm at the edge of a head. */
const orientationTolerance = 1e-3;
function apart(a: number[], b: number[]): number {
  return a.reduce((most, value, n) => Math.max(most, Math.abs(value - (b[n] as number))), 0);
}

function distinct<T>(values: T[]): T[] {
  return [...new Set(values)];
}

function isLocalizer(file: ImageFile): boolean {
  return file.imageType.some((part) => part === 'LOCALIZER' || part === 'SCOUT' || part === 'SCANOGRAM');
}

/** A picture that states no place in the patient and is in colour, or a picture of a screen by its class or its image type. */
function isCapture(file: ImageFile): boolean {
  const placed = file.frames.some((frame) => frame.position !== null || frame.orientation !== null || frame.malformed !== null);
  const screen = file.imageType.some((part) => part.startsWith('SCREEN'));
  return !placed && (screen || file.fault?.code === 'COLOUR_IMAGE' || /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(\.|$)/.test(file.sopClassUid));
}

/** Faults that keep the whole series out, found from its headers. */
function headerReasons(files: ImageFile[]): Coded[] {
  const reasons: Coded[] = [];
  const add = (item: Coded) => {
    if (!reasons.some((known) => known.code === item.code)) reasons.push(item);
  };
  for (const file of files) if (file.fault) add(file.fault);
  if (severalPatients(files)) {
    add(reason('PATIENT_MISMATCH', 'One series holds images of more than one patient. Ask the sender to correct it.'));
  }
  if (distinct(files.map((file) => file.frameOfReferenceUid).filter((uid) => uid !== '')).length > 1) {
    add(reason('FRAME_OF_REFERENCE_MISMATCH', 'One series holds more than one frame of reference: the positions cannot be compared.'));
  }
  for (const file of files) {
    for (const frame of file.frames) {
      const fault = frameReason(file, frame);
      if (fault) add(fault);
    }
  }
  return reasons;
}

/** No scanner reaches these; beyond them sums lose the digits that geometry needs. */
const smallestMm = 1e-4;
const largestPixelMm = 1000;
const farthestMm = 100_000;
const largestFactor = 1e28;

function frameReason(file: ImageFile, frame: FrameHeader): Coded | null {
  if (file.fault) return null;
  if (frame.malformed) return reason('INVALID_GEOMETRY', `${frame.malformed} holds something else than the numbers it must hold.`);
  if (!frame.position || !frame.orientation) {
    return reason(
      'MISSING_GEOMETRY',
      'The position or orientation of images is not stated. It is never guessed: export the original series.',
    );
  }
  if (!frame.pixelSpacing) {
    return file.imagerSpacing
      ? reason('UNCALIBRATED_SPACING', 'Only the detector spacing is stated, not the size of a pixel in the patient.')
      : reason('MISSING_GEOMETRY', 'The size of a pixel is not stated. It is never guessed: export the original series.');
  }
  if (!frame.pixelSpacing.every((mm) => mm >= smallestMm && mm <= largestPixelMm)) {
    return reason('INVALID_GEOMETRY', `A pixel spacing of ${frame.pixelSpacing.join(' x ')} mm is not possible.`);
  }
  if (!frame.position.every((mm) => Math.abs(mm) <= farthestMm)) {
    return reason('INVALID_GEOMETRY', `A slice at ${frame.position.join(', ')} mm is not possible.`);
  }
  if (!axes(frame.orientation)) return reason('INVALID_GEOMETRY', 'The direction cosines are not unit vectors at right angles.');
  if (frame.slope !== null && !(Math.abs(frame.slope) >= 1 / largestFactor && Math.abs(frame.slope) <= largestFactor)) {
    return reason('INVALID_RESCALE', 'The rescale slope is zero, out of all range or not a number: no values can be told from it.');
  }
  if (frame.intercept !== null && !(Math.abs(frame.intercept) <= largestFactor))
    return reason('INVALID_RESCALE', 'The rescale intercept is out of all range or not a number.');
  return null;
}

/** Slices of one orientation must also share matrix, pixel size and the kind of pixel. */
function uniformReasons(slices: Slice[]): Coded[] {
  const reasons: Coded[] = [];
  const first = slices[0] as Slice;
  const spacing = first.frame.pixelSpacing as [number, number];
  const same = slices.every(({ file, frame }) => {
    const own = frame.pixelSpacing as [number, number];
    return (
      file.format.rows === first.file.format.rows &&
      file.format.columns === first.file.format.columns &&
      // As long as the far rim of the picture stays where it is, to a hundredth of a millimetre.
      Math.abs(own[0] - spacing[0]) * first.file.format.rows <= 0.01 &&
      Math.abs(own[1] - spacing[1]) * first.file.format.columns <= 0.01
    );
  });
  if (!same)
    reasons.push(reason('INCONSISTENT_SLICES', 'The slices of one series differ in matrix or pixel size. Send one reconstruction only.'));
  if (slices.some(({ file }) => file.modality !== first.file.modality))
    reasons.push(reason('INCONSISTENT_SLICES', 'The slices of one series are of several modalities. Send one of them only.'));
  if (slices.some(({ file }) => file.format.bitsAllocated !== first.file.format.bitsAllocated)) {
    reasons.push(reason('INCONSISTENT_PIXEL_FORMAT', 'The slices of one series differ in the size of their pixels.'));
  }
  if (
    slices.some(
      ({ frame }) =>
        (frame.slope === null) !== (first.frame.slope === null) || (frame.intercept === null) !== (first.frame.intercept === null),
    )
  ) {
    reasons.push(reason('INVALID_RESCALE', 'Some slices state a rescale and others do not.'));
  }
  return reasons;
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
