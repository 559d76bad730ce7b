import { ScanEye, X } from 'lucide-react';
import { networkWording } from '../../../contract/model.ts';
import { icon } from '../../frame/step-names.tsx';
import { useJobs } from '../../stores/jobs.ts';
import { tellProblem } from '../../stores/notices.ts';
import { segmentOrbit } from '../../stores/segment-acts.ts';
import { testids } from '../../testids.ts';

/** The running network job: tile, share done, cancel; in place of the button, where the eye already is. */
function Running() {
  const job = useJobs((s) => s.running.at(-1));
  const cancel = useJobs((s) => s.cancel);
  if (!job) return null;
  const percent = Math.round(job.fraction * 100);
  const stopping = job.state === 'cancelling';
  return (
    <div className="stack" data-testid={testids.networkProgress}>
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

/** The one button: our network with nothing to set. `why` says why it cannot run on what is shown. */
export function SegmentOrbit({ why, running }: { why: string | null; running: boolean }) {
  return (
    <div className="lead">
      {running ? (
        <Running />
      ) : (
        <>
          <button
            type="button"
            className="btn big pri wide"
            data-testid={testids.segmentOrbit}
            disabled={why !== null}
            title={why ?? undefined}
            onClick={() => void segmentOrbit()}
          >
            <ScanEye {...icon} />
            Segment orbit
          </button>
          {why ? (
            <span className="why" data-testid={testids.segmentOrbitWhy}>
              {why}
            </span>
          ) : (
            <span className="cap">Finds the orbits and their thin walls. Networks {networkWording}.</span>
          )}
        </>
      )}
    </div>
  );
}
