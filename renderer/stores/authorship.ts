import { create } from 'zustand';
import type { Segment } from '../../contract/case.ts';
import { type Authorship, authorship } from '../../contract/review.ts';
import { api } from '../api/client.ts';
import { act, open } from './acts.ts';
import { runJob } from './jobs.ts';
import { maskText } from './review.ts';
import { useViewer } from './viewer.ts';

interface AuthorStore {
  /** Who drew a segment, as its mask was when it was asked; null: nobody has asked. */
  told: { caseId: string; segment: string; mask: string; counts: Authorship; values: Uint8Array } | null;
}
export const useAuthorship = create<AuthorStore>()(() => ({ told: null }));

const shown = (values: Uint8Array | null, segmentId: string) => useViewer.getState().set({ authorMap: values && { segmentId, values } });

/** Reads who set each voxel of a segment and draws it on the planes. */
export function showAuthors(segment: Segment): Promise<true | null> {
  return act<true>(
    'Who drew it',
    async () => {
      const { id } = open();
      const mask = maskText(segment);
      const counts = authorship.parse(await runJob(api.authorship(id, segment.id)));
      const length = useViewer.getState().volume?.values.length;
      if (length === undefined) throw new RangeError('no volume is on screen');
      const values = await api.previewBytes(counts.map, length);
      useAuthorship.setState({ told: { caseId: id, segment: segment.id, mask, counts, values } });
      shown(values, segment.id);
      return true;
    },
    { reads: true },
  );
}

/** The overlay on or off; asked for anew where the mask is another than the one that was read. */
export function toggleAuthors(segment: Segment): void {
  if (useViewer.getState().authorMap?.segmentId === segment.id) {
    shown(null, segment.id);
    return;
  }
  const { told } = useAuthorship.getState();
  if (told && told.segment === segment.id && told.caseId === open().id && told.mask === maskText(segment)) shown(told.values, segment.id);
  else void showAuthors(segment);
}
