import type { LucideIcon } from 'lucide-react';

interface ToolButtonProps {
  name: string;
  icon: LucideIcon;
  /** The key printed in the corner. */
  digit?: string | null;
  keys?: string | null;
  /** Chosen tool (filled) or switched on (tinted). */
  state?: 'on' | 'tog' | null;
  /** Why it is off; it stays focusable so that the reason can be read. */
  refusal?: string | null;
  testid?: string;
  align?: 'left' | 'right';
  onClick: () => void;
}

/** A square button with an icon; a disabled one says why on hover and on focus. */
export function ToolButton({ name, icon: Icon, digit, keys, state, refusal, testid, align, onClick }: ToolButtonProps) {
  const tip = refusal ? `${name} is off: ${refusal}` : keys ? `${name} (${keys})` : name;
  return (
    <button
      type="button"
      className={['tb', digit ? 'key' : '', state ?? '', refusal ? 'off' : ''].join(' ')}
      aria-label={tip}
      aria-pressed={state === undefined ? undefined : state === 'on' || state === 'tog'}
      aria-disabled={refusal ? true : undefined}
      data-tip={tip}
      data-align={align}
      data-testid={testid}
      onClick={() => !refusal && onClick()}
    >
      <Icon size={16} strokeWidth={1.5} aria-hidden="true" />
      {digit && <i aria-hidden="true">{digit}</i>}
    </button>
  );
}
