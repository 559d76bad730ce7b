import type { CaseMesh, CaseState } from '../../../contract/case.ts';
import { Refusal } from '../../../contract/errors.ts';
import type { ExportResult } from '../../../contract/routes.ts';
import { exportAct, signAct } from '../cases/acts.ts';
import { provenance } from '../cases/provenance.ts';
import type { Session } from '../open-cases.ts';
import type { Ports } from '../ports.ts';

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

/**
 * P-export: copies the checked bytes out and writes a report beside them. A mesh that failed its check needs `failed`, an unsigned one
 * needs `unsigned`; both are said in the report. Throws Refusal; leaves nothing half-written.
 */
export function exportMesh(
  ports: Ports,
  session: Session,
  request: { mesh: string; path: string; unsigned: boolean; failed: boolean },
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
    const reportPath = `${path.replace(/\.stl$/i, '')}.report.json`;
    await ports.files.copy(session.files.blobPath(mesh.report.sha256), path);
    await ports.files.writeText(
      reportPath,
      `${JSON.stringify(exportReport(session, state, mesh, signOff, verdict, ports.now()), null, 2)}\n`,
    );
    if (!session.files.readOnly)
      await session.append(
        exportAct({ mesh: mesh.id, stl: mesh.report.sha256, kind: 'stl', signed: signOff !== null, checkPassed: !verdict.length }),
      );
    return { path, reportPath, sha256: mesh.report.sha256, signed: signOff !== null, case: session.state() };
  });
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
