import { X } from 'lucide-react';
import { Note } from '../design/Note.tsx';
import { clock } from '../design/numbers.ts';
import type { Judgement } from '../design/Status.tsx';
import { useCase } from '../stores/case.ts';
import { type Notice, useNotices } from '../stores/notices.ts';
import { testids } from '../testids.ts';
import { icon } from './step-names.tsx';

const shapes: Record<Notice['kind'], Judgement> = { refusal: 'bad', finding: 'warn', notice: 'info', done: 'ok' };

/** Notes that came up while working; a refusal stays until it is closed. */
export function Toasts() {
  const { notices, dismiss } = useNotices();
  return (
    <section className="toasts" aria-label="Notes" aria-live="polite">
      {notices.map((n) => (
        <div key={n.id} role={n.kind === 'refusal' ? 'alert' : undefined} data-testid={testids.notice} data-kind={n.kind}>
          <div className={`note edge e-${shapes[n.kind]}`}>
            <div className="grow">
              <Body notice={n} />
            </div>
            <button type="button" className="tb small" aria-label="Close the note" onClick={() => dismiss(n.id)}>
              <X {...icon} />
            </button>
          </div>
        </div>
      ))}
    </section>
  );
}

function Body({ notice: n }: { notice: Notice }) {
  return (
    <div className="selectable">
      <div className="note-head">
        <b>{n.title}</b>
        {n.code && <code>{n.code}</code>}
      </div>
      {n.text && <div>{n.text}</div>}
      {n.remedy && <div>{n.remedy}</div>}
      {n.action && (
        <div className="note-acts">
          <button type="button" className="btn" onClick={n.action.run}>
            {n.action.label}
          </button>
        </div>
      )}
    </div>
  );
}

/** The service has gone: said once, above everything, with what is safe. It leaves by itself. */
export function ServiceLostBanner() {
  const lost = useNotices((s) => s.lost);
  const savedAt = useCase((s) => s.state?.savedAt);
  if (!lost) return null;
  return (
    <div className="banner" role="alert" data-testid={testids.lost}>
      <Note of="bad" edge title="The Lamina service does not answer">
        {savedAt ? `Everything up to ${clock(savedAt)} is saved. ` : ''}
        Looking for it every 2 seconds; if it was closed, start Lamina again.
      </Note>
    </div>
  );
}
