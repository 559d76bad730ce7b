import { useEffect, useState } from 'react';
import type { Segment } from '../../contract/case.ts';
import { describe } from '../stores/segment-details.ts';
import { testids } from '../testids.ts';

/** A segment's number in files that hold several; taken with Enter or on leaving the field, so that typing makes one step. */
export function NumberInFile({ segment, disabled }: { segment: Segment; disabled: boolean }) {
  const [text, setText] = useState(String(segment.number));
  useEffect(() => setText(String(segment.number)), [segment.number]);
  const typed = Number(text);
  const bad = !/^\d+$/.test(text.trim()) || typed < 1 || typed > 65535;
  const take = () => {
    if (bad || typed === segment.number) return;
    void describe(segment.id, `Number of ${segment.name}`, { number: typed }).then((done) => !done && setText(String(segment.number)));
  };
  return (
    <label className={bad ? 'field bad' : 'field'} title="Its number in files that hold several segments, 1 to 65535">
      <input
        type="text"
        inputMode="numeric"
        aria-label={`Number of ${segment.name}`}
        aria-invalid={bad}
        data-testid={testids.segmentNumber}
        value={text}
        disabled={disabled}
        onChange={(e) => setText(e.target.value)}
        onFocus={(e) => e.target.select()}
        onBlur={take}
        onKeyDown={(e) => {
          if (e.key === 'Enter') take();
          if (e.key === 'Escape') setText(String(segment.number));
        }}
      />
    </label>
  );
}
