import type { Plane } from '../stores/viewer.ts';

export type ReviewPlane = 'off' | Plane;
const planes: readonly ReviewPlane[] = ['off', 'axial', 'coronal', 'sagittal'];

/** Which CT plane lies under the model, and the way back to the first view. */
export function ReviewTools({
  plane,
  onPlane,
  onReset,
}: {
  plane: ReviewPlane;
  onPlane: (plane: ReviewPlane) => void;
  onReset: () => void;
}) {
  return (
    <div className="review-tools">
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset draws a frame of its own */}
      <div className="review-planes" role="group" aria-label="CT plane with the outline">
        {planes.map((name) => (
          <button key={name} type="button" aria-pressed={name === plane} onClick={() => onPlane(name)}>
            {name !== 'off' && <i className="review-square" style={{ background: `var(--plane-${name})` }} />}
            {`${name[0]?.toUpperCase()}${name.slice(1)}`}
          </button>
        ))}
      </div>
      <button
        type="button"
        className="review-reset"
        aria-label="First view, from anterior"
        title="First view, from anterior (R)"
        onClick={onReset}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <path d="M3 8a5 5 0 1 0 1.6-3.7L3 5.8M3 2.8v3h3" />
        </svg>
      </button>
    </div>
  );
}
