import { type Coded, Refusal } from '../../../contract/errors.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import { code, codes, decimals, has, items, unsigned16, valueBytes } from './attributes.ts';
import type { DataSet } from './elements.ts';
import { type OpenedFile, openDicom, type PixelPlace } from './open.ts';
import { isLossy, pixelFault, tooLarge } from './pixel-fault.ts';
import type { PixelFormat } from './pixel-format.ts';
import { text } from './text.ts';

export type { PixelFormat };

/** What one frame's header says of where it lies and how stored values become real ones; null where it says nothing. */
export interface FrameHeader {
  index: number;
  position: Triple | null;
  orientation: number[] | null;
  /** Row spacing (between rows, along the column), then column spacing. */
  pixelSpacing: [number, number] | null;
  slope: number | null;
  intercept: number | null;
  /** What the rescaled values are said to be: HU, or another quantity; '' where nothing is said. */
  rescaleType: string;
  /** The geometry attribute that stands in the header and cannot be read as what it must be; null where all can. */
  malformed: string | null;
  /** Stack, time point and acquisition that the frame states for itself. */
  phases: string[];
}
/** One image file as planning sees it: no pixels, no bytes. */
export interface ImageFile {
  path: string;
  fileBytes: number;
  transferSyntax: string;
  deflated: boolean;
  pixels: PixelPlace;
  format: PixelFormat;
  frames: FrameHeader[];
  sopInstanceUid: string;
  sopClassUid: string;
  seriesInstanceUid: string;
  studyInstanceUid: string;
  frameOfReferenceUid: string;
  /** As stated; as the storage class implies where nothing is stated, or where CT is stated of another class. */
  modality: string;
  description: string;
  patientName: string;
  patientId: string;
  studyDate: string;
  birthDate: string;
  imageType: string[];
  photometric: string;
  gantryTilt: number | null;
  sliceThickness: number | null;
  spacingBetweenSlices: number | null;
  imagerSpacing: boolean;
  lossy: boolean;
  /** Stored values go through a table, not through slope and intercept. */
  modalityLut: boolean;
  paddingValue: number | null;
  /** How the picture was made (`identityTags`): slices of one volume share these. */
  identity: string[];
  /** Further attributes that may tell two acquisitions at the same positions apart. */
  phases: string[];
  warnings: Coded[];
  /** The first thing that keeps this file from being part of a volume, found from its header alone. */
  fault: Coded | null;
}
/** A DICOM file that is no image of a volume, and why. */
export interface OtherFile {
  path: string;
  reason: Coded;
  modality: string;
  directory: OpenedFile | null;
  /** Its series, where the header tells: the series is then incomplete. */
  seriesInstanceUid: string;
}

const mediaDirectory = '1.2.840.10008.1.3.10';
/** Storage classes that are no picture of the patient's voxels, though some of them carry pixel data. */
const notImages: [RegExp, string][] = [
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.66\.(4|5|7|8)$/, 'a segmentation'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.66/, 'raw data or a registration'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.481\./, 'a radiotherapy object'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.88\./, 'a report'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.9\./, 'a waveform'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.104\./, 'an encapsulated document'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.11\./, 'a presentation state'],
  [/^1\.2\.840\.10008\.5\.1\.4\.39\./, 'a colour palette'],
];

/** What the storage classes of single modalities hold. */
const modalityOfClass: [RegExp, string][] = [
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.2(\.[12])?$/, 'CT'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.4(\.[1-4])?$/, 'MR'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(128(\.1)?|130)$/, 'PT'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.20$/, 'NM'],
  [/^1\.2\.840\.10008\.5\.1\.4\.1\.1\.(3\.1|6\.[123])$/, 'US'],
];

/** The modality that a storage class is for; '' where it is open to several. */
function classModality(sopClassUid: string): string {
  return modalityOfClass.find(([pattern]) => pattern.test(sopClassUid))?.[1] ?? '';
}

/** TemporalPositionIdentifier, EchoNumbers, EchoTime, InversionTime, DiffusionBValue, KVP, ConvolutionKernel, AcquisitionNumber. */
export const identityTags = [0x00200100, 0x00180086, 0x00180081, 0x00180082, 0x00189087, 0x00180060, 0x00181210, 0x00200012] as const;
/**
 * TriggerTime, AcquisitionTime, ContentTime, AcquisitionDateTime, ImageType, SeriesDescription, ContrastBolusAgent, SliceThickness,
 * FlipAngle, NominalPercentageOfCardiacPhase, ReconstructionDiameter, StudyInstanceUID, Modality.
 */
