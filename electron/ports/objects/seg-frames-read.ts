import { Refusal } from '../../../contract/errors.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import { framesOf, frameValues } from '../dicom/frames.ts';
import { syntaxes } from '../dicom/syntaxes.ts';
import type { DicomItem } from './dicom-dataset.ts';
import { itemsOf, numberOf, numbersOf, type ReadDataset, textOf } from './dicom-dataset-read.ts';

/** A frame of a segmentation: where its pixels lie, and of which segment it is; null: each pixel says it. */
export interface ReadFrame {
  positionLps: Triple;
  /** Unit vectors along a row and along a column. */
  row: Triple;
  column: Triple;
  /** Distance of neighbouring pixels along a row, then of neighbouring rows, mm. */
  pixelMm: [number, number];
  segment: number | null;
}

export interface ReadFrames {
  rows: number;
  columns: number;
  /** Distance of neighbouring frames, as stated; null: it is not. */
  sliceMm: number | null;
  frames: ReadFrame[];
  type: 'BINARY' | 'FRACTIONAL' | 'LABELMAP';
  /** Of FRACTIONAL: what stands for all of the voxel. */
  full: number;
  fractionalType: string;
  /** Value of a label map that is no segment. */
  padding: number;
  /** Values of a frame, row by row: 0 and 1, a fraction of `full`, or the segment's number. They live until the next call. */
  values(frame: number): ArrayLike<number>;
}

const invalid = (what: string) =>
  new Refusal('INVALID_OBJECT', `The segmentation cannot be used: ${what}. Export it again from the program that made it.`);
/** Farther away is no patient. */
const farthestMm = 1e5;
const mostFrames = 100_000;
const mostFramePixels = 2 ** 26;
const mostPixels = 2 ** 33;

function triple(numbers: number[] | null): Triple | null {
  return numbers?.length === 3 && numbers.every((v) => Math.abs(v) <= farthestMm) ? (numbers as Triple) : null;
}

function directions(numbers: number[] | null): { row: Triple; column: Triple } | null {
  if (numbers?.length !== 6) return null;
  const [a, b] = [numbers.slice(0, 3) as Triple, numbers.slice(3) as Triple];
  const [la, lb] = [Math.hypot(...a), Math.hypot(...b)];
  if (Math.abs(la - 1) > 0.01 || Math.abs(lb - 1) > 0.01) return null;
  const row = a.map((v) => v / la) as Triple;
  const column = b.map((v) => v / lb) as Triple;
  return Math.abs(row[0] * column[0] + row[1] * column[1] + row[2] * column[2]) > 0.01 ? null : { row, column };
}

/** The macro of a frame: its own, else the shared one. */
function macro(own: DicomItem, shared: DicomItem | undefined, keyword: string): DicomItem | undefined {
  return itemsOf(own, keyword)[0] ?? itemsOf(shared, keyword)[0];
}

function frameOf(own: DicomItem, shared: DicomItem | undefined, type: ReadFrames['type']): ReadFrame {
  const positionLps = triple(numbersOf(macro(own, shared, 'PlanePositionSequence'), 'ImagePositionPatient'));
  const turned = directions(numbersOf(macro(own, shared, 'PlaneOrientationSequence'), 'ImageOrientationPatient'));
  const spacing = numbersOf(macro(own, shared, 'PixelMeasuresSequence'), 'PixelSpacing');
  if (!positionLps || !turned) throw invalid('a frame does not say where in the patient it lies');
  if (spacing?.length !== 2 || spacing.some((v) => !(v >= 1e-4 && v <= 1e3)))
    throw invalid('a frame does not say how large its pixels are');
  const segment = type === 'LABELMAP' ? null : numberOf(macro(own, shared, 'SegmentIdentificationSequence'), 'ReferencedSegmentNumber');
  if (type !== 'LABELMAP' && segment === null) throw invalid('a frame does not say of which segment it is');
  return { positionLps, ...turned, pixelMm: [spacing[1] as number, spacing[0] as number], segment };
}

/** Frames of one bit a pixel, end to end. */
function bitValues(pixels: Uint8Array, size: number): (frame: number) => Uint8Array {
  const values = new Uint8Array(size);
  return (frame) => {
    const start = frame * size;
    for (let n = 0; n < size; n++) {
      const at = start + n;
      values[n] = ((pixels[Math.floor(at / 8)] as number) >> (at % 8)) & 1;
    }
    return values;
  };
}

