import { Images } from 'lucide-react';
import { useState } from 'react';
import type { PatchesResult, PatchSettings } from '../../contract/patches.ts';
import { Choice } from '../design/Choice.tsx';
import { Note } from '../design/Note.tsx';
import { NumberField } from '../design/NumberField.tsx';
import { count } from '../design/numbers.ts';
import { Section } from '../design/Section.tsx';
import { Switch } from '../design/Switch.tsx';
import { askNewFolder } from '../frame/ask-path.ts';
import { icon } from '../frame/step-names.tsx';
import { writePatches } from '../stores/acts.ts';
import { activeSegmentOf, useCase } from '../stores/case.ts';
import { tellProblem } from '../stores/notices.ts';
import { useViewer } from '../stores/viewer.ts';
import { testids } from '../testids.ts';

/** 10.2: image patches and mask patches of the selected segment, into a folder that does not exist yet. */
export function PatchPanel() {
  const { state, busy } = useCase();
  const active = activeSegmentOf(
    state,
    useViewer((s) => s.activeSegment),
  );
  const [size, setSize] = useState(128);
  const [plane, setPlane] = useState<PatchSettings['plane']>('axial');
  const [low, setLow] = useState(-200);
  const [high, setHigh] = useState(300);
  const [skipEmpty, setSkipEmpty] = useState(true);
  const [written, setWritten] = useState<PatchesResult | null>(null);
  const why = !active ? 'No segment is selected.' : busy ? `${busy} is running.` : high <= low ? 'The window is empty.' : null;
  const write = async () => {
    if (!active) return;
    const out = await askNewFolder('patches');
    if (!out) return;
    setWritten(null);
    const result = await writePatches({
      segment: active.id,
      series: null,
      out,
      settings: { size, stride: size, plane, windowLowHu: low, windowHighHu: high, skipEmpty, quality: 95, maskValues: 'binary' },
    });
    if (result) setWritten(result);
  };
  return (
    <Section title="Image patches for training" testid={testids.patches}>
      <div className="opt">
        <span className="lb">Plane</span>
        <Choice
          grow
          label="Plane of the patches"
          value={plane}
          options={[
            { value: 'axial', label: 'Axial' },
            { value: 'coronal', label: 'Coronal' },
            { value: 'sagittal', label: 'Sagittal' },
          ]}
          onChange={setPlane}
        />
      </div>
      <div className="opt">
        <span className="lb">Pixels</span>
        <Choice
          grow
          label="Pixels along a side"
          testid={testids.patchSize}
          value={size}
          options={[64, 128, 256, 512].map((value) => ({ value, label: String(value), tip: `${value} × ${value} pixels` }))}
          onChange={setSize}
        />
      </div>
      <div className="opt">
        <span className="lb">Window</span>
        <NumberField label="Black at" unit="HU" value={low} min={-1024} max={30_000} onChange={(v) => v !== null && setLow(v)} />
        <NumberField label="White at" unit="HU" value={high} min={-1024} max={30_000} onChange={(v) => v !== null && setHigh(v)} />
      </div>
      <div className="opt">
        <span className="lb">Leave out</span>
        <span className="grow">patches without bone</span>
        <Switch label="Leave out patches without bone" on={skipEmpty} onChange={setSkipEmpty} />
      </div>
      <div className="pad stack">
        {written && (
          <Note of="ok" edge title={`${count(written.patches)} pairs written`} testid={testids.patchesWritten}>
            <div className="selectable cap" style={{ overflowWrap: 'anywhere' }} data-path={written.path} data-patches={written.patches}>
              {written.path}
              <br />
              {written.skippedEmpty ? `${count(written.skippedEmpty)} without bone left out. ` : ''}Geometry and hashes in patches.json.
            </div>
          </Note>
        )}
        <button
          type="button"
          className="btn wide"
          data-testid={testids.writePatches}
          disabled={why !== null}
          onClick={() => void write().catch((cause) => tellProblem('Writing patches', cause))}
        >
          <Images {...icon} />
          Write patches of {active?.name ?? 'the segment'}
        </button>
        <span className="cap">{why ?? 'Images as 8-bit JPEG, masks as PNG without loss. No name of a patient goes with them.'}</span>
      </div>
    </Section>
  );
}
