import { useMemo } from 'react';
import { thresholdByte } from '../../../kernels/networks/integrate.ts';
import { NumberField } from '../../design/NumberField.tsx';
import { Slider } from '../../design/Slider.tsx';
import { testids } from '../../testids.ts';

const columns = 64;
const width = 280;
const height = 34;

/** The probability over its own histogram in the region: what lies right of the handle is bone. Air, surely no bone, is left out. */
export function ProbabilitySlider({
  value,
  histogram,
  disabled,
  onChange,
}: {
  value: number;
  histogram: Uint32Array | null;
  disabled: boolean;
  onChange: (value: number) => void;
}) {
  const bars = useMemo(() => {
    if (!histogram) return null;
    const sums = new Array<number>(columns).fill(0);
    for (let b = 5; b < 256; b++) {
      const at = Math.min(columns - 1, Math.floor((b / 256) * columns));
      sums[at] = sums[at]! + histogram[b]!;
    }
    const top = Math.sqrt([...sums].sort((a, b) => b - a)[1] ?? 1) || 1;
    return sums.map((s) => Math.min(1, Math.sqrt(s) / top));
  }, [histogram]);
  const least = thresholdByte(value) / 255;
  return (
    <div className="pad prob">
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        {bars?.map((h, n) => (
          <rect
            key={n}
            x={(n * width) / columns}
            y={height - h * height}
            width={width / columns - 1}
            height={Math.max(h > 0 ? 0.6 : 0, h * height)}
            fill={(n + 0.5) / columns >= least ? 'var(--accent)' : 'var(--bg-5)'}
          />
        ))}
      </svg>
      <Slider
        label="Probability from which a voxel is bone"
        value={value}
        min={0}
        max={1}
        step={0.01}
        text={value.toFixed(2)}
        disabled={disabled}
        testid={testids.probability}
        onChange={(v) => onChange(Math.min(0.98, Math.max(0.02, v)))}
      />
      <div className="row cap">
        <span className="grow">more bone</span>
        <span>surer bone</span>
      </div>
    </div>
  );
}

/** The same as a number. */
export function ProbabilityField({ value, disabled, onChange }: { value: number; disabled: boolean; onChange: (value: number) => void }) {
  return (
    <NumberField
      label="Probability"
      unit=""
      value={value}
      min={0.02}
      max={0.98}
      disabled={disabled}
      testid={testids.probabilityField}
      onChange={(v) => v !== null && onChange(v)}
    />
  );
}
