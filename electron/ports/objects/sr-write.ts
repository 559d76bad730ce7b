import type { CodedTerm } from '../../../contract/labels.ts';
import { uidFrom } from '../dicom-write.ts';
import { type DicomItem, writeDataset } from './dicom-dataset.ts';
import type { ObjectInput, ObjectWriter } from './object-input.ts';
import { canCite, frameUidOf, objectModules, studyUidOf } from './object-modules.ts';
import { markupGroup, segmentGroup } from './sr-groups.ts';
import { code, container, image, srTerms, text, uidRef } from './sr-items.ts';

const comprehensive3d = '1.2.840.10008.5.1.4.1.1.88.34';

/** PS3.16 CID 100. */
const procedures: Record<string, CodedTerm> = {
  CT: { value: '25045-6', scheme: 'LN', meaning: 'CT unspecified body region' },
  MR: { value: '25056-3', scheme: 'LN', meaning: 'MRI unspecified body region' },
};
const anyProcedure: CodedTerm = { value: '363679005', scheme: 'SCT', meaning: 'Imaging procedure' };
const modalities: Record<string, CodedTerm> = {
  CT: { value: 'CT', scheme: 'DCM', meaning: 'Computed Tomography' },
  MR: { value: 'MR', scheme: 'DCM', meaning: 'Magnetic Resonance' },
};
const english: CodedTerm = { value: 'en-US', scheme: 'RFC5646', meaning: 'English (United States)' };

/** Every image of the source once, with the frames that the grid was read from. */
function imagesOf({ source }: ObjectInput): { sopClassUid: string; sopInstanceUid: string; frames: number[] }[] {
  const images = new Map<string, { sopClassUid: string; sopInstanceUid: string; frames: number[] }>();
  for (const { sopClassUid, sopInstanceUid, frame } of source?.instances ?? []) {
    const known = images.get(sopInstanceUid) ?? { sopClassUid, sopInstanceUid, frames: [] };
    if (frame !== null) known.frames.push(frame);
    images.set(sopInstanceUid, known);
  }
  return [...images.values()];
}

/** TID 1600. */
function imageLibrary(input: ObjectInput): DicomItem[] {
  if (!canCite(input)) return [];
  const modality = modalities[input.series.modality];
  return [
    container('CONTAINS', srTerms.library, null, [
      container('CONTAINS', srTerms.libraryGroup, null, [
        ...(modality ? [code('HAS ACQ CONTEXT', srTerms.modality, modality)] : []),
        uidRef('HAS ACQ CONTEXT', srTerms.frame, frameUidOf(input)),
        ...imagesOf(input).map((one) => image(one.sopClassUid, one.sopInstanceUid, one.frames)),
      ]),
    ]),
  ];
}

/** Current Requested Procedure Evidence (C.17.2.3): every image that the tree names. */
function evidence(input: ObjectInput): DicomItem[] | undefined {
  if (!input.source || !canCite(input)) return undefined;
  const instances = imagesOf(input).map(({ sopClassUid, sopInstanceUid }) => ({
    ReferencedSOPClassUID: sopClassUid,
    ReferencedSOPInstanceUID: sopInstanceUid,
  }));
  return [
    {
      StudyInstanceUID: studyUidOf(input),
      ReferencedSeriesSequence: [{ SeriesInstanceUID: input.source.seriesInstanceUid, ReferencedSOPSequence: instances }],
    },
  ];
}

/** TID 1001 for a device: who drew and measured is in the case's journal. */
const observer = (): DicomItem[] => [
  code('HAS OBS CONTEXT', srTerms.observerType, srTerms.device),
  uidRef('HAS OBS CONTEXT', srTerms.deviceUid, uidFrom('Lamina implementation')),
  text('HAS OBS CONTEXT', srTerms.deviceName, 'Lamina'),
  text('HAS OBS CONTEXT', srTerms.deviceManufacturer, 'Lamina'),
  text('HAS OBS CONTEXT', srTerms.deviceModel, 'Lamina'),
];

/**
 * P-export: volumes and markups as a measurement report (TID 1500) in a Comprehensive 3D SR: a volume for each segment on outlines of its mask,
 * each markup in LPS mm with its frame of reference and what is measured of it.
 */
export const writeSr: ObjectWriter = async (input, tick) => {
  const findings: string[] = [];
  const groups = input.segments.map((segment) => {
    const group = segmentGroup(input, segment, tick);
    findings.push(...group.findings);
    return group.item;
  });
  for (const markup of input.markups) groups.push(markupGroup(input, markup));
  tick();
  const { RelationshipType: _, ...tree } = container('CONTAINS', srTerms.report, '1500', [
    code('HAS CONCEPT MOD', srTerms.language, english),
    ...observer(),
    code('HAS CONCEPT MOD', srTerms.procedure, procedures[input.series.modality] ?? anyProcedure),
    ...imageLibrary(input),
    container('CONTAINS', srTerms.measurements, null, groups),
  ]);
  const bytes = writeDataset({
    ...objectModules(input, {
      sopClassUid: comprehensive3d,
      modality: 'SR',
      seriesNumber: 9400,
      seriesDescription: 'Volumes and markups',
    }),
    ReferencedPerformedProcedureStepSequence: [],
    CompletionFlag: 'COMPLETE',
    VerificationFlag: 'UNVERIFIED',
    PerformedProcedureCodeSequence: [],
    CurrentRequestedProcedureEvidenceSequence: evidence(input),
    CodingSchemeIdentificationSequence: [
      { CodingSchemeDesignator: '99LAMINA', CodingSchemeName: 'Lamina', CodingSchemeResponsibleOrganization: 'Lamina' },
    ],
    ...tree,
  });
  if (!input.source) findings.push('The scan was not DICOM, so the report names no images.');
  return { bytes, findings };
};
