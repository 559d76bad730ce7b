import { type BitGrid, bitsAnd, bitsOr, copyBits, countBits } from '../../../kernels/labels/bits.ts';
import { writeDataset } from './dicom-dataset.ts';
import type { ObjectSegment, ObjectWriter } from './object-input.ts';
import { segmentItem } from './segment-items.ts';
import { segmentationImage } from './segmentation-image.ts';

const segmentationStorage = '1.2.840.10008.5.1.4.1.1.66.4';

/** The slices of a mask that hold a voxel. */
export function slicesWithVoxels({ dimensions, wordsPerRow, words }: BitGrid): number[] {
  const size = wordsPerRow * dimensions[1];
  const found: number[] = [];
  for (let k = 0; k < dimensions[2]; k++) if (words.subarray(k * size, (k + 1) * size).some((word) => word !== 0)) found.push(k);
  return found;
}

/**
 * Frames of bits end to end, the first pixel in the lowest bit and no padding between frames (PS3.5 8.1.1, 8.2), as BINARY segmentations
 * have them.
 */
export function packFrames(frames: { bits: BitGrid; k: number }[], [nx, ny]: readonly number[]): Uint8Array {
  const out = new Uint8Array(Math.ceil((frames.length * (nx as number) * (ny as number)) / 8));
  let at = 0;
  let shift = 0;
  for (const { bits, k } of frames) {
    for (let row = k * (ny as number); row < (k + 1) * (ny as number); row++) {
      for (let n = 0, left = nx as number; left > 0; n++, left -= 32) {
        const word = bits.words[row * bits.wordsPerRow + n] as number;
        const count = Math.min(32, left);
        for (let done = 0; done < count; ) {
          const taken = Math.min(8 - shift, count - done);
          out[at] = (out[at] as number) | (((word >>> done) & ((1 << taken) - 1)) << shift);
          done += taken;
          shift += taken;
          if (shift === 8) {
            shift = 0;
            at++;
          }
        }
      }
    }
  }
  return out;
}

/** Whether a voxel is in more than one of the masks. */
function masksOverlap(masks: BitGrid[]): boolean {
  const [first, ...rest] = masks;
  if (!first) return false;
  let all = copyBits(first);
  for (const mask of rest) {
    if (countBits(bitsAnd(all, mask)) > 0) return true;
    all = bitsOr(all, mask);
  }
  return false;
}

/** Segments by their number; where numbers have gaps, those of a BINARY file (1, 2, 3 ...) are others, and that is said. */
function numbered(segments: ObjectSegment[]): { order: ObjectSegment[]; findings: string[] } {
  const order = [...segments].sort((a, b) => a.number - b.number);
  const moved = order.filter((one, n) => one.number !== n + 1);
  if (moved.length === 0) return { order, findings: [] };
  const list = order.map((one, n) => `${one.name} is ${n + 1}`).join(', ');
  return { order, findings: [`Segments of a binary DICOM SEG are numbered from 1 without gaps: ${list}.`] };
}

/**
 * DICOM Segmentation, BINARY (PS3.3 A.51): frames of the slices that hold a voxel, segment by segment, on the grid of the series as it is
 * (oblique, slanted and left-handed grids too, since each frame states its place).
 * @throws Refusal EMPTY_SEGMENT, TOO_LARGE
 */
export const writeSeg: ObjectWriter = async (input, tick) => {
  const { order, findings } = numbered(input.segments);
  const slices = order.map((one) => slicesWithVoxels(one.bits));
  slices.forEach((ks, n) => {
    if (ks.length === 0) findings.push(`${order[n]?.name} holds no voxel: it is named in the file and has no frame.`);
  });
  const [nx, ny] = input.series.dimensions;
  if ((nx * ny) % 8 !== 0)
    findings.push(
      `Slices of ${nx} x ${ny} pixels are no whole number of bytes: programs that read with DCMTK (3D Slicer, ITK) may lose voxels of them. Check it there, or export NIfTI.`,
    );
  tick();
  const frames = slices.flatMap((ks, n) => ks.map((k) => ({ k, segment: n + 1 })));
  const image = segmentationImage(input, frames, {
    sopClassUid: segmentationStorage,
    bits: 1,
    seriesDescription: 'Segmentation',
    description: 'Segmentation of bone',
  });
  const pixels = packFrames(
    frames.map(({ k, segment }) => ({ k, bits: (order[segment - 1] as ObjectSegment).bits })),
    input.series.dimensions,
  );
  tick();
  const bytes = writeDataset({
    ...image,
    SegmentationType: 'BINARY',
    SegmentsOverlap: masksOverlap(order.map((one) => one.bits)) ? 'YES' : 'NO',
    SegmentSequence: order.map((one, n) => segmentItem(one, n + 1)),
    PixelData: pixels,
  });
  return { bytes, findings };
};
