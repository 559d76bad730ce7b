import type { CaseMesh, CaseState } from '../../../contract/case.ts';
import type { Coded } from '../../../contract/errors.ts';
import type { MeshReport, MeshSettings } from '../../../contract/mesh.ts';
import { markOf, meshAct } from '../cases/acts.ts';
import { chooseSegment, seriesOf } from '../choose.ts';
import type { JobContext } from '../jobs.ts';
import type { Session } from '../open-cases.ts';
import type { Ports } from '../ports.ts';

/** Text of the STL's 80 bytes: says what frame and units the numbers are in, nothing of the patient. */
export const stlHeader = 'Lamina binary STL, millimetres, DICOM patient coordinates (LPS)';

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
  const result = await ports.compute.run(
    'mesh',
    {
      mask: await session.maskFile(segment),
      geometry: seriesOf(before, segment),
      settings,
      into: session.files.stagingFolder(),
      header: stlHeader,
    },
    { onProgress: context.progress, signal: context.signal },
  );
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
