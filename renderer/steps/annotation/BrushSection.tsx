import { Choice } from '../../design/Choice.tsx';
import { HistogramRange } from '../../design/HistogramRange.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { fixed } from '../../design/numbers.ts';
import { Section } from '../../design/Section.tsx';
import { Slider } from '../../design/Slider.tsx';
import { Switch } from '../../design/Switch.tsx';
import { useHistogram } from '../../stores/histogram.ts';
import { useSegmentList } from '../../stores/segment-details.ts';
import { useSettings } from '../../stores/settings.ts';
import { brushRangeMm, changeLayer } from '../../stores/tools.ts';
import { useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';

/** The slider is logarithmic, so that 1 mm and 20 mm are equally easy to set. */
const toSlider = (mm: number) => Math.log(mm / brushRangeMm.min) / Math.log(brushRangeMm.max / brushRangeMm.min);
const fromSlider = (t: number) => Math.round(brushRangeMm.min * (brushRangeMm.max / brushRangeMm.min) ** t * 10) / 10;

const gateValue = (v: number): string => fixed(v, Number.isInteger(v) ? 0 : 2);

/** Of the edge brush, in the volume's unit. */
const edgeRange = { min: 0.001, max: 3000 };

/** Brush and eraser: shape, size in mm, and what of the values under it may change. */
export function Brush() {
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
        <span className="lb">Edge</span>
        <span className="grow num">{brush.edgeHu === null ? 'off: draws across edges' : 'stops where values differ by'}</span>
        {brush.edgeHu !== null && (
          <NumberField
            label="Edge tolerance"
            unit={units}
            value={brush.edgeHu}
            min={edgeRange.min}
            max={edgeRange.max}
            testid={testids.brushEdgeHu}
            onChange={(v) => {
              if (v === null) return;
              change({ edgeHu: v });
              if (units === 'HU') useSettings.getState().set({ edgeHu: v });
            }}
          />
        )}
        <Switch
          label="Stop the brush at edges"
          on={brush.edgeHu !== null}
          testid={testids.brushEdge}
          onChange={(on) => change({ edgeHu: on ? (units === 'HU' ? useSettings.getState().edgeHu : (to - from) / 20) : null })}
        />
      </div>
    </Section>
  );
}

/** How strongly the active segment is filled. */
export function Fill() {
  const layer = useViewer((s) => s.layers.find((l) => l.segmentId === s.activeSegment));
  // The details of the segment have the same slider.
  const open = useSegmentList((s) => s.open?.part === 'details' && s.open.segment === layer?.segmentId);
  if (!layer || open) return null;
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

/** What all drawing tools keep to beside their own settings: one segment to stay inside of, locked ones to leave alone. */
export function Masking() {
  const masking = useViewer((s) => s.masking);
  const active = useViewer((s) => s.activeSegment);
  const layers = useViewer((s) => s.layers);
  const set = useViewer((s) => s.set);
  const change = (next: Partial<typeof masking>) => set({ masking: { ...masking, ...next } });
  const locked = layers.filter((l) => l.locked && l.segmentId !== active).length;
  const gone = masking.insideSegment !== null && !layers.some((l) => l.segmentId === masking.insideSegment);
  const within = masking.insideSegment !== null && masking.insideSegment === active;
  return (
    <Section title="Masking" end={<span className="cap">all drawing tools</span>}>
      <div className="opt">
        <span className="lb">Inside</span>
        <select
          className="pick grow"
          aria-label="Only inside of a segment"
          data-testid={testids.maskingInside}
          value={masking.insideSegment ?? ''}
          onChange={(e) => change({ insideSegment: e.target.value === '' ? null : e.target.value })}
        >
          <option value="">everywhere</option>
          {gone && <option value={masking.insideSegment ?? ''}>a segment that is not here</option>}
          {layers.map((l) => (
            <option key={l.segmentId} value={l.segmentId}>
              {l.name}
            </option>
          ))}
        </select>
      </div>
      {within && <p className="cap pad">Inside of itself a segment can only lose voxels.</p>}
      <div className="opt">
        <span className="lb">Locked</span>
        <span className="grow cap">
          {masking.notOverLocked ? 'not drawn over' : 'drawn over'}
          {locked > 0 ? `: ${locked} here` : ''}
        </span>
        <Switch
          label="Not over locked segments"
          on={masking.notOverLocked}
          testid={testids.maskingLocked}
          onChange={(notOverLocked) => change({ notOverLocked })}
        />
      </div>
    </Section>
  );
}
