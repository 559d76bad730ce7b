import { create } from 'zustand';
import { type AcquisitionCheck, acquisitionCheck } from '../../contract/acquisition.ts';
import type { Job } from '../../contract/job.ts';
import { api } from '../api/client.ts';
import { ApiProblem, ServiceLost } from '../api/problem.ts';
import { JobCancelled, runJob } from './jobs.ts';
import { useNotices } from './notices.ts';

/** What is checked: a series of files that nobody has imported yet, or one of the open case. */
export type CheckSource = { of: 'files'; paths: string[]; uid: string } | { of: 'case'; caseId: string; uid: string };

/** Why a check has no answer, in the words of the service. */
export interface CheckFault {
  title: string;
  text: string;
  code: string | null;
  remedy: string | null;
}

interface AcquisitionState {
  /** The series that `check`, `running` and `fault` are of, as `sourceKey` names it; null: none. */
  of: string | null;
  /** While another profile is on its way, still the former one's. */
  check: AcquisitionCheck | null;
  /** On its way. `jobId` null: not started yet, or answered at once. */
  running: { jobId: string | null } | null;
  fault: CheckFault | null;
  /** The profile last chosen by hand, by modality; nothing chosen: the one that fits. */
  chosen: Record<string, string>;
  /** Kernel names of the series checked so far, by SeriesInstanceUID. */
  kernels: Record<string, string>;
}

export const useAcquisition = create<AcquisitionState>()(() => ({
  of: null,
  check: null,
  running: null,
  fault: null,
  chosen: {},
  kernels: {},
}));

/** A person who walks down the list with the arrow keys starts no check of the series passed. */
const settleMs = 250;
const keptAnswers = 200;
const answers = new Map<string, AcquisitionCheck>();

interface Run {
  sourceKey: string;
  key: string;
  timer: ReturnType<typeof setTimeout> | undefined;
  job: Promise<Job> | null;
  over: boolean;
}
let current: Run | null = null;

const sourceKeyOf = (source: CheckSource) =>
  source.of === 'files' ? JSON.stringify([source.paths, source.uid]) : JSON.stringify([source.caseId, source.uid]);

const nothing: Pick<AcquisitionState, 'check' | 'running' | 'fault'> = { check: null, running: null, fault: null };

/**
 * The check of exactly this series: for the frame in which another one has been chosen and its check has not begun, nothing is shown
 * rather than the check of the one before.
 */
export function useCheckOf(source: CheckSource | null): Pick<AcquisitionState, 'check' | 'running' | 'fault'> {
  const state = useAcquisition();
  return source !== null && state.of === sourceKeyOf(source) ? state : nothing;
}

function end(run: Run): void {
  if (run.over) return;
  run.over = true;
  clearTimeout(run.timer);
  // The job may still be on its way to be made: it is cancelled as soon as it has an id.
  run.job?.then((job) => api.cancelJob(job.id)).catch(() => undefined);
}

function faultOf(cause: unknown): CheckFault {
  if (cause instanceof JobCancelled) return { title: 'The check was cancelled', text: 'Nothing was changed.', code: null, remedy: null };
  if (cause instanceof ApiProblem)
    return {
      title: 'The check has no answer',
      text: cause.reasons.length > 0 ? cause.reasons.map((r) => r.message).join(' ') : cause.detail || cause.title,
      code: cause.code,
      remedy: cause.remedy,
    };
  return {
    title: 'The check failed: a fault in Lamina',
    text: cause instanceof Error ? cause.message : String(cause),
    code: null,
    remedy: 'The import works without it.',
  };
}

function take(run: Run, source: CheckSource, check: AcquisitionCheck): void {
  if (answers.size >= keptAnswers) answers.clear();
  answers.set(run.key, check);
  useAcquisition.setState((s) => ({
    of: run.sourceKey,
    check,
    running: null,
    fault: null,
    kernels: check.kernel.name === null ? s.kernels : { ...s.kernels, [source.uid]: check.kernel.name },
  }));
}

async function carryOut(run: Run, source: CheckSource, profile: string | null): Promise<void> {
  try {
    let check: AcquisitionCheck;
    if (source.of === 'case') check = await api.caseCheck(source.caseId, source.uid, profile);
    else {
      run.job = api.check({ paths: source.paths, seriesInstanceUid: source.uid, profile });
      run.job.then(
        (job) => !run.over && useAcquisition.setState({ running: { jobId: job.id } }),
        () => undefined,
      );
      check = acquisitionCheck.parse(await runJob(run.job));
    }
    if (!run.over) take(run, source, check);
  } catch (cause) {
    if (run.over) return;
    if (cause instanceof ServiceLost) useNotices.getState().setLost(true);
    useAcquisition.setState({ running: null, fault: faultOf(cause) });
  } finally {
    run.job = null;
    if (current === run) current = null;
  }
}

/**
 * Shows the check of a series (7.3, Annex A) against the profile chosen for its modality, or the one that fits. A check that was under
 * way for something else is cancelled; one that was answered before is shown at once. What goes wrong stands in `fault`, never in a note
 * over the window: the import does not wait for it.
 * @param again asks also where the answer is known
 */
export function showCheck(source: CheckSource, modality: string, again = false): void {
  const profile = useAcquisition.getState().chosen[modality] ?? null;
  const sourceKey = sourceKeyOf(source);
  const key = JSON.stringify([sourceKey, profile]);
  if (current?.key === key && !again) return;
  if (current) end(current);
  current = null;
  const known = again ? undefined : answers.get(key);
  const run: Run = { sourceKey, key, timer: undefined, job: null, over: false };
  if (known) {
    take(run, source, known);
    return;
  }
  const samePlace = useAcquisition.getState().of === sourceKey;
  current = run;
  useAcquisition.setState((s) => ({ of: sourceKey, check: samePlace ? s.check : null, running: { jobId: null }, fault: null }));
  const go = () => void carryOut(run, source, profile);
  if (source.of === 'case' || samePlace) go();
  else run.timer = setTimeout(go, settleMs);
}

/** Another profile for all series of a modality, and the check against it. */
export function chooseProfile(source: CheckSource, modality: string, profile: string): void {
  useAcquisition.setState((s) => ({ chosen: { ...s.chosen, [modality]: profile } }));
  showCheck(source, modality);
}

/** Ends the check under way and shows none: nothing is chosen, or the import begins. */
export function dropCheck(): void {
  if (current) end(current);
  current = null;
  useAcquisition.setState({ of: null, ...nothing });
}

/** After a profile was changed or removed: no answer holds any more. A choice of what is gone falls back to the profile that fits. */
export function forgetAnswers(remaining: readonly string[]): void {
  answers.clear();
  if (current) end(current);
  current = null;
  useAcquisition.setState((s) => ({ chosen: Object.fromEntries(Object.entries(s.chosen).filter(([, id]) => remaining.includes(id))) }));
}
