import { BrainCircuit, Cpu, Unplug, X } from 'lucide-react';
import { fixed, hu, significant } from '../design/numbers.ts';
import { StatusIcon } from '../design/Status.tsx';
import { providerWords } from '../steps/deployment/words.ts';
import { useAbout } from '../stores/about.ts';
import { useCase } from '../stores/case.ts';
import { useJobs } from '../stores/jobs.ts';
import { tellProblem, useNotices } from '../stores/notices.ts';
import { useViewer } from '../stores/viewer.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { testids } from '../testids.ts';
import { icon } from './step-names.tsx';

/** HU and LPS mm under the pointer, always; the crosshair's point while the pointer is elsewhere. */
function UnderPointer() {
  const cursor = useViewer((s) => s.cursor);
  const crosshair = useViewer((s) => s.crosshairLps);
  const units = useViewer((s) => s.volume?.units);
  const value = cursor?.value ?? null;
  const lps = cursor?.lps ?? (units ? crosshair : null);
  return (
    <>
      <div className="v num" data-testid={testids.statusValue}>
        <b>{value === null ? '–' : units === 'HU' ? hu(value) : significant(value)}</b> {units === 'HU' ? 'HU' : (units ?? '')}
      </div>
      <div className="lps num" data-testid={testids.statusLps}>
        LPS <b>{lps ? lps.map((v) => fixed(v, 1)).join(', ') : '–'}</b> mm
        {!cursor && lps && <span className="xl">crosshair</span>}
      </div>
    </>
  );
}

function Work() {
  const running = useJobs((s) => s.running);
  const last = useJobs((s) => s.last);
  const cancel = useJobs((s) => s.cancel);
  const loading = useCase((s) => s.loading);
  const busy = useCase((s) => s.busy);
  const job = running.at(-1);
  if (job) {
    const percent = Math.round(job.fraction * 100);
    const stopping = job.state === 'cancelling';
    return (
      <div className="grow" data-testid={testids.statusJob}>
        <b>{stopping ? 'Cancelling' : job.title}</b>
        <span
          className={stopping ? 'prog stopping' : 'prog'}
          role="progressbar"
          aria-label={job.title}
          aria-valuenow={percent}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <i style={{ width: `${percent}%` }} />
        </span>
        <span className="num">{percent} %</span>
        {!stopping && (
          <button
            type="button"
            className="tb small"
            aria-label={`Cancel ${job.title}`}
            title="Cancel"
            data-testid={testids.jobCancel}
            onClick={() => cancel(job.id).catch((cause) => tellProblem('Cancel', cause))}
          >
            <X {...icon} />
          </button>
        )}
        <span className="clip">{stopping ? 'nothing is changed' : job.note}</span>
      </div>
    );
  }
  if (loading)
    return (
      <div className="grow" data-testid={testids.statusJob}>
        <b>Loading {loading.what}</b>
        <span
          className="prog"
          role="progressbar"
          aria-label="Loading"
          aria-valuenow={Math.round(loading.fraction * 100)}
          aria-valuemin={0}
          aria-valuemax={100}
        >
          <i style={{ width: `${loading.fraction * 100}%` }} />
        </span>
        <span className="num">{Math.round(loading.fraction * 100)} %</span>
      </div>
    );
  // Work that is no job: opening a case, an act that is short.
  if (busy)
    return (
      <div className="grow">
        <b>{busy}</b>
      </div>
    );
  if (last)
    return (
      <div className="grow" data-testid={testids.statusJob}>
        <StatusIcon of="ok" silent />
        <span>
          {last.title} in {fixed(last.seconds, 1)} s
        </span>
      </div>
    );
  return <div className="grow">Idle</div>;
}

/** Status line: value and point, running work, what computes, and that nothing leaves the machine. */
export function StatusBar() {
  const about = useAbout((s) => s.about);
  const lost = useNotices((s) => s.lost);
  const step = useWorkspace((s) => s.step);
  const notice = useCase((s) => s.state?.notices[0]);
  const active = useViewer((s) => s.activeSegment);
  const network = useCase((s) => s.state?.segments.find((one) => one.id === active)?.network ?? null);
  return (
    <footer className="stat">
      {step ? (
        <UnderPointer />
      ) : (
        <>
          <div>
            <b>Lamina {about?.version ?? ''}</b>
          </div>
          <div>ISO/IEC 3532-2:2024</div>
        </>
      )}
      <Work />
      {notice && step && (
        <div className="s-warn clip" title={notice.text}>
          <StatusIcon of="warn" silent />
          <span className="clip">{notice.text}</span>
        </div>
      )}
      {lost && (
        <div className="s-bad">
          <StatusIcon of="bad" silent />
          No service
        </div>
      )}
      <div>
        <Cpu {...icon} />
        <b>{about?.computingOn ?? 'CPU'}</b>
      </div>
      {network && step && (
        <div className="xl" title={`${network.providerReason} Networks ${network.wording}.`}>
          <BrainCircuit {...icon} />
          <b>{network.models.map((m) => m.id).join(', ')}</b> on {providerWords(network.provider)}
        </div>
      )}
      <div title="Lamina sends nothing to any other machine">
        <Unplug {...icon} />
        Offline
      </div>
    </footer>
  );
}
