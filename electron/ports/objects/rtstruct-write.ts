import { Refusal } from '../../../contract/errors.ts';
import { type DicomItem, writeDataset } from './dicom-dataset.ts';
import type { ObjectInput, ObjectWriter } from './object-input.ts';
import { canCite, codeItem, dateAndTime, frameUidOf, objectModules, studyUidOf } from './object-modules.ts';
import { contourOfMarkup, contoursOfMask } from './rtstruct-contours.ts';
import { trackingWords } from './rtstruct-tracking.ts';

const structureSetStorage = '1.2.840.10008.5.1.4.1.1.481.3';
/** Retired, and what every reader still expects here (PS3.3 C.8.8.5). */
const studyClass = '1.2.840.10008.3.1.2.3.1';

/** A region of interest: what one item of each of the three sequences needs. */
interface Region {
  number: number;
  roi: DicomItem;
  observation: DicomItem;
  colour: readonly number[];
  contours: DicomItem[];
}

function regionsOf(input: ObjectInput, tick: () => void): Region[] {
  const segments = input.segments.map(
    (one): Region => ({
      number: one.number,
      roi: {
        ROIName: one.name,
        ROIDescription: one.networkWording ?? undefined,
        ROIVolume: one.volumeMm3 / 1000,
        ROIGenerationAlgorithm: one.algorithmType,
        ROIGenerationDescription: one.algorithmName || undefined,
      },
      observation: {
        ROIObservationDescription: trackingWords(one.trackingUid),
        RTROIIdentificationCodeSequence: [codeItem(one.label.type)],
        RTROIInterpretedType: '',
      },
      colour: one.rgb,
      contours: contoursOfMask(input, one.bits, tick),
    }),
  );
  const first = Math.max(0, ...input.segments.map((one) => one.number)) + 1;
  const markups = input.markups.map((one, n): Region => {
    const place = one.pointsLps.length === 1;
    return {
      number: first + n,
      roi: {
        ROIName: one.name,
        ROIDescription: one.text || undefined,
        ROIGenerationAlgorithm: 'MANUAL',
      },
      observation: {
        ROIObservationLabel: one.kind,
        ROIObservationDescription: trackingWords(one.trackingUid),
        RTROIInterpretedType: place ? 'MARKER' : '',
      },
      colour: [255, 214, 10],
      contours: [contourOfMarkup(input, one)],
    };
  });
  return [...segments, ...markups];
}

/** The images whose frame of reference the contours are in; without images that may be named, the frame alone. */
function frameOfReference(input: ObjectInput): DicomItem {
  if (!input.source || !canCite(input)) return { FrameOfReferenceUID: frameUidOf(input) };
  const instances = new Map(input.source.instances.map((one) => [one.sopInstanceUid, one.sopClassUid]));
  return {
    FrameOfReferenceUID: frameUidOf(input),
    RTReferencedStudySequence: [
      {
        ReferencedSOPClassUID: studyClass,
        ReferencedSOPInstanceUID: studyUidOf(input),
        RTReferencedSeriesSequence: [
          {
            SeriesInstanceUID: input.source.seriesInstanceUid,
            ContourImageSequence: [...instances].map(([uid, sopClass]) => ({
              ReferencedSOPClassUID: sopClass,
              ReferencedSOPInstanceUID: uid,
            })),
          },
        ],
      },
    ],
  };
}

/**
 * DICOM RT Structure Set (PS3.3 A.19): a region for each segment, with closed contours on the slices, and one for each markup. Written in
 * implicit syntax, since a contour of many points is longer than an explicit header can state.
 * @throws Refusal EMPTY_SEGMENT where there is nothing at all to write
 */
export const writeRtstruct: ObjectWriter = async (input, tick) => {
  const regions = regionsOf(input, tick);
  if (regions.every((one) => one.contours.length === 0))
    throw new Refusal('EMPTY_SEGMENT', 'The segment holds no voxel, so that it has no contour. Draw or compute it first.');
  const findings = regions
    .filter((one) => one.contours.length === 0)
    .map((one) => `${one.roi.ROIName} holds no voxel: it is named in the file and has no contour.`);
  const bent = input.markups.filter(({ kind }) => ['ellipse', 'curve', 'closed-curve'].includes(kind));
  if (bent.length > 0)
    findings.push(`A structure set has straight lines alone: ${bent.map((one) => one.name).join(', ')} became many short ones.`);
  const { date, time } = dateAndTime(input.writtenAt);
  const frame = frameUidOf(input);
  const dataset: DicomItem = {
    ...objectModules(input, {
      sopClassUid: structureSetStorage,
      modality: 'RTSTRUCT',
      seriesNumber: 901,
      seriesDescription: 'Structure set',
    }),
    // The structure set has a date of its own.
    ContentDate: undefined,
    ContentTime: undefined,
    OperatorsName: '',
    FrameOfReferenceUID: frame,
    PositionReferenceIndicator: input.source?.attributes.PositionReferenceIndicator ?? '',
    StructureSetLabel: 'Lamina',
    StructureSetDate: date,
    StructureSetTime: time,
    ReferencedFrameOfReferenceSequence: [frameOfReference(input)],
    StructureSetROISequence: regions.map(({ number, roi }) => ({ ROINumber: number, ReferencedFrameOfReferenceUID: frame, ...roi })),
    ROIContourSequence: regions.map(({ number, colour, contours }) => ({
      ReferencedROINumber: number,
      ROIDisplayColor: [...colour],
      ContourSequence: contours.length > 0 ? contours.map((one, n) => ({ ContourNumber: n + 1, ...one })) : undefined,
    })),
    RTROIObservationsSequence: regions.map(({ number, observation }, n) => ({
      ObservationNumber: n + 1,
      ReferencedROINumber: number,
      ...observation,
      ROIInterpreter: '',
    })),
    ApprovalStatus: 'UNAPPROVED',
  };
  return { bytes: writeDataset(dataset, 'implicit'), findings };
};
