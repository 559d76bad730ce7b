import type { ReactNode } from 'react';
import { type Judgement, StatusIcon } from './Status.tsx';

interface NoteProps {
  of: Judgement;
  title: string;
  code?: string | null;
  children?: ReactNode;
  /** Buttons with the way out. */
  actions?: ReactNode;
  edge?: boolean;
  testid?: string;
}

/** A finding, refusal or notice: what, why, the remedy, its code. */
export function Note({ of, title, code, children, actions, edge, testid }: NoteProps) {
  return (
    <div className={edge ? `note edge e-${of}` : 'note'} data-testid={testid}>
      <StatusIcon of={of} />
      <div className="grow">
        <div className="note-head">
          <b>{title}</b>
          {code && <code>{code}</code>}
        </div>
        {children}
        {actions && <div className="note-acts">{actions}</div>}
      </div>
    </div>
  );
}
