import type { CaseState } from '../../../contract/case.ts';
import type { Markup, MarkupDraft } from '../../../contract/markups.ts';
import type { ReadMarkup } from '../../ports/objects/object-input.ts';
import type { Ports } from '../ports.ts';

/** A markup of a file as it goes into the case; `id` null: a new one. */
export interface MarkupChange {
  id: string | null;
  markup: MarkupDraft;
}

const nearMm = 0.01;
const sameLine = (a: readonly (readonly number[])[], b: readonly (readonly number[])[]): boolean =>
  a.length === b.length && a.every((point, n) => point.every((mm, axis) => Math.abs(mm - (b[n]?.[axis] ?? Number.NaN)) < nearMm));

/** Drawn at the same place: by the same points, or, where the kind of file has no curves, as the line that is drawn through them. */
const sameDrawing = (ports: Pick<Ports, 'outlineLps'>, known: Markup, one: MarkupDraft): boolean =>
  known.series === one.series &&
  ((known.kind === one.kind && sameLine(known.pointsLps, one.pointsLps)) || sameLine(ports.outlineLps(known), one.pointsLps));

/** What de-identification leaves of a text. */
const sameText = (known: Markup, { text }: MarkupDraft): boolean => ['', 'Removed', known.text.trim()].includes(text.trim());

/**
 * What a file's markups change in a case: one of ours, by its tracking UID, is changed where it was moved or its text was edited, and keeps
 * its name and segment; of the others those are new that are not drawn there already, whatever they are called.
 * @param isOurs whether a tracking UID is that of a markup of this case
 */
export function loadedMarkups(
  ports: Pick<Ports, 'outlineLps'>,
  state: CaseState,
  read: ReadMarkup[],
  isOurs: (id: string, trackingUid: string) => boolean,
): MarkupChange[] {
  const taken = new Set<string>();
  return read.flatMap(({ trackingUid, ...markup }): MarkupChange[] => {
    const own = trackingUid === null ? undefined : state.markups.find((one) => !taken.has(one.id) && isOurs(one.id, trackingUid));
    if (own) {
      taken.add(own.id);
      const { id, name, segment, text } = own;
      // A de-identified file has other names, and its texts are no edits.
      const edited = markup.name === name && !sameText(own, markup);
      const drawn = sameDrawing(ports, own, markup);
      if (drawn && !edited) return [];
      const { id: _, ...before } = own;
      return [{ id, markup: { ...(drawn ? before : markup), name, segment, text: edited ? markup.text : text } }];
    }
    return state.markups.some((one) => sameDrawing(ports, one, markup) && sameText(one, markup)) ? [] : [{ id: null, markup }];
  });
}
