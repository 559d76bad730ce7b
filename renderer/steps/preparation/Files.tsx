import { Copy } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { FileUse } from '../../../contract/acquisition.ts';
import { api } from '../../api/client.ts';
import { Choice } from '../../design/Choice.tsx';
import { Note } from '../../design/Note.tsx';
import { count } from '../../design/numbers.ts';
import { StatusIcon } from '../../design/Status.tsx';
import { icon } from '../../frame/step-names.tsx';
import { useNotices } from '../../stores/notices.ts';
import { testids } from '../../testids.ts';
import { type FileFilter, filesText, fileWords, filterFiles, sharedFolder } from './file-list.ts';
import { useRowWindow } from './row-window.ts';

const rowPx = 26;

/** Copies as text; where the page may not, says how else. */
async function copy(text: string, n: number): Promise<void> {
  const { tell } = useNotices.getState();
  try {
    await navigator.clipboard.writeText(text);
    tell({ kind: 'done', title: `Copied ${count(n)} ${n === 1 ? 'line' : 'lines'}`, text: 'A table program takes them as columns.' });
  } catch {
    tell({
      kind: 'notice',
      title: 'The clipboard was refused to this page',
      text: 'lamina import INPUT --case DIR --json prints the same list, and single lines can be selected here.',
    });
  }
}

function List({ files, names, folder }: { files: FileUse[]; names: Record<string, string>; folder: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [first, last] = useRowWindow(box, files.length, rowPx);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reached by the keyboard
    <div className="files" ref={box} tabIndex={0}>
      <ul aria-label="Files of the input" style={{ height: files.length * rowPx }}>
        {files.slice(first, last).map((f, n) => (
          <li
            key={first + n}
            className="file"
            aria-posinset={first + n + 1}
            aria-setsize={files.length}
            style={{ top: (first + n) * rowPx, height: rowPx }}
            data-testid={testids.fileRow}
            data-used={f.series !== null}
          >
            <StatusIcon of={f.series === null ? 'info' : 'ok'} size={14} silent />
            <span className="path clip selectable" title={f.path}>
              {/* A name in another direction must not turn the line. */}
              <bdi>{f.path.slice(folder.length)}</bdi>
            </span>
            <span className="clip selectable" title={f.why || undefined}>
              {fileWords(f, names)}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Every file of the input, used or not, and why: filtered, found by text, copied as text. */
export function Files({ caseId, names }: { caseId: string; names: Record<string, string> }) {
  const [files, setFiles] = useState<FileUse[] | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [filter, setFilter] = useState<FileFilter>('all');
  const [text, setText] = useState('');
  useEffect(() => {
    let wanted = true;
    api.files(caseId).then(
      (list) => wanted && setFiles(list),
      (cause) => wanted && setFault(cause instanceof Error ? cause.message : String(cause)),
    );
    return () => {
      wanted = false;
    };
  }, [caseId]);
  const shown = useMemo(() => filterFiles(files ?? [], filter, text), [files, filter, text]);
  const folder = useMemo(() => sharedFolder(files ?? []), [files]);
  const out = files?.filter((f) => f.series === null).length ?? 0;
  return (
    <section className="card files-card" aria-label="Files" data-testid={testids.files}>
      <header>
        <h2>Files</h2>
        {files && (
          <>
            <input
              className="text"
              aria-label="Find a file"
              placeholder="Find in path or reason"
              value={text}
              onChange={(e) => setText(e.target.value)}
            />
            <Choice
              label="Which files"
              value={filter}
              testid={testids.fileFilter}
              options={[
                { value: 'all', label: `All ${count(files.length)}` },
                { value: 'used', label: `Used ${count(files.length - out)}` },
                { value: 'left out', label: `Left out ${count(out)}` },
              ]}
              onChange={setFilter}
            />
            <button
              type="button"
              className="btn"
              data-testid={testids.fileCopy}
              disabled={shown.length === 0}
              onClick={() => void copy(filesText(shown), shown.length)}
            >
              <Copy {...icon} />
              Copy
            </button>
          </>
        )}
      </header>
      {folder !== '' && (
        <p className="files-folder cap clip selectable" title={folder}>
          in <bdi>{folder}</bdi>
        </p>
      )}
      {fault && (
        <div style={{ padding: 12 }}>
          <Note of="warn" title="The list of files could not be read">
            {fault}
          </Note>
        </div>
      )}
      {!files && !fault && <p style={{ padding: '10px 14px' }}>Reading the list</p>}
      {files && shown.length > 0 && <List key={`${filter}${text}`} files={shown} names={names} folder={folder} />}
      {files && shown.length === 0 && (
        <p style={{ padding: '10px 14px' }}>{files.length === 0 ? 'This case has no list of its files.' : 'No file is like that.'}</p>
      )}
    </section>
  );
}
