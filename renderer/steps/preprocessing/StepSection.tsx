import type { ReactNode } from 'react';
import { Section } from '../../design/Section.tsx';
import { Switch } from '../../design/Switch.tsx';
import { type StepName, switchStep, usePreprocessing } from '../../stores/preprocessing.ts';
import { testids } from '../../testids.ts';

interface StepSectionProps {
  step: StepName;
  title: string;
  clause: string;
  /** What the step does, in one line; shown while it is on. */
  words: string;
  /** Why it cannot be switched on; null: it can. */
  off?: string | null;
  /** What is missing in its settings. */
  missing?: string | undefined;
  children: ReactNode;
}

/** One step of 8.1: its clause, its switch, and its settings while it is on. */
export function StepSection({ step, title, clause, words, off = null, missing, children }: StepSectionProps) {
  const on = usePreprocessing((s) => s.draft.on[step]);
  const shown = on && off === null;
  return (
    <div data-testid={testids.chainStep(step)} className={shown ? 'step on' : 'step'}>
      <Section
        title={title}
        end={
          <>
            <span className="cap" title={`ISO/IEC 3532-2, ${clause}`}>
              {clause}
            </span>
            <Switch
              label={title}
              on={shown}
              disabled={off !== null}
              testid={testids.chainSwitch(step)}
              onChange={(next) => switchStep(step, next)}
            />
          </>
        }
      >
        {off !== null && <p className="pad cap">{off}</p>}
        {shown && (
          <>
            <p className="pad cap">{words}</p>
            {children}
            {missing && (
              <p className="pad s-warn step-missing" data-testid={testids.chainMissing(step)}>
                {missing}
              </p>
            )}
          </>
        )}
      </Section>
    </div>
  );
}
