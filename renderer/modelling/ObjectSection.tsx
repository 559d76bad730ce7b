import { FileInput, FileOutput } from 'lucide-react';
import { useState } from 'react';
import type { Segment } from '../../contract/case.ts';
import {
  type DeidentifyOptions,
  deidentifyOptions,
  type ObjectExportResult,
  type ObjectImportResult,
  type ObjectKind,
  objectKinds,
} from '../../contract/object-files.ts';
import { Note } from '../design/Note.tsx';
import { Section } from '../design/Section.tsx';
import { Switch } from '../design/Switch.tsx';
import { segmentColour } from '../design/segment-colours.ts';
import { askObjectFile, askSavePath } from '../frame/ask-path.ts';
import { icon } from '../frame/step-names.tsx';
import { useCase } from '../stores/case.ts';
import { tellProblem } from '../stores/notices.ts';
import { exportObject, loadObject } from '../stores/object-acts.ts';
import { useViewer } from '../stores/viewer.ts';
import { testids } from '../testids.ts';
import { DeidentifyRows } from './DeidentifyRows.tsx';
import { loadedLines, objectNames } from './object-words.ts';

function SegmentChoice({ segments, chosen, choose }: { segments: Segment[]; chosen: Set<string>; choose: (next: Set<string>) => void }) {
  const turn = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    choose(next);
  };
  return (
    <fieldset className="stack of-file">
      <legend className="cap">Segments of this series</legend>
      {segments.map(({ id, name, colour, label, number }) => (
        <label key={id} className="row">
          <input type="checkbox" checked={chosen.has(id)} onChange={(e) => turn(id, e.target.checked)} />
          <span className="chip" style={{ background: segmentColour(colour) }} />
          <span className="clip grow">{name}</span>
          <span className="cap num">
            {number} · {label.name}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Told({ written, loaded }: { written: ObjectExportResult | null; loaded: ObjectImportResult | null }) {
  if (written)
    return (
      <Note of="ok" edge title={`Written: ${objectNames[written.kind].name}`} testid={testids.objectWritten}>
        <div className="selectable cap" style={{ overflowWrap: 'anywhere' }} data-path={written.path} data-sha256={written.sha256}>
          {written.path}
        </div>
        {written.findings.map(({ text }) => (
          <div key={text}>{text}</div>
        ))}
      </Note>
    );
  if (loaded)
    return (
      <Note of="ok" edge title={`Loaded: ${loaded.kind}`} testid={testids.objectLoaded}>
        {[...loadedLines(loaded), ...loaded.findings.map(({ text }) => text)].map((text) => (
          <div key={text}>{text}</div>
        ))}
      </Note>
    );
  return null;
}

/** 9.1-interop: segments and annotations for other programs, and back from them. */
export function ObjectSection() {
  const { state, series, busy } = useCase();
  const active = useViewer((s) => s.activeSegment);
  const [kind, setKind] = useState<ObjectKind>('seg');
  const [picked, setPicked] = useState<Set<string> | null>(null);
  const [markups, setMarkups] = useState(true);
  const [deidentify, setDeidentify] = useState<DeidentifyOptions | null>(null);
  const [asChange, setAsChange] = useState<string | null>(null);
  const [unsigned, setUnsigned] = useState(false);
  const [written, setWritten] = useState<ObjectExportResult | null>(null);
  const [loaded, setLoaded] = useState<ObjectImportResult | null>(null);
  const segments = state?.segments.filter((one) => one.series === series) ?? [];
  const chosen = picked ?? new Set(active ? [active] : segments.slice(-1).map((one) => one.id));
  const wanted = segments.filter((one) => chosen.has(one.id));
  const one = kind === 'encapsulated-stl';
  const why =
    wanted.length === 0
      ? 'Choose a segment.'
      : one && wanted.length > 1
        ? 'This kind holds one segment.'
        : deidentify?.pseudonym.trim() === ''
          ? 'The pseudonym is empty.'
          : deidentify && !deidentifyOptions.safeParse(deidentify).success
            ? 'The pseudonym has a backslash or a character that cannot be printed.'
            : busy
              ? `${busy} is running.`
              : null;
  const { name, extension, says } = objectNames[kind];
  const write = async () => {
    const stem = deidentify ? deidentify.pseudonym : `${state?.name ?? 'case'}-${wanted.map((s) => s.name).join('-')}`;
    const chosenPath = await askSavePath(`${stem.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80)}-${kind}${extension}`);
    if (!chosenPath) return;
    const path = chosenPath.toLowerCase().endsWith(extension) ? chosenPath : `${chosenPath}${extension}`;
    setWritten(null);
    setLoaded(null);
    setWritten(await exportObject({ kind, path, segments: wanted.map((s) => s.id), markups, deidentify, unsigned, failed: false }));
  };
  const load = async () => {
    const path = await askObjectFile();
    if (!path) return;
    setWritten(null);
    setLoaded(await loadObject(path, series, asChange));
  };
  return (
    <Section title="For other programs" testid={testids.objects}>
      {segments.length > 0 && (
        <>
          <label className="opt">
            <span className="lb">Kind</span>
            <select
              className="pick grow"
              aria-label="Kind of file for other programs"
              data-testid={testids.objectKind}
              value={kind}
              onChange={(e) => setKind(objectKinds.find((k) => k === e.target.value) ?? 'seg')}
            >
              {objectKinds.map((k) => (
                <option key={k} value={k}>
                  {objectNames[k].name}
                </option>
              ))}
            </select>
          </label>
          <div className="pad cap" style={{ paddingTop: 0 }}>
            {says}
          </div>
          <SegmentChoice segments={segments} chosen={chosen} choose={setPicked} />
          {(kind === 'sr' || kind === 'aim' || kind === 'rtstruct') && (
            <div className="opt">
              <span className="lb">With</span>
              <span className="grow">the annotations of this series</span>
              <Switch label="With the annotations of this series" on={markups} onChange={setMarkups} />
            </div>
          )}
          {one && (
            <label className="pad row">
              <input type="checkbox" checked={unsigned} onChange={(e) => setUnsigned(e.target.checked)} />
              <span>Also when nobody has signed the model; the file then says so</span>
            </label>
          )}
          <DeidentifyRows options={deidentify} choose={setDeidentify} />
        </>
      )}
      <div className="pad stack">
        <Told written={written} loaded={loaded} />
        {segments.length > 0 && (
          <button
            type="button"
            className="btn wide"
            data-testid={testids.exportObject}
            disabled={why !== null}
            onClick={() => void write().catch((cause) => tellProblem('Writing the file', cause))}
          >
            <FileOutput {...icon} />
            Export {name}
          </button>
        )}
        {segments.length > 0 && (
          <label className="opt load-as">
            <span className="lb">Load as</span>
            <select
              className="pick grow"
              aria-label="What a loaded mask is"
              data-testid={testids.loadAs}
              value={asChange ?? ''}
              onChange={(e) => setAsChange(e.target.value || null)}
            >
              <option value="">what the file says it is</option>
              {segments.map(({ id, name: called }) => (
                <option key={id} value={id}>
                  a change of {called}
                </option>
              ))}
            </select>
          </label>
        )}
        <button
          type="button"
          className="btn wide"
          data-testid={testids.loadObject}
          disabled={!state || state.readOnly || busy !== null}
          onClick={() => void load().catch((cause) => tellProblem('Loading the file', cause))}
        >
          <FileInput {...icon} />
          Load segments from a file
        </button>
        <span className="cap">
          {(segments.length > 0 && why) || 'What came from this case is changed by an act that undo takes back; the rest is new.'}
        </span>
      </div>
    </Section>
  );
}
