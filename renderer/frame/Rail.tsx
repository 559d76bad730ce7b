import { StatusIcon } from '../design/Status.tsx';
import { useCase } from '../stores/case.ts';
import { steps, useWorkspace } from '../stores/workspace.ts';
import { testids } from '../testids.ts';
import { icon, stepNames } from './step-names.tsx';
import { stepState } from './step-state.ts';

/** The eight steps of a case with their state. A step that cannot be entered says why. */
export function Rail() {
  const { state, journal } = useCase();
  const step = useWorkspace((s) => s.step);
  const set = useWorkspace((s) => s.set);
  return (
    <nav className="rail" aria-label="Steps">
      {steps.map((s) => {
        const { name, icon: Icon, later } = stepNames[s];
        const why = later ?? (state || s === 'prepare' ? null : 'Import a series first');
        const mark = stepState(s, state, journal);
        return (
          <button
            type="button"
            key={s}
            className={s === step ? 'on' : why ? 'off' : ''}
            aria-current={s === step ? 'step' : undefined}
            aria-disabled={why ? true : undefined}
            aria-label={[name, why ?? mark?.why].filter(Boolean).join(': ')}
            data-tip={why ? `${name}: ${why}` : undefined}
            data-testid={testids.step(s)}
            onClick={() => !why && set({ step: s })}
          >
            <Icon {...icon} />
            <span>{name}</span>
            <span className="st" title={mark?.why}>
              {mark && <StatusIcon of={mark.of} silent />}
            </span>
          </button>
        );
      })}
      <p className="cap foot xl">ISO/IEC 3532-2:2024</p>
    </nav>
  );
}
