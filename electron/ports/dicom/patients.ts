import type { Coded } from '../../../contract/errors.ts';
import type { ImageFile } from './image.ts';

/** PS3.5 6.2: trailing delimiters and spaces of a name say nothing, and neither does its case (PS3.4 C.2.2.2.1). */
function plainName(name: string): string {
  return (name.split('=')[0] ?? '')
    .normalize('NFC')
    .split('^')
    .map((part) => part.trim().toLowerCase())
    .join('^')
    .replace(/\^+$/, '');
}

function distinct(values: string[]): string[] {
  return [...new Set(values.filter((value) => value !== ''))];
}

/** More than one patient by identifier, name or birth date; an empty value contradicts nothing. */
export function severalPatients(files: ImageFile[]): boolean {
  const several = (of: (file: ImageFile) => string) => distinct(files.map(of)).length > 1;
  return several((file) => file.patientId) || several((file) => plainName(file.patientName)) || several((file) => file.birthDate);
}

/** The images of one case should be of one patient, also across series. */
export function patientWarnings(images: ImageFile[]): Coded[] {
  const ids = distinct(images.map((file) => file.patientId));
  if (ids.length < 2 && distinct(images.map((file) => plainName(file.patientName))).length < 2) return [];
  const message = 'The input holds series of more than one patient. Check which of them this case is for.';
  return [{ code: 'PATIENT_MISMATCH', message }];
}

/** Part of the images name no patient while others do. */
export function unnamedWarnings(files: ImageFile[]): Coded[] {
  const without = files.filter((file) => file.patientId === '').length;
  if (without === 0 || without === files.length) return [];
  const message = `${without} of ${files.length} images state no patient ID. Check that they belong to this patient.`;
  return [{ code: 'MISSING_PATIENT_ID', message }];
}
