interface SwitchProps {
  label: string;
  on: boolean;
  disabled?: boolean;
  testid?: string;
  onChange: (on: boolean) => void;
}

/** On or off, at once: a native checkbox that reads as a switch. */
export function Switch({ label, on, disabled, testid, onChange }: SwitchProps) {
  return (
    <input
      className="sw"
      type="checkbox"
      role="switch"
      aria-label={label}
      aria-checked={on}
      checked={on}
      disabled={disabled}
      data-testid={testid}
      onChange={(e) => onChange(e.target.checked)}
    />
  );
}
