import type { Coded, Finding } from '../../../contract/errors.ts';
import type { Gathered } from '../gather.ts';
import type { Collection } from './collect.ts';
import { directoryWarnings } from './directory.ts';
import { patientWarnings } from './patients.ts';
import type { Candidate } from './plan.ts';

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
export function sideWarnings(found: Gathered): Coded[] {
  const damaged = found.damaged.map(({ reason }) => reason);
  const empty = found.others.filter((file) => file.reason.code === 'NO_PIXEL_DATA').map((file) => file.reason);
  return [...directoryWarnings(found), ...damaged, ...empty, ...patientWarnings(found.images)];
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
    : [
        {
          code: 'NO_READABLE_IMAGES',
          message: 'No readable image was found. Choose a folder that holds a DICOM series, or a NIfTI, NRRD or MetaImage file.',
        },
      ];
}
