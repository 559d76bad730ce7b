import { create } from 'zustand';
import { type CaseState, caseState } from '../../contract/case.ts';
import { type CaseEvaluation, type EvaluateCaseRequest, evaluation } from '../../contract/evaluation.ts';
import { api } from '../api/client.ts';
import { act, open } from './acts.ts';
import { adopt } from './case.ts';
import { runJob } from './jobs.ts';

interface EvaluationStore {
  /** Sequence of the evaluation on screen; null, or one of another case: the newest. */
  shown: number | null;
  /** The figures of a case that may not be written, which does not keep them. */
  unkept: { caseId: string; evaluation: CaseEvaluation } | null;
  set: (change: { shown: number | null }) => void;
}

export const useEvaluation = create<EvaluationStore>()((set) => ({ shown: null, unkept: null, set: (change) => set(change) }));

/** The evaluation on screen: what a read-only case was just asked, else the one chosen, else the newest. */
export function shownEvaluation(
  state: CaseState | null,
  { shown, unkept }: Pick<EvaluationStore, 'shown' | 'unkept'>,
): CaseEvaluation | null {
  if (state && unkept?.caseId === state.id && shown === null) return unkept.evaluation;
  return state?.evaluations.find((e) => e.sequence === shown) ?? state?.evaluations.at(-1) ?? null;
}

/** 11.3: measures a segment against a truth; a case that may be written keeps the figures. */
export function evaluate(request: EvaluateCaseRequest & { segment: string }): Promise<true | null> {
  return act<true>('Evaluate', async () => {
    const before = open();
    const { case: state, ...figures } = evaluation.extend({ case: caseState }).parse(await runJob(api.evaluate(before.id, request)));
    const kept = state.sequence > before.sequence;
    const { segment, sequence } = { segment: request.segment, sequence: -1 };
    const segmentName = figures.result.name;
    useEvaluation.setState({
      shown: kept ? (state.evaluations.at(-1)?.sequence ?? null) : null,
      unkept: kept
        ? null
        : { caseId: state.id, evaluation: { sequence, time: new Date().toISOString(), segment, segmentName, current: true, figures } },
    });
    await adopt(state);
    return true;
  });
}
