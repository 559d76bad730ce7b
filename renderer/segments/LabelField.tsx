import { useEffect, useId, useState } from 'react';
import type { Segment } from '../../contract/case.ts';
import { describe, loadLabels, useSegmentList } from '../stores/segment-details.ts';
import { testids } from '../testids.ts';
import { codeWords, labelsFor } from './label-search.ts';

/** What a segment stands for: a row of the label table, found by its name, its code or its value. */
export function LabelField({ segment, disabled }: { segment: Segment; disabled: boolean }) {
  const labels = useSegmentList((s) => s.labels?.labels);
  const [query, setQuery] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const list = useId();
  useEffect(() => void loadLabels(), []);
  const open = query !== null;
  const found = open && labels ? labelsFor(labels, query) : [];
  const take = (n: number) => {
    const row = found[n];
    setQuery(null);
    if (row && row.key !== segment.label.key) void describe(segment.id, `Label of ${segment.name}`, { label: row.key });
  };
  return (
    <div className="combo">
      <input
        className="text"
        role="combobox"
        aria-label={`Label of ${segment.name}`}
        aria-expanded={open}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={found.length > 0 ? `${list}-${at}` : undefined}
        data-testid={testids.segmentLabel}
        disabled={disabled}
        title={codeWords(segment.label)}
        value={query ?? segment.label.name}
        placeholder={segment.label.name}
        onFocus={(e) => e.target.select()}
        onClick={() => !open && setQuery('')}
        onChange={(e) => {
          setQuery(e.target.value);
          setAt(0);
        }}
        onBlur={() => setQuery(null)}
        onKeyDown={(e) => {
          const move = { ArrowDown: 1, ArrowUp: -1 }[e.key];
          if (move !== undefined) {
            e.preventDefault();
            if (!open) setQuery('');
            const next = (at + (open ? move : 0) + Math.max(1, found.length)) % Math.max(1, found.length);
            setAt(next);
            document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: 'nearest' });
          } else if (e.key === 'Enter' && open) {
            e.preventDefault();
            take(at);
          } else if (e.key === 'Escape' && open) {
            e.preventDefault();
            e.stopPropagation();
            setQuery(null);
          }
        }}
      />
      {open && (
        <div className="options" role="listbox" id={list} aria-label="Labels">
          {found.map((row, n) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the field holds the focus and takes the entry
            <div
              key={row.key}
              id={`${list}-${n}`}
              role="option"
              tabIndex={-1}
              aria-selected={n === at}
              className={[n === at ? 'at' : '', row.subclassOf ? 'sub' : ''].join(' ')}
              data-testid={testids.segmentLabelOption}
              title={codeWords(row)}
              onPointerMove={() => setAt(n)}
              onPointerDown={(e) => e.preventDefault()}
              onClick={() => take(n)}
            >
              <span className="clip">{row.name}</span>
              <span className="cap num">{row.value}</span>
            </div>
          ))}
          {found.length === 0 && <span className="cap none">{labels ? 'No label has these words' : 'The label table is on its way'}</span>}
        </div>
      )}
    </div>
  );
}
