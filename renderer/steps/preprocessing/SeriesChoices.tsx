import { Check } from 'lucide-react';
import type { CaseSeries } from '../../../contract/case.ts';
import { spacing } from '../../design/numbers.ts';
import { icon } from '../../frame/step-names.tsx';
import { showSeries, useCase } from '../../stores/case.ts';
import { tellProblem } from '../../stores/notices.ts';
import { seriesWords } from '../../stores/preprocessing-words.ts';
import { testids } from '../../testids.ts';

export const chooseSeries = (uid: string): void => {
  showSeries(uid).catch((cause) => tellProblem('Loading the series', cause));
};

/** Grid and unit of a series on one line. */
export const gridWords = (s: CaseSeries): string =>
  [s.modality, s.dimensions.join(' × '), `${s.spacingMm.map(spacing).join(' × ')} mm`, s.voxels.units].filter(Boolean).join(' · ');

/** Every series of the case, imported and made; the one that is chosen is shown on the planes. */
export function SeriesChoices({ onChosen }: { onChosen?: () => void }) {
  const series = useCase((s) => s.state?.series) ?? [];
  const segments = useCase((s) => s.state?.segments) ?? [];
  const shown = useCase((s) => s.series);
  return (
    <div role="radiogroup" aria-label="Series of the case">
      {series.map((s) => {
        const { name, made } = seriesWords(s, series);
        const on = s.seriesInstanceUid === shown;
        const own = segments.filter((g) => g.series === s.seriesInstanceUid).length;
        return (
          // biome-ignore lint/a11y/useSemanticElements: a radio of two lines; arrows would load every series on the way
          <button
            key={s.seriesInstanceUid}
            type="button"
            role="radio"
            aria-checked={on}
            className="ser-choice"
            data-testid={testids.seriesChoice}
            data-uid={s.seriesInstanceUid}
            onClick={() => {
              if (!on) chooseSeries(s.seriesInstanceUid);
              onChosen?.();
            }}
          >
            <span>{on && <Check {...icon} size={14} />}</span>
            <span>
              {name}
              {made && <span className="made"> · {made}</span>}
            </span>
            <span className="cap num">
              {gridWords(s)}
              {own > 0 && ` · ${own} ${own === 1 ? 'segment' : 'segments'}`}
            </span>
          </button>
        );
      })}
    </div>
  );
}
