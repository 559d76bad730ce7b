import { Box, RefreshCw } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { icon } from '../frame/step-names.tsx';
import { MeshReview } from '../review/index.ts';
import { makePreview } from '../stores/acts.ts';
import { activeSegmentOf, useCase } from '../stores/case.ts';
import { cutInSpace, scissorsOperation } from '../stores/scissors-acts.ts';
import { useToolOptions } from '../stores/tool-options.ts';
import { editRefusal } from '../stores/tools.ts';
import { useViewer } from '../stores/viewer.ts';
import { testids } from '../testids.ts';

/**
 * The 3D cell: a coarse surface of the selected segment, made when asked for; says when it is older than the mask. Scissors cut in it, and
 * while they are in hand the surface follows the mask.
 */
export function SurfaceCell() {
  const { state, busy } = useCase();
  const activeId = useViewer((s) => s.activeSegment);
  const segment = activeSegmentOf(state, activeId);
  const [made, setMade] = useState<{ url: string; segment: string; mask: string } | null>(null);
  const mask = segment ? JSON.stringify(segment.mask) : '';
  const shown = made && made.segment === activeId ? made : null;
  const show = async () => {
    if (!segment) return;
    const url = await makePreview(segment.id);
    // The address is asked with the mask's state, so that a refreshed surface is not the cached one.
    if (url) setMade({ url: `${url}${url.includes('?') ? '&' : '?'}at=${state?.sequence ?? 0}`, segment: segment.id, mask });
  };
  const tool = useViewer((s) => s.tool);
  const shape = useToolOptions((s) => s.scissors.shape);
  const [follows, setFollows] = useState(false);
  const tried = useRef('');
  const refresh = useRef(show);
  refresh.current = show;
  const old = shown !== null && shown.mask !== mask;
  useEffect(() => {
    if (tool !== 'scissors') setFollows(false);
  }, [tool]);
  useEffect(() => {
    // A mask whose surface could not be made is asked for once.
    if (!follows || !old || busy !== null || tried.current === mask) return;
    tried.current = mask;
    void refresh.current();
  }, [follows, old, busy, mask]);
  const button = (
    <button
      type="button"
      className="btn"
      data-testid={testids.showSurface}
      disabled={!segment || busy !== null}
      onClick={() => void show()}
    >
      {shown ? <RefreshCw {...icon} /> : <Box {...icon} />}
      {shown ? 'Refresh' : 'Show surface'}
    </button>
  );
  return (
    <div className="three-d">
      <span className="tl">3D {shown && segment && <span>{segment.name}, coarse</span>}</span>
      {shown ? (
        <>
          <MeshReview
            stlUrl={shown.url}
            volume={null}
            compact
            loop={
              tool === 'scissors'
                ? {
                    shape,
                    erases: (ctrl) => scissorsOperation(ctrl) === 'erase',
                    refusal: editRefusal,
                    onLoop: ({ pointsLps, normalLps, eyeLps }, ctrl) => {
                      setFollows(true);
                      return cutInSpace({ pointsLps, normalLps, ctrl }, eyeLps);
                    },
                  }
                : null
            }
          />
          {old && (
            <div className="again">
              {button}
              <span className="tag s-warn">older than the mask</span>
            </div>
          )}
        </>
      ) : (
        <div className="ask">
          {segment ? button : null}
          <span className="cap">{segment ? `A coarse surface of ${segment.name}` : 'The surface of a segment is shown here'}</span>
        </div>
      )}
    </div>
  );
}
