import type { CaseMesh, CaseState } from '../../../contract/case.ts';
import { Refusal } from '../../../contract/errors.ts';
import { type MeshKind, meshKindOf } from '../../../contract/mesh.ts';
import type { ExportResult } from '../../../contract/routes.ts';
import { exportAct, signAct } from '../cases/acts.ts';
import { provenance } from '../cases/provenance.ts';
import type { JobContext } from '../jobs.ts';
import type { Session } from '../open-cases.ts';
import type { Ports } from '../ports.ts';
import { aboutMesh } from './about-mesh.ts';
import { reviewOf } from './review-of.ts';

export function findMesh(state: CaseState, id: string): CaseMesh {
  const mesh = state.meshes.find((m) => m.id === id || m.report.sha256 === id);
  if (!mesh) throw new Refusal('NOT_FOUND', 'This model does not exist any more. Make it again.');
  return mesh;
}

/** A model of a mask that has changed since says something else than its case; it neither gets a signature nor leaves. */
function assertCurrent(mesh: CaseMesh): void {
  if (!mesh.current) throw new Refusal('MODEL_OUTDATED', 'The segment has changed since this model was made. Make the model again.');
}

/** I-verify: a named person's sign-off under one mesh. */
export function sign(session: Session, request: { mesh: string; name: string; remark: string }): Promise<CaseState> {
  return session.exclusive(async () => {
    const mesh = findMesh(session.state(), request.mesh);
    assertCurrent(mesh);
    await session.append(signAct({ mesh: mesh.id, stl: mesh.report.sha256, name: request.name.trim(), remark: request.remark }));
    return session.state();
  });
}

/** The kind that a name asks for. Throws Refusal where it is none that is written: never an STL under another name. */
export function kindOfName(path: string): MeshKind {
  const kind = meshKindOf(path);
  if (!kind)
    throw new Refusal('OUTPUT_NOT_WRITABLE', 'The name of the file says no kind of model. Let it end in .stl, .ply, .obj or .3mf.');
  return kind;
}

/** A report's name says nothing of its kind for STL, as ever; elsewhere it does, so that two kinds keep their own. */
const reportOf = (path: string, kind: MeshKind) => `${kind === 'stl' ? path.replace(/\.stl$/i, '') : path}.report.json`;

interface ExportWish {
  mesh: string;
  path: string;
  kind: MeshKind;
  unsigned: boolean;
  failed: boolean;
}

/**
 * P-export: copies the checked bytes out (other kinds are made of those bytes, and compared as read again) and writes a report beside
 * them. A mesh that failed its check needs `failed`, an unsigned one needs `unsigned`; both are said in the report. Throws Refusal; leaves
 * nothing half-written.
 */
export function exportMesh(
  ports: Ports,
  session: Session,
  request: ExportWish,
  context?: JobContext,
): Promise<ExportResult & { case: CaseState }> {
  return session.exclusive(async () => {
    const state = session.state();
    const mesh = findMesh(state, request.mesh);
    assertCurrent(mesh);
    const verdict = mesh.reasons;
    if (verdict.length && !request.failed)
      throw new Refusal(verdict[0]?.code ?? 'MESH_NON_MANIFOLD', `${verdict[0]?.message} It is written only when asked for by name.`, {
        reasons: verdict,
      });
    const signOff = state.signOff?.mesh === mesh.id ? state.signOff : null;
    if (!signOff && !request.unsigned)
      throw new Refusal('NOT_SIGNED', 'Nobody has signed this model. Review and sign it, or export it unsigned on purpose.');
    const path = ports.files.absolute(request.path);
    const reportPath = reportOf(path, request.kind);
    const sha256 = await writeKind(ports, session, state, mesh, { kind: request.kind, path, signedBy: signOff?.name ?? null }, context);
    const of = state.segments.find((one) => one.id === mesh.segment);
    const review = of ? await reviewOf(ports, session, of, context) : {};
    const report = { ...exportReport(session, state, mesh, signOff, verdict, ports.now()), ...review };
    const file = { kind: request.kind, sha256, sides: { x: 'L', y: 'P', z: 'S' } };
    await ports.files.writeText(reportPath, `${JSON.stringify({ ...report, file }, null, 2)}\n`);
    if (!session.files.readOnly)
      await session.append(
        exportAct({
          mesh: mesh.id,
          stl: mesh.report.sha256,
          kind: request.kind,
          signed: signOff !== null,
          checkPassed: !verdict.length,
          ...(request.kind === 'stl' ? {} : { sha256 }),
        }),
      );
    return { path, reportPath, sha256, signed: signOff !== null, case: session.state() };
  });
}

/** Writes the model's file and answers its hash. */
async function writeKind(
  ports: Ports,
  session: Session,
  state: CaseState,
  mesh: CaseMesh,
  { kind, path, signedBy }: { kind: MeshKind; path: string; signedBy: string | null },
  context?: JobContext,
): Promise<string> {
  const stl = session.files.blobPath(mesh.report.sha256);
  if (kind === 'stl') {
    await ports.files.copy(stl, path);
    return mesh.report.sha256;
  }
  const about = aboutMesh(ports, {
    case: { id: session.files.identity.id, sequence: state.sequence },
    segment: mesh.segmentName,
    series: state.segments.find((s) => s.id === mesh.segment)?.series ?? null,
    mesh: mesh.report.sha256,
    signedBy,
    passed: mesh.reasons.length === 0,
  });
  const options = context ? { onProgress: context.progress, signal: context.signal } : {};
  return (await ports.compute.run('writeMesh', { stl, kind, about, path }, options)).sha256;
}

function exportReport(session: Session, state: CaseState, mesh: CaseMesh, signOff: CaseState['signOff'], verdict: unknown[], now: string) {
  const segment = state.segments.find((s) => s.id === mesh.segment);
  return {
    what: 'Lamina export report',
    writtenAt: now,
    case: { id: session.files.identity.id, name: state.name, journalSequence: state.sequence },
    units: 'mm',
    frame: 'DICOM patient coordinates, LPS',
    statement: signOff ? `Reviewed and signed by ${signOff.name}` : 'UNSIGNED: nobody has reviewed and signed this model',
    signOff,
    check: verdict.length ? { outcome: 'failed', reasons: verdict } : { outcome: 'passed' },
    mesh: mesh.report,
    settings: mesh.settings,
    segment: segment ? { name: segment.name, technique: segment.technique, volumeMm3: segment.volumeMm3 } : null,
    ...provenance(state, session.entries(), state.series.find((s) => s.seriesInstanceUid === segment?.series) ?? null),
    remark: 'Not a medical device. Validate locally before any clinical use.',
  };
}
