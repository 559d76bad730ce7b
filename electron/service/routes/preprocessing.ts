import { Hono } from 'hono';
import { preprocessPreviewRequest, preprocessRequest } from '../../../contract/preprocessing.ts';
import { replayCase } from '../replay.ts';
import { preprocessSeries, previewPreprocessing } from '../steps/preprocessing/preprocess.ts';
import { accepted, bodyOf, type Rooms } from './room.ts';

/** Clause 8 of an open case. */
export function preprocessingRoutes(rooms: Rooms): Hono {
  const { ports, open } = rooms;
  const app = new Hono();
  app.post('/:case/preprocess', async (c) => {
    const request = await bodyOf(c, preprocessRequest);
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Preprocess', (context) => preprocessSeries(ports, session, request, context), session.id);
  });
  app.post('/:case/preprocess/preview', async (c) => {
    const request = await bodyOf(c, preprocessPreviewRequest);
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Preview', (context) => previewPreprocessing(ports, session, request, context), session.id);
  });
  app.post('/:case/replay', (c) => {
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Replay', (context) => replayCase(ports, session, context), session.id);
  });
  return app;
}
