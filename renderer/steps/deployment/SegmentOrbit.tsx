import { ScanEye } from 'lucide-react';
import { networkWording } from '../../../contract/model.ts';
import { RunningJob } from '../../frame/RunningJob.tsx';
import { icon } from '../../frame/step-names.tsx';
import { segmentOrbit } from '../../stores/segment-acts.ts';
import { testids } from '../../testids.ts';

/** The one button: our network with nothing to set. `why` says why it cannot run on what is shown. */
export function SegmentOrbit({ why, running }: { why: string | null; running: boolean }) {
  return (
    <div className="lead">
      {running ? (
        <RunningJob testid={testids.networkProgress} />
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
