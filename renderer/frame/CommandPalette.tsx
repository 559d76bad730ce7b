import { Search } from 'lucide-react';
import { useId, useMemo, useState } from 'react';
import { commands, runCommand } from '../commands.ts';
import { fixed } from '../design/numbers.ts';
import { keyOf } from '../keys.ts';
import { useCase } from '../stores/case.ts';
import { useViewer } from '../stores/viewer.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { testids } from '../testids.ts';
import { goTo } from '../viewports/index.ts';
import { Modal } from './Modal.tsx';
import { matches, pointIn } from './palette-search.ts';
import { icon } from './step-names.tsx';

function Palette({ goto }: { goto: boolean }) {
  const set = useWorkspace((s) => s.set);
  const undoName = useCase((s) => s.state?.undo);
  const redoName = useCase((s) => s.state?.redo);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const close = () => set({ palette: null });
  const point = pointIn(query);
  const entries = useMemo(() => {
    if (goto && !query) return [];
    const named = commands.map((c) =>
      c.id === 'case.undo' && undoName
        ? { ...c, title: `Undo ${undoName}` }
        : c.id === 'case.redo' && redoName
          ? { ...c, title: `Redo ${redoName}` }
          : c,
    );
    return point ? [] : named.filter((c) => matches(c, query)).sort((a, b) => Number(a.refusal() !== null) - Number(b.refusal() !== null));
  }, [query, point, goto, undoName, redoName]);
  const total = point ? 1 : entries.length;
  const run = (n: number) => {
    close();
    if (point) {
      if (useViewer.getState().volume) goTo(point);
      return;
    }
    const entry = entries[n];
    if (entry) runCommand(entry.id);
  };
  return (
    <Modal className="palette" label="Commands" testid={testids.palette} onClose={close}>
      <div className="q">
        <Search {...icon} />
        <input
          // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type in
          autoFocus
          data-testid={testids.paletteInput}
          role="combobox"
          aria-label={goto ? 'Point in LPS mm' : 'Command'}
          aria-expanded={total > 0}
          aria-controls={list}
          aria-activedescendant={total > 0 ? `${list}-${at}` : undefined}
          placeholder={goto ? 'x, y, z in LPS mm, for example 12.5, −80, 55' : 'A command, or a point: 12.5, −80, 55'}
          value={query}
          onChange={(e) => {
            setQuery(e.target.value);
            setAt(0);
          }}
          onKeyDown={(e) => {
            const move = { ArrowDown: 1, ArrowUp: -1 }[e.key];
            if (move !== undefined) {
              e.preventDefault();
              const next = (at + move + Math.max(1, total)) % Math.max(1, total);
              setAt(next);
              document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: 'nearest' });
            } else if (e.key === 'Enter') {
              e.preventDefault();
              run(at);
            }
          }}
        />
        <kbd>Esc</kbd>
      </div>
      <div role="listbox" id={list} aria-label="Commands">
        <div className="entries">
          {point && (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox holds the focus and runs the entry
            <div id={`${list}-0`} role="option" aria-selected className="at" tabIndex={-1} onClick={() => run(0)}>
              <span className="cap">View</span>
              <span className="num">Go to {point.map((v) => fixed(v, 1)).join(', ')} mm</span>
              <kbd>Enter</kbd>
            </div>
          )}
          {entries.map((c, n) => {
            const refusal = c.refusal();
            const key = keyOf(c.id);
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the combobox holds the focus and runs the entry
              <div
                key={c.id}
                id={`${list}-${n}`}
                role="option"
                aria-selected={n === at}
                aria-disabled={refusal !== null}
                tabIndex={-1}
                className={[n === at ? 'at' : '', refusal ? 'off' : ''].join(' ')}
                onPointerMove={() => setAt(n)}
                onClick={() => run(n)}
              >
                <span className="cap">{c.group}</span>
                <span className="clip">
                  {c.title}
                  {refusal && n === at && <span className="cap"> · {refusal}</span>}
                </span>
                {key ? <kbd>{key}</kbd> : <span />}
              </div>
            );
          })}
          {total === 0 && (
            <div className="off">
              <span className="cap">{goto ? 'View' : ''}</span>
              <span>{goto ? 'Three numbers: left, posterior, superior' : 'No command has these words'}</span>
            </div>
          )}
        </div>
      </div>
    </Modal>
  );
}

/** Every command by its words, with its key; Ctrl+G opens it for a point. */
export function CommandPalette() {
  const palette = useWorkspace((s) => s.palette);
  return palette ? <Palette key={palette} goto={palette === 'goto'} /> : null;
}
