import { Note } from '../../design/Note.tsx';
import { useSteady } from '../../design/use-steady.ts';
import { SegmentList } from '../../segments/SegmentList.tsx';
import { setLocked } from '../../stores/segment-details.ts';
import { changeLayer } from '../../stores/tools.ts';
import { useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';
import { AuthorshipSection } from './AuthorshipSection.tsx';
import { Brush, Fill, Masking } from './BrushSection.tsx';
import { DrawnDock } from './DrawnDock.tsx';
import { Journal } from './Journal.tsx';
import { MarkupSection } from './MarkupSection.tsx';
import { ReviewSection } from './ReviewSection.tsx';
import { SeriesNote } from './SeriesNote.tsx';
import { hasOptions, ToolSection } from './ToolSection.tsx';
import { WholeSegment } from './WholeSegment.tsx';

/** Why nothing can be drawn now, with the way out beside it. */
function EditRefusal() {
  const refusal = useSteady(useViewer((s) => s.editRefusal));
  const hidden = useViewer((s) => s.layers.find((l) => l.segmentId === s.activeSegment && !l.visible));
  const locked = useViewer((s) => s.layers.find((l) => l.segmentId === s.activeSegment && l.locked));
  const segments = useViewer((s) => s.layers.length);
  if (!refusal || segments === 0) return null;
  return (
    <div className="pad" style={{ padding: '10px 14px 0' }}>
      <Note
        of="warn"
        edge
        title="Drawing is off"
        testid={testids.editRefusal}
        actions={
          hidden ? (
            <button type="button" className="btn" onClick={() => changeLayer(hidden.segmentId, { visible: true })}>
              Show {hidden.name}
            </button>
          ) : (
            locked && (
              <button type="button" className="btn" onClick={() => void setLocked({ id: locked.segmentId, name: locked.name }, false)}>
                Unlock {locked.name}
              </button>
            )
          )
        }
      >
        {refusal}
      </Note>
    </div>
  );
}

/** Correct: segments, the tool in hand, what is done to the whole segment, journal. */
export function CorrectSide() {
  const tool = useViewer((s) => s.tool);
  return (
    <>
      <EditRefusal />
      <SeriesNote />
      <SegmentList technique="active" />
      <Fill />
      {tool === 'markup' ? <MarkupSection /> : hasOptions(tool) ? <ToolSection /> : <Brush />}
      {tool !== 'markup' && <Masking />}
      <ReviewSection />
      <AuthorshipSection />
      <WholeSegment />
      {tool !== 'markup' && <MarkupSection />}
      <Journal />
      <DrawnDock />
    </>
  );
}
