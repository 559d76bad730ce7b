import { BookOpen, Check, CircleQuestionMark, House, LoaderCircle, Lock, Redo2, Search, Undo2 } from 'lucide-react';
import { Mark } from '../design/Mark.tsx';
import { clock, spacing } from '../design/numbers.ts';
import { ToolButton } from '../design/ToolButton.tsx';
import { useKey } from '../keys.ts';
import { SeriesMenu } from '../steps/preprocessing/SeriesMenu.tsx';
import { leave, redo, undo } from '../stores/acts.ts';
import { useCase } from '../stores/case.ts';
import { openHelp } from '../stores/help.ts';
import { useJobs } from '../stores/jobs.ts';
import { useScan } from '../stores/scan.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { testids } from '../testids.ts';
import { icon } from './step-names.tsx';

function CaseName() {
  const { state, series } = useCase();
  const scanned = useScan((s) => s.paths);
  const step = useWorkspace((s) => s.step);
  if (!step) return <div />;
  const shown = state?.series.find((s) => s.seriesInstanceUid === series);
  const name = state?.name ?? scanned[0]?.split(/[\\/]/).filter(Boolean).at(-1) ?? '';
  return (
    <div className="case" data-testid={testids.caseName}>
      <ToolButton name="Close the case" icon={House} onClick={() => void leave()} />
      <span className="clip">{name}</span>
      <SeriesMenu />
      {shown && (
        <span className="cap num xl clip grid">
          {shown.modality} · {shown.dimensions.join(' × ')} · {shown.spacingMm.map(spacing).join(' × ')} mm
        </span>
      )}
      {!state && name && <span className="cap">not imported yet</span>}
    </div>
  );
}

function Saved() {
  const state = useCase((s) => s.state);
  const working = useJobs((s) => s.running.length > 0);
  if (!state) return null;
  if (state.readOnly)
    return (
      <span className="saved" data-testid={testids.saved}>
        <Lock {...icon} className="s-warn" />
        Read-only
      </span>
    );
  return (
    <span className="saved num" data-testid={testids.saved} title={`Journal entry ${state.sequence}`}>
      {working ? <LoaderCircle {...icon} /> : <Check {...icon} className="s-ok" />}
      {working ? 'Working' : `Saved ${clock(state.savedAt)}`}
    </span>
  );
}

/** Head of the window: mark, case, command search, undo with the step's name, save state, keys. */
export function Head() {
  const state = useCase((s) => s.state);
  const job = useJobs((s) => s.running[0]);
  const reads = useCase((s) => s.busyReads);
  const step = useWorkspace((s) => s.step);
  const set = useWorkspace((s) => s.set);
  const [helpKey, keyOfKeys, undoKey, redoKey, paletteKey] = [
    useKey('lamina.help'),
    useKey('lamina.keys'),
    useKey('case.undo'),
    useKey('case.redo'),
    useKey('lamina.palette'),
  ];
  const blocked = state?.readOnly ? 'the case is read-only' : job && !reads ? `${job.title} is running` : null;
  return (
    <header className="head">
      <div className="brand">
        <Mark />
        <span>Lamina</span>
      </div>
      <CaseName />
      <button type="button" className="find" onClick={() => set({ palette: 'commands' })} aria-haspopup="dialog">
        <Search {...icon} />
        <span className="clip">Search or run a command</span>
        {paletteKey && <kbd>{paletteKey}</kbd>}
      </button>
      <div className="head-end">
        {step && state && (
          <>
            <button
              type="button"
              className="undo"
              data-testid={testids.undo}
              aria-disabled={!state.undo || blocked !== null}
              aria-label={state.undo ? `Undo ${state.undo}` : 'Nothing to undo'}
              title={
                blocked ? `Undo is off: ${blocked}` : state.undo ? `Undo ${state.undo}${undoKey ? ` (${undoKey})` : ''}` : 'Nothing to undo'
              }
              onClick={() => !blocked && void undo()}
            >
              <Undo2 {...icon} />
              {state.undo && <span className="clip">{state.undo}</span>}
            </button>
            <button
              type="button"
              className="undo"
              data-testid={testids.redo}
              aria-disabled={!state.redo || blocked !== null}
              aria-label={state.redo ? `Redo ${state.redo}` : 'Nothing to redo'}
              title={
                blocked ? `Redo is off: ${blocked}` : state.redo ? `Redo ${state.redo}${redoKey ? ` (${redoKey})` : ''}` : 'Nothing to redo'
              }
              onClick={() => !blocked && void redo()}
            >
              <Redo2 {...icon} />
            </button>
            <Saved />
          </>
        )}
        <ToolButton name="Help" keys={helpKey} icon={BookOpen} align="right" onClick={() => openHelp()} />
        <ToolButton name="Keys" keys={keyOfKeys} icon={CircleQuestionMark} align="right" onClick={() => set({ keySheet: true })} />
      </div>
    </header>
  );
}
