import { Refusal } from '../../../contract/errors.ts';
import type { CodedTerm } from '../../../contract/labels.ts';
import { type AlgorithmType, algorithmType } from '../../../contract/object-files.ts';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import type { DicomItem } from './dicom-dataset.ts';
import { itemsOf, numberOf, numbersOf, textOf } from './dicom-dataset-read.ts';
import { trackingSaid } from './rtstruct-tracking.ts';
import { codeOf } from './seg-read.ts';

interface ReadContour {
  type: string;
  points: Triple[];
}
/** A region of interest of a structure set. */
export interface ReadRegion {
  number: number;
  name: string;
  description: string;
  /** ROIObservationLabel: of our markups, their kind. */
  label: string;
  code: CodedTerm | null;
  /** ROIGenerationAlgorithm; null: it does not say. */
  algorithmType: AlgorithmType | null;
  /** What our own files say in ROIObservationDescription; null: another program's. */
  trackingUid: string | null;
  frameUid: string;
  contours: ReadContour[];
}

/** Beyond these no structure set goes; what is longer is refused before it is held as numbers. */
const mostPoints = 20_000_000;
const mostContourPoints = 400_000;
const farthestMm = 1e5;

const invalid = (what: string) =>
  new Refusal('INVALID_OBJECT', `The structure set cannot be used: ${what}. Export it again from the program that made it.`);

function pointsOf(item: DicomItem, name: string): Triple[] {
  const numbers = numbersOf(item, 'ContourData');
  if (!numbers || numbers.length % 3 !== 0 || numbers.some((v) => Math.abs(v) > farthestMm))
    throw invalid(`a contour of ${name || 'a region'} is not made of points`);
  if (numbers.length > 3 * mostContourPoints)
    throw new Refusal('TOO_LARGE', `A contour of ${name || 'a region'} has more than ${mostContourPoints} points. Simplify it first.`);
  const points: Triple[] = [];
  for (let n = 0; n < numbers.length; n += 3) points.push([numbers[n] as number, numbers[n + 1] as number, numbers[n + 2] as number]);
  return points;
}

/** Throws Refusal INVALID_OBJECT where two items have one number: contours of one region would become another's, or be lost. */
function assertOnce(item: DicomItem, sequence: string, keyword: string): void {
  const seen = new Set<number>();
  for (const one of itemsOf(item, sequence)) {
    const number = numberOf(one, keyword);
    if (number !== null && seen.has(number)) throw invalid(`two of its regions have the number ${number}`);
    if (number !== null) seen.add(number);
  }
}

/**
 * The regions of a structure set with their contours (PS3.3 C.8.8.5, C.8.8.6, C.8.8.8), joined by their numbers.
 * @throws Refusal INVALID_OBJECT for contours that are no points and numbers that stand for two regions, TOO_LARGE
 */
export function readRegions(item: DicomItem): ReadRegion[] {
  const byNumber = (sequence: string): Map<number | null, DicomItem> =>
    new Map(itemsOf(item, sequence).map((one) => [numberOf(one, 'ReferencedROINumber'), one]));
  assertOnce(item, 'StructureSetROISequence', 'ROINumber');
  assertOnce(item, 'ROIContourSequence', 'ReferencedROINumber');
  const contours = byNumber('ROIContourSequence');
  const observations = byNumber('RTROIObservationsSequence');
  const frame = textOf(itemsOf(item, 'ReferencedFrameOfReferenceSequence')[0], 'FrameOfReferenceUID');
  let points = 0;
  return itemsOf(item, 'StructureSetROISequence').flatMap((roi) => {
    const number = numberOf(roi, 'ROINumber');
    if (number === null) return [];
    const name = textOf(roi, 'ROIName').trim();
    const observed = observations.get(number);
    const read = itemsOf(contours.get(number), 'ContourSequence').map((one) => ({
      type: textOf(one, 'ContourGeometricType'),
      points: pointsOf(one, name),
    }));
    points += read.reduce((sum, one) => sum + one.points.length, 0);
    if (points > mostPoints)
      throw new Refusal('TOO_LARGE', 'The structure set has more points than can be read. Export fewer regions at a time.');
    return [
      {
        number,
        name: name.slice(0, 64).trim(),
        description: textOf(roi, 'ROIDescription').slice(0, 2000),
        label: textOf(observed, 'ROIObservationLabel'),
        code: codeOf(itemsOf(observed, 'RTROIIdentificationCodeSequence')[0]),
        trackingUid: trackingSaid(textOf(observed, 'ROIObservationDescription')),
        algorithmType: algorithmType.safeParse(textOf(roi, 'ROIGenerationAlgorithm').trim()).data ?? null,
        frameUid: textOf(roi, 'ReferencedFrameOfReferenceUID') || frame,
        contours: read,
      },
    ];
  });
}

/** The series that a structure set names. */
export function namedSeries(item: DicomItem): string[] {
  return itemsOf(item, 'ReferencedFrameOfReferenceSequence')
    .flatMap((frame) => itemsOf(frame, 'RTReferencedStudySequence'))
    .flatMap((study) => itemsOf(study, 'RTReferencedSeriesSequence'))
    .map((series) => textOf(series, 'SeriesInstanceUID'))
    .filter((uid) => uid !== '');
}