function valuesOf({ opened }: ReadDataset, rows: number, columns: number, count: number, bits: number): ReadFrames['values'] {
  const { pixels, transferSyntax, dataSet } = opened;
  const syntax = syntaxes.get(transferSyntax);
  if (!syntax)
    throw new Refusal(
      'UNSUPPORTED_TRANSFER_SYNTAX',
      `Pixels of the transfer syntax ${transferSyntax || 'that is not named'} cannot be read. Export the file uncompressed.`,
    );
  if (!pixels) throw new Refusal('NO_PIXEL_DATA', 'The segmentation has no pixel data. Ask for the whole file.');
  const size = rows * columns;
  const there = dataSet.bytes.subarray(pixels.offset, pixels.length === null ? undefined : pixels.offset + pixels.length);
  const short = () => new Refusal('TRUNCATED_PIXEL_DATA', 'The pixel data are shorter than the frames ask for. Copy the file again.');
  if (bits === 1) {
    if (pixels.length === null || !syntax.littleEndian)
      throw new Refusal('UNSUPPORTED_TRANSFER_SYNTAX', 'Compressed pixels of one bit cannot be read. Export the file uncompressed.');
    if (there.length < Math.ceil((size * count) / 8)) throw short();
    return bitValues(there, size);
  }
  const format = { rows, columns, bitsAllocated: bits, bitsStored: bits, highBit: bits - 1, signed: false };
  const source = { ...opened, pixels, format, frames: { length: count } };
  if (pixels.length !== null) {
    const bytes = size * (bits / 8);
    if (there.length < bytes * count) throw short();
    return (frame) => frameValues(source, there.subarray(frame * bytes, (frame + 1) * bytes));
  }
  const parts = framesOf(there, count);
  return (frame) => {
    const values = frameValues(source, parts[frame] as Uint8Array);
    if (values.length < size) throw short();
    return values;
  };
}

/**
 * The frames of a DICOM segmentation or label map (PS3.3 C.8.20.2, C.7.6.16). Sizes are held against the bytes before anything is allocated.
 * @throws Refusal INVALID_OBJECT, NO_PIXEL_DATA, TRUNCATED_PIXEL_DATA, UNSUPPORTED_TRANSFER_SYNTAX, TOO_LARGE
 */
export function readSegFrames(read: ReadDataset): ReadFrames {
  const { item } = read;
  const type = textOf(item, 'SegmentationType');
  if (type !== 'BINARY' && type !== 'FRACTIONAL' && type !== 'LABELMAP') throw invalid(`its type is ${type || 'not stated'}`);
  const [rows, columns, bits] = ['Rows', 'Columns', 'BitsAllocated'].map((keyword) => numberOf(item, keyword) ?? 0) as [
    number,
    number,
    number,
  ];
  if (!(Number.isInteger(rows) && Number.isInteger(columns) && rows >= 1 && columns >= 1)) throw invalid('it states no rows or columns');
  if (bits !== 1 && bits !== 8 && !(bits === 16 && type === 'LABELMAP')) throw invalid(`${bits} bits a pixel are none of its type`);
  const own = itemsOf(item, 'PerFrameFunctionalGroupsSequence');
  const count = numberOf(item, 'NumberOfFrames') ?? 1;
  if (own.length === 0 || own.length !== count) throw invalid(`${count} frames are stated and ${own.length} described`);
  if (count > mostFrames || rows * columns > mostFramePixels || rows * columns * count > mostPixels)
    throw new Refusal('TOO_LARGE', `${count} frames of ${columns} x ${rows} are more than can be read. Export fewer segments at a time.`);
  const shared = itemsOf(item, 'SharedFunctionalGroupsSequence')[0];
  const full = numberOf(item, 'MaximumFractionalValue') ?? 255;
  if (type === 'FRACTIONAL' && full < 1) throw invalid('its largest fraction is 0');
  const stated = numberOf(
    itemsOf(shared, 'PixelMeasuresSequence')[0] ?? itemsOf(own[0], 'PixelMeasuresSequence')[0],
    'SpacingBetweenSlices',
  );
  return {
    rows,
    columns,
    sliceMm: stated !== null && Math.abs(stated) > 1e-4 ? Math.abs(stated) : null,
    frames: own.map((one) => frameOf(one, shared, type)),
    type,
    full,
    fractionalType: textOf(item, 'SegmentationFractionalType'),
    padding: numberOf(item, 'PixelPaddingValue') ?? 0,
    values: valuesOf(read, rows, columns, count, bits),
  };
}
