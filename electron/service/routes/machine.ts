import { Hono } from 'hono';
import { importRequest, openRequest, scanRequest } from '../../../contract/routes.ts';
import { createDemo } from '../steps/preparation/demo.ts';
import { importIntoCase } from '../steps/preparation/import.ts';
import { accepted, bodyOf, type Rooms } from './room.ts';

/** Before a case is open: what the machine is, what lies on it, and the ways in. */
export function machineRoutes(rooms: Rooms): Hono {
  const { ports, open } = rooms;
  const demo = createDemo(ports, open);
  const app = new Hono();
  app.get('/about', async (c) => c.json(await ports.about()));
  app.get('/recent', async (c) => c.json(await ports.recent.list()));
  app.get('/folders', async (c) => c.json(await ports.folders.list(c.req.query('path') ?? null)));
  app.post('/scan', async (c) => {
    const request = await bodyOf(c, scanRequest);
    const paths = request.paths.map((path) => ports.files.absolute(path));
    return accepted(c, rooms, 'Read folder', (context) =>
      ports.compute.run('scan', { paths }, { onProgress: context.progress, signal: context.signal }),
    );
  });
  app.post('/import', async (c) => {
    const request = await bodyOf(c, importRequest);
    return accepted(c, rooms, 'Import', async (context) => {
      const { session, report, files, case: state } = await importIntoCase(ports, open, request, context);
      await open.remember(session);
      return { report, files, case: state };
    });
  });
  app.post('/demo', (c) =>
    accepted(c, rooms, 'Demo head', async (context) => {
      const session = await demo.open(context);
      await open.remember(session);
      return { case: session.state() };
    }),
  );
  app.post('/demo/prepare', (c) =>
    c.json(
      rooms.jobs.start('Prepare the demo head', (context) => demo.prepare(context), { background: true }),
      202,
    ),
  );
  app.post('/open', async (c) => {
    const request = await bodyOf(c, openRequest);
    const session = await open.open(ports.files.absolute(request.folder), { readOnly: request.readOnly, salvage: request.salvage });
    await open.remember(session);
    return c.json(session.state());
  });
  return app;
}
