import { Hono } from 'hono';
import type { RepairResult } from '../../../contract/mesh.ts';
import { checkMeshRequest, repairMeshRequest } from '../../../contract/routes.ts';
import { aboutMesh } from '../modelling/about-mesh.ts';
import { kindOfName } from '../modelling/export.ts';
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
    const kind = kindOfName(out);
    return accepted(c, rooms, 'Repair mesh', async (context): Promise<RepairResult> => {
      const into = await ports.files.temporary();
      try {
        const options = { onProgress: context.progress, signal: context.signal };
        const { stl, ...told } = await ports.compute.run(
          'repairMesh',
          { path, settings: request.settings, into, header: 'Lamina binary STL, mended from a mesh file, unsigned' },
          options,
        );
        if (kind === 'stl') {
          await ports.files.copy(stl.path, out);
          return { ...told, path: out, sha256: stl.sha256 };
        }
        const of = { case: null, segment: 'Mended mesh', series: null, mesh: stl.sha256, signedBy: null, passed: true };
        const about = aboutMesh(ports, of);
        // Whose frame a mesh from elsewhere is in, it does not say.
        const facts = about.facts.filter(({ name }) => !['Frame', 'Sides', 'PatientTransform'].includes(name));
        const header = 'Lamina model, mended from a mesh file, unsigned';
        const { sha256 } = await ports.compute.run(
          'writeMesh',
          { stl: stl.path, kind, about: { ...about, header, facts }, path: out },
          options,
        );
        return { ...told, path: out, sha256 };
      } finally {
        await ports.files.remove(into);
      }
    });
  });
  return app;
}
