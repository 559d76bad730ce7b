import { Eye, EyeOff, RefreshCw } from 'lucide-react';
import { authors } from '../../../contract/review.ts';
import { authorLooks } from '../../design/author-colours.ts';
import { count, share } from '../../design/numbers.ts';
import { Section } from '../../design/Section.tsx';
import { icon } from '../../frame/step-names.tsx';
import { withKey } from '../../frame/with-key.ts';
import { useKey } from '../../keys.ts';
import { showAuthors, toggleAuthors, useAuthorship } from '../../stores/authorship.ts';
import { activeSegmentOf, useCase } from '../../stores/case.ts';
import { maskText } from '../../stores/review.ts';
import { useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';

/** 9.1: who set the voxels of the active segment last, in percent and on the planes. */
export function AuthorshipSection() {
  const { state, busy } = useCase();
  const active = useViewer((s) => s.activeSegment);
  const map = useViewer((s) => s.authorMap);
  const told = useAuthorship((s) => s.told);
  const key = useKey('review.authors');
  const segment = activeSegmentOf(state, active);
  if (!segment || !state) return null;
  const known = told?.caseId === state.id && told.segment === segment.id ? told : null;
  const stale = known !== null && known.mask !== maskText(segment);
  const on = map?.segmentId === segment.id;
  const counts = known?.counts;
  return (
    <Section
      title="Who drew it"
      testid={testids.authorship}
      end={
        <span className="row" style={{ gap: 4 }}>
          {known && (
            <button
              type="button"
              className="btn"
              data-testid={testids.authorshipRefresh}
              disabled={busy !== null || !stale}
              title={stale ? 'Read it again' : 'Up to date'}
              aria-label="Read again who drew it"
              onClick={() => void showAuthors(segment)}
            >
              <RefreshCw {...icon} />
            </button>
          )}
          <button
            type="button"
            className="btn"
            aria-pressed={on}
            data-testid={testids.authorshipShow}
            disabled={busy !== null && !on}
            title={withKey(on ? 'Take it off the planes' : 'Draw on the planes who set each voxel last', key)}
            onClick={() => toggleAuthors(segment)}
          >
            {on ? <EyeOff {...icon} /> : <Eye {...icon} />}
            {on ? 'Hide' : 'Show'}
          </button>
        </span>
      }
    >
      {counts ? (
        <div className={stale ? 'pad authors stale' : 'pad authors'} data-stale={stale} data-testid={testids.authorshipLegend}>
          {authors
            .filter((author) => counts.voxels[author] > 0)
            .map((author) => (
              <div key={author} className="row" data-author={author} data-voxels={counts.voxels[author]}>
                <i className={`author-swatch ${authorLooks[author].pattern}`} style={{ color: authorLooks[author].colour }} />
                <span className="grow">{authorLooks[author].name}</span>
                <span className="cap num">{count(counts.voxels[author])} voxels</span>
                <b className="num r" style={{ width: 60 }}>
                  {share(counts.voxels[author], counts.total)}
                </b>
              </div>
            ))}
          {counts.removedByHand > 0 && <div className="cap">{count(counts.removedByHand)} voxels were taken away by hand.</div>}
          {stale && (
            <div className="cap warn-words" role="status">
              The segment has changed since. What is new is dotted white on the planes; read it again.
            </div>
          )}
        </div>
      ) : (
        <div className="pad cap">Threshold, network, hand, filling, clean or file: voxel by voxel, off the journal.</div>
      )}
    </Section>
  );
}