const phaseTags = [
  0x00181060, 0x00080032, 0x00080033, 0x0008002a, 0x00080008, 0x0008103e, 0x00180010, 0x00180050, 0x00181314, 0x00209241, 0x00181100,
  0x0020000d, 0x00080060,
];

const maximumFrames = 65_536;

function firstItem(set: DataSet | undefined, tag: number): DataSet | undefined {
  return set ? items(set, tag)[0] : undefined;
}

function triple(numbers: number[] | null): Triple | null {
  return numbers?.length === 3 ? (numbers as Triple) : null;
}
function pair(numbers: number[] | null): [number, number] | null {
  return numbers?.length === 2 ? (numbers as [number, number]) : null;
}

/** null where absent, NaN where it stands there and is no number. */
function rescaleValue(set: DataSet, tag: number): number | null {
  return has(set, tag) ? (decimals(set, tag)?.[0] ?? Number.NaN) : null;
}

const dimensions = 8;
const binary = (set: DataSet, tag: number) => Buffer.from(valueBytes(set, tag) ?? []).toString('hex');
function framePhases(content: DataSet | undefined): string[] {
  if (!content) return Array.from({ length: 3 + dimensions }, () => '');
  const number = (tag: number) => binary(content, tag);
  const indices = number(0x00209157);
  const index = Array.from({ length: dimensions }, (_, n) => indices.slice(n * 8, n * 8 + 8));
  return [code(content, 0x00209056), number(0x00209128), number(0x00209156), ...index];
}

/** The first of the attributes that has a value and not the numbers it must have. */
function malformed(places: [DataSet, number, string, number][]): string | null {
  const found = places.find(([set, tag, , count]) => has(set, tag) && decimals(set, tag)?.length !== count && code(set, tag) !== '');
  return found ? found[2] : null;
}

/** The frame's own functional group where it has the macro, else the shared one, else the data set itself (PS3.3 C.7.6.16). */
function frameHeader(set: DataSet, index: number, shared: DataSet | undefined, own: DataSet | undefined): FrameHeader {
  const from = (macro: number) => firstItem(own, macro) ?? firstItem(shared, macro) ?? set;
  const plane = from(0x00209113);
  const measures = from(0x00289110);
  const rescale = from(0x00289145);
  const turned = from(0x00209116);
  const orientation = decimals(turned, 0x00200037);
  return {
    index,
    position: triple(decimals(plane, 0x00200032)),
    orientation: orientation?.length === 6 ? orientation : null,
    pixelSpacing: pair(decimals(measures, 0x00280030)),
    slope: rescaleValue(rescale, 0x00281053),
    intercept: rescaleValue(rescale, 0x00281052),
    rescaleType: code(rescale, 0x00281054),
    malformed: malformed([
      [plane, 0x00200032, 'ImagePositionPatient', 3],
      [turned, 0x00200037, 'ImageOrientationPatient', 6],
      [measures, 0x00280030, 'PixelSpacing', 2],
    ]),
    phases: framePhases(firstItem(own, 0x00209111)),
  };
}

function frameHeaders(set: DataSet, count: number): FrameHeader[] {
  const shared = items(set, 0x52009229)[0];
  const own = items(set, 0x52009230);
  const frames: FrameHeader[] = [];
  for (let index = 0; index < count; index++) {
    const frame = frameHeader(set, index, shared, own[index]);
    // One position for a whole stack of frames is no position of each.
    if (count > 1 && !own[index]) frame.position = null;
    frames.push(frame);
  }
  return frames;
}

function refusal(reason: Coded): Refusal {
  return new Refusal(reason.code, reason.message);
}

