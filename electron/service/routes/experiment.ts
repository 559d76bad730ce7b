import { Hono } from 'hono';
import { Refusal } from '../../../contract/errors.ts';
import { type ExperimentAnswer, experimentRequest } from '../../../contract/experiment.ts';
import { runExperiment } from '../experiment.ts';
import { accepted, bodyOf, fileResponse, type Rooms } from './room.ts';

/** D.4: the experiment as a job, and the page that it wrote. */
export function experimentRoutes(rooms: Rooms): Hono {
  const { ports } = rooms;
  const pages = new Map<string, string>();
  const app = new Hono();
  app.post('/experiment', async (c) => {
    const request = await bodyOf(c, experimentRequest);
    const out = ports.files.absolute(request.out);
    return accepted(c, rooms, 'Experiment', async (context): Promise<ExperimentAnswer> => {
      const { result, files } = await runExperiment(ports, rooms.open, { ...request, out }, context);
      const id = ports.newId();
      pages.set(id, ports.files.join(out, 'experiment.html'));
      return { id, path: out, page: `/api/experiment/${id}/page`, files, result };
    });
  });
  // By the id of an experiment of this session alone: a path from outside would be a way to read any file.
  app.get('/experiment/:id/page', async (c) => {
    const path = pages.get(c.req.param('id'));
    if (!path) throw new Refusal('NOT_FOUND', 'This experiment is not known any more. Open its experiment.html in a browser.');
    const response = await fileResponse(ports, path, 'text/html; charset=utf-8');
    response.headers.set('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    return response;
  });
  return app;
}
