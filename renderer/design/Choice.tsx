import { useId } from 'react';

interface ChoiceProps<T extends string | number> {
  label: string;
  value: T;
  /** `short`: what stands in a narrow window, where the label would not fit. */
  options: { value: T; label: string; short?: string; tip?: string }[];
  disabled?: boolean;
  grow?: boolean;
  testid?: string;
  onChange: (value: T) => void;
}

/** A few exclusive options in one bar: native radios, so that arrows move between them. */
export function Choice<T extends string | number>({ label, value, options, disabled, grow, testid, onChange }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset className={grow ? 'seg grow' : 'seg'} aria-label={label} data-testid={testid} disabled={disabled}>
      {options.map((o) => (
        <label key={o.value} className={o.value === value ? 'on' : ''} title={o.tip}>
          <input
            type="radio"
            name={name}
            aria-label={o.short === undefined ? undefined : o.label}
            checked={o.value === value}
            value={o.value}
            onChange={() => onChange(o.value)}
          />
          {o.short === undefined ? (
            <span>{o.label}</span>
          ) : (
            <>
              <span className="xl">{o.label}</span>
              <span className="narrow">{o.short}</span>
            </>
          )}
        </label>
      ))}
    </fieldset>
  );
}
