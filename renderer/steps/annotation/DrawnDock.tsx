import { useEffect } from 'react';
import { count, ml } from '../../design/numbers.ts';
import { RunningJob } from '../../frame/RunningJob.tsx';
import { applyLooked, dropLooked, lookAgain, useDrawn } from '../../stores/drawn-acts.ts';
import { useToolOptions } from '../../stores/tool-options.ts';
import { useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';

const ownsEnter = 'button, input[type=text], textarea, select, a, summary, [contenteditable=true]';
const quietMs = 250;

/** Enter applies what is looked at, Esc puts it away, wherever the focus is but in a field or on a button. */
function useAnswerKeys(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const answer = (event: KeyboardEvent) => {
      if (document.querySelector('dialog[open]')) return;
      const inField = event.target instanceof Element && event.target.closest(ownsEnter) !== null;
      if (event.key === 'Escape' ? !dropLooked() : event.key !== 'Enter' || inField || !applyLooked()) return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener('keydown', answer, true);
    return () => window.removeEventListener('keydown', answer, true);
  }, [on]);
}

/** A preview follows the options of the tool, once they rest. */
function useLookAgain(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = () => {
      clearTimeout(timer);
      timer = setTimeout(lookAgain, quietMs);
    };
    const stops = [
      useToolOptions.subscribe(later),
      useViewer.subscribe((now, before) => (now.masking !== before.masking || now.brush.gateHu !== before.brush.gateHu) && later()),
    ];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, []);
}

/** What was drawn and is looked at before it is applied: its figures, Cancel, Apply; while it is being made, how far it is. */
export function DrawnDock() {
  const { looking, looked } = useDrawn();
  useAnswerKeys(looking !== null || looked !== null);
  useLookAgain();
  if (looking)
    return (
      <div className="dock">
        <RunningJob testid={testids.drawnRunning} />
      </div>
    );
  if (!looked) return null;
  const { told, words } = looked;
  const change = told.voxels - told.voxelsBefore;
  // An emptied segment has no volume to tell a voxel's from.
  const perVoxel = told.voxels > 0 ? told.volumeMm3 / told.voxels : 0;
  return (
    <div className="dock">
      <div
        className="row preview-line num"
        data-testid={testids.drawnPreview}
        data-voxels={told.voxels}
        data-before={told.voxelsBefore}
        role="status"
      >
        <span className="grow">
          <b>{words}</b>: {ml(told.volumeMm3)} ml in {count(told.partsAfter)} {told.partsAfter === 1 ? 'part' : 'parts'}
          <span className="cap">
            {' '}
            {change === 0
              ? 'nothing changes'
              : perVoxel > 0
                ? `${change > 0 ? '+' : '−'}${ml(Math.abs(change) * perVoxel)} ml, ${count(Math.abs(change))} voxels`
                : 'nothing is left'}
          </span>
        </span>
      </div>
      <div className="row">
        <button type="button" className="btn big" data-testid={testids.drawnCancel} onClick={dropLooked}>
          Cancel <kbd>Esc</kbd>
        </button>
        <button type="button" className="btn big pri grow" data-testid={testids.drawnApply} disabled={change === 0} onClick={applyLooked}>
          Apply <kbd>Enter</kbd>
        </button>
      </div>
    </div>
  );
}
