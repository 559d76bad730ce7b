import type { CaseMesh, CaseState, Segment } from '../../../contract/case.ts';
import type { Coded } from '../../../contract/errors.ts';
import type { MeshReport, MeshSettings } from '../../../contract/mesh.ts';
import type { MeshPreview } from '../../../contract/routes.ts';
import { markOf, meshAct } from '../cases/acts.ts';
import { chooseSegment, seriesOf } from '../choose.ts';
import type { JobContext } from '../jobs.ts';
import type { Session } from '../open-cases.ts';
import type { Ports } from '../ports.ts';

/** Text of the STL's 80 bytes: says what frame and units the numbers are in, nothing of the patient. */
export const stlHeader = 'Lamina binary STL, millimetres, DICOM patient coordinates (LPS)';

/** What a surface is made of: the mask, and the image where its values are HU (elsewhere bone need not be the brighter side). */
async function meshInput(session: Session, state: CaseState, segment: Segment) {
  const series = seriesOf(state, segment);
  const volume = series.voxels.units === 'HU' ? session.volumeFile(series) : null;
  return { mask: await session.maskFile(segment), geometry: series, volume };
}

/** The whole finish without a trace in the journal: what makeMesh would make, for looking at. */
export async function previewMesh(
  ports: Ports,
  session: Session,
  nameOrId: string,
  settings: MeshSettings,
  context: JobContext,
): Promise<MeshPreview> {
  const state = session.state();
  const segment = chooseSegment(state, nameOrId);
  const into = await ports.files.temporary();
  try {
    const input = { ...(await meshInput(session, state, segment)), settings, into, header: stlHeader };
    const { stl, report, reasons, seconds } = await ports.compute.run('mesh', input, {
      onProgress: context.progress,
      signal: context.signal,
    });
    const name = `preview-${ports.newId()}.stl`;
    await ports.files.copy(stl.path, await session.cacheFile(name));
    return { report, reasons, seconds, mesh: `/api/cases/${session.id}/previews/${name}` };
  } finally {
    await ports.files.remove(into);
  }
}

/** P-surface, P-finish: mask to closed surface to smoothed mesh to STL bytes, checked as re-read; journals the mesh. */
export async function makeMesh(
  ports: Ports,
  session: Session,
  nameOrId: string | null,
  settings: MeshSettings,
  context: JobContext,
): Promise<{ mesh: CaseMesh; report: MeshReport; reasons: Coded[]; seconds: number; case: CaseState }> {
  session.assertWritable();
  const before = session.state();
  const segment = chooseSegment(before, nameOrId);
  const into = session.files.stagingFolder();
  const input = { ...(await meshInput(session, before, segment)), settings, into, header: stlHeader };
  const result = await ports.compute.run('mesh', input, { onProgress: context.progress, signal: context.signal });
  // Strokes go on while the surface is made; a mesh of a mask that changed meanwhile is kept and is not current.
  const entry = await session.record(
    result.stl,
    meshAct({
      segment: segment.id,
      segmentName: segment.name,
      from: markOf(segment.mask),
      settings,
      report: result.report,
      reasons: result.reasons,
      inputs: segment.mask.base === null ? [] : [segment.mask.base],
      stl: result.stl.sha256,
    }),
  );
  const state = session.state();
  const mesh = state.meshes.find((m) => m.sequence === entry.sequence);
  if (!mesh) throw new RangeError('the journal did not make the mesh');
  return { mesh, report: result.report, reasons: result.reasons, seconds: result.seconds, case: state };
}
