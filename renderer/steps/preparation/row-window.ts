import { type RefObject, useCallback, useEffect, useState } from 'react';

/**
 * Which rows of a long list of equal rows are drawn: those in view and a few beside them.
 * @returns first row, and the row after the last
 */
export function rowWindow(count: number, rowPx: number, scrollPx: number, viewPx: number, beside = 6): [number, number] {
  const first = Math.max(0, Math.floor(scrollPx / rowPx) - beside);
  const last = Math.min(count, Math.ceil((scrollPx + viewPx) / rowPx) + beside);
  return [Math.min(first, last), last];
}

/** Follows the scroll and the height of a box; draws again only when other rows come into view. */
export function useRowWindow(box: RefObject<HTMLElement | null>, count: number, rowPx: number): [number, number] {
  const [shown, setShown] = useState<[number, number]>(() => rowWindow(count, rowPx, 0, 900));
  const measure = useCallback(() => {
    const { current } = box;
    if (!current) return;
    const next = rowWindow(count, rowPx, current.scrollTop, current.clientHeight);
    setShown((old) => (old[0] === next[0] && old[1] === next[1] ? old : next));
  }, [box, count, rowPx]);
  useEffect(() => {
    const { current } = box;
    if (!current) return;
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(current);
    current.addEventListener('scroll', measure, { passive: true });
    return () => {
      sizes.disconnect();
      current.removeEventListener('scroll', measure);
    };
  }, [box, measure]);
  return [Math.min(shown[0], count), Math.min(shown[1], count)];
}

/** Scrolls a box by as little as brings a row into view. */
export function scrollToRow(box: HTMLElement, row: number, rowPx: number): void {
  const top = row * rowPx;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + rowPx > box.scrollTop + box.clientHeight) box.scrollTop = top + rowPx - box.clientHeight;
}
