import { Section } from '../design/Section.tsx';
import { useCase } from '../stores/case.ts';
import { useViewer } from '../stores/viewer.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { SegmentRow } from './SegmentRow.tsx';

/** All segments of the case: eye, colour, name, lock, review state, volume; with `technique` also how each was made. */
export function SegmentList({ technique }: { technique: 'all' | 'active' }) {
  const segments = useCase((s) => s.state?.segments) ?? [];
  const active = useViewer((s) => s.activeSegment);
  const step = useWorkspace((s) => s.step);
  return (
    <Section title="Segments" end={<span className="cap num">{segments.length > 0 ? segments.length : ''}</span>}>
      {segments.length === 0 ? (
        <div className="empty">
          <b>No segments yet</b>
          <span>{step === 'segment' ? 'Set a range above and press Apply.' : 'Press I for a threshold, or make one in Segment.'}</span>
          {step !== 'segment' && (
            <button type="button" className="btn" onClick={() => useWorkspace.getState().set({ step: 'segment' })}>
              Go to Segment
            </button>
          )}
        </div>
      ) : (
        segments.map((s) => <SegmentRow key={s.id} segment={s} technique={technique === 'all' || s.id === active} />)
      )}
    </Section>
  );
}
