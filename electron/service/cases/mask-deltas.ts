import type { JournalEntry } from '../../../contract/case.ts';
import type { MaskDelta } from '../../../contract/segmentation.ts';
import { actParameters } from './act-parameters.ts';

/** Which output of an entry says what it turned in a segment; null: none does. `segment` null: of an act on one mask alone. */
function turnedIn({ act, parameters }: JournalEntry, segment: string | null): number | null {
  switch (act) {
    case 'stroke':
    case 'clean':
      return (segment ?? parameters.segment) === parameters.segment && (act === 'stroke' || parameters.change === 'flips') ? 0 : null;
    case 'effect':
    case 'load': {
      const { changes } = actParameters[act].parse(parameters);
      const nth = segment === null && changes.length === 1 ? 0 : changes.findIndex((one) => one.into !== null && one.into === segment);
      return changes[nth]?.change === 'flips' ? nth : null;
    }
    default:
      return null;
  }
}

/** Whether an act stands on top of a segment's mask as the voxels that it turned, instead of in the mask's place. */
export const hasDelta = (entry: JournalEntry, segment: string | null): boolean => turnedIn(entry, segment) !== null;

/**
 * What an act on top of a segment's mask changed; `readBlob` is asked where the runs did not fit into the entry. `segment` null: of an act
 * that changes one mask alone. Throws RangeError for other acts.
 */
export async function maskDelta(
  entry: JournalEntry,
  segment: string | null,
  readBlob: (sha256: string) => Promise<Uint8Array>,
): Promise<MaskDelta> {
  const nth = turnedIn(entry, segment);
  if (nth === null) throw new RangeError(`entry ${entry.sequence} turned nothing in ${segment ?? 'one mask alone'}`);
  const text = async (): Promise<string> => {
    const blob = entry.outputs[nth];
    if (blob === undefined) throw new RangeError(`entry ${entry.sequence} names no runs`);
    return new TextDecoder().decode(await readBlob(blob));
  };
  if (entry.act !== 'stroke') return { value: 'flip', runs: await text() };
  const { value, runs } = actParameters.stroke.parse(entry.parameters);
  return { value, runs: runs ?? (await text()) };
}
