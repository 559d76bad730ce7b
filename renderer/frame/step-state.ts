import type { CaseState, JournalLine } from '../../contract/case.ts';
import type { Judgement } from '../design/Status.tsx';
import type { Step } from '../stores/workspace.ts';

/** What the rail shows at the end of a step: done, to look at, or nothing. Read from the case alone. */
export function stepState(step: Step, state: CaseState | null, journal: JournalLine[]): { of: Judgement; why: string } | null {
  if (!state) return null;
  const done = (act: JournalLine['act']) => journal.some((l) => l.act === act && l.state === 'done');
  switch (step) {
    case 'prepare':
      return state.unacknowledged.length > 0
        ? { of: 'warn', why: `${state.unacknowledged.length} to acknowledge` }
        : { of: 'ok', why: 'imported' };
    case 'preprocess': {
      const made = state.series.filter((s) => s.derivation !== null).length;
      return made > 0 ? { of: 'ok', why: `${made} series made of others` } : null;
    }
    case 'segment':
      return state.segments.length > 0 ? { of: 'ok', why: `${state.segments.length} segments` } : null;
    case 'correct':
      return done('stroke') ? { of: 'ok', why: 'corrected by hand' } : null;
    case 'clean':
      return done('clean') || done('effect') ? { of: 'ok', why: 'cleaned' } : null;
    case 'evaluate': {
      const last = state.evaluations.at(-1);
      if (!last) return null;
      return last.current
        ? { of: 'ok', why: 'measured against a truth' }
        : { of: 'warn', why: 'the segment has changed since it was measured' };
    }
    case 'model': {
      const last = state.meshes.at(-1);
      if (!last) return null;
      return last.current
        ? { of: 'ok', why: 'model is up to date' }
        : { of: 'warn', why: 'the segment has changed since the model was made' };
    }
    case 'export':
      return done('export') ? { of: 'ok', why: 'exported' } : null;
    default:
      return null;
  }
}
