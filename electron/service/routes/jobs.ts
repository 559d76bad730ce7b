import { Hono } from 'hono';
import { Refusal } from '../../../contract/errors.ts';
import { finished } from '../../../contract/job.ts';
import type { Rooms } from './room.ts';

/** A page that sleeps longer than this without a frame takes the line for dead. */
const heartbeatMs = 10_000;

export function jobRoutes({ jobs }: Rooms): Hono {
  const app = new Hono();
  const gone = () => new Refusal('NOT_FOUND', 'This job is not known any more.');
  app.get('/jobs', (c) => c.json(jobs.list()));
  app.get('/jobs/:id', (c) => {
    const job = jobs.get(c.req.param('id'));
    if (!job) throw gone();
    return c.json(job);
  });
  // Jobs are cancelled by their own route: in Electron a request's abort signal never fires.
  app.delete('/jobs/:id', (c) => {
    const job = jobs.cancel(c.req.param('id'));
    if (!job) throw gone();
    return c.json(job, 202);
  });
  app.get('/jobs/:id/events', (c) => {
    const id = c.req.param('id');
    if (!jobs.get(id)) throw gone();
    const encoder = new TextEncoder();
    let closed = false;
    let stop: (() => void) | undefined;
    let beat: ReturnType<typeof setInterval> | undefined;
    const end = () => {
      closed = true;
      stop?.();
      clearInterval(beat);
    };
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        const send = (text: string) => {
          if (!closed) controller.enqueue(encoder.encode(text));
        };
        beat = setInterval(() => send(': still here\n\n'), heartbeatMs);
        stop = jobs.follow(id, (job) => {
          send(`data: ${JSON.stringify(job)}\n\n`);
          if (finished(job) && !closed) {
            end();
            controller.close();
          }
        });
        if (closed) stop?.();
      },
      // The only sign that the page has gone.
      cancel: end,
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } });
  });
  return app;
}
