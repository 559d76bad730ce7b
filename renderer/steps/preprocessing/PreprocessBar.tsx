import { Choice } from '../../design/Choice.tsx';
import { hu, significant, spacing } from '../../design/numbers.ts';
import { landmarkNames, type Picking, type PreviewView, usePreprocessing } from '../../stores/preprocessing.ts';
import { testids } from '../../testids.ts';
import { useReadout } from './readout.ts';
import { changeColours } from './slice-paint.ts';

const valueWords = (v: number | null, units: string): string => (v === null ? '–' : units === 'HU' ? hu(v) : significant(v));

function Values() {
  const { at, units } = useReadout();
  if (!at) return null;
  const { before, after, afterUnits } = at;
  const alike = afterUnits === units;
  return (
    <span className="num legend" data-testid={testids.previewValues}>
      <b>{valueWords(before, units)}</b>
      {!alike && ` ${units} `} → <b>{valueWords(after, afterUnits)}</b> {afterUnits}
      {alike && before !== null && after !== null && (
        <span className="cap">
          change {after > before ? '+' : ''}
          {valueWords(after - before, units)}
        </span>
      )}
    </span>
  );
}

function ChangeLegend() {
  const { changeScale, units } = useReadout();
  if (changeScale === null) return null;
  const { lower, higher } = changeColours;
  return (
    <span className="legend num">
      lower −{spacing(changeScale)}
      <i className="scale" style={{ background: `linear-gradient(90deg, rgb(${lower.join()}), var(--bg-4), rgb(${higher.join()}))` }} />+
      {spacing(changeScale)} higher {units}
    </span>
  );
}

function pickingWords(picking: Picking): string {
  if (picking.kind === 'landmark') return `Click in a plane: ${landmarkNames[picking.at]} foramen. Esc ends.`;
  if (picking.kind === 'corner') return picking.first ? 'Click the opposite corner. Esc ends.' : 'Click one corner of the box. Esc ends.';
  return 'Click round the region. Enter or double-click closes, right click takes the last point back, Esc ends.';
}

/** Over the planes: planes or preview, what the next click is for, the values under the pointer before and after. */
export function PreprocessBar() {
  const { view, picking, set } = usePreprocessing();
  return (
    <div className="maps" role="toolbar" aria-label="Preview">
      <Choice
        label="What is shown"
        value={view}
        testid={testids.previewView}
        options={[
          { value: 'planes' as PreviewView, label: 'Planes', tip: 'The series as it is' },
          { value: 'wipe' as PreviewView, label: 'Wipe', tip: 'Before and after on one slice, with a line that moves between them' },
          { value: 'side' as PreviewView, label: 'Side by side', tip: 'Before and after beside each other' },
          { value: 'difference' as PreviewView, label: 'Difference', tip: 'After less before' },
        ]}
        onChange={(next) => set({ view: next, ...(next === 'planes' ? {} : { picking: null }) })}
      />
      {view === 'difference' && <ChangeLegend />}
      <span className="grow" />
      {picking && (
        <span className="pre-hint" role="status">
          {pickingWords(picking)}
        </span>
      )}
      {view !== 'planes' && <Values />}
    </div>
  );
}