function describe(file: OpenedFile): ImageFile | OtherFile {
  const set = file.dataSet;
  const sopClass = code(set, 0x00080016);
  const implied = classModality(sopClass);
  const stated = code(set, 0x00080060);
  // Where class and Modality contradict each other nobody knows that the values are HU.
  const modality = stated === '' || (stated === 'CT' && implied !== '') ? implied : stated;
  const other = (reason: Coded, directory = false): OtherFile => ({
    path: file.path,
    reason,
    modality,
    directory: directory ? file : null,
    seriesInstanceUid: code(set, 0x0020000e),
  });
  if (sopClass === mediaDirectory || set.elements.has(0x00041220)) {
    return other({ code: 'NOT_AN_IMAGE', message: 'The directory of the medium.' }, true);
  }
  const kind = notImages.find(([pattern]) => pattern.test(sopClass));
  if (kind) return other({ code: 'NOT_AN_IMAGE', message: `DICOM, but ${kind[1]}, not an image.` });
  const rows = unsigned16(set, 0x00280010);
  const columns = unsigned16(set, 0x00280011);
  const { pixels } = file;
  // Every composite object goes on behind group 0008: a file that ends there was cut.
  if ([...set.elements.keys()].every((tag) => tag < 0x00090000)) {
    throw new Refusal('TRUNCATED_FILE', 'The file ends inside its header. Copy it again from its source.');
  }
  const isPicture = ['CT', 'MR', 'PT', 'NM', 'US'].includes(modality);
  if (!pixels || pixels.length === 0) {
    const image = rows !== null || isPicture;
    if (image) return other({ code: 'NO_PIXEL_DATA', message: 'The image has no pixel data. Ask for the whole object to be sent.' });
    return other({ code: 'NOT_AN_IMAGE', message: 'DICOM, but not an image.' });
  }
  if (rows === null && columns === null && !isPicture)
    return other({ code: 'NOT_AN_IMAGE', message: 'DICOM, but without the size of an image.' });
  const bitsAllocated = unsigned16(set, 0x00280100) ?? 0;
  const bitsStored = unsigned16(set, 0x00280101) ?? bitsAllocated;
  const format: PixelFormat = {
    rows: rows ?? 0,
    columns: columns ?? 0,
    bitsAllocated,
    bitsStored,
    highBit: unsigned16(set, 0x00280102) ?? bitsStored - 1,
    signed: unsigned16(set, 0x00280103) === 1,
  };
  const frameCount = code(set, 0x00280008) === '' ? 1 : (decimals(set, 0x00280008)?.[0] ?? Number.NaN);
  const countable = Number.isInteger(frameCount) && frameCount >= 1;
  const countFault: Coded | null = !countable
    ? { code: 'UNSUPPORTED_DIMENSIONS', message: 'NumberOfFrames is no number of frames. Export the series again.' }
    : frameCount > maximumFrames
      ? (pixelFault(set, format, pixels, file, frameCount) ?? tooLarge(format.rows * format.columns * frameCount * (bitsAllocated / 8)))
      : null;
  const frames = countFault ? 1 : frameCount;
  const needed = format.rows * format.columns * frames * (bitsAllocated / 8);
  const fault = countFault ?? pixelFault(set, format, pixels, file, frames);
  const warnings = [...file.warnings];
  if (stated === '')
    warnings.push({ code: 'MISSING_REQUIRED_TAG', message: `Modality is missing${implied ? `; by its class it is ${implied}` : ''}.` });
  if (!fault && pixels.length !== null && pixels.length > needed + (needed % 2)) {
    warnings.push({
      code: 'EXCESS_PIXEL_DATA',
      message: `The pixel data are ${pixels.length - needed} bytes longer than the image; the rest was left out.`,
    });
  }
  return {
    path: file.path,
    fileBytes: file.fileBytes,
    transferSyntax: file.transferSyntax,
    deflated: file.deflated,
    pixels,
    format,
    frames: frameHeaders(set, frames),
    sopInstanceUid: code(set, 0x00080018),
    sopClassUid: sopClass,
    seriesInstanceUid: code(set, 0x0020000e),
    studyInstanceUid: code(set, 0x0020000d),
    frameOfReferenceUid: code(set, 0x00200052),
    modality,
    description: text(set, 0x0008103e),
    patientName: text(set, 0x00100010),
    patientId: text(set, 0x00100020),
    studyDate: code(set, 0x00080020),
    birthDate: code(set, 0x00100030),
    imageType: codes(set, 0x00080008),
    photometric: code(set, 0x00280004),
    gantryTilt: decimals(set, 0x00181120)?.[0] ?? null,
    sliceThickness: decimals(set, 0x00180050)?.[0] ?? null,
    spacingBetweenSlices: decimals(set, 0x00180088)?.[0] ?? null,
    imagerSpacing: has(set, 0x00181164),
    lossy: isLossy(file),
    modalityLut: set.elements.has(0x00283000),
    paddingValue: format.signed ? signed16(unsigned16(set, 0x00280120)) : unsigned16(set, 0x00280120),
    identity: identityTags.map((tag) => (tag === 0x00189087 ? binary(set, tag) : code(set, tag))),
    phases: phaseTags.map((tag) => code(set, tag)),
    warnings,
    fault,
  };
}
const signed16 = (value: number | null) => (value === null ? null : (value << 16) >> 16);

/**
 * One file's header: an image that may be part of a volume (perhaps with a `fault`), or another DICOM object.
 * @throws NotReadable where it is no DICOM file, or too damaged to tell
 */
export function readImage(path: string): ImageFile | OtherFile {
  return describe(openDicom(path));
}

export function isImage(file: ImageFile | OtherFile): file is ImageFile {
  return 'frames' in file;
}

/** Throws the file's own fault as a Refusal. */
export function refuseFault(file: ImageFile): void {
  if (file.fault) throw refusal(file.fault);
}
