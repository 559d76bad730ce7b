import { ArrowRight, Route } from 'lucide-react';
import { useState } from 'react';
import { meshSettings } from '../../contract/mesh.ts';
import { NumberField } from '../design/NumberField.tsx';
import { ml } from '../design/numbers.ts';
import { Section } from '../design/Section.tsx';
import { Slider } from '../design/Slider.tsx';
import { segmentColour } from '../design/segment-colours.ts';
import { icon } from '../frame/step-names.tsx';
import { makeMesh, segmentToStl } from '../stores/acts.ts';
import { activeSegmentOf, useCase } from '../stores/case.ts';
import { useViewer } from '../stores/viewer.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { testids } from '../testids.ts';
import { Checks, Deviation, Measures } from './MeshFacts.tsx';
import { useShownMesh } from './shown-mesh.ts';

const defaults = meshSettings.parse({});

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

/** Model: from which segment, how it is finished, the checks and measures of what was made. */
export function ModelSide() {
  const { state, busy } = useCase();
  const activeId = useViewer((s) => s.activeSegment);
  const inHu = useViewer((s) => s.volume?.units === 'HU');
  const mesh = useShownMesh();
  const [smooth, setSmooth] = useState(mesh?.settings.smoothIterations ?? defaults.smoothIterations);
  const [reduce, setReduce] = useState(mesh?.settings.decimateErrorMm ?? defaults.decimateErrorMm);
  const segment = activeSegmentOf(state, activeId);
  const same =
    mesh?.current === true &&
    mesh.segment === segment?.id &&
    mesh.settings.smoothIterations === smooth &&
    mesh.settings.decimateErrorMm === reduce;
  const why = state?.readOnly ? 'The case is read-only.' : busy ? `${busy} is running.` : null;
  const make = () => {
    if (segment) void makeMesh(segment.id, { ...defaults, smoothIterations: smooth, decimateErrorMm: reduce });
  };
  return (
    <>
      <Source />
      <Section title="Finish">
        <div className="opt">
          <span className="lb">Smooth</span>
          <Slider label="Smoothing rounds" min={0} max={60} step={1} value={smooth} text={`${smooth} rounds`} onChange={setSmooth} />
          <NumberField
            label="Smoothing rounds"
            unit="×"
            value={smooth}
            min={0}
            max={200}
            whole
            onChange={(v) => v !== null && setSmooth(v)}
          />
        </div>
        <div className="opt">
          <span className="lb">Reduce</span>
          <Slider label="Reduction error" min={0} max={0.3} step={0.01} value={reduce} text={`${reduce} mm`} onChange={setReduce} />
          <NumberField label="Reduction error" unit="mm" value={reduce} min={0} max={5} onChange={(v) => v !== null && setReduce(v)} />
        </div>
        <p className="cap pad">
          {smooth === 0 ? 'The voxel surface as it is.' : 'No point moves further than the voxel size allows.'}{' '}
          {reduce === 0 ? 'Every triangle is kept.' : `Reduction adds at most ${reduce} mm.`}
        </p>
      </Section>
      {mesh && (
        <>
          {mesh.segment !== segment?.id && (
            <p className="cap pad" style={{ paddingTop: 10 }}>
              Shown and checked: the model of {mesh.segmentName}.
            </p>
          )}
          <Checks report={mesh.report} />
          <Deviation report={mesh.report} />
          <Measures report={mesh.report} />
        </>
      )}
      <div className="dock">
        {why && <span className="cap">{why}</span>}
        {segment ? (
          <button
            type="button"
            className={same ? 'btn wide' : 'btn big pri wide'}
            data-testid={testids.makeModel}
            disabled={why !== null || same}
            onClick={make}
          >
            {same ? 'This model is up to date' : mesh ? 'Make the model again' : 'Make model'}
          </button>
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
