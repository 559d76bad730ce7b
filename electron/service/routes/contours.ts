import { Hono } from 'hono';
import { contoursRequest } from '../../../contract/routes.ts';
import { contourSegment } from '../steps/annotation/contours.ts';
import { accepted, bodyOf, type Rooms } from './room.ts';

/** Masks to contours (9.1). */
export function contourRoutes(rooms: Rooms): Hono {
  const { ports, open } = rooms;
  const app = new Hono();
  app.post('/:case/segments/:id/contours', async (c) => {
    const request = await bodyOf(c, contoursRequest);
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Contours', (context) => contourSegment(ports, session, c.req.param('id'), request, context), session.id);
  });
  return app;
}
