import type { JournalEntry, Segment } from '../../../contract/case.ts';
import type { ObjectKind } from '../../../contract/object-files.ts';
import { actParameters } from '../cases/act-parameters.ts';
import { markOf } from '../cases/acts.ts';
import { same } from '../cases/living.ts';

/** What a kind that was read is called where it is written. */
const writtenAs: Record<string, readonly ObjectKind[]> = {
  'DICOM SEG': ['seg', 'labelmap-seg'],
  RTSTRUCT: ['rtstruct'],
  'NIfTI labels': ['nifti'],
  'Encapsulated STL': ['encapsulated-stl'],
};

/**
 * Tells a person that a segment is not as it was when this case wrote the file that now comes back, so that what was done since is replaced;
 * null: it is, or no export is known. Of a file that another program has changed the newest export of that segment and kind counts.
 */
export function changedSince(entries: readonly JournalEntry[], segment: Segment, read: { kind: string; sha256: string }): string | null {
  const exports = entries.flatMap((entry) => {
    if (entry.act !== 'export') return [];
    const { kind, sha256, marks, segment: id, from } = actParameters.export.parse(entry.parameters);
    const of = marks.length > 0 ? marks : id !== null && from !== null ? [{ segment: id, from }] : [];
    const mark = of.find((one) => one.segment === segment.id);
    return mark && writtenAs[read.kind]?.some((one) => one === kind) ? [{ sequence: entry.sequence, sha256, from: mark.from }] : [];
  });
  const last = exports.findLast((one) => one.sha256 === read.sha256) ?? exports.at(-1);
  if (!last || same(last.from, markOf(segment.mask))) return null;
  return `${segment.name} was changed here since it was exported (journal entry ${last.sequence}); what was done since is replaced. Undo takes it back.`;
}
