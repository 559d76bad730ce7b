import type { ObjectKind } from '../../../contract/object-files.ts';
import type { ObjectInput } from './object-input.ts';
import { canCite } from './object-modules.ts';

/** What a file of a kind has that would name the image that it lies on, and what it does instead. */
const uncited: Partial<Record<ObjectKind, { what: string; does: string }>> = {
  seg: { what: 'frames', does: 'name none of them' },
  'labelmap-seg': { what: 'frames', does: 'name none of them' },
  rtstruct: { what: 'contours', does: 'name none of them' },
  aim: { what: 'markups', does: 'each name all of them' },
};

/**
 * What a person should know where frames, contours or markups cannot name the image that they lie on: the grid is not that of the images.
 * Nothing is cited by nearness: an image that lies half a slice away is not where a voxel was seen. A measurement report has places in space
 * alone, and loses nothing.
 */
export function citationWords(input: ObjectInput): string[] {
  const one = uncited[input.kind];
  if (!one || input.onSourceGrid || !input.source || !canCite(input)) return [];
  if (input.kind === 'aim' && input.markups.length === 0) return [];
  return [
    input.straightened
      ? `The grid was straightened at import; ${one.what} lie between the source images and ${one.does}.`
      : `The grid is not that of the source images, so that ${one.what} ${one.does}.`,
  ];
}
