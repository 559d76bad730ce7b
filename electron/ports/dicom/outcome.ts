import { existsSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import type { Coded, Finding } from '../../../contract/errors.ts';
import { codes, items } from './attributes.ts';
import type { Collection } from './collect.ts';
import type { OtherFile } from './image.ts';
import { patientWarnings } from './patients.ts';
import type { Candidate } from './plan.ts';

/** Files that a medium's directory names and that are not there (PS3.3 F.3.2.2). Names that lead out of the medium are never looked up. */
function directoryWarnings(directory: OtherFile): Coded[] {
  const file = directory.directory;
  if (!file) return [];
  const root = dirname(file.path);
  let missing = 0;
  let escaping = 0;
  for (const record of items(file.dataSet, 0x00041220)) {
    const parts = codes(record, 0x00041500);
    if (parts.length === 0) continue;
    const path = resolve(root, ...parts);
    const within = relative(root, path);
    if (
      parts.some((part) => part === '..' || part.includes('/') || part.includes('\\')) ||
      within.startsWith('..') ||
      within.startsWith(sep)
    )
      escaping++;
    else if (!existsSync(path) && !existsSync(resolve(root, ...parts.map((part) => part.toLowerCase())))) missing++;
  }
  const out: Coded[] = [];
  if (missing > 0) out.push({ code: 'MISSING_FILES', message: `The directory of the medium names ${missing} files that are not there.` });
  if (escaping > 0)
    out.push({
      code: 'PATH_ESCAPE',
      message: `The directory of the medium names ${escaping} files outside the medium; they were not read.`,
    });
  return out;
}

/** Files that were met and are no image of a volume. */
export function sideFindings(found: Collection): Finding[] {
  return [
    ...found.others.map((file) => ({ text: file.reason.message, path: file.path, code: file.reason.code })),
    ...found.damaged.map(({ path, reason }) => ({ text: reason.message, path, code: reason.code })),
    ...(found.images.length > 0 && found.images.every((file) => file.patientId === '')
      ? [{ text: 'The images state no patient ID.', code: 'MISSING_PATIENT_ID' as const }]
      : []),
  ];
}

/** What must be acknowledged although a volume came in: damaged files, images without pixels, gaps of the medium. */
export function sideWarnings(found: Collection): Coded[] {
  const damaged = found.damaged.map(({ reason }) => reason);
  const empty = found.others.filter((file) => file.reason.code === 'NO_PIXEL_DATA').map((file) => file.reason);
  return [...found.others.flatMap(directoryWarnings), ...damaged, ...empty, ...patientWarnings(found.images)];
}

/** Candidates that did not come in, as findings with their first file. */
export function refusedFindings(refused: Candidate[]): Finding[] {
  return refused.flatMap((item): Finding[] => {
    const path = item.files[0]?.path;
    const count = item.files.length;
    const what = item.kind === 'localizer' ? 'Localizer' : item.kind === 'single' ? 'Single image' : 'Series';
    if (item.kind === 'localizer') return [{ text: `${what} (${count} images), not a volume.`, path }];
    return item.reasons.map((r) => ({ text: `${what} ${item.uid} (${count} files) was not imported. ${r.message}`, path, code: r.code }));
  });
}

/** Why nothing came in, the reason of most files first. */
export function rejectReasons(found: Collection, refused: Candidate[]): Coded[] {
  const weights = new Map<Coded['code'], { reason: Coded; files: number }>();
  const add = (reason: Coded, files: number) => {
    const known = weights.get(reason.code);
    if (known) known.files += files;
    else weights.set(reason.code, { reason, files });
  };
  for (const item of refused) {
    for (const reason of item.reasons) add(reason, item.files.length);
    if (item.kind === 'localizer')
      add({ code: 'TOO_FEW_SLICES', message: 'Localizer images make no volume. Choose the thin-slice series.' }, item.files.length);
  }
  for (const { reason } of found.damaged) add(reason, 1);
  if (weights.size === 0) for (const file of found.others) add(file.reason, 1);
  const out = [...weights.values()].sort((a, b) => b.files - a.files).map(({ reason }) => reason);
  return out.length > 0
    ? out
    : [{ code: 'NO_READABLE_IMAGES', message: 'No readable image was found. Choose a folder that holds a DICOM series or a NIfTI file.' }];
}
