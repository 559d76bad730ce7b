import { type CSSProperties, type PointerEvent, useMemo, useRef } from 'react';
import { rebin, useHistogram } from '../stores/histogram.ts';

interface HistogramRangeProps {
  label: string;
  unit: string;
  low: number;
  /** null: no upper limit; the handle then stands at the end. */
  high: number | null;
  from: number;
  to: number;
  onLow: (value: number) => void;
  onHigh: (value: number | null) => void;
  /** Single handle: only the lower bound can be moved. */
  single?: boolean;
  height?: number;
}

const columns = 140;
const width = 280;

/**
 * The volume's values as columns, and one or two handles over them. Heights are square roots, so that bone shows beside air. The handles
 * are native range inputs laid over each other; a press on the columns moves the nearer one.
 */
export function HistogramRange({ label, unit, low, high, from, to, onLow, onHigh, single, height = 44 }: HistogramRangeProps) {
  const histogram = useHistogram((s) => s.histogram);
  const box = useRef<HTMLDivElement>(null);
  const held = useRef<'low' | 'high' | null>(null);
  const bars = useMemo(() => {
    if (!histogram) return null;
    const sums = rebin(histogram, from, to, columns);
    // The tallest column (air, or padding) would flatten everything else.
    const ranked = [...sums].sort((a, b) => b - a);
    const top = Math.sqrt(ranked[3] ?? ranked[0] ?? 1) || 1;
    return sums.map((s) => Math.min(1, Math.sqrt(s) / top));
  }, [histogram, from, to]);
  const per = histogram?.per ?? 1;
  const onStep = (v: number) => Math.round(v * per) / per;
  const share = (v: number) => (Math.min(to, Math.max(from, v)) - from) / (to - from);
  const top = high ?? to;
  const valueAt = (event: PointerEvent) => {
    const { left, width: wide } = box.current?.getBoundingClientRect() ?? { left: 0, width: 1 };
    return onStep(from + Math.min(1, Math.max(0, (event.clientX - left) / wide)) * (to - from));
  };
  const setHigh = (v: number) => onHigh(v >= to ? null : Math.max(v, low));
  const move = (event: PointerEvent) => {
    if (held.current === 'low') onLow(Math.min(valueAt(event), top));
    if (held.current === 'high') setHigh(valueAt(event));
  };
  const text = (v: number) => `${v} ${unit}`;
  return (
    <div className="hist" ref={box}>
      <div
        className="hist-bars"
        style={{ height }}
        onPointerDown={(e) => {
          e.currentTarget.setPointerCapture(e.pointerId);
          const v = valueAt(e);
          held.current = single || Math.abs(v - low) <= Math.abs(v - top) ? 'low' : 'high';
          move(e);
        }}
        onPointerMove={move}
        onPointerUp={() => {
          held.current = null;
        }}
      >
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
          {bars?.map((h, n) => {
            const at = from + ((n + 0.5) / columns) * (to - from);
            const inside = at >= low && at <= top;
            return (
              <rect
                key={n}
                x={(n * width) / columns}
                y={height - h * height}
                width={width / columns - 0.4}
                height={Math.max(h > 0 ? 0.6 : 0, h * height)}
                fill={inside ? 'var(--accent)' : 'var(--bg-5)'}
              />
            );
          })}
        </svg>
        {!bars && <span className="cap hist-wait">counting values</span>}
      </div>
      <div className="hist-track" style={{ '--a': `${share(low) * 100}%`, '--b': `${share(top) * 100}%` } as CSSProperties}>
        <input
          type="range"
          aria-label={`${label}: lower bound`}
          aria-valuetext={text(low)}
          min={from}
          max={to}
          step={1 / per}
          value={Math.min(to, Math.max(from, low))}
          onChange={(e) => onLow(Math.min(Number(e.target.value), top))}
        />
        {!single && (
          <input
            type="range"
            aria-label={`${label}: upper bound`}
            aria-valuetext={high === null ? 'no upper limit' : text(high)}
            min={from}
            max={to}
            step={1 / per}
            value={Math.min(to, Math.max(from, top))}
            onChange={(e) => setHigh(Number(e.target.value))}
          />
        )}
      </div>
    </div>
  );
}
