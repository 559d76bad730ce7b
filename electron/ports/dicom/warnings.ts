import type { Coded } from '../../../contract/errors.ts';
import type { StackGeometry } from '../../../kernels/volume/stack.ts';
import { dateWarnings } from './dates.ts';
import type { ImageFile } from './image.ts';
import { unnamedWarnings } from './patients.ts';
import type { Slice } from './slice.ts';

const warning = (code: Coded['code'], message: string): Coded => ({ code, message });

/** Each code once, with the number of files it was found in. */
export function fileWarnings(files: ImageFile[]): Coded[] {
  const found = new Map<Coded['code'], { message: string; count: number }>();
  for (const file of files) {
    for (const item of file.warnings) {
      const known = found.get(item.code);
      if (known) known.count++;
      else found.set(item.code, { message: item.message, count: 1 });
    }
  }
  return [...found].map(([code, { message, count }]) => warning(code, count > 1 ? `${message} (${count} files)` : message));
}

/** PS3.5 9.1: numbers without leading zeros, 64 characters at most. */
const uid = /^(0|[1-9][0-9]*)(\.(0|[1-9][0-9]*))*$/;
const isUid = (value: string) => uid.test(value) && value.length <= 64;

/** Whom and what the images say they are of. */
export function identityWarnings(files: ImageFile[]): Coded[] {
  const first = files[0] as ImageFile;
  const out = unnamedWarnings(files);
  const wrong = (
    [
      ['SeriesInstanceUID', (file: ImageFile) => file.seriesInstanceUid],
      ['StudyInstanceUID', (file: ImageFile) => file.studyInstanceUid],
      ['SOPInstanceUID', (file: ImageFile) => file.sopInstanceUid],
      ['FrameOfReferenceUID', (file: ImageFile) => file.frameOfReferenceUid],
    ] as const
  ).find(([, of]) => files.some((file) => of(file) !== '' && !isUid(of(file))));
  const instances = files.map((file) => file.sopInstanceUid).filter((value) => value !== '');
  if (wrong) out.push(warning('INVALID_UID', `The ${wrong[0]} is not a valid UID.`));
  else if (new Set(instances).size < instances.length)
    out.push(warning('INVALID_UID', 'Different images have the same SOPInstanceUID: references to them are ambiguous.'));
  else if (new Set(files.map((file) => file.studyInstanceUid).filter((value) => value !== '')).size > 1)
    out.push(warning('INVALID_UID', 'The images of one series state several studies. Check that they belong together.'));
  out.push(...dateWarnings(first.studyDate, first.birthDate, Date.now()));
  return out;
}

/** PS3.3 C.11.1.1.2. `US` is 'unspecified', which common writers put behind any rescale; `HU_MOD` are changed HU. */
const isHounsfield = (rescaleType: string) => ['', 'HU', 'US'].includes(rescaleType);

/** What the values mean, and what was lost on the way to them. */
export function calibrationWarnings(files: ImageFile[]): Coded[] {
  const first = files[0] as ImageFile;
  const out: Coded[] = [];
  const stated = files.every((file) => file.frames.every((frame) => frame.slope !== null && frame.intercept !== null));
  const otherType = files.flatMap((file) => file.frames).find((frame) => !isHounsfield(frame.rescaleType))?.rescaleType;
  if (first.modality !== 'CT') {
    out.push(
      warning('NOT_CT_NO_HU', `${first.modality || 'Unknown modality'}: values are plain intensities, not HU; HU thresholds do not apply.`),
    );
  } else if (files.some((file) => file.modalityLut)) {
    out.push(warning('HU_NOT_CALIBRATED', 'The values stand behind a lookup table, which was not applied. HU thresholds do not apply.'));
  } else if (!stated) {
    out.push(warning('HU_NOT_CALIBRATED', 'The CT states no rescale: stored values are not HU. HU thresholds do not apply.'));
  } else if (otherType !== undefined) {
    out.push(warning('HU_NOT_CALIBRATED', `The CT's values are stated as ${otherType}, not HU. HU thresholds do not apply.`));
  }
  if (files.some((file) => file.lossy))
    out.push(warning('LOSSY_COMPRESSED', 'The images were compressed with loss. Fine structures and HU may be changed.'));
  if (first.modality === 'CT' && files.some((file) => file.format.bitsStored <= 8)) {
    out.push(warning('LOW_BIT_DEPTH', `The images hold ${first.format.bitsStored} bits: HU are coarse.`));
  }
  const formats = new Set(files.map((file) => `${file.format.signed} ${file.format.bitsStored}`));
  if (formats.size > 1)
    out.push(warning('INCONSISTENT_PIXEL_FORMAT', 'Slices differ in sign or stored bits; each was read by its own header.'));
  return out;
}

