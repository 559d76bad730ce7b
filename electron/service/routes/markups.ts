import { Hono } from 'hono';
import { markupRequest, measuresRequest } from '../../../contract/markups.ts';
import { addMarkup, changeMarkup, chooseMarkup, measureMarkups, removeMarkup } from '../steps/annotation/markups.ts';
import { accepted, bodyOf, type Rooms } from './room.ts';

/** Routes of what is drawn and written beside the masks (9.1). */
export function markupRoutes(rooms: Rooms): Hono {
  const { ports, open } = rooms;
  const app = new Hono();
  app.post('/:case/markups', async (c) => {
    const request = await bodyOf(c, markupRequest);
    return c.json(await addMarkup(open.get(c.req.param('case')), request));
  });
  app.post('/:case/markups/measures', async (c) => {
    const { markups } = await bodyOf(c, measuresRequest);
    const session = open.get(c.req.param('case'));
    const state = session.state();
    const asked = markups === null ? state.markups : markups.map((name) => chooseMarkup(state, name));
    return accepted(c, rooms, 'Measure', (context) => measureMarkups(ports, session, asked, context), session.id);
  });
  app.put('/:case/markups/:id', async (c) => {
    const request = await bodyOf(c, markupRequest);
    return c.json(await changeMarkup(open.get(c.req.param('case')), c.req.param('id'), request));
  });
  app.delete('/:case/markups/:id', async (c) => c.json(await removeMarkup(open.get(c.req.param('case')), c.req.param('id'))));
  app.get('/:case/markups/:id/measures', (c) => {
    const session = open.get(c.req.param('case'));
    const markup = chooseMarkup(session.state(), c.req.param('id'));
    return accepted(c, rooms, 'Measure', async (context) => (await measureMarkups(ports, session, [markup], context))[0], session.id);
  });
  return app;
}
