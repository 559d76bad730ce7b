import { type KeyboardEvent, memo, type ReactNode, useEffect, useRef } from 'react';
import type { SeriesSummary } from '../../../contract/volume.ts';
import type { Judgement } from '../../design/Status.tsx';
import { StatusIcon } from '../../design/Status.tsx';
import { testids } from '../../testids.ts';
import { scrollToRow, useRowWindow } from './row-window.ts';
import { Thumbnail } from './Thumbnail.tsx';
import { useNarrow } from './use-narrow.ts';

/** One series as the list prints it. */
export interface SeriesItem {
  uid: string;
  title: string;
  size: string;
  origin: string;
  badge: { of: Judgement; text: string; words: string } | null;
  thumbnail: SeriesSummary['thumbnail'] | undefined;
}

const tags: Record<Judgement, string> = { ok: 's-ok', warn: 's-warn', bad: 's-bad', unknown: 's-unk', info: 's-info' };
interface RowProps {
  item: SeriesItem;
  at: number;
  of: number;
  selected: boolean;
  onSelect: (uid: string) => void;
}

/** Drawn again only when it is chosen, left or changed: a step through the list costs two rows. */
const Row = memo(function Row({ item, at, of, selected, onSelect }: RowProps) {
  return (
    <button
      type="button"
      role="option"
      className={selected ? 'ser on' : 'ser'}
      aria-selected={selected}
      aria-posinset={at + 1}
      aria-setsize={of}
      tabIndex={selected ? 0 : -1}
      data-testid={testids.seriesRow}
      data-uid={item.uid}
      onClick={() => onSelect(item.uid)}
    >
      <Thumbnail of={item.thumbnail} label={`Thumbnail of ${item.title}`} />
      <span className="grow">
        <span className="row">
          <b className="grow clip" title={item.title}>
            {item.title}
          </b>
          {item.badge && (
            <span className={`tag ${tags[item.badge.of]}`} title={item.badge.words}>
              <StatusIcon of={item.badge.of} size={12} silent />
              <span aria-hidden="true">{item.badge.text}</span>
              <span className="hide">{item.badge.words}</span>
            </span>
          )}
        </span>
        <span className="clip num" style={{ display: 'block' }}>
          {item.size}
        </span>
        <span className="cap clip" style={{ display: 'block' }} title={item.origin}>
          {item.origin}
        </span>
      </span>
    </button>
  );
});

/**
 * The series as a list of rows of equal height: only those in view are drawn, so that two hundred cost as much as ten. One stop of the Tab
 * key; arrows, Home and End walk it.
 */
export function SeriesList({
  items,
  selected,
  onSelect,
  children,
}: {
  items: SeriesItem[];
  selected: string | null;
  onSelect: (uid: string) => void;
  /** What stands below the rows, such as those that are still being read. */
  children?: ReactNode;
}) {
  const box = useRef<HTMLDivElement>(null);
  const rowPx = useNarrow() ? 70 : 83;
  const at = items.findIndex((i) => i.uid === selected);
  const [first, last] = useRowWindow(box, items.length, rowPx);
  useEffect(() => {
    if (box.current && at >= 0) scrollToRow(box.current, at, rowPx);
  }, [at, rowPx]);
  const walk = (event: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1, PageDown: at + 8, PageUp: at - 8 }[event.key];
    if (to === undefined || items.length === 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const next = items[Math.max(0, Math.min(items.length - 1, to))];
    if (!next) return;
    onSelect(next.uid);
    // The row may not be drawn yet; it is once the list has scrolled to it.
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>('[aria-selected=true]')?.focus({ preventScroll: true }));
  };
  const shown = items.map((item, n) => ({ item, n })).filter(({ n }) => (n >= first && n < last) || n === at);
  return (
    <div className="ser-list" ref={box} role="listbox" aria-label="Series" onKeyDown={walk}>
      <div className="ser-rows" style={{ height: items.length * rowPx }}>
        {shown.map(({ item, n }) => (
          <div key={item.uid} className="ser-place" style={{ top: n * rowPx, height: rowPx }} role="presentation">
            <Row item={item} at={n} of={items.length} selected={n === at} onSelect={onSelect} />
          </div>
        ))}
      </div>
      {children}
    </div>
  );
}
