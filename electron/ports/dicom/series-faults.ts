import type { Coded } from '../../../contract/errors.ts';
import { axes } from './cosines.ts';
import type { FrameHeader, ImageFile } from './image.ts';
import { severalPatients } from './patients.ts';
import type { Slice } from './slice.ts';

const reason = (code: Coded['code'], message: string): Coded => ({ code, message });

/** An overview picture by which the scan was planned. */
export function isLocalizer(file: ImageFile): boolean {
  return file.imageType.some((part) => part === 'LOCALIZER' || part === 'SCOUT' || part === 'SCANOGRAM');
}

/** A picture that states no place in the patient and is in colour, or a picture of a screen by its class or its image type. */
export function isCapture(file: ImageFile): boolean {
  const placed = file.frames.some((frame) => frame.position !== null || frame.orientation !== null || frame.malformed !== null);
  const screen = file.imageType.some((part) => part.startsWith('SCREEN'));
  return !placed && (screen || file.fault?.code === 'COLOUR_IMAGE' || /^1\.2\.840\.10008\.5\.1\.4\.1\.1\.7(\.|$)/.test(file.sopClassUid));
}

/** Faults that keep the whole series out, found from its headers. */
export function headerReasons(files: ImageFile[]): Coded[] {
  const reasons: Coded[] = [];
  const add = (item: Coded) => {
    if (!reasons.some((known) => known.code === item.code)) reasons.push(item);
  };
  for (const file of files) if (file.fault) add(file.fault);
  if (severalPatients(files)) {
    add(reason('PATIENT_MISMATCH', 'One series holds images of more than one patient. Ask the sender to correct it.'));
  }
  if (new Set(files.map((file) => file.frameOfReferenceUid).filter((uid) => uid !== '')).size > 1) {
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
export function uniformReasons(slices: Slice[]): Coded[] {
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
