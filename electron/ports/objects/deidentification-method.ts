import type { DeidentifyOptions } from '../../../contract/object-files.ts';
import type { DicomItem } from './dicom-dataset.ts';
import type { ObjectInput } from './object-input.ts';

/**
 * PS3.16 CID 7050: the profile and its options by what the person chose; the first is always there. A report's ContentSequence is D in the Basic
 * Profile and C with 113104 alone (table E.1-1): ours is of our own words, names and texts cleaned or replaced, and its numbers stay.
 */
const methods: [(options: DeidentifyOptions, kind: ObjectInput['kind']) => boolean, string, string][] = [
  [() => true, '113100', 'Basic Application Confidentiality Profile'],
  [(_, kind) => kind === 'sr', '113104', 'Clean Structured Content Option'],
  [(o) => o.cleanDescriptors, '113105', 'Clean Descriptors Option'],
  [(o) => o.retainLongitudinalFullDates, '113106', 'Retain Longitudinal Temporal Information Full Dates Option'],
  [(o) => o.retainPatientCharacteristics, '113108', 'Retain Patient Characteristics Option'],
  [(o) => o.retainDeviceIdentity, '113109', 'Retain Device Identity Option'],
  [(o) => o.retainUids, '113110', 'Retain UIDs Option'],
  [(o) => o.retainInstitutionIdentity, '113112', 'Retain Institution Identity Option'],
];

/**
 * What an object says of its de-identification (PS3.15 E.1.1: PatientIdentityRemoved and the method in CID 7050; E.2 and E.3.6 for dates: UNMODIFIED,
 * REMOVED, or what the source said of dates that were changed before). What the source said of its own method is text of others and goes; nothing is
 * said where the patient is named as the source names him.
 */
export function deidentificationModule({ deidentify: options, kind, source }: ObjectInput): DicomItem {
  if (!options) return {};
  const chosen = methods.filter(([asked]) => asked(options, kind));
  const before = source?.attributes.LongitudinalTemporalInformationModified;
  return {
    PatientIdentityRemoved: 'YES',
    DeidentificationMethod: 'Lamina, PS3.15 table E.1-1, Basic Profile with the options coded',
    DeidentificationMethodCodeSequence: chosen.map(([, value, meaning]) => ({
      CodeValue: value,
      CodingSchemeDesignator: 'DCM',
      CodeMeaning: meaning,
    })),
    LongitudinalTemporalInformationModified: options.retainLongitudinalFullDates ? before || 'UNMODIFIED' : 'REMOVED',
  };
}
