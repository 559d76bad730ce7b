import { Hono } from 'hono';
import { pathRequest } from '../../../contract/routes.ts';
import { accepted, bodyOf, type Rooms } from './room.ts';

/** Model packages and their deployment process (clause 12). */
export function modelRoutes(rooms: Rooms): Hono {
  const { ports } = rooms;
  const app = new Hono();
  app.get('/models', async (c) => c.json(await ports.models.list()));
  app.post('/models/:id/deploy', (c) => {
    const id = c.req.param('id');
    return accepted(c, rooms, `Deploy ${id}`, (context) =>
      ports.models.deploy(id, { onProgress: context.progress, signal: context.signal }),
    );
  });
  app.post('/check-model', async (c) => {
    const path = ports.files.absolute((await bodyOf(c, pathRequest)).path);
    return accepted(c, rooms, 'Check model', (context) =>
      ports.models.check(path, { onProgress: context.progress, signal: context.signal }),
    );
  });
  return app;
}
