import { Refusal } from '../../../contract/errors.ts';
import { indexToLps, type Triple } from '../../../kernels/volume/geometry.ts';
import { cross } from '../../../kernels/volume/stack.ts';
import type { DicomItem } from './dicom-dataset.ts';
import { attributeOf } from './dicom-dictionary.ts';
import type { ObjectInput } from './object-input.ts';
import {
  canCite,
  codeItem,
  commonInstanceReference,
  contentIdentification,
  frameOfReferenceModule,
  objectModules,
  objectUid,
} from './object-modules.ts';

/** One frame: a slice of the grid, of one segment where each has frames of its own. */
interface SegmentationFrame {
  k: number;
  segment: number | null;
}

/** A DICOM value cannot be longer. */
const mostPixelBytes = 2 ** 32 - 2;

const purpose = codeItem({ value: '121322', scheme: 'DCM', meaning: 'Source image for image processing operation' });
const derivation = codeItem({ value: '113076', scheme: 'DCM', meaning: 'Segmentation' });

function sourceImage(input: ObjectInput, k: number, detail: DicomItem): DicomItem {
  const one = input.source?.instances[k];
  if (!one) throw new RangeError(`the source has no image ${k}`);
  return {
    ReferencedSOPClassUID: one.sopClassUid,
    ReferencedSOPInstanceUID: one.sopInstanceUid,
    ReferencedFrameNumber: one.frame ?? undefined,
    ...detail,
    PurposeOfReferenceCodeSequence: [purpose],
  };
}

/** Distance of neighbouring slices along their normal; of a slanted grid less than along k. */
function sliceSpacing({ directionLps: d, spacingMm }: ObjectInput['series']): number {
  const normal = cross([d[0], d[1], d[2]], [d[3], d[4], d[5]]);
  return Math.abs(normal[0] * d[6] + normal[1] * d[7] + normal[2] * d[8]) * spacingMm[2];
}

/** Where slice k lies: as its source image says where there is one, so that both agree to the last digit. */
function positionOf(input: ObjectInput, k: number): Triple {
  const stated = input.onSourceGrid ? input.source?.instances[k]?.positionLps : undefined;
  return stated ?? indexToLps(input.series, 0, 0, k);
}

/**
 * The attributes that a segmentation and a label map share (PS3.3 A.51, C.8.20.2, C.7.6.16, C.7.6.17): image, functional groups with a
 * plane position for each frame, dimensions, references to the source's images.
 * @param own what only one of the two has; `rows` tell which bits a pixel has
 * @throws Refusal TOO_LARGE where the pixels are more than a file can hold, EMPTY_SEGMENT where there is no frame
 */
export function segmentationImage(
  input: ObjectInput,
  frames: SegmentationFrame[],
  own: { sopClassUid: string; bits: 1 | 8 | 16; seriesDescription: string; description: string },
): DicomItem {
  const [nx, ny] = input.series.dimensions;
  const [sx, sy] = input.series.spacingMm;
  if (frames.length === 0) throw new Refusal('EMPTY_SEGMENT', 'The segment holds no voxel, and a segmentation has no frame without one.');
  if (Math.ceil((nx * ny * frames.length * own.bits) / 8) > mostPixelBytes)
    throw new Refusal('TOO_LARGE', 'The frames of these segments are more than one DICOM file holds. Export fewer at a time.');
  if (nx > 65535 || ny > 65535)
    throw new Refusal('TOO_LARGE', 'A DICOM image has no more than 65535 rows and columns. Crop the series first.');
  const cited = input.onSourceGrid && canCite(input);
  const organization = objectUid(input, 'dimensions');
  const index = (pointer: string, group: string, words: string): DicomItem => ({
    DimensionOrganizationUID: organization,
    DimensionIndexPointer: attributeOf(pointer).tag,
    FunctionalGroupPointer: attributeOf(group).tag,
    DimensionDescriptionLabel: words,
  });
  const bySegment = frames[0]?.segment !== null;
  const places = new Map([...new Set(frames.map((frame) => frame.k))].sort((a, b) => a - b).map((k, n) => [k, n + 1]));
  const distance = sliceSpacing(input.series);
  return {
    ...objectModules(input, { sopClassUid: own.sopClassUid, modality: 'SEG', seriesNumber: 900, seriesDescription: own.seriesDescription }),
    ...frameOfReferenceModule(input),
    ...contentIdentification('SEGMENTATION', own.description),
    ...references(input, cited, frames),
    ImageType: ['DERIVED', 'PRIMARY'],
    SamplesPerPixel: 1,
    PhotometricInterpretation: 'MONOCHROME2',
    Rows: ny,
    Columns: nx,
    BitsAllocated: own.bits,
    BitsStored: own.bits,
    HighBit: own.bits - 1,
    PixelRepresentation: 0,
    LossyImageCompression: '00',
    NumberOfFrames: frames.length,
    DimensionOrganizationSequence: [{ DimensionOrganizationUID: organization }],
    DimensionIndexSequence: [
      ...(bySegment ? [index('ReferencedSegmentNumber', 'SegmentIdentificationSequence', 'Segment')] : []),
      index('ImagePositionPatient', 'PlanePositionSequence', 'Position'),
    ],
    SharedFunctionalGroupsSequence: [
      {
        PixelMeasuresSequence: [{ PixelSpacing: [sy, sx], SliceThickness: distance, SpacingBetweenSlices: distance }],
        PlaneOrientationSequence: [{ ImageOrientationPatient: [...input.series.directionLps.slice(0, 6)] }],
      },
    ],
    PerFrameFunctionalGroupsSequence: frames.map(({ k, segment }) => ({
      DerivationImageSequence: cited
        ? [{ SourceImageSequence: [sourceImage(input, k, { SpatialLocationsPreserved: 'YES' })], DerivationCodeSequence: [derivation] }]
        : undefined,
      FrameContentSequence: [{ DimensionIndexValues: [...(segment === null ? [] : [segment]), places.get(k) as number] }],
      PlanePositionSequence: [{ ImagePositionPatient: positionOf(input, k) }],
      SegmentIdentificationSequence: segment === null ? undefined : [{ ReferencedSegmentNumber: segment }],
    })),
  };
}

/** Common instance reference: the images that frames name; on another grid all of the source, named once for the whole object. */
function references(input: ObjectInput, cited: boolean, frames: SegmentationFrame[]): DicomItem {
  if (!input.source || !canCite(input)) return {};
  if (!cited) {
    const images = input.source.instances.map((_, k) => sourceImage(input, k, {}));
    return { ...commonInstanceReference(input), SourceImageSequence: images };
  }
  const { source } = input;
  const used = [...new Set(frames.map(({ k }) => k))].sort((a, b) => a - b);
  const instances = used.map((k) => source.instances[k] as (typeof source.instances)[number]);
  return commonInstanceReference({ ...input, source: { ...source, instances } });
}
