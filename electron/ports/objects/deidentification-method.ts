import type { DeidentifyOptions } from '../../../contract/object-files.ts';
import type { DicomItem } from './dicom-dataset.ts';

/** PS3.16 CID 7050: the profile and its options by what the person chose; the first is always there. */
const methods: [(options: DeidentifyOptions) => boolean, string, string][] = [
  [() => true, '113100', 'Basic Application Confidentiality Profile'],
  [(o) => o.cleanDescriptors, '113105', 'Clean Descriptors Option'],
  [(o) => o.retainLongitudinalFullDates, '113106', 'Retain Longitudinal Temporal Information Full Dates Option'],
  [(o) => o.retainPatientCharacteristics, '113108', 'Retain Patient Characteristics Option'],
  [(o) => o.retainDeviceIdentity, '113109', 'Retain Device Identity Option'],
  [(o) => o.retainUids, '113110', 'Retain UIDs Option'],
  [(o) => o.retainInstitutionIdentity, '113112', 'Retain Institution Identity Option'],
];

/**
 * What an object says of its de-identification (PS3.15 E.2: PatientIdentityRemoved and the method in CID 7050; PS3.3 C.12.1.1.5 for dates).
 * @param options null: the patient is named as the source names him, and nothing is said
 */
export function deidentificationModule(options: DeidentifyOptions | null): DicomItem {
  if (!options) return {};
  const chosen = methods.filter(([asked]) => asked(options));
  return {
    PatientIdentityRemoved: 'YES',
    DeidentificationMethod: 'Lamina, PS3.15 table E.1-1, Basic Profile with the options coded',
    DeidentificationMethodCodeSequence: chosen.map(([, value, meaning]) => ({
      CodeValue: value,
      CodingSchemeDesignator: 'DCM',
      CodeMeaning: meaning,
    })),
    LongitudinalTemporalInformationModified: options.retainLongitudinalFullDates ? 'UNMODIFIED' : 'REMOVED',
  };
}
