import { useEffect, useState } from 'react';
import type { CaseMesh } from '../../contract/case.ts';
import type { Unreviewed } from '../../contract/review.ts';
import { api } from '../api/client.ts';
import { Section } from '../design/Section.tsx';
import { StatusIcon } from '../design/Status.tsx';
import { RunningJob } from '../frame/RunningJob.tsx';
import { useCase } from '../stores/case.ts';
import { useJobs } from '../stores/jobs.ts';
import { tellProblem } from '../stores/notices.ts';
import { maskText } from '../stores/review.ts';
import { findDoubts } from '../stores/review-acts.ts';
import { useViewer } from '../stores/viewer.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { testids } from '../testids.ts';

function words(of: Unreviewed): string {
  if (!of.looked) return 'Nobody has looked for doubtful places in this segment as it stands.';
  if (of.total === 0) return 'No doubtful place was found, which proves nothing.';
  return `${of.unreviewed} of ${of.total} doubtful places not reviewed (${Math.round((100 * of.unreviewed) / of.total)} %)`;
}

/** At export: how much of the model's segment nobody has looked at. */
export function UnreviewedNote({ mesh }: { mesh: CaseMesh }) {
  const { state, busy } = useCase();
  const [told, setTold] = useState<{ of: string; share: Unreviewed } | null>(null);
  const [asked, setAsked] = useState(0);
  const running = useJobs((s) => s.running.some((job) => job.title === 'Find doubtful places'));
  const segment = state?.segments.find((one) => one.id === mesh.segment) ?? null;
  const caseId = state?.id;
  const key = segment && `${caseId} ${maskText(segment)} ${segment.reviewed.length} ${asked}`;
  const id = segment?.id;
  useEffect(() => {
    if (!caseId || !id || !key) return;
    let gone = false;
    api.unreviewed(caseId, id).then(
      (share) => !gone && setTold({ of: key, share }),
      (cause) => !gone && tellProblem('Asking what was reviewed', cause),
    );
    return () => {
      gone = true;
    };
  }, [caseId, id, key]);
  if (!segment || told?.of !== key) return null;
  const { share } = told;
  const good = share.looked && share.unreviewed === 0;
  return (
    <Section
      title="Doubtful places"
      testid={testids.unreviewed}
      end={
        <span className={good ? 'tag s-ok' : 'tag s-warn'}>
          <StatusIcon of={good ? 'ok' : 'warn'} size={12} silent />
          {good ? 'reviewed' : share.looked ? 'not all reviewed' : 'not looked for'}
        </span>
      }
    >
      <div className="pad stack" data-looked={share.looked} data-unreviewed={share.looked ? share.unreviewed : ''}>
        <span>{words(share)}</span>
        {running ? (
          <RunningJob testid={testids.reviewProgress} />
        ) : (
          !good && (
            <button
              type="button"
              className="btn"
              disabled={!share.looked && busy !== null}
              onClick={() => {
                useViewer.getState().set({ activeSegment: segment.id });
                if (share.looked) useWorkspace.getState().set({ step: 'correct' });
                else void findDoubts(segment.id).then(() => setAsked((n) => n + 1));
              }}
            >
              {share.looked ? 'Review them in Correct' : 'Find doubtful places'}
            </button>
          )
        )}
      </div>
    </Section>
  );
}
