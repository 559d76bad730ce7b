import type { CSSProperties } from 'react';

interface SliderProps {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  /** What a screen reader says, with the unit. */
  text?: string;
  disabled?: boolean;
  testid?: string;
  onChange: (value: number) => void;
}

/** A native range input; the filled part follows the value. */
export function Slider({ label, value, min, max, step, text, disabled, testid, onChange }: SliderProps) {
  const share = max > min ? ((Math.min(max, Math.max(min, value)) - min) / (max - min)) * 100 : 0;
  return (
    <input
      className="slider"
      type="range"
      aria-label={label}
      aria-valuetext={text}
      data-testid={testid}
      style={{ '--v': `${share}%` } as CSSProperties}
      {...{ value, min, max, step, disabled }}
      onChange={(e) => onChange(Number(e.target.value))}
    />
  );
}
