import { OctagonX } from 'lucide-react';
import { useEffect, useId, useState } from 'react';

interface NumberFieldProps {
  label: string;
  value: number | null;
  unit: string;
  min: number;
  max: number;
  whole?: boolean;
  /** Said when the field is empty and that is allowed. */
  empty?: string;
  disabled?: boolean;
  testid?: string;
  onChange: (value: number | null) => void;
}

/**
 * A number with its unit. What is typed stays; a value out of range turns the edge red, says the range and is not handed on.
 */
export function NumberField({ label, value, unit, min, max, whole, empty, disabled, testid, onChange }: NumberFieldProps) {
  const [text, setText] = useState<string | null>(null);
  const note = useId();
  const shown = text ?? (value === null ? '' : String(whole ? Math.round(value) : Number(value.toFixed(3))));
  const typed = Number(shown.trim().replace(',', '.').replace('\u2212', '-'));
  const blank = shown.trim() === '';
  const bad = blank
    ? empty === undefined
    : !Number.isFinite(typed) || typed < min || typed > max || (whole === true && !Number.isInteger(typed));
  // A value set elsewhere (slider, key) replaces what was typed.
  useEffect(() => setText((old) => (old !== null && Number(old.replace(',', '.')) === value ? old : null)), [value]);
  const commit = (next: string) => {
    setText(next);
    const n = Number(next.trim().replace(',', '.').replace('\u2212', '-'));
    if (next.trim() === '') {
      if (empty !== undefined) onChange(null);
      return;
    }
    if (Number.isFinite(n) && n >= min && n <= max && (!whole || Number.isInteger(n))) onChange(n);
  };
  return (
    <span className="field-wrap">
      <label className={bad ? 'field bad' : 'field'}>
        <input
          type="text"
          inputMode="decimal"
          aria-label={`${label}, ${unit}`}
          aria-invalid={bad}
          aria-describedby={bad ? note : undefined}
          data-testid={testid}
          value={shown}
          placeholder={empty}
          disabled={disabled}
          onChange={(e) => commit(e.target.value)}
          onBlur={() => !bad && setText(null)}
          onFocus={(e) => e.target.select()}
          // Esc leaves the field with the value that holds: what was typed into it by mistake is not left behind.
          onKeyDown={(e) => {
            if (e.key !== 'Escape') return;
            setText(null);
            e.currentTarget.blur();
          }}
        />
        <u>{unit}</u>
      </label>
      {bad && (
        <span id={note} className="field-note s-bad" role="alert">
          <OctagonX size={14} strokeWidth={1.5} aria-hidden="true" />
          {min} to {max} {unit}
        </span>
      )}
    </span>
  );
}
