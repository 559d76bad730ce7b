import type { AcquisitionFacts } from '../../../contract/acquisition.ts';
import { readAcquisition } from '../../ports/dicom/acquisition.ts';
import type { Candidate } from '../../ports/dicom/plan.ts';
import { volumeFileFacts } from '../../ports/volume-file-facts.ts';
import { volumeFormatOf } from '../../ports/volume-file-open.ts';

/** What the headers of a DICOM volume's own files say of its acquisition; null where none could be read again. */
export function factsOfPlan(plan: Candidate): AcquisitionFacts | null {
  return readAcquisition(plan.files.map((file) => file.path));
}

/** Of a NIfTI, NRRD or MetaImage file little more than its format is known. */
export function factsOfVolumeFile(path: string, modality: string): AcquisitionFacts {
  return volumeFileFacts(volumeFormatOf(path) ?? 'NIfTI', modality);
}
