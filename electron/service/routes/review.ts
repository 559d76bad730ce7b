import { Hono } from 'hono';
import { authorshipOf } from '../steps/annotation/authorship.ts';
import { accepted, type Rooms } from './room.ts';

/** Routes of looking over a segment: who drew what. */
export function reviewRoutes(rooms: Rooms): Hono {
  const { ports, open } = rooms;
  const app = new Hono();
  app.get('/:case/segments/:id/authorship', (c) => {
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Who drew it', (context) => authorshipOf(ports, session, c.req.param('id'), context), session.id);
  });
  return app;
}
