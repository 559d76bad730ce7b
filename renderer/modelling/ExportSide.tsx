import { FolderOpen, Share, Signature } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { CaseMesh } from '../../contract/case.ts';
import { type MeshKind, meshExtensions, meshKinds } from '../../contract/mesh.ts';
import type { ExportResult } from '../../contract/routes.ts';
import { Note } from '../design/Note.tsx';
import { clock, count } from '../design/numbers.ts';
import { Section } from '../design/Section.tsx';
import { StatusIcon } from '../design/Status.tsx';
import { askSavePath } from '../frame/ask-path.ts';
import { icon } from '../frame/step-names.tsx';
import { exportMesh, sign } from '../stores/acts.ts';
import { useCase } from '../stores/case.ts';
import { tellProblem } from '../stores/notices.ts';
import { useSettings } from '../stores/settings.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { testids } from '../testids.ts';
import { exportRefusal } from './export-refusal.ts';
import { Checks, Deviation, Measures } from './MeshFacts.tsx';
import { ObjectSection } from './ObjectSection.tsx';
import { PatchPanel } from './PatchPanel.tsx';
import { useShownMesh } from './shown-mesh.ts';
import { UnreviewedNote } from './UnreviewedNote.tsx';

/** I-verify: a person looks at the model, gives a name, and it stands under this one mesh. */
function SignOff({ mesh }: { mesh: CaseMesh }) {
  const { state, busy } = useCase();
  const reviewer = useSettings((s) => s.reviewer);
  const [name, setName] = useState(reviewer);
  const [remark, setRemark] = useState('');
  const signed = state?.signOff?.mesh === mesh.id ? state.signOff : null;
  const submit = (e: FormEvent) => {
    e.preventDefault();
    useSettings.getState().set({ reviewer: name.trim() });
    void sign(mesh.id, name.trim(), remark.trim());
  };
  if (signed)
    return (
      <Section
        title="Review"
        testid={testids.signed}
        end={
          <span className="tag s-ok">
            <StatusIcon of="ok" size={12} silent />
            signed
          </span>
        }
      >
        <div className="pad">
          <b>{signed.name}</b>, {clock(signed.time)}
          {signed.remark && <div className="selectable">{signed.remark}</div>}
          <div className="cap">The name goes when the model is undone or replaced.</div>
        </div>
      </Section>
    );
  return (
    <Section
      title="Review"
      end={
        <span className="tag s-unk">
          <StatusIcon of="unknown" size={12} silent />
          not signed
        </span>
      }
    >
      <form className="pad stack" onSubmit={submit}>
        <label className="row">
          <span style={{ width: 62 }}>Name</span>
          <input
            className="text grow"
            autoComplete="off"
            maxLength={128}
            data-testid={testids.reviewer}
            value={name}
            onChange={(e) => setName(e.target.value)}
          />
        </label>
        <label className="row" style={{ alignItems: 'start' }}>
          <span style={{ width: 62, paddingTop: 6 }}>Remark</span>
          <textarea
            className="text grow"
            maxLength={2000}
            data-testid={testids.remark}
            value={remark}
            onChange={(e) => setRemark(e.target.value)}
          />
        </label>
        <button
          type="submit"
          className="btn"
          data-testid={testids.sign}
          disabled={name.trim().length < 2 || busy !== null || state?.readOnly === true || !mesh.current}
        >
          <Signature {...icon} />
          Reviewed and signed
        </button>
        {!mesh.current && <span className="cap">The segment has changed: make the model again, then sign it.</span>}
      </form>
    </Section>
  );
}

const kindNames: Record<MeshKind, string> = { stl: 'STL binary', 'stl-ascii': 'STL text', ply: 'PLY', obj: 'OBJ', '3mf': '3MF' };

/** The same place with the extension of the kind, in stead of that of another. */
function withExtension(path: string, kind: MeshKind): string {
  const extension = meshExtensions[kind];
  if (path.toLowerCase().endsWith(extension)) return path;
  const other = Object.values(meshExtensions).find((one) => path.toLowerCase().endsWith(one));
  return (other ? path.slice(0, -other.length) : path) + extension;
}

