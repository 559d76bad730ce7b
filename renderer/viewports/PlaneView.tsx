import type { Plane } from '../stores/viewer.ts';
import { planeNames } from './camera/plane-axes.ts';

/** The anatomy of one view. React draws it once; the stage writes into the marked parts. */
export function PlaneView({ plane }: { plane: Plane }) {
  return (
    <div
      className="vp"
      data-plane={plane}
      data-testid={`viewport-${plane}`}
      data-cover="empty"
      role="application"
      aria-label={`${planeNames[plane]} view`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application is worked with the keyboard
      tabIndex={0}
    >
      <div className="vp-image" data-part="image" />
      <canvas className="vp-layer" data-part="mask" />
      <canvas className="vp-layer" data-part="marks" />
      <div className="vp-title" data-part="title">
        {planeNames[plane]} <span data-part="slice" />
        <span className="vp-tilt" data-part="tilt" />
      </div>
      <div className="vp-window" data-part="window" />
      <div className="vp-letter vp-n" data-part="north" />
      <div className="vp-letter vp-s" data-part="south" />
      <div className="vp-letter vp-w" data-part="west" />
      <div className="vp-letter vp-e" data-part="east" />
      <div className="vp-scale">
        <i data-part="scale-bar" />
        <span data-part="scale-text" />
      </div>
      <div className="vp-note" data-part="note" />
      <div
        className="vp-bar"
        data-part="bar"
        data-testid={`slice-bar-${plane}`}
        role="slider"
        aria-orientation="vertical"
        aria-label={`${planeNames[plane]} slice`}
        aria-valuemin={1}
        aria-valuemax={1}
        aria-valuenow={1}
        tabIndex={-1}
      >
        <div className="vp-track" data-part="bar-track">
          <b data-part="bar-thumb" />
        </div>
      </div>
      <div className="vp-pop" data-part="pop" role="status" hidden>
        <b data-part="pop-value" />
        <span data-part="pop-brush" />
        <span className="vp-pop-warn" data-part="pop-gate" />
      </div>
      <div className="vp-cover" data-part="cover">
        <span data-part="cover-words" />
      </div>
    </div>
  );
}
