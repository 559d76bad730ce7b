import { BookOpen, Download, RotateCcw, Upload, X } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import { type Command, commands } from '../commands.ts';
import { keyFile } from '../key-map.ts';
import { keysNow, mouseTable, takeKeyFile } from '../keys.ts';
import { openHelp } from '../stores/help.ts';
import { useKeyChoices } from '../stores/key-choices.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { testids } from '../testids.ts';
import { KeyRow } from './KeyRow.tsx';
import { Modal } from './Modal.tsx';
import { matches } from './palette-search.ts';
import { icon } from './step-names.tsx';

const groups: Command['group'][] = ['Tools', 'Segments', 'Review', 'Annotations', 'View', 'Case', 'Go to', 'Lamina'];

function save(text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  link.download = 'lamina-keys.json';
  link.click();
  URL.revokeObjectURL(link.href);
}

function Sheet() {
  const set = useWorkspace((s) => s.set);
  const choices = useKeyChoices((s) => s.choices);
  const [query, setQuery] = useState('');
  const [capturing, setCapturing] = useState<string | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const table = useMemo(() => new Map(keysNow().map((one) => [one.command, one])), [choices]);
  const title = (id: string) => commands.find((one) => one.id === id)?.title ?? id;
  const close = () => {
    if (capturing === null) set({ keySheet: false });
    else setCapturing(null);
  };
  const found = commands.filter(
    (one) => query.trim() === '' || matches(one, query) || table.get(one.id)?.shown.toLowerCase() === query.trim().toLowerCase(),
  );
  const many = Object.keys(choices).length;
  return (
    <Modal className="sheet" label="Keys" testid={testids.keySheet} onClose={close}>
      <header>
        <h1>Keys</h1>
        <input
          className="text"
          type="search"
          aria-label="Find a command or a key"
          placeholder="Find a command or a key"
          data-testid={testids.keyFind}
          value={query}
          onChange={(e) => setQuery(e.target.value)}
        />
        <span className="grow" />
        <button type="button" className="btn ghost" title="What each step and tool does, in words" onClick={() => openHelp()}>
          <BookOpen {...icon} /> Help
        </button>
        <button
          type="button"
          className="tb"
          aria-label="Save these keys as a file"
          title="Save these keys as a file"
          onClick={() => save(keyFile(choices))}
        >
          <Download {...icon} />
        </button>
        <button
          type="button"
          className="tb"
          aria-label="Take keys from a file"
          title="Take keys from a file"
          onClick={() => file.current?.click()}
        >
          <Upload {...icon} />
        </button>
        <input
          ref={file}
          type="file"
          accept=".json,application/json"
          hidden
          data-testid={testids.keyFile}
          onChange={(e) => {
            const [one] = e.target.files ?? [];
            e.target.value = '';
            if (one)
              void (
                one.size > 64 * 1024
                  ? Promise.resolve('The file is longer than 64 KiB, which no file of keys is.')
                  : one.text().then(takeKeyFile)
              ).then(setFault);
          }}
        />
        <button
          type="button"
          className="btn ghost"
          disabled={many === 0}
          title={
            many === 0
              ? 'Every command has its own key'
              : `${many} ${many === 1 ? 'command has' : 'commands have'} another key than their own`
          }
          data-testid={testids.keyResetAll}
          onClick={() => useKeyChoices.getState().set({ choices: {} })}
        >
          <RotateCcw {...icon} /> Reset all
        </button>
        <button type="button" className="tb" aria-label="Close" onClick={() => set({ keySheet: false })}>
          <X {...icon} />
        </button>
      </header>
      {fault && (
        <p className="keyfault s-bad" role="alert">
          Nothing was taken over. {fault}
        </p>
      )}
      <p className="keyhow cap">Click a key, or press Enter on it, then press the new one. Esc leaves it.</p>
      <div className="body">
        {groups.map((group) => {
          const rows = found.filter((one) => one.group === group);
          if (rows.length === 0) return null;
          return (
            <section key={group} aria-label={group}>
              <h2>{group}</h2>
              {rows.map((one) => (
                <KeyRow
                  key={one.id}
                  command={one}
                  binding={table.get(one.id) ?? { command: one.id, keys: [], shown: '' }}
                  chosen={one.id in choices}
                  title={title}
                  capturing={capturing === one.id}
                  onCapture={(on) => setCapturing(on ? one.id : null)}
                />
              ))}
            </section>
          );
        })}
        {query.trim() === '' && (
          <section aria-label="Mouse and focused view">
            <h2>Mouse and focused view</h2>
            <dl>
              {mouseTable.map(([how, what]) => (
                <div key={how} style={{ display: 'contents' }}>
                  <dt>{what}</dt>
                  <dd>
                    <kbd>{how}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        )}
        {found.length === 0 && <p className="cap">No command has these words, and none this key.</p>}
      </div>
    </Modal>
  );
}

/** Every command with its key, which can be changed here; the same list is under the palette. */
export function KeySheet() {
  return useWorkspace((s) => s.keySheet) ? <Sheet /> : null;
}
