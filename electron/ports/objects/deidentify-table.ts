import type { DeidentifyOptions } from '../../../contract/object-files.ts';

/** The option whose column keeps a value (K), by our name for it. */
type Retaining = 'retainPatientCharacteristics' | 'retainLongitudinalFullDates' | 'retainDeviceIdentity' | 'retainInstitutionIdentity';

/** X removed; Z emptied; `name` Z as well, with the pseudonym as its dummy. An X/Z, X/D or X/Z/D of the table is X for what a source says: where an
 * object must have the attribute, its writer gives its own. */
interface Row {
  basic: 'X' | 'Z' | 'name';
  keptBy?: Retaining;
  /** C in the column of the Clean Descriptors Option. */
  cleaned?: true;
}
const dates = 'retainLongitudinalFullDates';
const characteristics = 'retainPatientCharacteristics';

/**
 * PS3.15 table E.1-1 (2024b), rows of the attributes that an import keeps of the headers; the table's own code stands behind each. The objects' own
 * attributes are of the same table: ContentDate and ContentTime Z/D (a dummy), InstanceCreationDate X/D and -Time X/Z/D, SeriesDate and -Time X/D
 * (removed), StructureSetDate and -Time Z, StructureSetLabel D, ROIName Z, ROIDescription and ROIGenerationDescription X, ROIInterpreter Z,
 * ContentCreatorName Z/D, ContentSequence D or C, EncapsulatedDocument D, every UID U or, with the Retain UIDs Option, K. What has no row here is
 * removed, in the table or not: the objects need none of it, and a free text such as PositionReferenceIndicator may name anybody.
 */
const table: Record<string, Row> = {
  PatientName: { basic: 'name' }, // Z
  PatientID: { basic: 'name' }, // Z/D
  PatientBirthDate: { basic: 'Z' }, // Z
  PatientBirthTime: { basic: 'X' }, // X
  PatientSex: { basic: 'Z', keptBy: characteristics }, // Z
  PatientAge: { basic: 'X', keptBy: characteristics }, // X
  PatientSize: { basic: 'X', keptBy: characteristics }, // X
  PatientWeight: { basic: 'X', keptBy: characteristics }, // X
  IssuerOfPatientID: { basic: 'X' }, // X
  StudyDate: { basic: 'Z', keptBy: dates }, // Z
  StudyTime: { basic: 'Z', keptBy: dates }, // Z
  SeriesDate: { basic: 'X', keptBy: dates }, // X/D
  SeriesTime: { basic: 'X', keptBy: dates }, // X/D
  TimezoneOffsetFromUTC: { basic: 'X', keptBy: dates }, // X
  StudyID: { basic: 'Z' }, // Z
  AccessionNumber: { basic: 'Z' }, // Z
  ReferringPhysicianName: { basic: 'Z' }, // Z
  OperatorsName: { basic: 'X' }, // X/Z/D
  StudyDescription: { basic: 'X', cleaned: true }, // X
  SeriesDescription: { basic: 'X', cleaned: true }, // X
  ProtocolName: { basic: 'X', cleaned: true }, // X/D
  InstitutionName: { basic: 'X', keptBy: 'retainInstitutionIdentity' }, // X/Z/D
  InstitutionAddress: { basic: 'X', keptBy: 'retainInstitutionIdentity' }, // X
  StationName: { basic: 'X', keptBy: 'retainDeviceIdentity' }, // X/Z/D
  DeviceSerialNumber: { basic: 'X', keptBy: 'retainDeviceIdentity' }, // X/Z/D
};

/**
 * Of a source's headers what the Basic Profile with the chosen options leaves.
 * @param clean free text without what may name the patient
 */
export function retainedAttributes(
  attributes: Record<string, string>,
  options: DeidentifyOptions,
  clean: (text: string) => string,
): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [keyword, value] of Object.entries(attributes)) {
    const row = table[keyword];
    if (!row || row.basic === 'name') continue;
    if (row.keptBy && options[row.keptBy]) out[keyword] = value;
    else if (row.cleaned && options.cleanDescriptors) out[keyword] = clean(value);
    else if (row.basic === 'Z') out[keyword] = '';
  }
  // E.3.6: that dates are whole is said of the object; where the source says that they are not, that stays true.
  const said = attributes.LongitudinalTemporalInformationModified;
  if (options[dates] && said && ['MODIFIED', 'REMOVED'].includes(said)) out.LongitudinalTemporalInformationModified = said;
  return { ...out, PatientName: options.pseudonym, PatientID: options.pseudonym };
}
