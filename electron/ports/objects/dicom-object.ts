import { Refusal } from '../../../contract/errors.ts';
import { type ReadDataset, readDataset } from './dicom-dataset-read.ts';

const isDicom = (bytes: Uint8Array) => String.fromCharCode(...bytes.subarray(128, 132)) === 'DICM';

/**
 * The data set of a DICOM file of one of these classes; null: it is of another class, or no DICOM. Throws Refusal as `readDataset` for a
 * DICOM file that is damaged: no reader of another kind could do better.
 */
export function datasetOfClass(bytes: Uint8Array, sopClassUids: readonly string[]): ReadDataset | null {
  let read: ReadDataset;
  try {
    read = readDataset(bytes);
  } catch (error) {
    if (error instanceof Refusal && !isDicom(bytes)) return null;
    throw error;
  }
  return sopClassUids.includes(read.sopClassUid) ? read : null;
}
