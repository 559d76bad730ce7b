import { useCase } from '../stores/case.ts';
import { reviewNow, useReview } from '../stores/review.ts';
import { useViewer } from '../stores/viewer.ts';
import { dot } from './camera/plane-axes.ts';
import { nearestSlice } from './camera/slices.ts';
import type { Pane } from './pane.ts';

const drawn = new WeakMap<Pane, { places: unknown; stack: unknown; axes: unknown }>();

/** Yellow ticks on a view's slice bar where places wait to be looked at, grey ones where a person has; nothing is done where nothing changed. */
export function paintTicks(pane: Pane): void {
  const places = reviewNow()?.places ?? null;
  const { stack, axes } = pane;
  const before = drawn.get(pane);
  if (before && before.places === places && before.stack === stack && before.axes === axes) return;
  drawn.set(pane, { places, stack, axes });
  const open = new Map<number, boolean>();
  for (const place of places ?? []) {
    const slice = nearestSlice(stack, dot(place.centreLps, axes.normalLps));
    open.set(slice, (open.get(slice) ?? false) || !place.reviewed);
  }
  const ticks = [...open].map(([slice, waits]) => {
    const tick = document.createElement('i');
    tick.className = waits ? 'vp-doubt' : 'vp-doubt seen';
    tick.dataset.slice = String(slice);
    tick.style.top = `${stack.count > 1 ? 100 * (1 - slice / (stack.count - 1)) : 50}%`;
    return tick;
  });
  const track = pane.part('bar-track');
  for (const old of track.querySelectorAll('.vp-doubt')) old.remove();
  track.prepend(...ticks);
}

/** Calls back when the ticks may be others. Returns the function that lets go. */
export function watchTicks(changed: () => void): () => void {
  const offs = [
    useReview.subscribe(changed),
    useCase.subscribe((now, before) => now.state !== before.state && changed()),
    useViewer.subscribe((now, before) => now.activeSegment !== before.activeSegment && changed()),
  ];
  return () => {
    for (const off of offs) off();
  };
}
