import { networkWording } from '../../../contract/model.ts';

/** What a network's result must be told with, where the description in a file says that it is one of ours; null: it does not. */
export const networkWordingIn = (description: string): string | null =>
  description.includes('not validated on patients') ? networkWording : null;

/** What a label file's header says of where its masks come from, in the 79 letters that it has: read again by `networkWordingIn`. */
export const labelFileDescription = (wording: string | null): string =>
  wording === null ? 'Lamina' : 'Lamina; network trained on procedural phantoms only, not validated on patients';
