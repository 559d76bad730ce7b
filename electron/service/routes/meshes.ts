import { Hono } from 'hono';
import { type MeshComparison, meshMapRequest } from '../../../contract/mesh.ts';
import { compareMeshesRequest } from '../../../contract/routes.ts';
import { mapMesh } from '../modelling/mesh-map.ts';
import { BadRequest } from '../problems.ts';
import { accepted, bodyOf, type Rooms } from './room.ts';

/** What is measured on meshes: maps of a case's models, comparisons of files. */
export function meshRoutes(rooms: Rooms): Hono {
  const { ports, open } = rooms;
  const app = new Hono();
  app.post('/cases/:case/meshes/:id/map', async (c) => {
    const request = await bodyOf(c, meshMapRequest);
    const session = open.get(c.req.param('case'));
    const id = c.req.param('id');
    const title = request.kind === 'thickness' ? 'Wall thickness' : 'Deviation';
    return accepted(c, rooms, title, (context) => mapMesh(ports, session, id, request, context), session.id);
  });
  app.post('/compare-meshes', async (c) => {
    const request = await bodyOf(c, compareMeshesRequest);
    const [a, b] = [ports.files.absolute(request.a), ports.files.absolute(request.b)];
    if (request.out !== null && !/\.ply$/i.test(request.out)) throw new BadRequest('out: names a .ply file');
    const out = request.out === null ? null : ports.files.absolute(request.out);
    return accepted(c, rooms, 'Compare meshes', async (context): Promise<MeshComparison> => {
      const into = await ports.files.temporary();
      try {
        const options = { onProgress: context.progress, signal: context.signal };
        const { ply, ...told } = await ports.compute.run('compareMeshes', { a, b, into: out === null ? null : into }, options);
        if (ply && out !== null) await ports.files.copy(ply.path, out);
        return { ...told, path: out };
      } finally {
        await ports.files.remove(into);
      }
    });
  });
  return app;
}
