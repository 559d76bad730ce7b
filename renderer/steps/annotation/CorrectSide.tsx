import { Note } from '../../design/Note.tsx';
import { useSteady } from '../../design/use-steady.ts';
import { SegmentList } from '../../segments/SegmentList.tsx';
import { changeLayer } from '../../stores/tools.ts';
import { useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';
import { Brush, Fill, Masking } from './BrushSection.tsx';
import { DrawnDock } from './DrawnDock.tsx';
import { Journal } from './Journal.tsx';
import { SeriesNote } from './SeriesNote.tsx';
import { hasOptions, ToolSection } from './ToolSection.tsx';
import { WholeSegment } from './WholeSegment.tsx';

/** Why nothing can be drawn now, with the way out beside it. */
function EditRefusal() {
  const refusal = useSteady(useViewer((s) => s.editRefusal));
  const hidden = useViewer((s) => s.layers.find((l) => l.segmentId === s.activeSegment && !l.visible));
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
          hidden && (
            <button type="button" className="btn" onClick={() => changeLayer(hidden.segmentId, { visible: true })}>
              Show {hidden.name}
            </button>
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
      {hasOptions(tool) ? <ToolSection /> : <Brush />}
      <Masking />
      <WholeSegment />
      <Journal />
      <DrawnDock />
    </>
  );
}
