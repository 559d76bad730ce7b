import type { FileUse } from '../../contract/acquisition.ts';
import type { Candidate } from './dicom/plan.ts';
import type { Gathered } from './gather.ts';

/** The files that became one series of the import. */
export interface UsedFiles {
  series: string;
  paths: string[];
}

function whyLeft(plan: Candidate): string {
  if (plan.kind === 'localizer') return 'A localizer, not a volume.';
  const [reason] = plan.reasons;
  if (reason) return `Its series was not imported. ${reason.message}`;
  return plan.kind === 'single' ? 'A single image, not a volume.' : 'Of a series that was not chosen.';
}

/**
 * Every file of the input once, in the order in which it was found: the series that it is part of, or why it is part of none (7.2).
 * Entries of an archive stand under the archive's path.
 * @param left volumes and other images that did not come in, with their reasons; a file that came in all the same stays used
 */
export function fileUses(found: Gathered, used: readonly UsedFiles[], left: readonly Candidate[]): FileUse[] {
  const series = new Map(used.flatMap((one) => one.paths.map((path) => [path, one.series] as const)));
  const why = new Map<string, string>();
  const say = (path: string | undefined, text: string) => {
    if (path !== undefined && !why.has(path)) why.set(path, text);
  };
  for (const { path, reason } of [...found.damaged, ...found.others]) say(path, reason.message);
  for (const { path, text } of found.findings) say(path, text);
  for (const plan of left) for (const file of plan.files) say(file.path, whyLeft(plan));
  for (const { path } of found.images)
    say(path, 'A copy of an image at the same place, or of a volume that could not be told apart; another one was used.');
  for (const path of found.volumeFiles) say(path, 'Of a series that was not chosen.');
  const everyFile = new Set([...found.paths, ...why.keys()]);
  return [...everyFile].map((path) => {
    const own = series.get(path) ?? null;
    return {
      path: found.placeOf(path),
      series: own,
      why: own === null ? (why.get(path) ?? 'An archive: its entries are listed by themselves.') : '',
    };
  });
}
