import { create } from 'zustand';
import { finished, type Job } from '../../contract/job.ts';
import { type PreprocessPreview, type PreprocessPreviewRequest, preprocessPreview } from '../../contract/preprocessing.ts';
import { api, followJob } from '../api/client.ts';
import { ApiProblem, ServiceLost } from '../api/problem.ts';

interface PreviewStore {
  /** The answer on screen, with what was asked for. */
  ready: { request: PreprocessPreviewRequest; preview: PreprocessPreview } | null;
  /** A newer one is being made. */
  working: boolean;
  /** Why there is none for what is set now. */
  refused: string | null;
}

export const usePreview = create<PreviewStore>()(() => ({ ready: null, working: false, refused: null }));

/** How a preview is made: a job that can be cancelled. */
export interface PreviewMaker {
  start: (caseId: string, request: PreprocessPreviewRequest) => Promise<Job>;
  follow: (id: string, onChange: (job: Job) => void, onLost: (cause: unknown) => void) => () => void;
  cancel: (id: string) => Promise<void>;
}
const maker: PreviewMaker = { start: api.preprocessPreview, follow: followJob, cancel: api.cancelJob };

let timer: ReturnType<typeof setTimeout> | undefined;
let stop: () => void = () => {};

function wordsOf(cause: unknown): string {
  if (cause instanceof ServiceLost) return 'The service does not answer.';
  if (cause instanceof ApiProblem) return [cause.detail || cause.title, cause.remedy].filter(Boolean).join(' ');
  return cause instanceof Error ? cause.message : String(cause);
}

/** Starts one preview; the returned function cancels it, and then nothing of it is shown. */
function makeOne(caseId: string, request: PreprocessPreviewRequest, { start, follow, cancel }: PreviewMaker): () => void {
  let wanted = true;
  let job: Job | null = null;
  let unfollow = () => {};
  // The job may be over by the time that it is cancelled; then there is nothing to do.
  const drop = (id: string) => void cancel(id).catch(() => undefined);
  const end = (change: Partial<PreviewStore>) => {
    if (!wanted) return;
    wanted = false;
    unfollow();
    usePreview.setState({ working: false, ...change });
  };
  const take = (now: Job) => {
    job = now;
    if (!finished(now)) return;
    if (now.state !== 'done') {
      end({ ready: null, refused: now.problem ? wordsOf(new ApiProblem(now.problem)) : 'The preview was stopped.' });
      return;
    }
    const parsed = preprocessPreview.safeParse(now.result);
    end(parsed.success ? { ready: { request, preview: parsed.data }, refused: null } : { ready: null, refused: parsed.error.message });
  };
  start(caseId, request).then(
    (first) => {
      if (!wanted) {
        drop(first.id);
        return;
      }
      take(first);
      if (wanted) unfollow = follow(first.id, take, (cause) => end({ ready: null, refused: wordsOf(cause) }));
    },
    (cause) => end({ ready: null, refused: wordsOf(cause) }),
  );
  return () => {
    if (!wanted) return;
    wanted = false;
    unfollow();
    if (job && !finished(job)) drop(job.id);
  };
}

/**
 * Asks for the preview of what is set now; once nothing has changed for a moment it is made, and the one before it is cancelled. Null: none
 * is wanted.
 */
export function askPreview(
  wish: { caseId: string; request: PreprocessPreviewRequest } | null,
  { delayMs = 250, by = maker }: { delayMs?: number; by?: PreviewMaker } = {},
): void {
  clearTimeout(timer);
  stop();
  stop = () => {};
  if (!wish) {
    usePreview.setState({ ready: null, working: false, refused: null });
    return;
  }
  usePreview.setState({ working: true });
  timer = setTimeout(() => {
    stop = makeOne(wish.caseId, wish.request, by);
  }, delayMs);
}
