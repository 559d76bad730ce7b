import { Eye, EyeOff } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { type MarkupKind, markupNames } from '../../../contract/markups.ts';
import { Section } from '../../design/Section.tsx';
import { ToolButton } from '../../design/ToolButton.tsx';
import { icon } from '../../frame/step-names.tsx';
import { withKey } from '../../frame/with-key.ts';
import { useKey } from '../../keys.ts';
import { useCase } from '../../stores/case.ts';
import { contoursOf } from '../../stores/markup-acts.ts';
import { useMarkups } from '../../stores/markups.ts';
import { takeTool } from '../../stores/tools.ts';
import { useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';
import { sliceInHand } from '../../viewports/index.ts';
import { MarkupRow } from './MarkupRow.tsx';
import { markupKindSigns } from './markup-kinds.ts';
import '../../design/markups.css';

/** The newest of a list that long; a row costs its figures. */
const mostRows = 200;

const byClicks: readonly MarkupKind[] = ['angle', 'polygon', 'closed-curve', 'polyline', 'curve'];

function Kinds() {
  const kind = useMarkups((s) => s.kind);
  const inHand = useViewer((s) => s.tool === 'markup');
  return (
    <>
      <div className="kinds" role="toolbar" aria-label="Kinds of annotation">
        {(Object.keys(markupKindSigns) as MarkupKind[]).map((one) => (
          <ToolButton
            key={one}
            name={markupNames[one]}
            icon={markupKindSigns[one].icon}
            state={inHand && kind === one ? 'on' : null}
            testid={testids.markupKind(one)}
            onClick={() => {
              useMarkups.getState().set({ kind: one });
              takeTool('markup');
            }}
          />
        ))}
      </div>
      {inHand && (
        <p className="cap pad tool-words">
          {markupNames[kind]}: {markupKindSigns[kind].how} {byClicks.includes(kind) && 'Right click takes a point back.'}
        </p>
      )}
    </>
  );
}

/** The newest last; the selected one is brought into sight, and nothing but the list scrolls for it. */
function List() {
  const markups = useCase((s) => s.state?.markups) ?? [];
  const selected = useMarkups((s) => s.selected);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const row = selected === null ? null : list.current?.querySelector<HTMLElement>(`[data-markup="${selected}"]`);
    if (!row || !list.current) return;
    const [top, end] = [row.offsetTop - list.current.offsetTop, row.offsetTop - list.current.offsetTop + row.offsetHeight];
    const more = row.nextElementSibling?.matches('.markmore') ? (row.nextElementSibling as HTMLElement).offsetHeight : 0;
    if (end + more > list.current.scrollTop + list.current.clientHeight) list.current.scrollTop = end + more - list.current.clientHeight;
    if (top < list.current.scrollTop) list.current.scrollTop = top;
  }, [selected]);
  return (
    <div className="marklist" ref={list}>
      {markups.slice(-mostRows).map((one) => (
        <MarkupRow key={one.id} markup={one} />
      ))}
    </div>
  );
}

/** What is drawn and written beside the masks: kinds to draw, a list with figures, contours of the segment. */
export function MarkupSection() {
  const markups = useCase((s) => s.state?.markups) ?? [];
  const readOnly = useCase((s) => s.state?.readOnly ?? true);
  const busy = useCase((s) => s.busy !== null);
  const shown = useMarkups((s) => s.shown);
  const segment = useViewer((s) => s.layers.find((l) => l.segmentId === s.activeSegment));
  const key = useKey('markup.shown');
  const Sight = shown ? Eye : EyeOff;
  return (
    <Section
      title="Annotations"
      testid={testids.markups}
      end={
        <>
          <span className="cap num">{markups.length > 0 ? markups.length : ''}</span>
          <button
            type="button"
            className="tb small"
            aria-pressed={shown}
            aria-label={shown ? 'Hide the annotations' : 'Show the annotations'}
            title={withKey(shown ? 'Hide them on the planes' : 'Show them on the planes', key)}
            data-testid={testids.markupsShown}
            onClick={() => useMarkups.getState().set({ shown: !shown })}
          >
            <Sight {...icon} />
          </button>
        </>
      }
    >
      {!readOnly && <Kinds />}
      {markups.length > 0 && <List />}
      {markups.length > mostRows && (
        <p className="cap pad">
          The newest {mostRows} of {markups.length}; lamina markups lists all.
        </p>
      )}
      {segment && !readOnly && (
        <div className="pad" style={{ paddingTop: 4 }}>
          <button
            type="button"
            className="btn"
            style={{ width: '100%' }}
            disabled={busy}
            title="Its outlines on the slice of the view that was worked in last become polygons"
            data-testid={testids.markupContours}
            onClick={() => {
              const slice = sliceInHand();
              if (slice) void contoursOf(segment.segmentId, slice.normalLps, slice.atLps);
            }}
          >
            <span className="clip">Contours of {segment.name} on this slice</span>
          </button>
        </div>
      )}
    </Section>
  );
}
