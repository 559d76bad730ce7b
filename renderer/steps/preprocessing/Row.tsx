import type { ReactNode } from 'react';
import { NumberField } from '../../design/NumberField.tsx';

/** A line of settings: its name, what it is, the field. */
export function Row({ name, words, children }: { name: string; words?: ReactNode; children?: ReactNode }) {
  return (
    <div className="opt">
      <span className="lb">{name}</span>
      <span className="grow cap">{words}</span>
      {children}
    </div>
  );
}

interface NumberRowProps {
  name: string;
  words?: string;
  label: string;
  unit: string;
  value: number;
  min: number;
  max: number;
  whole?: boolean;
  testid?: string;
  onChange: (value: number) => void;
}

export function NumberRow({ name, words, onChange, ...field }: NumberRowProps) {
  return (
    <Row name={name} words={words}>
      <NumberField {...field} onChange={(v) => v !== null && onChange(v)} />
    </Row>
  );
}
