import type { Coded } from '../../../contract/errors.ts';
import type { StackGeometry } from '../../../kernels/volume/stack.ts';
import type { ImageFile } from './image.ts';
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

const uid = /^[0-9]+(\.[0-9]+)*$/;

/** What the values mean, and what was lost on the way to them. */
export function calibrationWarnings(files: ImageFile[]): Coded[] {
  const first = files[0] as ImageFile;
  const out: Coded[] = [];
  const stated = files.every((file) => file.frames.every((frame) => frame.slope !== null && frame.intercept !== null));
  if (first.modality !== 'CT') {
    out.push(
      warning('NOT_CT_NO_HU', `${first.modality || 'Unknown modality'}: values are plain intensities, not HU; HU thresholds do not apply.`),
    );
  } else if (!stated) {
    out.push(warning('HU_NOT_CALIBRATED', 'The CT states no rescale: stored values are not HU. HU thresholds do not apply.'));
  } else if (!['', 'HU', 'US', 'HU_MOD'].includes(first.rescaleType)) {
    out.push(warning('HU_NOT_CALIBRATED', `The CT's values are stated as ${first.rescaleType}, not HU. HU thresholds do not apply.`));
  }
  if (files.some((file) => file.lossy))
    out.push(warning('LOSSY_COMPRESSED', 'The images were compressed with loss. Fine structures and HU may be changed.'));
  if (first.modality === 'CT' && files.some((file) => file.format.bitsStored <= 8)) {
    out.push(warning('LOW_BIT_DEPTH', `The images hold ${first.format.bitsStored} bits: HU are coarse.`));
  }
  const formats = new Set(files.map((file) => `${file.format.signed} ${file.format.bitsStored}`));
  if (formats.size > 1)
    out.push(warning('INCONSISTENT_PIXEL_FORMAT', 'Slices differ in sign or stored bits; each was read by its own header.'));
  if (files.some((file) => file.seriesInstanceUid !== '' && (!uid.test(file.seriesInstanceUid) || file.seriesInstanceUid.length > 64))) {
    out.push(warning('INVALID_UID', 'The SeriesInstanceUID is not a valid UID.'));
  }
  if (/^\d{8}$/.test(first.birthDate) && /^\d{8}$/.test(first.studyDate) && first.birthDate > first.studyDate) {
    out.push(warning('IMPLAUSIBLE_DATES', 'The study is dated before the birth of the patient. Check that this is the right patient.'));
  }
  return out;
}

/** Tilt and spacing attributes decide nothing; where they contradict the positions the reader is told. */
export function tagWarnings(slices: Slice[], stack: StackGeometry): Coded[] {
  const out: Coded[] = [];
  const tilt = slices[0]?.file.gantryTilt ?? 0;
  if (Math.abs(tilt) > 0.1 && stack.tiltDegrees < 0.1) {
    out.push(
      warning('GANTRY_TILT_TAG_IGNORED', `The header states a gantry tilt of ${tilt} degrees; the positions show none and were followed.`),
    );
  }
  const stated = slices[0]?.file.spacingBetweenSlices;
  if (stated && stack.stepMm > 0 && stack.faults.length === 0) {
    const differs = (mm: number) => Math.abs(Math.abs(stated) - mm) > Math.max(0.01, 0.01 * mm);
    if (differs(stack.stepMm) && differs(stack.spacingMm)) {
      out.push(
        warning(
          'SPACING_TAGS_DISAGREE',
          `SpacingBetweenSlices states ${stated} mm; the positions are ${stack.stepMm.toFixed(3)} mm apart and were followed.`,
        ),
      );
    }
  }
  return out;
}
