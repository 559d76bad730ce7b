import { Hono } from 'hono';
import { Refusal } from '../../../contract/errors.ts';
import { describeRequest } from '../../../contract/labels.ts';
import { adjustRequest, cleanRequest, islandsRequest, meshRequest, segmentRequest } from '../../../contract/routes.ts';
import { removeAct } from '../cases/acts.ts';
import { chooseSegment, seriesOf } from '../choose.ts';
import { makeMesh, previewMesh } from '../modelling/mesh.ts';
import type { Session } from '../open-cases.ts';
import { describeSegment } from '../steps/annotation/describe.ts';
import { adjustSegment, networkOf } from '../steps/deployment/networks.ts';
import { segmentSeries } from '../steps/deployment/segment.ts';
import { cleanSegment, listIslands } from '../steps/postprocessing/clean.ts';
import { accepted, bodyOf, fileResponse, type Rooms } from './room.ts';

/** Routes of the segments of an open case. */
export function segmentRoutes(rooms: Rooms): Hono {
  const { ports, open } = rooms;
  const app = new Hono();
  const writing = new Map<string, Promise<unknown>>();

  /** Path of a segment's whole mask as raw uint8: its blob, or base and strokes written together once. */
  async function wholeMask(session: Session, id: string): Promise<string> {
    const state = session.state();
    const segment = chooseSegment(state, id);
    if (segment.mask.base !== null && !segment.mask.strokes.length) return session.files.blobPath(segment.mask.base);
    const mask = await session.maskFile(segment);
    const path = await session.cacheFile(`mask-${ports.digest(JSON.stringify([segment.series, segment.mask, mask.deltas]))}.u8`);
    await onceFor(path, () => ports.compute.run('materialise', { mask, dimensions: seriesOf(state, segment).dimensions, path }));
    return path;
  }

  /** Two askers at once wait for the same file. */
  async function onceFor(path: string, write: () => Promise<unknown>): Promise<void> {
    const work = writing.get(path) ?? writeOnce(path, write);
    writing.set(path, work);
    await work.finally(() => writing.delete(path));
  }

  async function writeOnce(path: string, write: () => Promise<unknown>): Promise<void> {
    if (!(await ports.files.exists(path))) await write();
  }

  app.post('/:case/segments', async (c) => {
    const request = await bodyOf(c, segmentRequest);
    const session = open.get(c.req.param('case'));
    const title = request.settings.method === 'default' ? 'Segment orbit' : 'Segment';
    return accepted(c, rooms, title, (context) => segmentSeries(ports, session, request, context), session.id);
  });
  app.patch('/:case/segments/:id', async (c) => {
    const change = await bodyOf(c, describeRequest);
    return c.json(await describeSegment(ports, open.get(c.req.param('case')), c.req.param('id'), change));
  });
  app.delete('/:case/segments/:id', async (c) => {
    const session = open.get(c.req.param('case'));
    await session.exclusive(async () => {
      const segment = chooseSegment(session.state(), c.req.param('id'));
      await session.append(removeAct({ segment: segment.id, segmentName: segment.name }));
    });
    return c.json(session.state());
  });
  app.get('/:case/segments/:id', (c) => {
    const id = c.req.param('id');
    return c.json(chooseSegment(open.get(c.req.param('case')).state(), id === 'newest' ? null : id));
  });
  app.get('/:case/segments/:id/labelmap', async (c) => c.json({ path: await wholeMask(open.get(c.req.param('case')), c.req.param('id')) }));
  app.get('/:case/segments/:id/mask', async (c) => fileResponse(ports, await wholeMask(open.get(c.req.param('case')), c.req.param('id'))));
  app.post('/:case/segments/:id/islands', async (c) => {
    const { connectivity } = await bodyOf(c, islandsRequest);
    const session = open.get(c.req.param('case'));
    return accepted(
      c,
      rooms,
      'List islands',
      (context) => listIslands(ports, session, c.req.param('id'), connectivity, context),
      session.id,
    );
  });
  app.post('/:case/segments/:id/clean', async (c) => {
    const { settings } = await bodyOf(c, cleanRequest);
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Clean', (context) => cleanSegment(ports, session, c.req.param('id'), settings, context), session.id);
  });
  app.post('/:case/segments/:id/adjust', async (c) => {
    const { settings } = await bodyOf(c, adjustRequest);
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Adjust', (context) => adjustSegment(ports, session, c.req.param('id'), settings, context), session.id);
  });
  app.get('/:case/segments/:id/probability', async (c) => {
    const session = open.get(c.req.param('case'));
    const segment = chooseSegment(session.state(), c.req.param('id'));
    const stored = networkOf(session, segment);
    const model = c.req.query('model');
    if (model !== undefined) {
      const one = stored.probabilities.find((p) => p.model === model);
      if (!one) throw new Refusal('NOT_FOUND', `${segment.name} has no probability of ${model}.`);
      return fileResponse(ports, one.path);
    }
    const path = await session.cacheFile(`mask-p-${ports.digest(JSON.stringify([segment.network?.probabilities, stored.settings]))}.u8`);
    await onceFor(path, () => ports.compute.run('integrated', { ...stored, path }));
    return fileResponse(ports, path);
  });
  app.get('/:case/segments/:id/spread', async (c) => {
    const session = open.get(c.req.param('case'));
    const segment = chooseSegment(session.state(), c.req.param('id'));
    const spread = segment.network?.spread ?? null;
    if (spread === null) throw new Refusal('NOT_FOUND', `${segment.name} has no spread: it was run without mirror images.`);
    return fileResponse(ports, session.files.blobPath(spread));
  });
  app.post('/:case/segments/:id/mesh', async (c) => {
    const { settings } = await bodyOf(c, meshRequest);
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Make model', (context) => makeMesh(ports, session, c.req.param('id'), settings, context), session.id);
  });
  app.post('/:case/segments/:id/mesh/preview', async (c) => {
    const { settings } = await bodyOf(c, meshRequest);
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Model preview', (context) => previewMesh(ports, session, c.req.param('id'), settings, context), session.id);
  });
  app.post('/:case/segments/:id/preview', (c) => {
    const session = open.get(c.req.param('case'));
    const id = c.req.param('id');
    return accepted(
      c,
      rooms,
      '3D preview',
      async (context) => {
        const state = session.state();
        const segment = chooseSegment(state, id);
        const name = `preview-${ports.newId()}.stl`;
        await ports.compute.run(
          'preview',
          { mask: await session.maskFile(segment), geometry: seriesOf(state, segment), path: await session.cacheFile(name) },
          { onProgress: context.progress, signal: context.signal },
        );
        return { mesh: `/api/cases/${session.id}/previews/${name}` };
      },
      session.id,
    );
  });
  app.get('/:case/previews/:name', async (c) => {
    const name = c.req.param('name');
    // The name is ours; anything else would be a way out of the cache.
    if (!/^preview-[\w-]+\.(stl|u8|f32)$/.test(name)) return c.notFound();
    return fileResponse(ports, await open.get(c.req.param('case')).cacheFile(name), name.endsWith('.stl') ? 'model/stl' : undefined);
  });
  return app;
}
