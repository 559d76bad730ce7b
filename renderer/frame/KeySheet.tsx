import { X } from 'lucide-react';
import { commands } from '../commands.ts';
import { keyTable, mouseTable } from '../keys.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { testids } from '../testids.ts';
import { Modal } from './Modal.tsx';
import { icon } from './step-names.tsx';

const groups = ['Lamina', 'Case', 'View', 'Tools', 'Segments'] as const;

/** All keys on one sheet, from the table that binds them. */
export function KeySheet() {
  const shown = useWorkspace((s) => s.keySheet);
  const set = useWorkspace((s) => s.set);
  if (!shown) return null;
  const close = () => set({ keySheet: false });
  return (
    <Modal className="sheet" label="Keys" testid={testids.keySheet} onClose={close}>
      <header>
        <h1>Keys</h1>
        <button type="button" className="tb" aria-label="Close" onClick={close}>
          <X {...icon} />
        </button>
      </header>
      <div className="body">
        {groups.map((group) => (
          <section key={group}>
            <h2>{group}</h2>
            <dl>
              {keyTable.map(({ command, shown: text }) => {
                const entry = commands.find((c) => c.id === command);
                return entry?.group === group ? (
                  <div key={command} style={{ display: 'contents' }}>
                    <dt>{entry.title}</dt>
                    <dd>
                      <kbd>{text}</kbd>
                    </dd>
                  </div>
                ) : null;
              })}
            </dl>
          </section>
        ))}
        <section>
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
      </div>
    </Modal>
  );
}
