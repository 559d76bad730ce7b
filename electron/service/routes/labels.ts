import { Hono } from 'hono';
import type { Rooms } from './room.ts';

/** 9.1: what a segment can be called. */
export function labelRoutes({ ports }: Rooms): Hono {
  const app = new Hono();
  app.get('/labels', async (c) => c.json(await ports.labels.list()));
  return app;
}
