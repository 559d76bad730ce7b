import { create } from 'zustand';
import type { Segment } from '../../../contract/case.ts';
import type { MaskPreview } from '../../../contract/routes.ts';
import { type MaskWish, previewMask } from '../../stores/mask-acts.ts';
import { useViewer } from '../../stores/viewer.ts';

interface Held {
  segment: string;
  mask: string;
  wish: string;
  told: MaskPreview;
}
/** The last preview of the Clean panel, and what it was made of. */
export const useMaskPreview = create<{ held: Held | null }>()(() => ({ held: null }));

const of = (segment: Segment, wish: MaskWish) => ({ segment: segment.id, mask: JSON.stringify(segment.mask), wish: JSON.stringify(wish) });

/** What the preview is not of any more; null: it shows what Apply would do now. */
export function ageOf(held: Held, segment: Segment | null, wish: MaskWish): string | null {
  if (!segment || held.segment !== segment.id) return 'of another segment';
  if (held.mask !== JSON.stringify(segment.mask)) return 'older than the mask';
  return held.wish === JSON.stringify(wish) ? null : 'older than the settings';
}

/** Asks for the mask as it would be and draws it on the planes. */
export async function showPreview(segment: Segment, wish: MaskWish): Promise<void> {
  const asked = of(segment, wish);
  const made = await previewMask(segment.id, wish);
  if (!made) return;
  useMaskPreview.setState({ held: { ...asked, told: made.told } });
  useViewer.getState().set({ maskPreview: { segmentId: segment.id, values: made.values } });
}

export function dropPreview(): void {
  useMaskPreview.setState({ held: null });
  if (useViewer.getState().maskPreview) useViewer.getState().set({ maskPreview: null });
}
