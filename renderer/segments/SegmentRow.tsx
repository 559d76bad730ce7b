import { ChevronDown, ChevronRight, Eye, EyeOff, Lock, LockOpen, Pencil, Trash2 } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Segment } from '../../contract/case.ts';
import { ml } from '../design/numbers.ts';
import { segmentColour } from '../design/segment-colours.ts';
import { icon } from '../frame/step-names.tsx';
import { remove } from '../stores/acts.ts';
import { showSeries, useCase } from '../stores/case.ts';
import { tellProblem } from '../stores/notices.ts';
import { seriesLine } from '../stores/preprocessing-words.ts';
import { closeSegmentPart, setLocked, tellLocked, toggleSegmentPart, useSegmentList } from '../stores/segment-details.ts';
import { toggleVisible } from '../stores/tools.ts';
import { useViewer } from '../stores/viewer.ts';
import { testids } from '../testids.ts';
import { ColourPalette } from './ColourPalette.tsx';
import { Rename } from './Rename.tsx';
import { reviewMarks } from './review-marks.tsx';
import { SegmentDetails } from './SegmentDetails.tsx';
import { Technique } from './Technique.tsx';
import { madeOf, originOf } from './technique-words.ts';

const small = { ...icon, size: 14 } as const;

/** What stands at the end of a row: review state and lock where there is something to say, and the volume. */
function Marks({ segment }: { segment: Segment }) {
  const { icon: Mark, words, className } = reviewMarks[segment.review];
  return (
    <span className="marks">
      {segment.review !== 'not started' && (
        <span
          className={className}
          role="img"
          aria-label={words}
          title={words}
          data-testid={testids.segmentState}
          data-state={segment.review}
        >
          <Mark {...small} />
        </span>
      )}
      {segment.locked && (
        <span className="s-lock" role="img" aria-label="Locked" title="Locked: nothing changes its voxels">
          <Lock {...small} />
        </span>
      )}
      <span className="v" data-testid={testids.segmentVolume} data-voxels={segment.voxels}>
        {ml(segment.volumeMm3)} <u>ml</u>
      </span>
    </span>
  );
}

/** The segment's buttons; they come with the pointer and with the focus. */
function Acts({ segment }: { segment: Segment }) {
  const busy = useCase((s) => s.busy !== null && !s.busyReads);
  const { name, locked } = segment;
  const Shut = locked ? LockOpen : Lock;
  const quiet = (work: () => void) => () => !busy && work();
  return (
    <span className="acts">
      <button
        type="button"
        className="tb small"
        aria-label={`Rename ${name}`}
        title="Rename"
        onClick={quiet(() => toggleSegmentPart(segment.id, 'name'))}
      >
        <Pencil {...small} />
      </button>
      <button
        type="button"
        className="tb small"
        aria-pressed={locked}
        aria-label={`Lock ${name}`}
        title={locked ? 'Unlock: its voxels can be changed again' : 'Lock: nothing changes its voxels'}
        data-testid={testids.segmentLock}
        onClick={quiet(() => void setLocked(segment, !locked))}
      >
        <Shut {...small} />
      </button>
      <button
        type="button"
        className={locked ? 'tb small off' : 'tb small'}
        aria-disabled={locked || undefined}
        aria-label={locked ? `Remove ${name} is off: it is locked` : `Remove ${name}`}
        title={locked ? 'Remove is off: the segment is locked' : 'Remove (undo brings it back)'}
        data-testid={testids.segmentRemove}
        onClick={quiet(() => (locked ? tellLocked(segment, `Remove ${name}`) : void remove(segment.id)))}
      >
        <Trash2 {...small} />
      </button>
    </span>
  );
}

/** Words for a wide window and for a narrow one; one where they are the same. */
function BothSizes({ of }: { of: (short: boolean) => string }) {
  const [long, short] = [of(false), of(true)];
  if (long === short) return long;
  return (
    <>
      <span className="xl">{long}</span>
      <span className="narrow">{short}</span>
    </>
  );
}

/** One segment: eye, colour, name with its label or origin, lock, review state, volume; below it what is open of it. */
export function SegmentRow({ segment, technique }: { segment: Segment; technique: boolean }) {
  const layer = useViewer((s) => s.layers.find((l) => l.segmentId === segment.id));
  const active = useViewer((s) => s.activeSegment === segment.id);
  const readOnly = useCase((s) => s.state?.readOnly ?? true);
  const all = useCase((s) => s.state?.series) ?? [];
  const part = useSegmentList((s) => (s.open?.segment === segment.id ? s.open.part : null));
  const own = all.find((s) => s.seriesInstanceUid === segment.series);
  const visible = layer?.visible ?? false;
  const Sight = visible ? Eye : EyeOff;
  const More = part === 'details' ? ChevronDown : ChevronRight;
  const said = (short: boolean) => (segment.label.key === 'bone' ? originOf(segment, short) : segment.label.name);
  const row = useRef<HTMLDivElement>(null);
  // Q, W and a new segment may choose one that a long list has scrolled out of sight.
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <>
      <div
        ref={row}
        className={['segrow', active ? 'on' : '', visible ? '' : 'hid'].join(' ')}
        data-testid={testids.segmentRow}
        data-segment={segment.id}
      >
        <button
          type="button"
          className="tb small"
          aria-pressed={visible}
          aria-label={layer ? `${visible ? 'Hide' : 'Show'} ${segment.name}` : `${segment.name} belongs to another series`}
          disabled={!layer}
          data-testid={testids.segmentEye}
          onClick={() => toggleVisible(segment.id)}
        >
          <Sight {...icon} />
        </button>
        <button
          type="button"
          className="chipb"
          aria-label={`Colour of ${segment.name}`}
          aria-expanded={part === 'colour'}
          title="Colour"
          disabled={readOnly}
          data-testid={testids.segmentColour}
          data-colour={segment.colour}
          onClick={() => toggleSegmentPart(segment.id, 'colour')}
        >
          <span className="chip" style={{ background: segmentColour(segment.colour) }} />
        </button>
        {part === 'name' ? (
          <Rename segment={segment} done={closeSegmentPart} />
        ) : (
          <>
            <button
              type="button"
              className="nm"
              aria-pressed={active}
              title={layer || !own ? madeOf(segment) : `On another series. Click to show it: ${seriesLine(own, all)}`}
              onClick={() => {
                if (layer) useViewer.getState().set({ activeSegment: segment.id });
                else showSeries(segment.series).catch((cause) => tellProblem('Loading the series', cause));
              }}
            >
              <b className="clip">{segment.name}</b>
              <small className="clip">{layer ? <BothSizes of={said} /> : 'show its series'}</small>
            </button>
            <span className="row end" style={{ gap: 2 }}>
              <Marks segment={segment} />
              {!readOnly && <Acts segment={segment} />}
              <button
                type="button"
                className="tb small more"
                aria-expanded={part === 'details'}
                aria-label={`Details of ${segment.name}: label, number, review state, opacity`}
                title="Label, number, review state, opacity"
                data-testid={testids.segmentOpen}
                onClick={() => toggleSegmentPart(segment.id, 'details')}
              >
                <More {...small} />
              </button>
            </span>
          </>
        )}
      </div>
      {part === 'colour' && <ColourPalette segment={segment} />}
      {part === 'details' && <SegmentDetails segment={segment} readOnly={readOnly} />}
      {technique && <Technique segment={segment} />}
    </>
  );
}
