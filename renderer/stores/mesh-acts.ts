import { z } from 'zod';
import { coded } from '../../contract/errors.ts';
import { type MeshMap, type MeshMapRequest, type MeshSettings, meshMap, meshReport } from '../../contract/mesh.ts';
import type { MeshPreview } from '../../contract/routes.ts';
import { api } from '../api/client.ts';
import { act, open } from './acts.ts';
import { runJob } from './jobs.ts';

const meshPreview = z.object({ report: meshReport, reasons: coded.array(), seconds: z.number(), mesh: z.string() });

/** The whole model as it would be made, with its report; the case stays as it is. */
export function previewMesh(segment: string, settings: MeshSettings): Promise<MeshPreview | null> {
  return act('Preview the model', async () => meshPreview.parse(await runJob(api.meshPreview(open().id, segment, settings))), {
    reads: true,
  });
}

/** A value in mm for each vertex of a model, with its figures. Throws RangeError where the bytes are not as many as it says. */
export function mapMesh(mesh: string, request: MeshMapRequest): Promise<{ map: MeshMap; values: Float32Array } | null> {
  return act(
    request.kind === 'thickness' ? 'Measure the walls' : 'Measure the deviation',
    async () => {
      const map = meshMap.parse(await runJob(api.meshMap(open().id, mesh, request)));
      const bytes = await api.previewBytes(map.values, 4 * map.vertices);
      return { map, values: new Float32Array(bytes.buffer, bytes.byteOffset, map.vertices) };
    },
    { reads: true },
  );
}
