import { Check, Eye, EyeOff, Pencil, Trash2, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { Segment } from '../../contract/case.ts';
import { cavityReport } from '../../contract/cavity.ts';
import { count, ml } from '../design/numbers.ts';
import { Section } from '../design/Section.tsx';
import { segmentColour } from '../design/segment-colours.ts';
import { icon } from '../frame/step-names.tsx';
import { remove, rename } from '../stores/acts.ts';
import { showSeries, useCase } from '../stores/case.ts';
import { tellProblem } from '../stores/notices.ts';
import { seriesLine } from '../stores/preprocessing-words.ts';
import { toggleVisible } from '../stores/tools.ts';
import { useViewer } from '../stores/viewer.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { testids } from '../testids.ts';

/** Where a segment's voxels come from, in one word. */
export function originOf(segment: Segment): string {
  if (segment.mask.strokes.length > 0) return 'hand';
  if (segment.network) return 'network';
  const first = segment.technique[0]?.parameters.method;
  if (first === undefined && segment.technique[0]?.parameters.labels !== undefined) return 'carried';
  return typeof first === 'string' ? first : 'imported';
}

const parameterNames: Record<string, string> = {
  lowHu: 'from',
  highHu: 'to',
  seedHu: 'seeds from',
  connectivity: 'neighbours',
  minimumMm3: 'at least, mm³',
  seedLps: 'at',
  fillHoles: 'fill holes',
  keep: 'keep',
  addedVoxels: 'voxels added',
  removedVoxels: 'removed',
  partsBefore: 'islands before',
  partsAfter: 'after',
  roiLps: 'region LPS',
  mirror: 'mirror image',
  overlapHu: 'overlap HU',
  corticalWeight: 'cortical weight',
  outsideHu: 'outside from HU',
  airHu: 'no wall below HU',
  overwriteHand: 'hand overwritten',
  keptByHand: 'kept by hand',
  cleansDropped: 'cleans no longer in it',
  assumeHu: 'taken as HU',
  crf: 'field over probability and image',
  crfIterations: 'rounds',
  crfAppearanceMm: 'near, mm',
  crfAppearanceHu: 'like, HU',
  crfAppearanceWeight: 'weight',
  crfSmoothMm: 'smooth, mm',
  crfSmoothWeight: 'weight of smooth',
  crfSheetMm: 'only adds below, mm',
  crfTrust: 'trust in the mask',
  crfAdded: 'field added',
  crfRemoved: 'field removed',
  boneHu: 'bone from HU',
  closeMm: 'closes below, mm',
  side: 'side',
  faces: 'faces by',
  deviations: 'deviations',
  radiusMm: 'first ball, mm',
  reachMm: 'no further than, mm',
  cavity: 'volumes',
  labels: 'made coarser by',
  crfHeld: 'left as a hand or a clean had set them',
};

/** Both orbits' volumes: 'right 27.91 ml, left 28.10 ml'. */
function cavityWords(kept: unknown): string {
  const read = cavityReport.safeParse(kept);
  if (!read.success) return JSON.stringify(kept);
  const { left, right } = read.data;
  const sides = [right && `right ${(right.volumeMm3 / 1000).toFixed(2)} ml`, left && `left ${(left.volumeMm3 / 1000).toFixed(2)} ml`];
  return sides.filter((words) => words !== null).join(', ');
}

/** Parameters in words: 'from 200, neighbours 26'. A name without words stands as it is: nothing of a technique is left out. */
export function parameterWords(parameters: Record<string, unknown>): string {
  const own = new Set(['method', 'series', 'segment', 'name', 'strokes']);
  return Object.entries(parameters)
    .filter(([name, v]) => v !== null && v !== undefined && !own.has(name))
    .map(([name, v]) => {
      const value =
        name === 'cavity'
          ? cavityWords(v)
          : typeof v === 'number'
            ? String(Number(v.toFixed(3)))
            : typeof v === 'boolean'
              ? v
                ? 'yes'
                : 'no'
              : Array.isArray(v)
                ? v.map((n) => (typeof n === 'number' ? Number(n.toFixed(1)) : n)).join(', ')
                : typeof v === 'object'
                  ? JSON.stringify(v)
                  : String(v);
      const words = parameters.method === 'cavity' && name === 'airHu' ? 'air to HU' : (parameterNames[name] ?? name);
      return `${words} ${value}`;
    })
    .join(', ');
}

function Technique({ segment }: { segment: Segment }) {
  return (
    <ol className="tech" aria-label={`How ${segment.name} was made`} data-testid={testids.technique}>
      {segment.technique.map((t) => (
        <li key={t.sequence}>
          <b>{t.name}</b>
          {parameterWords(t.parameters) && <span> · {parameterWords(t.parameters)}</span>}
        </li>
      ))}
      {segment.network && <li className="first-capital">{segment.network.wording}</li>}
      <li className="num">{count(segment.voxels)} voxels</li>
    </ol>
  );
}

function Rename({ segment, done }: { segment: Segment; done: () => void }) {
  const [name, setName] = useState(segment.name);
  const submit = (e: FormEvent) => {
    e.preventDefault();
    const wanted = name.trim();
    if (wanted && wanted !== segment.name) void rename(segment.id, wanted);
    done();
  };
  return (
    <form className="row" style={{ gridColumn: '3 / 5', gap: 2 }} onSubmit={submit} onKeyDown={(e) => e.key === 'Escape' && done()}>
      <input
        className="text"
        // biome-ignore lint/a11y/noAutofocus: the field appears because its button was pressed
        autoFocus
        aria-label="New name"
        maxLength={64}
        value={name}
        onChange={(e) => setName(e.target.value)}
        onFocus={(e) => e.target.select()}
      />
      <button type="submit" className="tb small" aria-label="Rename" disabled={name.trim() === ''}>
        <Check {...icon} />
      </button>
      <button type="button" className="tb small" aria-label="Keep the name" onClick={done}>
        <X {...icon} />
      </button>
    </form>
  );
}

function Row({ segment, technique }: { segment: Segment; technique: boolean }) {
  const layer = useViewer((s) => s.layers.find((l) => l.segmentId === segment.id));
  const active = useViewer((s) => s.activeSegment === segment.id);
  const readOnly = useCase((s) => s.state?.readOnly || s.busy !== null);
  const all = useCase((s) => s.state?.series) ?? [];
  const own = all.find((s) => s.seriesInstanceUid === segment.series);
  const [renaming, setRenaming] = useState(false);
  const visible = layer?.visible ?? false;
  const Sight = visible ? Eye : EyeOff;
  return (
    <>
      <div
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
        <span className="chip" style={{ background: segmentColour(segment.colour) }} />
        {renaming ? (
          <Rename segment={segment} done={() => setRenaming(false)} />
        ) : (
          <>
            <button
              type="button"
              className="nm"
              aria-pressed={active}
              title={layer || !own ? undefined : `On another series. Click to show it: ${seriesLine(own, all)}`}
              onClick={() => {
                if (layer) useViewer.getState().set({ activeSegment: segment.id });
                else showSeries(segment.series).catch((cause) => tellProblem('Loading the series', cause));
              }}
            >
              <b className="clip">{segment.name}</b>
              <small>{layer ? originOf(segment) : 'show its series'}</small>
            </button>
            <span className="row" style={{ gap: 6 }}>
              <span className="v" data-testid={testids.segmentVolume} data-voxels={segment.voxels}>
                {ml(segment.volumeMm3)} <u>ml</u>
              </span>
              {!readOnly && (
                <span className="acts">
                  <button
                    type="button"
                    className="tb small"
                    aria-label={`Rename ${segment.name}`}
                    title="Rename"
                    onClick={() => setRenaming(true)}
                  >
                    <Pencil {...icon} size={14} />
                  </button>
                  <button
                    type="button"
                    className="tb small"
                    aria-label={`Remove ${segment.name}`}
                    title="Remove (undo brings it back)"
                    data-testid={testids.segmentRemove}
                    onClick={() => void remove(segment.id)}
                  >
                    <Trash2 {...icon} size={14} />
                  </button>
                </span>
              )}
            </span>
          </>
        )}
      </div>
      {technique && <Technique segment={segment} />}
    </>
  );
}

/** All segments of the case: eye, colour, name, origin, volume; with `technique` also how each was made. */
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
        segments.map((s) => <Row key={s.id} segment={s} technique={technique === 'all' || s.id === active} />)
      )}
    </Section>
  );
}
