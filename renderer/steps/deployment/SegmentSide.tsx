import { ArrowRight, Route } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { type HuSettings, thresholdPresets } from '../../../contract/segmentation.ts';
import { voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import { Choice } from '../../design/Choice.tsx';
import { HistogramRange } from '../../design/HistogramRange.tsx';
import { Note } from '../../design/Note.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { count, ml } from '../../design/numbers.ts';
import { Section } from '../../design/Section.tsx';
import { Switch } from '../../design/Switch.tsx';
import { icon } from '../../frame/step-names.tsx';
import { SegmentList } from '../../segments/SegmentList.tsx';
import { makeSegment, segmentToStl } from '../../stores/acts.ts';
import { useCase } from '../../stores/case.ts';
import { countInRange, useHistogram } from '../../stores/histogram.ts';
import { useSettings } from '../../stores/settings.ts';
import { useViewer } from '../../stores/viewer.ts';
import { useWorkspace } from '../../stores/workspace.ts';
import { testids } from '../../testids.ts';

const methods = [
  { method: 'threshold', name: 'Threshold', letter: 'A', words: 'one range, preview at once' },
  { method: 'hysteresis', name: 'Hysteresis', letter: 'A', words: 'seeds above a high value, grown above a low one' },
] as const;

function Result({ settings, units }: { settings: HuSettings; units: string }) {
  const histogram = useHistogram((s) => s.histogram);
  const volume = useViewer((s) => s.volume);
  const voxels = useMemo(
    () => (histogram ? countInRange(histogram, settings.lowHu, settings.highHu) : null),
    [histogram, settings.lowHu, settings.highHu],
  );
  const seeds = useMemo(
    () => (histogram && settings.method === 'hysteresis' ? countInRange(histogram, settings.seedHu, settings.highHu) : null),
    [histogram, settings],
  );
  if (!volume) return null;
  const each = voxelVolumeMm3(volume.geometry);
  return (
    <>
      <div className="fact">
        <span>{settings.method === 'hysteresis' ? `At most, from ${settings.lowHu} ${units}` : 'In the range'}</span>
        <span data-testid={testids.previewVoxels} data-voxels={voxels ?? undefined}>
          {voxels === null ? '…' : ml(voxels * each)} <u>ml</u>
        </span>
      </div>
      <div className="fact">
        <span>Voxels</span>
        <span>{voxels === null ? '…' : count(voxels)}</span>
      </div>
      {seeds !== null && (
        <div className="fact">
          <span>Seed voxels</span>
          <span>{count(seeds)}</span>
        </div>
      )}
    </>
  );
}

/** Segment: method, range over the histogram with live preview on all planes, name, Apply. */
export function SegmentSide() {
  const { state, busy, series: shown } = useCase();
  const volume = useViewer((s) => s.volume);
  const preview = useViewer((s) => s.preview);
  const histogram = useHistogram((s) => s.histogram);
  const lastLow = useSettings((s) => s.lastLowHu);
  const units = volume?.units ?? 'HU';
  const inHu = units === 'HU';
  const [method, setMethod] = useState<'threshold' | 'hysteresis'>('threshold');
  const [low, setLow] = useState(lastLow);
  const [high, setHigh] = useState<number | null>(null);
  const [seed, setSeed] = useState(300);
  const [connectivity, setConnectivity] = useState<6 | 18 | 26>(26);
  const [name, setName] = useState('');
  const [live, setLive] = useState(true);
  const from = Math.max(histogram?.minimum ?? -1024, -1024);
  const to = Math.max(from + 10, Math.min(histogram?.maximum ?? 2000, inHu ? 2000 : 32767));
  const settings = useMemo<HuSettings>(
    () =>
      method === 'threshold' ? { method, lowHu: low, highHu: high } : { method, lowHu: low, seedHu: seed, highHu: high, connectivity },
    [method, low, high, seed, connectivity],
  );
  // An MR has no HU: start where its own bright quarter begins.
  useEffect(() => {
    if (histogram && !inHu) setLow(Math.round(histogram.minimum + (histogram.maximum - histogram.minimum) / 4));
  }, [histogram, inHu]);
  useEffect(() => {
    if (!volume || !live || busy) return;
    useViewer.getState().set({ preview: settings });
    if (inHu) useSettings.getState().set({ lastLowHu: low });
  }, [settings, live, volume, low, inHu, busy]);
  useEffect(() => () => useViewer.getState().set({ preview: null }), []);
  // The I key turns the preview off elsewhere; the switch here follows.
  useEffect(() => {
    if (!busy && volume) setLive(preview !== null);
  }, [preview, busy, volume]);

  const why = state?.readOnly
    ? 'The case is read-only.'
    : !volume
      ? 'The voxels are still on their way.'
      : busy
        ? `${busy} is running.`
        : method === 'hysteresis' && seed < low
          ? 'Seeds must be at or above the lower bound.'
          : high !== null && high < low
            ? 'The upper bound is below the lower one.'
            : null;
  const apply = async () => {
    const made = await makeSegment(settings, name.trim() === '' ? null : name.trim());
    if (made) setName('');
  };
  return (
    <>
      <Section title="Method">
        <div className="choices" role="radiogroup" aria-label="Method">
          {methods.map((m) => (
            <label key={m.method} className={m.method === method ? 'on' : ''} data-testid={testids.method(m.method)}>
              <input type="radio" name="method" checked={m.method === method} onChange={() => setMethod(m.method)} />
              <span className="t">{m.name}</span>
              <span className="cap" style={{ gridColumn: 3 }}>
                {m.letter}
              </span>
              <span className="cap">{m.words}</span>
            </label>
          ))}
          <p className="cap pad" style={{ padding: '6px 14px 0 38px' }}>
            Networks come with a later version.
          </p>
        </div>
      </Section>
      <Section
        title={method === 'threshold' ? 'Range' : 'Values'}
        end={
          <span className="row">
            <span className="cap">preview</span>
            <Switch
              label="Preview on all planes"
              on={live}
              onChange={(on) => {
                setLive(on);
                useViewer.getState().set({ preview: on ? settings : null });
              }}
            />
          </span>
        }
      >
        {inHu && (
          <div className="opt">
            <Choice
              grow
              label="Presets"
              value={high === null ? low : -1}
              options={thresholdPresets.map((p) => ({
                value: p.lowHu as number,
                label: `${p.name} ${p.lowHu}`,
                tip: `${p.lowHu} HU and above`,
              }))}
              onChange={(v) => {
                setLow(v);
                setHigh(null);
                if (seed < v) setSeed(v + 100);
              }}
            />
          </div>
        )}
        <div className="pad" style={{ padding: '6px 14px 2px' }}>
          <HistogramRange
            label="Threshold"
            unit={units}
            from={from}
            to={to}
            low={low}
            high={high}
            onLow={(v) => setLow(Math.round(v))}
            onHigh={setHigh}
            height={56}
          />
        </div>
        <div className="opt">
          <span className="lb">From</span>
          <span className="grow" />
          <NumberField
            label="Lower bound"
            unit={units}
            value={low}
            min={-32768}
            max={32767}
            whole={inHu}
            testid={testids.lowHu}
            onChange={(v) => v !== null && setLow(v)}
          />
        </div>
        {method === 'hysteresis' && (
          <div className="opt">
            <span className="lb">Seeds</span>
            <span className="grow cap">at or above</span>
            <NumberField
              label="Seeds at or above"
              unit={units}
              value={seed}
              min={low}
              max={32767}
              whole={inHu}
              testid={testids.seedHu}
              onChange={(v) => v !== null && setSeed(v)}
            />
          </div>
        )}
        <div className="opt">
          <span className="lb">To</span>
          <span className="grow cap">{high === null ? 'no upper limit' : 'inclusive'}</span>
          <NumberField
            label="Upper bound"
            unit={units}
            value={high}
            min={low}
            max={32767}
            whole={inHu}
            empty="none"
            testid={testids.highHu}
            onChange={setHigh}
          />
        </div>
        {method === 'hysteresis' && (
          <div className="opt">
            <span className="lb">Through</span>
            <Choice
              grow
              label="Connectivity"
              value={connectivity}
              options={[
                { value: 6, label: '6', tip: 'faces' },
                { value: 18, label: '18', tip: 'faces and edges' },
                { value: 26, label: '26', tip: 'faces, edges and corners' },
              ]}
              onChange={(v) => setConnectivity(v)}
            />
          </div>
        )}
        <Result settings={settings} units={units} />
        {!inHu && (
          <div className="pad" style={{ paddingTop: 6 }}>
            <Note of="warn" title="These values are not HU">
              Presets are off. Set the range by eye on the planes.
            </Note>
          </div>
        )}
      </Section>
      {(state?.series.length ?? 0) > 1 && (
        <div className="pad cap" style={{ padding: '8px 14px' }}>
          On {state?.series.find((s) => s.seriesInstanceUid === shown)?.description}. Another series is chosen in Prepare.
        </div>
      )}
      <SegmentList technique="all" />
      <div className="dock">
        <label className="row">
          <span style={{ width: 62 }}>Name</span>
          <input
            className="text grow"
            placeholder="Bone"
            maxLength={64}
            data-testid={testids.segmentName}
            value={name}
            onChange={(e) => setName(e.target.value)}
          />
        </label>
        {why && <span className="cap">{why}</span>}
        <button
          type="button"
          className="btn big pri wide"
          data-testid={testids.applySegment}
          disabled={why !== null}
          onClick={() => void apply()}
        >
          Apply {method === 'threshold' ? 'threshold' : 'hysteresis'}
        </button>
        <div className="row">
          <button
            type="button"
            className="btn grow"
            data-testid={testids.segmentToStl}
            disabled={!volume || busy !== null || state?.readOnly === true || !inHu}
            title="200 HU and above, largest part, holes filled, surface, check"
            onClick={() => void segmentToStl()}
          >
            <Route {...icon} />
            Segment to checked STL
          </button>
          {(state?.segments.length ?? 0) > 0 && (
            <button
              type="button"
              className="btn"
              aria-label="Go on to Correct"
              title="Go on to Correct"
              onClick={() => useWorkspace.getState().set({ step: 'correct' })}
            >
              <ArrowRight {...icon} />
            </button>
          )}
        </div>
      </div>
    </>
  );
}
