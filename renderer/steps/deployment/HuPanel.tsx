import { useMemo } from 'react';
import { type HuSettings, thresholdPresets } from '../../../contract/segmentation.ts';
import { voxelVolumeMm3 } from '../../../kernels/volume/geometry.ts';
import { Choice } from '../../design/Choice.tsx';
import { HistogramRange } from '../../design/HistogramRange.tsx';
import { Note } from '../../design/Note.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { count, ml } from '../../design/numbers.ts';
import { Section } from '../../design/Section.tsx';
import { Switch } from '../../design/Switch.tsx';
import { countInRange, useHistogram } from '../../stores/histogram.ts';
import { useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';

/** What a person sets for threshold and hysteresis; switching between the two keeps it. */
export interface HuChoice {
  low: number;
  high: number | null;
  seed: number;
  connectivity: 6 | 18 | 26;
}

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

interface HuPanelProps {
  choice: HuChoice;
  settings: HuSettings;
  units: string;
  live: boolean;
  onChange: (change: Partial<HuChoice>) => void;
  onLive: (on: boolean) => void;
}

/** The range of threshold and hysteresis over the histogram, with its preview and what it would hold. */
export function HuPanel({ choice, settings, units, live, onChange, onLive }: HuPanelProps) {
  const { low, high, seed, connectivity } = choice;
  const histogram = useHistogram((s) => s.histogram);
  const inHu = units === 'HU';
  const hysteresis = settings.method === 'hysteresis';
  const from = Math.max(histogram?.minimum ?? -1024, -1024);
  const per = histogram?.per ?? 1;
  const to = Math.max(from + 10 / per, Math.min(histogram?.maximum ?? 2000, inHu ? 2000 : 32767));
  // The unit of a field is short; the whole word stands in the status line.
  const unit = inHu ? 'HU' : 'val';
  return (
    <Section
      title={hysteresis ? 'Values' : 'Range'}
      end={
        <span className="row">
          <span className="cap">preview</span>
          <Switch label="Preview on all planes" on={live} onChange={onLive} />
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
            onChange={(v) => onChange({ low: v, high: null, ...(seed < v ? { seed: v + 100 } : {}) })}
          />
        </div>
      )}
      <div className="pad" style={{ padding: '6px 14px 2px' }}>
        <HistogramRange
          label="Threshold"
          unit={unit}
          from={from}
          to={to}
          low={low}
          high={high}
          onLow={(v) => onChange({ low: Math.round(v * per) / per })}
          onHigh={(v) => onChange({ high: v })}
          height={56}
        />
      </div>
      <div className="opt">
        <span className="lb">From</span>
        <span className="grow" />
        <NumberField
          label="Lower bound"
          unit={unit}
          value={low}
          min={-32768}
          max={32767}
          whole={inHu && per === 1}
          testid={testids.lowHu}
          onChange={(v) => v !== null && onChange({ low: v })}
        />
      </div>
      {hysteresis && (
        <div className="opt">
          <span className="lb">Seeds</span>
          <span className="grow cap">at or above</span>
          <NumberField
            label="Seeds at or above"
            unit={unit}
            value={seed}
            min={low}
            max={32767}
            whole={inHu && per === 1}
            testid={testids.seedHu}
            onChange={(v) => v !== null && onChange({ seed: v })}
          />
        </div>
      )}
      <div className="opt">
        <span className="lb">To</span>
        <span className="grow cap">{high === null ? 'no upper limit' : 'inclusive'}</span>
        <NumberField
          label="Upper bound"
          unit={unit}
          value={high}
          min={low}
          max={32767}
          whole={inHu && per === 1}
          empty="none"
          testid={testids.highHu}
          onChange={(v) => onChange({ high: v })}
        />
      </div>
      {hysteresis && (
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
            onChange={(v) => onChange({ connectivity: v })}
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
  );
}
