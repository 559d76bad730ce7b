import { randomBytes, timingSafeEqual } from 'node:crypto';
import path from 'node:path';
import { createAdaptorServer } from '@hono/node-server';
import type { Host } from './host.ts';
import { secured, serveStatic } from './static-files.ts';

export interface Loopback {
  /** With the launch token; opening it once sets the cookie. */
  url: string;
  port: number;
  close(): Promise<void>;
}

const cookieName = 'lamina';

/**
 * Shell 2: the same service.fetch on 127.0.0.1 for a browser on this machine. A per-launch token is exchanged for a cookie that scripts
 * cannot read; requests for another Host or from another Origin are refused, so that no web page reaches a case.
 */
export async function serveLoopback(host: Host, options: { port?: number; root?: string } = {}): Promise<Loopback> {
  const token = randomBytes(24).toString('base64url');
  const root = options.root ?? path.join(import.meta.dirname, '..', 'dist', 'renderer');
  let port = 0;

  const refuse = (status: number, text: string) => secured(new Response(text, { status, headers: { 'content-type': 'text/plain' } }));
  const known = (given: string) => given.length === token.length && timingSafeEqual(Buffer.from(given), Buffer.from(token));

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
    if (!hosts.includes(request.headers.get('host') ?? '')) return refuse(421, 'Lamina answers on this machine only.');
    const origin = request.headers.get('origin');
    if (origin !== null && !hosts.some((h) => origin === `http://${h}`)) return refuse(403, 'Another origin may not ask.');
    const given = url.searchParams.get('token');
    if (given !== null && known(given)) {
      url.searchParams.delete('token');
      const location = `${url.pathname}${url.search}`;
      return secured(
        new Response(null, {
          status: 303,
          headers: { location, 'set-cookie': `${cookieName}=${token}; HttpOnly; SameSite=Strict; Path=/` },
        }),
      );
    }
    const cookie = (request.headers.get('cookie') ?? '').split('; ').find((c) => c.startsWith(`${cookieName}=`));
    if (!cookie || !known(cookie.slice(cookieName.length + 1)))
      return refuse(401, 'Open the address that Lamina printed when it started; it holds the key of this launch.');
    return url.pathname.startsWith('/api/') ? secured(await host.service.fetch(request)) : serveStatic(request, root);
  }

  const server = createAdaptorServer({ fetch: answer });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', () => resolve());
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new RangeError('the loopback server has no port');
  port = address.port;
  return {
    url: `http://127.0.0.1:${port}/?token=${token}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
