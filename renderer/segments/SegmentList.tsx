import { Plus } from 'lucide-react';
import { Section } from '../design/Section.tsx';
import { icon } from '../frame/step-names.tsx';
import { useCase } from '../stores/case.ts';
import { newSegment, newSegmentRefusal } from '../stores/segment-acts.ts';
import { useViewer } from '../stores/viewer.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { testids } from '../testids.ts';
import { SegmentRow } from './SegmentRow.tsx';

/** Above so many the list scrolls by itself, so that what is set below it stays in reach. */
const longList = 12;
const bounded = { maxHeight: 'max(252px, 38vh)', overflowY: 'auto' } as const;

/** All segments of the case: eye, colour, name, lock, review state, volume; with `technique` also how each was made. */
export function SegmentList({ technique }: { technique: 'all' | 'active' }) {
  const segments = useCase((s) => s.state?.segments) ?? [];
  const active = useViewer((s) => s.activeSegment);
  const step = useWorkspace((s) => s.step);
  const refusal = useCase(newSegmentRefusal);
  return (
    <Section
      title="Segments"
      end={
        <span className="row" style={{ gap: 4 }}>
          <span className="cap num">{segments.length > 0 ? segments.length : ''}</span>
          <button
            type="button"
            className="tb small"
            aria-label="New segment, to draw in"
            title={refusal ?? 'New segment, to draw in'}
            data-testid={testids.newSegment}
            disabled={refusal !== null}
            onClick={() => void newSegment()}
          >
            <Plus {...icon} />
          </button>
        </span>
      }
    >
      {segments.length === 0 ? (
        <div className="empty">
          <b>No segments yet</b>
          <span>{step === 'segment' ? 'Set a range above and press Apply.' : 'Make one in Segment, or an empty one to draw in.'}</span>
          {step !== 'segment' && (
            <button type="button" className="btn" onClick={() => useWorkspace.getState().set({ step: 'segment' })}>
              Go to Segment
            </button>
          )}
        </div>
      ) : (
        <div style={segments.length > longList ? bounded : undefined}>
          {segments.map((s) => (
            <SegmentRow key={s.id} segment={s} technique={technique === 'all' || s.id === active} />
          ))}
        </div>
      )}
    </Section>
  );
}
