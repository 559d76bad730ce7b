import { Note } from '../../design/Note.tsx';
import { showSeries, useCase } from '../../stores/case.ts';
import { tellProblem } from '../../stores/notices.ts';
import { seriesLine } from '../../stores/preprocessing-words.ts';
import { testids } from '../../testids.ts';

/**
 * 9.2: annotation is done on the same preprocessing as clause 8. Says which series is drawn on, and offers the preprocessed one where the
 * case has one of this scan and another is on screen.
 */
export function SeriesNote() {
  const all = useCase((s) => s.state?.series) ?? [];
  const uid = useCase((s) => s.series);
  const on = all.find((one) => one.seriesInstanceUid === uid);
  if (!on || all.length < 2) return null;
  const derived = all.findLast((one) => one.derivation?.from === on.seriesInstanceUid);
  if (!derived)
    return (
      <div className="opt" data-testid={testids.drawnOn} data-series={on.seriesInstanceUid}>
        <span className="lb">Drawn on</span>
        <span className="grow clip" title={seriesLine(on, all)}>
          {seriesLine(on, all)}
        </span>
      </div>
    );
  return (
    <Note
      of="info"
      edge
      title="This scan has been preprocessed since"
      testid={testids.drawnOn}
      actions={
        <button
          type="button"
          className="btn"
          onClick={() => showSeries(derived.seriesInstanceUid).catch((cause) => tellProblem('Loading the series', cause))}
        >
          Draw on the preprocessed series
        </button>
      }
    >
      Annotations for training belong on the preprocessing that a network sees (9.2): {seriesLine(derived, all)}.
    </Note>
  );
}
