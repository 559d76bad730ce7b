import { MoveHorizontal } from 'lucide-react';
import { testids } from '../../testids.ts';

/** The line between before and after; dragged, or moved with the arrows. */
export function WipeHandle({ at, onChange }: { at: number; onChange: (at: number) => void }) {
  const to = (v: number) => onChange(Math.max(0, Math.min(1, v)));
  return (
    <div className="pre-wipe" style={{ left: `${at * 100}%` }} data-wipe>
      <i />
      <button
        type="button"
        role="slider"
        aria-label="Line between before and after"
        aria-orientation="horizontal"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(at * 100)}
        data-testid={testids.previewWipe}
        onPointerDown={(e) => {
          e.currentTarget.setPointerCapture(e.pointerId);
          e.stopPropagation();
        }}
        onPointerMove={(e) => {
          const box = e.currentTarget.closest('.pre-view')?.getBoundingClientRect();
          if (e.currentTarget.hasPointerCapture(e.pointerId) && box) to((e.clientX - box.left) / box.width);
        }}
        onKeyDown={(e) => {
          if (e.key !== 'ArrowLeft' && e.key !== 'ArrowRight') return;
          e.preventDefault();
          e.stopPropagation();
          to(at + (e.key === 'ArrowLeft' ? -0.02 : 0.02));
        }}
      >
        <MoveHorizontal size={14} strokeWidth={1.5} aria-hidden="true" />
      </button>
    </div>
  );
}
