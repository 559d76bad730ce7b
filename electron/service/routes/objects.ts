import { Hono } from 'hono';
import { objectExportRequest, objectImportRequest } from '../../../contract/object-files.ts';
import { exportObject } from '../objects/export-object.ts';
import { loadObject } from '../objects/load-object.ts';
import { accepted, bodyOf, type Rooms } from './room.ts';

/** 9.1-interop: files that other programs open, out and in. */
export function objectRoutes(rooms: Rooms): Hono {
  const { ports, open } = rooms;
  const app = new Hono();
  app.post('/:case/objects', async (c) => {
    const request = await bodyOf(c, objectExportRequest);
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Export', (context) => exportObject(ports, session, request, context), session.id);
  });
  app.post('/:case/objects/read', async (c) => {
    const request = await bodyOf(c, objectImportRequest);
    const session = open.get(c.req.param('case'));
    return accepted(c, rooms, 'Load', (context) => loadObject(ports, session, request, context), session.id);
  });
  return app;
}
