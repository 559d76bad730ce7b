import type { DeidentifyOptions, ObjectImportResult, ObjectKind } from '../../contract/object-files.ts';
import { count, ml } from '../design/numbers.ts';

/** The kinds as people of the field call them, with the ending of their files. */
export const objectNames: Record<ObjectKind, { name: string; extension: string; says: string }> = {
  seg: { name: 'DICOM SEG', extension: '.dcm', says: 'Masks for PACS and viewers, bit for bit' },
  'labelmap-seg': { name: 'DICOM SEG, label map', extension: '.dcm', says: 'One value a voxel; fewer viewers read it' },
  rtstruct: { name: 'DICOM RTSTRUCT', extension: '.dcm', says: 'Contours for planning, citing the slices' },
  sr: { name: 'DICOM SR', extension: '.dcm', says: 'Volumes and measurements (TID 1500)' },
  aim: { name: 'AIM 4 XML', extension: '.xml', says: 'Volumes and annotations' },
  'encapsulated-stl': { name: 'STL in DICOM', extension: '.dcm', says: 'The checked model, for the archive' },
  nifti: { name: 'NIfTI-1', extension: '.nii.gz', says: 'Label values of the table' },
};

type Retained = Exclude<keyof DeidentifyOptions, 'pseudonym'>;
/** Options of PS3.15 table E.1-1, in its words. */
export const retainedWords: Record<Retained, string> = {
  retainUids: 'UIDs',
  retainDeviceIdentity: 'device identity',
  retainInstitutionIdentity: 'institution identity',
  retainPatientCharacteristics: 'patient characteristics',
  retainLongitudinalFullDates: 'full dates',
  cleanDescriptors: 'descriptions, cleaned',
};

/** What a file that was taken in came to, a line each. */
export function loadedLines({ segments, markups }: ObjectImportResult): string[] {
  const lines = segments.map(({ name, into, changed, voxels, volumeMm3 }) => {
    if (!into) return `${name}: new, ${count(voxels)} voxels, ${ml(volumeMm3)} ml`;
    return changed === 0 ? `${name}: as it was` : `${name}: ${count(changed)} voxels changed, now ${ml(volumeMm3)} ml`;
  });
  return markups.length > 0 ? [...lines, `${count(markups.length)} ${markups.length === 1 ? 'annotation' : 'annotations'}`] : lines;
}