/** Tilt and spacing attributes decide nothing; where they contradict the positions the reader is told. */
export function tagWarnings(slices: Slice[], stack: StackGeometry): Coded[] {
  const out: Coded[] = [];
  const files = [...new Set(slices.map((slice) => slice.file))];
  const farthest = (of: (file: ImageFile) => number | null, from: number) =>
    files.reduce<number | null>((worst, file) => {
      const value = of(file);
      return value !== null && (worst === null || Math.abs(Math.abs(value) - from) > Math.abs(Math.abs(worst) - from)) ? value : worst;
    }, null);
  // Vendors give the tilt either sign.
  const tilt = farthest((file) => file.gantryTilt, stack.tiltDegrees);
  if (tilt !== null && Math.abs(Math.abs(tilt) - stack.tiltDegrees) > (stack.tiltDegrees < 0.1 ? 0.1 : 0.5)) {
    const shown = stack.tiltDegrees < 0.1 ? 'none' : `${stack.tiltDegrees.toFixed(1)} degrees`;
    out.push(
      warning(
        'GANTRY_TILT_TAG_IGNORED',
        `The header states a gantry tilt of ${tilt} degrees; the positions show ${shown} and were followed.`,
      ),
    );
  }
  if (!(stack.stepMm > 0) || stack.faults.length > 0) return out;
  const differs = (stated: number, mm: number) => Math.abs(Math.abs(stated) - mm) > Math.max(0.01, 0.01 * mm);
  const stated = farthest((file) => file.spacingBetweenSlices, stack.stepMm);
  const confirmed = stated && !(differs(stated, stack.stepMm) && differs(stated, stack.spacingMm));
  if (stated && !confirmed) {
    out.push(
      warning(
        'SPACING_TAGS_DISAGREE',
        `SpacingBetweenSlices states ${stated} mm; the positions are ${stack.stepMm.toFixed(3)} mm apart and were followed.`,
      ),
    );
  }
  const thickness = farthest((file) => file.sliceThickness, stack.spacingMm);
  // Slices may overlap, as reconstructions do, or be planned with a gap that SpacingBetweenSlices states.
  if (thickness && thickness > 0 && !confirmed && (thickness < thinnest * stack.spacingMm || thickness > thickest * stack.spacingMm)) {
    const what =
      thickness < stack.spacingMm ? 'tissue between the slices was not imaged, or slices are missing' : 'the positions were followed';
    out.push(
      warning(
        'SPACING_TAGS_DISAGREE',
        `SliceThickness states ${thickness} mm; the positions are ${stack.stepMm.toFixed(3)} mm apart: ${what}.`,
      ),
    );
  }
  return out;
}
const thinnest = 0.95;
const thickest = 3.05;

/** A body lies between air and dense bone; extended scales reach metal, and padding stands below air. */
const plausibleHu = [-1024, 3071] as const;

/**
 * What the values themselves say against being HU: beyond 16 bits, or none of them where air, tissue and bone are.
 * Cost: up to one pass; the usual volume ends it at its first voxel.
 */
export function rangeWarnings(values: Int16Array | Float32Array): Coded[] {
  const beyond = values instanceof Float32Array && values.some((value) => value > 32_767 || value < -32_768);
  if (beyond) return [warning('HU_OUT_OF_RANGE', 'Values lie beyond any HU (16 bits). Check the rescale of the series.')];
  if (values.some((value) => value >= plausibleHu[0] && value <= plausibleHu[1])) return [];
  return [warning('HU_OUT_OF_RANGE', 'No value lies where air, tissue and bone have their HU. Check the rescale of the series.')];
}
