import { X } from 'lucide-react';
import { useJobs } from '../stores/jobs.ts';
import { tellProblem } from '../stores/notices.ts';
import { icon } from './step-names.tsx';

/** The newest running job with its share done and Cancel; in place of the button that began it, where the eye already is. */
export function RunningJob({ testid }: { testid: string }) {
  const job = useJobs((s) => s.running.at(-1));
  const cancel = useJobs((s) => s.cancel);
  if (!job) return <span className="cap">Waiting for its turn</span>;
  const percent = Math.round(job.fraction * 100);
  const stopping = job.state === 'cancelling';
  return (
    <div className="stack" data-testid={testid}>
      <div className="row">
        <b className="grow">{stopping ? 'Cancelling' : job.title}</b>
        <span className="num">{percent} %</span>
      </div>
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
      <div className="row">
        <span className="cap grow clip">{stopping ? 'The case stays as it is.' : job.note}</span>
        <button
          type="button"
          className="btn"
          disabled={stopping}
          onClick={() => cancel(job.id).catch((cause) => tellProblem('Cancel', cause))}
        >
          <X {...icon} />
          Cancel
        </button>
      </div>
    </div>
  );
}
