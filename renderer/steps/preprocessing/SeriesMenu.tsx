import { ChevronDown } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { icon } from '../../frame/step-names.tsx';
import { useCase } from '../../stores/case.ts';
import { seriesLine, seriesWords } from '../../stores/preprocessing-words.ts';
import { testids } from '../../testids.ts';
import { SeriesChoices } from './SeriesChoices.tsx';

/** In the head: which series of the case the planes show, where it holds several. */
export function SeriesMenu() {
  const series = useCase((s) => s.state?.series) ?? [];
  const shown = useCase((s) => s.series);
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!open) return;
    const away = (event: Event) => {
      if (!(event.target instanceof Node && root.current?.contains(event.target))) setOpen(false);
    };
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      setOpen(false);
      root.current?.querySelector('button')?.focus();
    };
    window.addEventListener('pointerdown', away, true);
    window.addEventListener('keydown', onEscape, true);
    return () => {
      window.removeEventListener('pointerdown', away, true);
      window.removeEventListener('keydown', onEscape, true);
    };
  }, [open]);
  const now = series.find((s) => s.seriesInstanceUid === shown);
  if (series.length < 2 || !now) return null;
  const { name, made } = seriesWords(now, series);
  const line = seriesLine(now, series);
  return (
    <div className="series-menu" ref={root}>
      <button
        type="button"
        aria-haspopup="true"
        aria-expanded={open}
        title={`Series shown: ${line}`}
        data-testid={testids.seriesMenu}
        onClick={() => setOpen(!open)}
      >
        <span className="clip name">{name}</span>
        {made && <span className="clip made">{made}</span>}
        <ChevronDown {...icon} size={14} />
      </button>
      {open && (
        <div className="series-list">
          <SeriesChoices onChosen={() => setOpen(false)} />
        </div>
      )}
    </div>
  );
}
