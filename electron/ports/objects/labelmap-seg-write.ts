import { bitsAnd, countBits } from '../../../kernels/labels/bits.ts';
import { unpackRows } from '../../../kernels/labels/byte-rows.ts';
import { type DicomItem, writeDataset } from './dicom-dataset.ts';
import type { ObjectSegment, ObjectWriter } from './object-input.ts';
import { codeItem } from './object-modules.ts';
import { slicesWithVoxels } from './seg-write.ts';
import { segmentItem } from './segment-items.ts';
import { segmentationImage } from './segmentation-image.ts';

const labelMapStorage = '1.2.840.10008.5.1.4.1.1.66.7';

const backgroundTerm = codeItem({ value: '125040', scheme: 'DCM', meaning: 'Background' });
/** Value 0 is no segment, which PixelPaddingValue says; readers want it described as well, and know it by its category. */
const background: DicomItem = {
  SegmentNumber: 0,
  SegmentLabel: 'Background',
  SegmentAlgorithmType: 'AUTOMATIC',
  SegmentAlgorithmName: 'Lamina',
  SegmentedPropertyCategoryCodeSequence: [backgroundTerm],
  SegmentedPropertyTypeCodeSequence: [backgroundTerm],
  RecommendedDisplayCIELabValue: [0, 32896, 32896],
};

/** Where two segments share voxels, the one with the higher number has them. */
function overlaps(order: ObjectSegment[]): string[] {
  const findings: string[] = [];
  for (const [n, low] of order.entries())
    for (const high of order.slice(n + 1)) {
      const shared = countBits(bitsAnd(low.bits, high.bits));
      if (shared > 0)
        findings.push(
          `${shared} voxels are in ${low.name} and in ${high.name}. A label map has one value a voxel: they are ${high.name}'s in the file.`,
        );
    }
  return findings;
}

/**
 * DICOM Label Map Segmentation (PS3.3 A.51, C.8.20.2 with LABELMAP): one value a voxel, which is the segment's number; 8 bits where the
 * highest number allows it, else 16. Frames of the slices that hold a voxel.
 * @throws Refusal EMPTY_SEGMENT, TOO_LARGE
 */
export const writeLabelmapSeg: ObjectWriter = async (input, tick) => {
  const order = [...input.segments].sort((a, b) => a.number - b.number);
  const findings = overlaps(order);
  tick();
  const held = order.map((one) => new Set(slicesWithVoxels(one.bits)));
  held.forEach((ks, n) => {
    if (ks.size === 0) findings.push(`${order[n]?.name} holds no voxel: it is named in the file and no voxel has its value.`);
  });
  const ks = [...new Set(held.flatMap((one) => [...one]))].sort((a, b) => a - b);
  const bits = order.some((one) => one.number > 255) ? 16 : 8;
  const image = segmentationImage(
    input,
    ks.map((k) => ({ k, segment: null })),
    { sopClassUid: labelMapStorage, bits, seriesDescription: 'Label map segmentation', description: 'Segmentation of bone' },
  );
  const [nx, ny] = input.series.dimensions;
  const values = bits === 8 ? new Uint8Array(nx * ny * ks.length) : new Uint16Array(nx * ny * ks.length);
  const slice = new Uint8Array(nx * ny);
  for (const [frame, k] of ks.entries()) {
    tick();
    for (const [n, { bits: mask, number }] of order.entries()) {
      if (!held[n]?.has(k)) continue;
      unpackRows(mask.words.subarray(k * ny * mask.wordsPerRow, (k + 1) * ny * mask.wordsPerRow), nx, slice);
      for (let at = 0; at < slice.length; at++) if (slice[at] === 1) values[frame * nx * ny + at] = number;
    }
  }
  const bytes = writeDataset({
    ...image,
    SegmentationType: 'LABELMAP',
    SegmentsOverlap: 'NO',
    PixelPaddingValue: 0,
    SegmentSequence: [background, ...order.map((one) => segmentItem(one, one.number))],
    PixelData: new Uint8Array(values.buffer),
  });
  return { bytes, findings };
};
