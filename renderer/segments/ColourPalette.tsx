import { useEffect, useRef } from 'react';
import type { Segment } from '../../contract/case.ts';
import { segmentColour, segmentColours } from '../design/segment-colours.ts';
import { closeSegmentPart, describe } from '../stores/segment-details.ts';
import { testids } from '../testids.ts';

const names = ['Blue', 'Orange', 'Pink', 'Green', 'Red', 'Yellow', 'Violet', 'Grey'];

/** The eight colours of segments; arrows move, a click or Enter takes one, Esc leaves it. */
export function ColourPalette({ segment }: { segment: Segment }) {
  const group = useRef<HTMLFieldSetElement>(null);
  useEffect(() => {
    group.current?.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
  }, []);
  const move = (by: number) => {
    const all = [...(group.current?.querySelectorAll('button') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    all[(at + by + all.length) % all.length]?.focus();
  };
  return (
    <fieldset
      className="swatches"
      aria-label={`Colour of ${segment.name}`}
      ref={group}
      onKeyDown={(e) => {
        if (e.key === 'Escape') closeSegmentPart();
        else if (e.key === 'ArrowRight' || e.key === 'ArrowDown') move(1);
        else if (e.key === 'ArrowLeft' || e.key === 'ArrowUp') move(-1);
        else return;
        e.preventDefault();
        e.stopPropagation();
      }}
    >
      {segmentColours.map((_, n) => (
        <button
          key={names[n]}
          type="button"
          aria-pressed={segment.colour === n + 1}
          aria-label={`${names[n]}, colour ${n + 1}`}
          title={names[n]}
          data-testid={testids.segmentSwatch(n + 1)}
          style={{ background: segmentColour(n + 1) }}
          onClick={() => {
            closeSegmentPart();
            if (segment.colour !== n + 1) void describe(segment.id, `Colour of ${segment.name}`, { colour: n + 1 });
          }}
        />
      ))}
    </fieldset>
  );
}
