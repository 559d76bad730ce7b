import { ArrowRight, Route } from 'lucide-react';
import type { CaseMesh } from '../../contract/case.ts';
import type { MeshSettings } from '../../contract/mesh.ts';
import { ml } from '../design/numbers.ts';
import { Section } from '../design/Section.tsx';
import { segmentColour } from '../design/segment-colours.ts';
import { icon } from '../frame/step-names.tsx';
import { makeMesh, segmentToStl } from '../stores/acts.ts';
import { activeSegmentOf, useCase } from '../stores/case.ts';
import { previewMesh } from '../stores/mesh-acts.ts';
import { useViewer } from '../stores/viewer.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { testids } from '../testids.ts';
import { previewAge, sameSettings, settingsNow, useDraft } from './draft.ts';
import { FinishSection } from './FinishSection.tsx';
import { Checks, Deviation, Done, Measures } from './MeshFacts.tsx';
import { useModelColours } from './model-colours.ts';
import { PrinterSection } from './PrinterSection.tsx';
import { useShownMesh } from './shown-mesh.ts';

function Source() {
  const state = useCase((s) => s.state);
  const activeId = useViewer((s) => s.activeSegment);
  const segments = state?.segments ?? [];
  const active = activeSegmentOf(state, activeId);
  return (
    <Section title="From">
      {active ? (
        <div className="opt">
          <span className="chip" style={{ width: 12, height: 12, borderRadius: 3, background: segmentColour(active.colour) }} />
          <select
            className="pick grow"
            aria-label="Segment"
            value={active.id}
            onChange={(e) => useViewer.getState().set({ activeSegment: e.target.value })}
          >
            {segments.map((s) => (
              <option key={s.id} value={s.id}>
                {s.name}
              </option>
            ))}
          </select>
          <span className="num">{ml(active.volumeMm3)} ml</span>
        </div>
      ) : (
        <div className="empty">
          <b>No segment yet</b>
          <span>A model needs a segment. One button makes one and goes the whole way.</span>
        </div>
      )}
    </Section>
  );
}

/** Model: from which segment, the checks of what was made with their repairs, how it is finished, what was done and its measures. */
export function ModelSide() {
  const { state, busy } = useCase();
  const activeId = useViewer((s) => s.activeSegment);
  const inHu = useViewer((s) => s.volume?.units === 'HU');
  const mesh = useShownMesh();
  const draft = useDraft();
  const settings = settingsNow(draft, mesh);
  const segment = activeSegmentOf(state, activeId);
  const same = mesh?.current === true && mesh.segment === segment?.id && sameSettings(mesh.settings, settings);
  const readOnly = state?.readOnly ? 'The case is read-only.' : null;
  const running = busy ? `${busy} is running.` : null;
  const why = readOnly ?? running;
  const held = draft.preview;
  const age = held && previewAge(held, settings, segment);
  const shown = held ? { report: held.made.report, settings: held.settings, of: held.segmentName } : mesh && shownOf(mesh);
  const change = (next: Partial<MeshSettings>) => draft.change(mesh, next);
  const make = async (wanted: MeshSettings) => {
    if (segment && (await makeMesh(segment.id, wanted))) draft.set({ preview: null, changes: {}, of: null });
  };
  const preview = async () => {
    if (!segment) return;
    const asked = { segment: segment.id, segmentName: segment.name, mask: JSON.stringify(segment.mask), settings };
    const made = await previewMesh(segment.id, settings);
    if (made) draft.set({ preview: { ...asked, made } });
  };
  const repair = (next: Partial<MeshSettings>) => {
    change(next);
    void make({ ...settings, ...next });
  };
  return (
    <>
      <Source />
      {shown && (
        <>
          {shown.of !== segment?.name && (
            <p className="cap pad" style={{ paddingTop: 10 }}>
              Shown and checked: the model of {shown.of}.
            </p>
          )}
          <Checks
            report={shown.report}
            settings={shown.settings}
            refusal={why}
            onRepair={repair}
            onShowWalls={mesh && !held ? () => useModelColours.getState().set({ by: 'thickness' }) : undefined}
          />
        </>
      )}
      <FinishSection settings={settings} inHu={inHu} onChange={change} />
      <PrinterSection settings={settings} onChange={change} />
      {shown && (
        <>
          <Done report={shown.report} />
          <Deviation report={shown.report} />
          <Measures report={shown.report} />
        </>
      )}
      <div className="dock">
        {why && <span className="cap">{why}</span>}
        {segment ? (
          <div className="row">
            <button
              type="button"
              className="btn big"
              data-testid={testids.previewModel}
              disabled={running !== null || same || (held !== null && age === null)}
              title={running ?? (same ? 'The model is already made of these settings' : 'The whole finish, looked at and not kept')}
              onClick={() => void preview()}
            >
              Preview
            </button>
            <button
              type="button"
              className={same ? 'btn big grow' : 'btn big pri grow'}
              data-testid={testids.makeModel}
              disabled={why !== null || same}
              onClick={() => void make(settings)}
            >
              {same ? 'Model is up to date' : mesh ? 'Make the model again' : 'Make model'}
            </button>
          </div>
        ) : (
          <button
            type="button"
            className="btn big pri wide"
            data-testid={testids.segmentToStl}
            disabled={why !== null || !inHu}
            title="200 HU and above, largest part, holes filled, surface, check"
            onClick={() => void segmentToStl()}
          >
            <Route {...icon} />
            Segment to checked STL
          </button>
        )}
        {mesh && same && (
          <button type="button" className="btn big pri wide" onClick={() => useWorkspace.getState().set({ step: 'export' })}>
            Go on to Export
            <ArrowRight {...icon} />
          </button>
        )}
      </div>
    </>
  );
}

const shownOf = ({ report, settings, segmentName }: CaseMesh) => ({ report, settings, of: segmentName });