/** What kind of file; a change takes the chosen place along under its new extension. */
function KindChoice({ kind, choose }: { kind: MeshKind; choose: (kind: MeshKind) => void }) {
  return (
    <label className="row">
      <span className="grow">Kind of file</span>
      <select
        className="pick"
        data-testid={testids.exportKind}
        value={kind}
        onChange={(e) => choose(meshKinds.find((one) => one === e.target.value) ?? 'stl')}
      >
        {meshKinds.map((one) => (
          <option key={one} value={one}>
            {kindNames[one]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Write({ mesh }: { mesh: CaseMesh }) {
  const { state, busy } = useCase();
  const [kind, setKind] = useState<MeshKind>('stl');
  const [path, setPath] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);
  const [anyway, setAnyway] = useState(false);
  const [written, setWritten] = useState<ExportResult | null>(null);
  const signed = state?.signOff?.mesh === mesh.id;
  const good = mesh.reasons.length === 0;
  const suggested = withExtension(`${state?.name ?? 'case'}-${mesh.segmentName}`.replace(/[^\p{L}\p{N}._-]+/gu, '-'), kind);
  const choose = async () => {
    const chosen = await askSavePath(suggested);
    if (!chosen) return null;
    const place = withExtension(chosen, kind);
    setPath(place);
    setWritten(null);
    return place;
  };
  const failed = (cause: unknown) => tellProblem('Writing the model', cause);
  const write = async (unsigned: boolean) => {
    setAsked(false);
    const place = path ?? (await choose());
    if (!place) return;
    const result = await exportMesh({ mesh: mesh.id, path: place, kind, unsigned, failed: !good && anyway });
    if (result) setWritten(result);
  };
  const why = exportRefusal(mesh, anyway, busy);
  return (
    <div className="dock">
      {written && (
        <Note of="ok" edge title={written.signed ? 'Written, signed' : 'Written, unsigned'} testid={testids.exported}>
          <div className="selectable cap" style={{ overflowWrap: 'anywhere' }} data-path={written.path} data-sha256={written.sha256}>
            {written.path}
            <br />
            Report beside it. SHA-256 {written.sha256.slice(0, 16)}…
          </div>
        </Note>
      )}
      {!good && (
        <Note of="bad" edge title="This model failed its check, so it is not written">
          {mesh.reasons.map((r) => (
            <div key={r.code}>
              {r.message} <code>{r.code}</code>
            </div>
          ))}
          <label className="row" style={{ marginTop: 8 }}>
            <input type="checkbox" checked={anyway} onChange={(e) => setAnyway(e.target.checked)} />
            <span>Write it although it failed; the report beside it says so</span>
          </label>
        </Note>
      )}
      {asked && (
        <Note
          of="warn"
          edge
          title="Nobody has signed this model"
          actions={
            <>
              <button type="button" className="btn" data-testid={testids.exportUnsigned} onClick={() => write(true).catch(failed)}>
                Export unsigned
              </button>
              <button type="button" className="btn ghost" onClick={() => setAsked(false)}>
                Not now
              </button>
            </>
          }
        >
          Its report will say 'unsigned'. Sign above, or write it on purpose.
        </Note>
      )}
      <KindChoice
        kind={kind}
        choose={(next) => {
          setKind(next);
          setPath(path && withExtension(path, next));
          setWritten(null);
        }}
      />
      <div className="row">
        <div className="grow">
          <b className="clip" style={{ display: 'block' }}>
            {path ? path.split(/[\\/]/).at(-1) : suggested}
          </b>
          <span
            className="cap clip"
            style={{ display: 'block' }}
            title={path ?? undefined}
            data-testid={testids.exportPath}
            data-path={path ?? ''}
          >
            {path ?? `${kindNames[kind]}, ${count(mesh.report.triangles)} triangles, LPS mm`}
          </span>
        </div>
        <button
          type="button"
          className="btn"
          data-testid={testids.exportChoose}
          onClick={() => choose().catch((cause) => tellProblem('Choosing a place', cause))}
        >
          <FolderOpen {...icon} />
          {path ? 'Change' : 'Choose'}
        </button>
      </div>
      {why && <span className="cap">{why}</span>}
      <button
        type="button"
        className="btn big pri wide"
        data-testid={testids.exportStl}
        disabled={why !== null}
        onClick={() => (signed ? write(false).catch(failed) : setAsked(true))}
      >
        <Share {...icon} />
        {`Export ${good ? 'checked' : 'failed'} ${kind.startsWith('stl') ? 'STL' : kindNames[kind]}`}
      </button>
    </div>
  );
}

/** Export: review and signature, then the file. Unsigned takes a second, deliberate click; a failed check has to be asked for. */
export function ExportSide() {
  const mesh = useShownMesh();
  if (!mesh)
    return (
      <>
        <Section title="Export">
          <div className="empty">
            <b>No model yet</b>
            <span>A model is made and checked in Model; then it can leave from here.</span>
            <button type="button" className="btn" onClick={() => useWorkspace.getState().set({ step: 'model' })}>
              Go to Model
            </button>
          </div>
        </Section>
        <ObjectSection />
        <PatchPanel />
      </>
    );
  return (
    <>
      <SignOff key={mesh.id} mesh={mesh} />
      <Checks report={mesh.report} settings={mesh.settings} />
      <Deviation report={mesh.report} />
      <Measures report={mesh.report} />
      <UnreviewedNote mesh={mesh} />
      <ObjectSection />
      <PatchPanel />
      <Write key={`write ${mesh.id}`} mesh={mesh} />
    </>
  );
}
