import { Archive, CornerLeftUp, File, Folder, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { FolderListing } from '../../contract/routes.ts';
import { api } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';
import { Note } from '../design/Note.tsx';
import { type FolderQuestion, useWorkspace } from '../stores/workspace.ts';
import { testids } from '../testids.ts';
import { Modal } from './Modal.tsx';
import { listsCase, typedKind } from './path-kind.ts';
import { icon } from './step-names.tsx';

const kinds = { folder: Folder, file: File, case: Archive };
const kindWords = { folder: '', file: 'file', case: 'Lamina case' };
const joined = (folder: string, name: string) => `${folder.replace(/[\\/]$/, '')}${folder.includes('\\') ? '\\' : '/'}${name}`;

function Asked({ question }: { question: FolderQuestion }) {
  const [listing, setListing] = useState<FolderListing | null>(null);
  const [typed, setTyped] = useState('');
  const [name, setName] = useState(question.suggestedName);
  const [chosen, setChosen] = useState<FolderListing['entries'][number] | null>(null);
  const [refusal, setRefusal] = useState<{ text: string; code: string | null; remedy: string | null } | null>(null);
  const saving = question.purpose === 'save';

  // A list that comes late does not write over what was typed or asked for since.
  const edits = useRef(0);

  const go = (where: string | null) => {
    setChosen(null);
    const asked = ++edits.current;
    api.folders(where).then(
      (found) => {
        if (asked !== edits.current) return;
        setListing(found);
        setTyped(found.path);
        setRefusal(null);
      },
      (cause) =>
        asked === edits.current &&
        setRefusal({
          text: cause instanceof Error ? cause.message : String(cause),
          code: cause instanceof ApiProblem ? cause.code : null,
          remedy: cause instanceof ApiProblem ? cause.remedy : null,
        }),
    );
  };
  useEffect(() => go(question.startAt), []);

  const close = () => question.answer(null, 'folder');
  const entries = listing?.entries.filter((e) => !saving || e.kind === 'folder') ?? [];
  // What is typed counts, also before its list has come: nobody expects the folder shown before.
  const folder = typed.trim() || listing?.path;
  const kind = folder && !chosen ? typedKind(folder, listing) : 'folder';
  const confirm = () => {
    if (!folder) return;
    if (saving) question.answer(joined(folder, name.trim()), 'file');
    else if (question.purpose === 'file') question.answer(chosen?.path ?? folder, 'file');
    else if (chosen) question.answer(chosen.path, chosen.kind);
    else if (kind === 'case' || listing?.path === folder) question.answer(folder, kind);
    else {
      // Typed and not listed yet: only the folder's own list tells a case under another name. A file has no list and is read as it is.
      api.folders(folder).then(
        (found) => question.answer(folder, listsCase(found) ? 'case' : 'folder'),
        () => question.answer(folder, 'file'),
      );
    }
  };
  const label =
    saving || question.purpose === 'file'
      ? question.confirm
      : (chosen?.kind ?? kind) === 'case'
        ? 'Open this case'
        : chosen?.kind === 'file'
          ? 'Open this file'
          : question.confirm;
  // A file is asked for: a folder that is merely shown is none.
  const noFile = question.purpose === 'file' && (chosen ? chosen.kind !== 'file' : folder === listing?.path || kind === 'case');
  const nameBad = saving && (name.trim() === '' || /[\\/]/.test(name));

  return (
    <Modal className="folders" label={question.title} testid={testids.folderDialog} onClose={close}>
      <header>
        <h1>{question.title}</h1>
        <button type="button" className="tb" aria-label="Close" onClick={close}>
          <X {...icon} />
        </button>
      </header>
      <form
        className="where"
        onSubmit={(e) => {
          e.preventDefault();
          go(typed);
        }}
      >
        <button
          type="button"
          className="btn"
          disabled={!listing?.parent}
          aria-label="Folder above"
          onClick={() => go(listing?.parent ?? null)}
        >
          <CornerLeftUp {...icon} />
        </button>
        <input
          className="text"
          aria-label="Folder"
          data-testid={testids.folderPath}
          value={typed}
          onChange={(e) => {
            edits.current++;
            setTyped(e.target.value);
            setChosen(null);
          }}
          spellCheck={false}
        />
        <button type="submit" className="btn">
          Go
        </button>
      </form>
      {refusal && (
        <div className="pad" style={{ paddingBottom: 10 }}>
          <Note of="bad" edge title="This folder cannot be read" code={refusal.code}>
            {refusal.text} {refusal.remedy}
          </Note>
        </div>
      )}
      <ul aria-label="Entries">
        {entries.map((entry) => {
          const Icon = kinds[entry.kind];
          return (
            <li key={entry.path}>
              <button
                type="button"
                className={chosen?.path === entry.path ? 'on' : ''}
                data-testid={testids.folderEntry}
                data-kind={entry.kind}
                onClick={() => (entry.kind === 'folder' ? go(entry.path) : setChosen(entry))}
                onDoubleClick={() => entry.kind !== 'folder' && question.answer(entry.path, entry.kind)}
              >
                <Icon {...icon} />
                <span className="clip">{entry.name}</span>
                <span className="cap">{kindWords[entry.kind]}</span>
              </button>
            </li>
          );
        })}
        {listing && entries.length === 0 && <li className="cap pad">{saving ? 'No folders in here' : 'This folder is empty'}</li>}
        {listing?.truncated && <li className="cap pad">Only the first entries are listed. Type the path to go deeper.</li>}
      </ul>
      <footer>
        {saving && (
          <input
            className="text"
            style={{ width: 260 }}
            aria-label="File name"
            data-testid={testids.fileName}
            value={name}
            onChange={(e) => setName(e.target.value)}
            spellCheck={false}
          />
        )}
        <span className="grow cap clip">
          {saving
            ? ''
            : (chosen?.name ??
              (question.purpose === 'file' ? 'Choose a file, or type its path' : 'Everything inside is read, nothing is written'))}
        </span>
        <button type="button" className="btn ghost" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          className="btn pri"
          data-testid={testids.folderConfirm}
          disabled={!folder || nameBad || noFile}
          onClick={confirm}
        >
          {label}
        </button>
      </footer>
    </Modal>
  );
}

/** The page's own folder dialog, for the browser shell; the desktop shell has the system's. */
export function FolderDialog() {
  const question = useWorkspace((s) => s.folderQuestion);
  return question ? <Asked key={question.title} question={question} /> : null;
}
