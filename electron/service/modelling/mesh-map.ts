import { Refusal } from '../../../contract/errors.ts';
import type { MeshMap, MeshMapRequest } from '../../../contract/mesh.ts';
import type { Tasks } from '../../processes/protocol.ts';
import { seriesOf } from '../choose.ts';
import type { JobContext } from '../jobs.ts';
import type { Session } from '../open-cases.ts';
import type { Ports } from '../ports.ts';
import { findMesh } from './export.ts';

type Of = Tasks['meshMap']['in']['of'];

/** What the map is of: the mask is the model's own segment as it stands now. */
async function resolve(session: Session, id: string, request: MeshMapRequest): Promise<Of> {
  if (request.kind === 'thickness') return { kind: 'thickness' };
  const state = session.state();
  if (request.against !== 'mask') {
    return { kind: 'deviation', against: { path: session.files.blobPath(findMesh(state, request.against).report.sha256) } };
  }
  const mesh = findMesh(state, id);
  const segment = state.segments.find((one) => one.id === mesh.segment);
  if (!segment) throw new Refusal('NOT_FOUND', 'The segment of this model is not there any more. Compare it with another model.');
  return { kind: 'deviation', against: { mask: await session.maskFile(segment), geometry: seriesOf(state, segment) } };
}

/** P-print, P-finish: thickness or deviation at every vertex of a model, for colours with a legend. Not journalled: it changes nothing. */
export async function mapMesh(ports: Ports, session: Session, id: string, request: MeshMapRequest, context: JobContext): Promise<MeshMap> {
  const stl = session.files.blobPath(findMesh(session.state(), id).report.sha256);
  const name = `preview-map-${ports.newId()}.f32`;
  const { file: _, ...figures } = await ports.compute.run(
    'meshMap',
    { stl, of: await resolve(session, id, request), path: await session.cacheFile(name) },
    { onProgress: context.progress, signal: context.signal },
  );
  return { ...figures, values: `/api/cases/${session.id}/previews/${name}` };
}
