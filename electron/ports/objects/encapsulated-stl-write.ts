import { readFile } from 'node:fs/promises';
import type { CodedTerm } from '../../../contract/labels.ts';
import { uidFrom } from '../dicom-write.ts';
import { writeDataset } from './dicom-dataset.ts';
import type { ObjectInput, ObjectWriter } from './object-input.ts';
import { canCite, codeItem, commonInstanceReference, frameOfReferenceModule, objectModules } from './object-modules.ts';

export const encapsulatedStl = '1.2.840.10008.5.1.4.1.1.104.3';

const stlHeaderBytes = 80;

/** PS3.16 CID 7061, CID 7063, CID 7064. */
const titles: Record<string, CodedTerm> = {
  CT: { value: '85040-4', scheme: 'LN', meaning: 'CT 3D CAM model' },
  MR: { value: '85041-2', scheme: 'LN', meaning: 'MR 3D CAM model' },
};
const millimetre: CodedTerm = { value: 'mm', scheme: 'UCUM', meaning: 'mm' };
const planning: CodedTerm = { value: '129013', scheme: 'DCM', meaning: 'Planning Intent' };

function sourceInstances({ source }: ObjectInput) {
  const classes = new Map(source?.instances.map((one) => [one.sopInstanceUid, one.sopClassUid]));
  return [...classes].map(([uid, sopClass]) => ({ ReferencedSOPClassUID: sopClass, ReferencedSOPInstanceUID: uid }));
}

/**
 * P-export: the checked binary STL, byte for byte (de-identified: but for its header), as Encapsulated STL (PS3.3 A.85.1, C.24.2, C.35.1): mm in the patient's frame of
 * reference, of the images it was made from. Throws RangeError without a model.
 */
export const writeEncapsulatedStl: ObjectWriter = async (input, tick) => {
  const { mesh, segments } = input;
  if (!mesh) throw new RangeError('an encapsulated STL needs a model');
  const stl = await readFile(mesh.stl);
  // PS3.15 table E.1-1: D. Nothing but the header of a binary STL is text.
  if (input.deidentify) stl.write('Lamina'.padEnd(stlHeaderBytes), 0, 'latin1');
  tick();
  const state = `${mesh.signedBy === null ? 'UNSIGNED' : 'signed'}, check ${mesh.passed ? 'passed' : 'FAILED'}`;
  const wording = segments[0]?.networkWording ?? null;
  const title = titles[input.series.modality];
  const cites = canCite(input);
  const bytes = writeDataset({
    ...objectModules(input, {
      sopClassUid: encapsulatedStl,
      modality: 'M3D',
      seriesNumber: 9500,
      seriesDescription: `Model of ${mesh.title}`,
    }),
    ...frameOfReferenceModule(input),
    ...commonInstanceReference(input),
    AcquisitionDateTime: '',
    BurnedInAnnotation: 'NO',
    SourceInstanceSequence: cites ? sourceInstances(input) : undefined,
    // A model keeps the warning of the network that had its say in it.
    DocumentTitle: wording ? `${mesh.title} (${wording})` : mesh.title,
    ConceptNameCodeSequence: title ? [codeItem(title)] : [],
    MIMETypeOfEncapsulatedDocument: 'model/stl',
    EncapsulatedDocument: stl,
    EncapsulatedDocumentLength: [stl.length],
    MeasurementUnitsCodeSequence: [codeItem(millimetre)],
    ModelUsageCodeSequence: [codeItem(planning)],
    // The same for every model of one segment, and not the segment's own: a model is smoothed, and does not replace its mask unasked.
    ModelGroupUID: segments[0] && uidFrom(`${segments[0].trackingUid} models`),
    ContentDescription: `${mesh.title}: ${state}`,
  });
  const findings: string[] = [];
  if (mesh.signedBy === null) findings.push('Nobody has reviewed and signed this model; the file says UNSIGNED.');
  if (!mesh.passed) findings.push('The check of this model failed; the file says so.');
  return { bytes, findings };
};
