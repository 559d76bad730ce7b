import { Crosshair, LocateFixed, Pencil, ScanEye, SquareDashedMousePointer } from 'lucide-react';
import { useState } from 'react';
import { Choice } from '../../design/Choice.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { fixed } from '../../design/numbers.ts';
import { icon } from '../../frame/step-names.tsx';
import { tellProblem, useNotices } from '../../stores/notices.ts';
import { type BoxLps, beginPicking, type ChainDraft, changeStep, landmarkNames, usePreprocessing } from '../../stores/preprocessing.ts';
import { regionBox } from '../../stores/preprocessing-grid.ts';
import { type Point, useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';
import { goTo } from '../../viewports/index.ts';
import { aroundOrbits } from './around-orbits.ts';
import { NumberRow } from './Row.tsx';
import { StepSection } from './StepSection.tsx';
import type { Chain } from './use-chain.ts';
import { beginOutline, closeOutline, setLandmark } from './use-picker.ts';

type Draft = ChainDraft['region'];
const lps = (p: Point): string => p.map((v) => fixed(v, 1)).join(', ');

function Landmarks({ landmarks, chain }: { landmarks: Draft['landmarks']; chain: Chain }) {
  const picking = usePreprocessing((s) => s.picking);
  const volume = useViewer((s) => s.volume);
  const [sr, sl, ir, il] = landmarks;
  const exchanged = [
    [sr, sl],
    [ir, il],
  ].some(([right, left]) => right && left && right[0] >= left[0]);
  const kept = chain.settings?.region?.by === 'landmarks' && volume ? regionBox(chain.settings.region, volume.geometry) : null;
  return (
    <>
      <ul className="marks" aria-label="Foramina, LPS mm">
        {landmarks.map((at, n) => {
          const on = picking?.kind === 'landmark' && picking.at === n;
          const name = landmarkNames[n] as string;
          return (
            <li key={name} className={on ? 'on' : ''} data-testid={testids.landmark}>
              <span>{name}</span>
              <button
                type="button"
                className="place"
                disabled={!at}
                title={at ? 'Brings the planes there' : undefined}
                onClick={() => at && goTo(at)}
              >
                {at ? lps(at) : 'not set'}
              </button>
              <span className="row" style={{ gap: 0 }}>
                <button
                  type="button"
                  className={on ? 'tb small on' : 'tb small'}
                  aria-pressed={on}
                  aria-label={`Pick ${name} in a plane`}
                  title="Pick in a plane"
                  data-testid={testids.landmarkPick}
                  onClick={() => (on ? usePreprocessing.getState().set({ picking: null }) : beginPicking({ kind: 'landmark', at: n }))}
                >
                  <LocateFixed {...icon} size={14} />
                </button>
                <button
                  type="button"
                  className="tb small"
                  aria-label={`Set ${name} at the crosshair`}
                  title="Set at the crosshair"
                  data-testid={testids.landmarkHere}
                  onClick={() => setLandmark(n, useViewer.getState().crosshairLps, false)}
                >
                  <Crosshair {...icon} size={14} />
                </button>
              </span>
            </li>
          );
        })}
      </ul>
      {exchanged && (
        <p className="pad s-warn step-missing">A right foramen lies to the left of a left one. The region uses their height only.</p>
      )}
      {kept && (
        <p className="pad cap num" data-testid={testids.regionKept}>
          Keeps z {fixed(kept[2], 1)} to {fixed(kept[5], 1)} mm ({fixed(kept[5] - kept[2], 0)} mm), the whole slice across.
        </p>
      )}
    </>
  );
}

const axisNames = ['R to L', 'A to P', 'I to S'] as const;

function BoxEditor({ boxLps, inHu }: { boxLps: BoxLps | null; inHu: boolean }) {
  const picking = usePreprocessing((s) => s.picking);
  const volume = useViewer((s) => s.volume);
  const [searching, setSearching] = useState(false);
  const find = async () => {
    if (!volume) return;
    setSearching(true);
    try {
      const found = await aroundOrbits(volume);
      // Another series may be on screen by now; places in the patient hold for it too, a case that was left does not.
      if (found) changeStep('region', { boxLps: found.map((v) => Math.round(v * 100) / 100) as BoxLps });
      else
        useNotices.getState().tell({
          kind: 'finding',
          title: 'No orbits found',
          text: 'No pair of globes was convincing in this series.',
          remedy: 'Pick two corners instead.',
        });
    } catch (cause) {
      tellProblem('Looking for the orbits', cause);
    } finally {
      setSearching(false);
    }
  };
  return (
    <>
      <div className="acts-row">
        <button
          type="button"
          className="btn"
          aria-pressed={picking?.kind === 'corner'}
          data-testid={testids.boxPick}
          onClick={() => beginPicking({ kind: 'corner', first: null })}
        >
          <SquareDashedMousePointer {...icon} />
          Two corners
        </button>
        <button
          type="button"
          className="btn"
          disabled={searching || !inHu}
          title={inHu ? 'Looks for the globes, as the networks do' : 'The search reads HU, which this series is not in'}
          data-testid={testids.boxOrbits}
          onClick={() => void find()}
        >
          <ScanEye {...icon} />
          {searching ? 'Looking' : 'Around the orbits'}
        </button>
      </div>
      {boxLps && (
        <div className="box-fields" data-testid={testids.boxFields}>
          {axisNames.map((name, a) => (
            <BoxAxis key={name} name={name} axis={a} boxLps={boxLps} />
          ))}
        </div>
      )}
    </>
  );
}

function BoxAxis({ name, axis, boxLps }: { name: string; axis: number; boxLps: BoxLps }) {
  const set = (n: number, v: number | null) => {
    if (v !== null) changeStep('region', { boxLps: boxLps.map((old, m) => (m === n ? v : old)) as BoxLps });
  };
  const end = (n: number, word: string) => (
    <NumberField label={`${name}, ${word}`} unit="mm" value={boxLps[n] as number} min={-5000} max={5000} onChange={(v) => set(n, v)} />
  );
  return (
    <>
      <span>
        {name} <span className="cap">{fixed((boxLps[axis + 3] as number) - (boxLps[axis] as number), 0)}</span>
      </span>
      {end(axis, 'from')}
      {end(axis + 3, 'to')}
    </>
  );
}

function Drawing({ outline, outside, units }: { outline: Draft['outline']; outside: number; units: string }) {
  const drawing = usePreprocessing((s) => s.picking?.kind === 'outline');
  const points = outline?.pointsLps.length ?? 0;
  return (
    <>
      <div className="acts-row">
        <button type="button" className="btn" aria-pressed={drawing} data-testid={testids.outlineDraw} onClick={beginOutline}>
          <Pencil {...icon} />
          {points > 0 ? 'Draw anew' : 'Draw'}
        </button>
        {outline && !outline.closed && points >= 3 && (
          <button type="button" className="btn" data-testid={testids.outlineClose} onClick={closeOutline}>
            Close
          </button>
        )}
      </div>
      {outline && (
        <p className="pad cap num" data-testid={testids.outlineWords}>
          {points} points on the {outline.plane} plane{outline.closed ? ', closed; taken through all slices.' : '.'}
        </p>
      )}
      <NumberRow
        name="Outside"
        words="within its box"
        label="Value outside of the outline"
        unit={units === 'HU' ? 'HU' : 'val'}
        value={outside}
        min={-32768}
        max={32767}
        onChange={(v) => changeStep('region', { outside: v })}
      />
    </>
  );
}

const words: Record<Draft['by'], string> = {
  landmarks: 'From 1 cm above the supraorbital foramen to the infraorbital foramen (Annex A).',
  box: 'A box along the patient’s axes; the same voxels, fewer of them.',
  drawing: 'An outline on one plane, taken straight through the volume.',
};

/** Region of interest: by the foramina of Annex A, a box, or an outline. */
export function RegionSection({ chain }: { chain: Chain }) {
  const region = usePreprocessing((s) => s.draft.region);
  const { units } = chain.context;
  return (
    <StepSection step="region" title="Region of interest" clause="Annex A" words={words[region.by]} missing={chain.refusals.region}>
      <div className="opt">
        <Choice
          grow
          label="How the region is given"
          testid={testids.regionBy}
          value={region.by}
          options={[
            { value: 'landmarks', label: 'Landmarks' },
            { value: 'box', label: 'Box' },
            { value: 'drawing', label: 'Drawing' },
          ]}
          onChange={(by) => {
            changeStep('region', { by: by as Draft['by'] });
            usePreprocessing.getState().set({ picking: null });
          }}
        />
      </div>
      {region.by === 'landmarks' && <Landmarks landmarks={region.landmarks} chain={chain} />}
      {region.by === 'box' && <BoxEditor boxLps={region.boxLps} inHu={units === 'HU'} />}
      {region.by === 'drawing' && <Drawing outline={region.outline} outside={region.outside} units={units} />}
    </StepSection>
  );
}
