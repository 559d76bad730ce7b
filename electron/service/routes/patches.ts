import { Hono } from 'hono';
import { patchesRequest } from '../../../contract/patches.ts';
import { writePatches } from '../steps/selection/patches.ts';
import { accepted, bodyOf, type Rooms } from './room.ts';

/** 10.2: patches of a segment of an open case. */
export function patchRoutes(rooms: Rooms): Hono {
  const app = new Hono();
  app.post('/:case/patches', async (c) => {
    const request = await bodyOf(c, patchesRequest);
    const session = rooms.open.get(c.req.param('case'));
    return accepted(c, rooms, 'Write patches', (context) => writePatches(rooms.ports, session, request, context), session.id);
  });
  return app;
}
