import { create } from 'zustand';
import { ApiProblem, ServiceLost } from '../api/problem.ts';

export interface Notice {
  id: number;
  kind: 'refusal' | 'finding' | 'notice' | 'done';
  title: string;
  text: string;
  code: string | null;
  remedy: string | null;
  action: { label: string; run: () => void } | null;
}

interface NoticeState {
  notices: Notice[];
  /** The service has stopped answering; the page looks for it on its own. */
  lost: boolean;
  setLost: (lost: boolean) => void;
  tell: (notice: Partial<Notice> & Pick<Notice, 'kind' | 'title'>) => number;
  dismiss: (id: number) => void;
}

let next = 1;
export const useNotices = create<NoticeState>()((set) => ({
  notices: [],
  lost: false,
  setLost: (lost) => set({ lost }),
  tell: (notice) => {
    const id = next++;
    const whole: Notice = { text: '', code: null, remedy: null, action: null, ...notice, id };
    set((s) => ({ notices: [...s.notices.filter((n) => n.title !== whole.title || n.text !== whole.text), whole].slice(-4) }));
    if (whole.kind === 'done' || whole.kind === 'notice') setTimeout(() => useNotices.getState().dismiss(id), 7000);
    return id;
  },
  dismiss: (id) => set((s) => ({ notices: s.notices.filter((n) => n.id !== id) })),
}));

/** Says on screen why something did not happen. A refusal brings its own words; our own mistake is told as ours. */
export function tellProblem(what: string, cause: unknown, action: Notice['action'] = null): void {
  const { tell, setLost } = useNotices.getState();
  if (cause instanceof ServiceLost) {
    setLost(true);
    return;
  }
  if (cause instanceof ApiProblem) {
    const many = cause.reasons.length > 1 ? cause.reasons.map((r) => r.message).join(' ') : cause.detail;
    tell({ kind: 'refusal', title: `${what}: not done`, text: many || cause.title, code: cause.code, remedy: cause.remedy, action });
    return;
  }
  if (cause instanceof DOMException && cause.name === 'AbortError') return;
  tell({
    kind: 'refusal',
    title: `${what}: a fault in Lamina`,
    text: cause instanceof Error ? cause.message : String(cause),
    remedy: 'The case on disk is as it was. Reload the page; if it stays, restart Lamina.',
  });
}
