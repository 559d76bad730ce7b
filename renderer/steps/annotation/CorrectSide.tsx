import { Choice } from '../../design/Choice.tsx';
import { HistogramRange } from '../../design/HistogramRange.tsx';
import { Note } from '../../design/Note.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { fixed } from '../../design/numbers.ts';
import { Section } from '../../design/Section.tsx';
import { Slider } from '../../design/Slider.tsx';
import { Switch } from '../../design/Switch.tsx';
import { useSteady } from '../../design/use-steady.ts';
import { SegmentList } from '../../segments/SegmentList.tsx';
import { useHistogram } from '../../stores/histogram.ts';
import { useSettings } from '../../stores/settings.ts';
import { brushRangeMm, changeLayer } from '../../stores/tools.ts';
import { useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';
import { DrawnDock } from './DrawnDock.tsx';
import { Journal } from './Journal.tsx';
import { SeriesNote } from './SeriesNote.tsx';
import { hasOptions, ToolSection } from './ToolSection.tsx';
import { WholeSegment } from './WholeSegment.tsx';

/** The slider is logarithmic, so that 1 mm and 20 mm are equally easy to set. */
const toSlider = (mm: number) => Math.log(mm / brushRangeMm.min) / Math.log(brushRangeMm.max / brushRangeMm.min);
const fromSlider = (t: number) => Math.round(brushRangeMm.min * (brushRangeMm.max / brushRangeMm.min) ** t * 10) / 10;

const gateValue = (v: number): string => fixed(v, Number.isInteger(v) ? 0 : 2);

function Brush() {
  const brush = useViewer((s) => s.brush);
  const tool = useViewer((s) => s.tool);
  const units = useViewer((s) => s.volume?.units ?? 'HU');
  const set = useViewer((s) => s.set);
  const histogram = useHistogram((s) => s.histogram);
  const change = (next: Partial<typeof brush>) => set({ brush: { ...brush, ...next } });
  const from = Math.max(histogram?.minimum ?? -1024, -1024);
  const to = Math.max(from + 10 / (histogram?.per ?? 1), Math.min(histogram?.maximum ?? 2000, 3071));
  const gate = brush.gateHu;
  const highest = histogram?.maximum ?? 3071;
  return (
    <Section
      title={tool === 'eraser' ? 'Eraser' : 'Brush'}
      end={
        <Choice
          label="Shape"
          value={brush.shape}
          options={[
            { value: 'circle', label: 'Circle', tip: 'Only the slice under the pointer' },
            { value: 'sphere', label: 'Sphere', tip: 'All slices within the radius' },
          ]}
          onChange={(shape) => change({ shape })}
        />
      }
    >
      <div className="opt">
        <span className="lb">Size</span>
        <Slider
          label="Brush size"
          min={0}
          max={1}
          step={0.005}
          value={toSlider(brush.diameterMm)}
          text={`${fixed(brush.diameterMm, 1)} mm`}
          onChange={(t) => change({ diameterMm: fromSlider(t) })}
        />
        <NumberField
          label="Brush size"
          unit="mm"
          value={brush.diameterMm}
          {...brushRangeMm}
          testid={testids.brushSize}
          onChange={(v) => v !== null && change({ diameterMm: v })}
        />
      </div>
      <div className="opt">
        <span className="lb">Gate</span>
        <span className="grow num">
          {gate ? `only ${gateValue(gate[0])} to ${gateValue(gate[1])}${units === 'HU' ? ' HU' : ''}` : 'off: every value changes'}
        </span>
        <Switch
          label="Gate the brush by value"
          on={gate !== null}
          testid={testids.brushGate}
          onChange={(on) =>
            change({
              gateHu: on
                ? [units === 'HU' ? 50 : Math.round(((from + to) / 2) * (histogram?.per ?? 1)) / (histogram?.per ?? 1), highest]
                : null,
            })
          }
        />
      </div>
      {gate && (
        <div className="pad" style={{ paddingTop: 4 }}>
          <HistogramRange
            label="Gate"
            unit={units}
            from={from}
            to={to}
            low={gate[0]}
            high={gate[1] >= to ? null : gate[1]}
            onLow={(v) => change({ gateHu: [v, gate[1]] })}
            onHigh={(v) => change({ gateHu: [gate[0], v ?? highest] })}
            height={36}
          />
        </div>
      )}
      <div className="opt">
        <span className="lb">Masking</span>
        <span className="grow">
          only the selected segment changes<span className="xl">; others stay as they are</span>
        </span>
      </div>
    </Section>
  );
}

function Fill() {
  const layer = useViewer((s) => s.layers.find((l) => l.segmentId === s.activeSegment));
  if (!layer) return null;
  return (
    <div className="opt" style={{ borderBottom: '1px solid var(--line-1)' }}>
      <span className="lb">Fill</span>
      <Slider
        label={`Fill opacity of ${layer.name}`}
        min={0}
        max={1}
        step={0.05}
        value={layer.opacity}
        text={`${Math.round(layer.opacity * 100)} %`}
        onChange={(opacity) => {
          changeLayer(layer.segmentId, { opacity });
          useSettings.getState().set({ opacity });
        }}
      />
      <span className="num r" style={{ width: 40 }}>
        {Math.round(layer.opacity * 100)} %
      </span>
    </div>
  );
}

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
      <WholeSegment />
      <Journal />
      <DrawnDock />
    </>
  );
}
