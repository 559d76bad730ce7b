import { networkWording } from '../../../contract/model.ts';

/** What a network's result must be told with, where the description in a file says that it is one of ours; null: it does not. */
export const networkWordingIn = (description: string): string | null =>
  description.includes('not validated on patients') ? networkWording : null;
