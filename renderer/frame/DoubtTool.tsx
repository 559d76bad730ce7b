import { ChevronUp } from 'lucide-react';
import { runCommand } from '../commands.ts';
import { useKey } from '../keys.ts';
import { useCase } from '../stores/case.ts';
import { reviewView, useReview } from '../stores/review.ts';
import { useViewer } from '../stores/viewer.ts';
import { testids } from '../testids.ts';
import { icon } from './step-names.tsx';
import { withKey } from './with-key.ts';

/** Doubtful places in the tool bar: how many were looked at; the words go to the next, the arrow to the one before. '!' : of the segment as it was. */
export function DoubtTool() {
  const state = useCase((s) => s.state);
  const active = useViewer((s) => s.activeSegment);
  const review = useReview();
  const view = reviewView(state, active, review);
  const [next, previous] = [useKey('review.next'), useKey('review.previous')];
  if (!view) return null;
  const words = view.places ? `${view.reviewed} of ${view.total} doubtful` : 'Doubtful places';
  return (
    <span className="doubt-tool" data-testid={testids.doubtTool}>
      <button
        type="button"
        aria-label={view.stale ? `${words}, the segment has changed since` : words}
        title={withKey(view.stale ? 'Found in the segment as it was before' : 'Next doubtful place', next)}
        onClick={() => runCommand('review.next')}
      >
        <i className="hatch" aria-hidden />
        <span className={view.stale ? 'num warn-words' : 'num'}>
          {view.places && `${view.reviewed} of ${view.total}`}
          <span className="xl">{view.places ? ' doubtful' : 'Doubtful places'}</span>
        </span>
        {view.stale && <span className="warn-words">!</span>}
        {next && <kbd>{next}</kbd>}
      </button>
      <button
        type="button"
        aria-label="Previous doubtful place"
        title={withKey('Previous doubtful place', previous)}
        onClick={() => runCommand('review.previous')}
      >
        <ChevronUp {...icon} />
      </button>
    </span>
  );
}
