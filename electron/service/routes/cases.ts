import { Hono } from 'hono';
import { Refusal } from '../../../contract/errors.ts';
import { autoRequest, exportRequest, niftiRequest, signRequest } from '../../../contract/routes.ts';
import { strokeRequest } from '../../../contract/segmentation.ts';
import { acknowledgeAct } from '../cases/acts.ts';
import { journalSince } from '../cases/journal-since.ts';
import { hasDelta, maskDelta } from '../cases/mask-deltas.ts';
import { chooseSeries } from '../choose.ts';
import { exportMesh, findMesh, sign } from '../modelling/export.ts';
import { exportNifti } from '../modelling/export-segment.ts';
import { segmentToMesh } from '../pipeline.ts';
import { BadRequest } from '../problems.ts';
import { addStroke, redo, undo } from '../steps/annotation/strokes.ts';
import { accepted, bodyOf, fileResponse, type Rooms } from './room.ts';

/** Routes of one open case that are not about one segment. */
export function caseRoutes(rooms: Rooms): Hono {
  const { ports, open } = rooms;
  const app = new Hono();
  app.get('/:case', (c) => c.json(open.get(c.req.param('case')).state()));
  app.delete('/:case', async (c) => {
    const session = open.get(c.req.param('case'));
    await rooms.jobs.endAll(session.id);
    await open.remember(session);
    await open.close(session.id);
    return c.body(null, 204);
  });
  app.get('/:case/journal', (c) => {
    const since = Number(c.req.query('since') ?? -1);
    if (!Number.isInteger(since)) throw new BadRequest('since is the sequence of an entry.');
    return c.json(journalSince(open.get(c.req.param('case')).entries(), since));
  });
  app.post('/:case/acknowledge', async (c) => {
    const session = open.get(c.req.param('case'));
    await session.exclusive(async () => {
      const codes = session.state().unacknowledged.map((w) => w.code);
      if (codes.length) await session.append(acknowledgeAct({ codes }));
    });
    return c.json(session.state());
  });
  app.get('/:case/series/:uid/voxels', (c) => {
    const session = open.get(c.req.param('case'));
    return fileResponse(ports, session.volumeFile(chooseSeries(session.state(), c.req.param('uid'))).path);
  });
  app.post('/:case/strokes', async (c) => c.json(await addStroke(ports, open.get(c.req.param('case')), await bodyOf(c, strokeRequest))));
  app.get('/:case/strokes/:sequence', async (c) => {
    const session = open.get(c.req.param('case'));
    const entry = session.entries()[Number(c.req.param('sequence'))];
    // One act may change the masks of several segments: then it must be said of which.
    const segment = c.req.query('segment') ?? null;
    if (!entry || !hasDelta(entry, segment)) throw new Refusal('NOT_FOUND', 'There is no such stroke in the journal.');
    return c.json(await maskDelta(entry, segment, (sha256) => session.files.readBlob(sha256)));
  });
  app.post('/:case/undo', async (c) => c.json(await undo(open.get(c.req.param('case')))));
  app.post('/:case/redo', async (c) => c.json(await redo(open.get(c.req.param('case')))));
  app.get('/:case/meshes/:id', async (c) => {
    const session = open.get(c.req.param('case'));
    const mesh = findMesh(session.state(), c.req.param('id'));
    return fileResponse(ports, session.files.blobPath(mesh.report.sha256), 'model/stl');
  });
  app.post('/:case/sign', async (c) => c.json(await sign(open.get(c.req.param('case')), await bodyOf(c, signRequest))));
  app.post('/:case/export', async (c) => {
    const request = await bodyOf(c, exportRequest);
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Export model', (context) => exportMesh(ports, session, request, context), session.id);
  });
  app.post('/:case/auto', async (c) => {
    const request = await bodyOf(c, autoRequest);
    const session = open.get(c.req.param('case'));
    return accepted(
      c,
      rooms,
      'Segment to checked model',
      async (context) => {
        const { segmented, meshed } = await segmentToMesh(ports, session, request.series, request.recipe, context);
        return { segment: segmented.segment.id, mesh: meshed.mesh, case: meshed.case };
      },
      session.id,
    );
  });
  app.post('/:case/nifti', async (c) => {
    const request = await bodyOf(c, niftiRequest);
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Write NIfTI', (context) => exportNifti(ports, session, request, context), session.id);
  });
  return app;
}
