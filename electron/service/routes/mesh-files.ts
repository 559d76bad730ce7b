import { Hono } from 'hono';
import type { RepairResult } from '../../../contract/mesh.ts';
import { checkMeshRequest, repairMeshRequest } from '../../../contract/routes.ts';
import { accepted, bodyOf, type Rooms } from './room.ts';

/** Mesh files without a case: checked, mended. */
export function meshFileRoutes(rooms: Rooms): Hono {
  const { ports } = rooms;
  const app = new Hono();
  app.post('/check-mesh', async (c) => {
    const request = await bodyOf(c, checkMeshRequest);
    const path = ports.files.absolute(request.path);
    return accepted(c, rooms, 'Check mesh', (context) =>
      ports.compute.run('checkMesh', { ...request, path }, { onProgress: context.progress, signal: context.signal }),
    );
  });
  app.post('/repair-mesh', async (c) => {
    const request = await bodyOf(c, repairMeshRequest);
    const path = ports.files.absolute(request.path);
    const out = ports.files.absolute(request.out);
    return accepted(c, rooms, 'Repair mesh', async (context): Promise<RepairResult> => {
      const into = await ports.files.temporary();
      try {
        const { stl, ...told } = await ports.compute.run(
          'repairMesh',
          { path, settings: request.settings, into, header: 'Lamina binary STL, mended from a mesh file, unsigned' },
          { onProgress: context.progress, signal: context.signal },
        );
        await ports.files.copy(stl.path, out);
        return { ...told, path: out, sha256: stl.sha256 };
      } finally {
        await ports.files.remove(into);
      }
    });
  });
  return app;
}
