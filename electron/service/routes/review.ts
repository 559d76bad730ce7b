import { Hono } from 'hono';
import { reviewRequest } from '../../../contract/review.ts';
import { chooseSegment } from '../choose.ts';
import { authorshipOf } from '../steps/annotation/authorship.ts';
import { doubtsOf, reviewPlaces, unreviewedOf } from '../steps/annotation/doubts.ts';
import { accepted, bodyOf, type Rooms } from './room.ts';

/** Routes of looking over a segment: who drew what, and what a person should look at. */
export function reviewRoutes(rooms: Rooms): Hono {
  const { ports, open } = rooms;
  const app = new Hono();
  app.get('/:case/segments/:id/authorship', (c) => {
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Who drew it', (context) => authorshipOf(ports, session, c.req.param('id'), context), session.id);
  });
  app.get('/:case/segments/:id/doubts', (c) => {
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Find doubtful places', (context) => doubtsOf(ports, session, c.req.param('id'), context), session.id);
  });
  app.get('/:case/segments/:id/unreviewed', async (c) => {
    const session = open.get(c.req.param('case'));
    return c.json(await unreviewedOf(ports, session, chooseSegment(session.state(), c.req.param('id'))));
  });
  app.post('/:case/segments/:id/review', async (c) => {
    const { places, reviewed } = await bodyOf(c, reviewRequest);
    return c.json(await reviewPlaces(open.get(c.req.param('case')), c.req.param('id'), places, reviewed));
  });
  return app;
}
