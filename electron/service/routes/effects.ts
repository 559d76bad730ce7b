import { Hono } from 'hono';
import { cleanRequest, effectRequest } from '../../../contract/routes.ts';
import { previewClean } from '../steps/postprocessing/clean.ts';
import { effectSegment, previewEffect } from '../steps/postprocessing/effect.ts';
import { effectTitle } from '../steps/postprocessing/effect-words.ts';
import { accepted, bodyOf, type Rooms } from './room.ts';

/** Routes of what is done to a segment's mask as a whole, and of looking at it before. */
export function effectRoutes(rooms: Rooms): Hono {
  const { ports, open } = rooms;
  const app = new Hono();
  app.post('/:case/segments/:id/effect', async (c) => {
    const request = await bodyOf(c, effectRequest);
    const session = open.get(c.req.param('case'));
    return accepted(
      c,
      rooms,
      effectTitle(request.settings),
      (context) => effectSegment(ports, session, c.req.param('id'), request, context),
      session.id,
    );
  });
  app.post('/:case/segments/:id/effect/preview', async (c) => {
    const request = await bodyOf(c, effectRequest);
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Preview', (context) => previewEffect(ports, session, c.req.param('id'), request, context), session.id);
  });
  app.post('/:case/segments/:id/clean/preview', async (c) => {
    const { settings } = await bodyOf(c, cleanRequest);
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Preview', (context) => previewClean(ports, session, c.req.param('id'), settings, context), session.id);
  });
  return app;
}
