import { Check, ChevronDown, ChevronUp, RefreshCw, Search } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { DoubtfulPlace } from '../../../contract/review.ts';
import { runCommand } from '../../commands.ts';
import { count } from '../../design/numbers.ts';
import { Section } from '../../design/Section.tsx';
import { RunningJob } from '../../frame/RunningJob.tsx';
import { icon } from '../../frame/step-names.tsx';
import { withKey } from '../../frame/with-key.ts';
import { useKey } from '../../keys.ts';
import { useCase } from '../../stores/case.ts';
import { useJobs } from '../../stores/jobs.ts';
import { reviewView, useReview } from '../../stores/review.ts';
import { findDoubts, lookAtPlace, markReviewed } from '../../stores/review-acts.ts';
import { useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';

const kindNames: Record<DoubtfulPlace['kind'], string> = { gap: 'Gap', uncertainty: 'Unsure', island: 'Island' };

function Place({ place, on, segment, off }: { place: DoubtfulPlace; on: boolean; segment: string; off: boolean }) {
  const row = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (on) row.current?.scrollIntoView({ block: 'nearest' });
  }, [on]);
  return (
    <li
      ref={row}
      className={`doubt${on ? ' on' : ''}${place.reviewed ? ' seen' : ''}`}
      data-testid={testids.doubtRow}
      data-id={place.id}
      data-kind={place.kind}
      data-reviewed={place.reviewed}
      aria-current={on}
    >
      <input
        type="checkbox"
        checked={place.reviewed}
        disabled={off}
        aria-label={`Reviewed: ${place.text}`}
        onChange={(e) => void markReviewed(segment, [place], e.target.checked)}
      />
      <button type="button" onClick={() => lookAtPlace(place)}>
        <b>{kindNames[place.kind]}</b> <span>{place.text.replace(/^gap /, '')}</span>
      </button>
    </li>
  );
}

/** The review queue of the active segment: doubtful places, worst first, and which of them a person has looked at. */
export function ReviewSection() {
  const { state, busy } = useCase();
  const active = useViewer((s) => s.activeSegment);
  const review = useReview();
  const running = useJobs((s) => s.running.some((job) => job.title === 'Find doubtful places'));
  const view = reviewView(state, active, review);
  const [next, previous, confirm] = [useKey('review.next'), useKey('review.previous'), useKey('review.confirm')];
  if (!view) return null;
  const { segment, places, total, reviewed, stale, at } = view;
  const off = busy !== null || state?.readOnly === true;
  return (
    <Section
      title="Doubtful places"
      testid={testids.review}
      end={
        places && (
          <span className="cap num" data-testid={testids.reviewCount} data-total={total} data-reviewed={reviewed}>
            {reviewed} of {count(total)} reviewed
          </span>
        )
      }
    >
      {running ? (
        <div className="pad">
          <RunningJob testid={testids.reviewProgress} />
        </div>
      ) : (
        <div className="pad stack">
          {stale && (
            <div className="cap warn-words" role="status" data-testid={testids.reviewStale}>
              The segment has changed since these were found. What was mended is still listed, new places are not.
            </div>
          )}
          {(!places || stale) && (
            <button
              type="button"
              className="btn wide"
              data-testid={testids.reviewFind}
              disabled={busy !== null}
              onClick={() => void findDoubts(segment.id)}
            >
              {stale ? <RefreshCw {...icon} /> : <Search {...icon} />}
              {stale ? 'Find again' : 'Find doubtful places'}
            </button>
          )}
          <div className="row" style={{ gap: 4 }}>
            {places && places.length > 0 && (
              <>
                <button
                  type="button"
                  className="btn"
                  aria-label="Previous doubtful place"
                  title={withKey('Previous doubtful place', previous)}
                  onClick={() => runCommand('review.previous')}
                >
                  <ChevronUp {...icon} />
                </button>
                <button
                  type="button"
                  className="btn"
                  aria-label="Next doubtful place"
                  title={withKey('Next doubtful place', next)}
                  onClick={() => runCommand('review.next')}
                >
                  <ChevronDown {...icon} />
                </button>
                <button
                  type="button"
                  className="btn grow"
                  data-testid={testids.reviewConfirm}
                  disabled={!at || off}
                  title={
                    state?.readOnly
                      ? 'Off: the case is open to read only'
                      : at
                        ? withKey('This place has been looked at', confirm)
                        : `Off: go to a place first${next === null ? '' : `, with ${next} or a click`}`
                  }
                  onClick={() => runCommand('review.confirm')}
                >
                  <Check {...icon} />
                  Reviewed
                </button>
              </>
            )}
          </div>
          {places?.length === 0 && (
            <div className="cap">No gap in a thin wall found, no part on its own{segment.network ? ', nothing unsure' : ''}.</div>
          )}
          {places && <div className="cap">Suspicions only: that a place is not listed proves nothing.</div>}
          {places && total > places.length && (
            <div className="cap">
              The worst {places.length} of {count(total)} are listed.
            </div>
          )}
          {segment.networkWording && places && <div className="cap">{segment.networkWording}</div>}
        </div>
      )}
      {places && places.length > 0 && (
        <ul className="doubts" aria-label="Doubtful places, worst first">
          {places.map((place) => (
            <Place key={place.id} place={place} on={place.id === at?.id} segment={segment.id} off={off} />
          ))}
        </ul>
      )}
    </Section>
  );
}
