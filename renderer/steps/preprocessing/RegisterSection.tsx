import { Choice } from '../../design/Choice.tsx';
import { useCase } from '../../stores/case.ts';
import { changeStep, usePreprocessing } from '../../stores/preprocessing.ts';
import { stepRefusal } from '../../stores/preprocessing-settings.ts';
import { seriesLine } from '../../stores/preprocessing-words.ts';
import { testids } from '../../testids.ts';
import { StepSection } from './StepSection.tsx';
import type { Chain } from './use-chain.ts';

/** Register: this series is turned and moved onto another one of the patient, which stays. */
export function RegisterSection({ chain }: { chain: Chain }) {
  const { onto, metric } = usePreprocessing((s) => s.draft.register);
  const all = useCase((s) => s.state?.series) ?? [];
  const others = all.filter((s) => s.seriesInstanceUid !== chain.context.shown);
  return (
    <StepSection
      step="register"
      title="Register"
      clause="8.1"
      words="Turns and moves this series rigidly onto another one of the patient; that one stays."
      off={stepRefusal('register', chain.context)}
      missing={chain.refusals.register}
    >
      <div className="opt">
        <span className="lb">Onto</span>
        <select
          className="pick grow"
          aria-label="The series that stays"
          data-testid={testids.registerOnto}
          value={others.some((s) => s.seriesInstanceUid === onto) ? (onto ?? '') : ''}
          onChange={(e) => changeStep('register', { onto: e.target.value || null })}
        >
          <option value="">choose a series</option>
          {others.map((s) => (
            <option key={s.seriesInstanceUid} value={s.seriesInstanceUid}>
              {s.modality} · {seriesLine(s, all)}
            </option>
          ))}
        </select>
      </div>
      <div className="opt">
        <Choice
          grow
          label="How likeness is measured"
          value={metric}
          options={[
            { value: 'mutual-information', label: 'Mutual information', tip: 'Also between CT and MR' },
            { value: 'correlation', label: 'Correlation', tip: 'Two scans of one kind' },
          ]}
          onChange={(v) => changeStep('register', { metric: v as typeof metric })}
        />
      </div>
    </StepSection>
  );
}
