import type { CaseState } from '../../../contract/case.ts';
import type { CaseEvaluation } from '../../../contract/evaluation.ts';
import { Note } from '../../design/Note.tsx';
import { testids } from '../../testids.ts';

/** Whether the images say of themselves that a program drew them. */
export const isSynthetic = (state: CaseState): boolean =>
  state.series.some((s) => /synthetic|phantom/i.test(`${s.patientName} ${s.description}`));

/** What the figures may be taken for. It stands above them at every width. */
export function Validity({ state, shown }: { state: CaseState; shown: CaseEvaluation }) {
  const measured = state.segments.find((s) => s.id === shown.segment);
  const wording = measured?.networkWording ?? null;
  const synthetic = isSynthetic(state);
  if (!wording && !synthetic) return null;
  return (
    <Note
      of="warn"
      edge
      title={
        synthetic
          ? 'Synthetic figures: a program drew these images'
          : measured?.network
            ? 'A network made this segment'
            : 'This segment is made of what a network made'
      }
      testid={testids.evaluationValidity}
    >
      {synthetic && 'They say how the method does on drawn heads and nothing about patients. '}
      {wording && `The network was ${wording}.`}
    </Note>
  );
}
