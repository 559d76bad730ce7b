import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Readable } from 'node:stream';

export interface SchemeServer {
  handler: (request: Request) => Promise<Response>;
  mayRequest: (url: string) => boolean;
  onBodyCancelled: () => void;
}

/** What a request loses on its way into Electron's handler: fetch metadata, a null Origin, and all that HTTP adds by itself. */
const lost = (name: string, value: string): boolean =>
  name.startsWith('sec-') ||
  ['host', 'connection', 'referer', 'cookie', 'accept-encoding', 'upgrade-insecure-requests'].includes(name) ||
  (name === 'origin' && value === 'null');

const requestOf = (incoming: IncomingMessage, url: string): Request => {
  const headers = Object.fromEntries(
    Object.entries(incoming.headers).flatMap(([name, value]) => (typeof value === 'string' && !lost(name, value) ? [[name, value]] : [])),
  );
  if (headers.origin) headers.origin = 'lamina://app';
  const hasBody = incoming.method !== 'GET' && incoming.method !== 'HEAD';
  // No signal: in Electron it never aborts.
  return new Request(url, {
    method: incoming.method,
    headers,
    ...(hasBody ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' } : {}),
  });
};

/** One write in flight; `cancel()` of the stream is the only sign that the page has gone. */
async function sendBody(response: Response, outgoing: ServerResponse, onCancelled: () => void): Promise<void> {
  const reader = response.body?.getReader();
  if (!reader) return void outgoing.end();
  outgoing.on('close', () => {
    if (outgoing.writableFinished) return;
    onCancelled();
    void reader.cancel('the page has gone').catch(() => {});
  });
  for (;;) {
    const { done, value } = await reader.read();
    if (done || outgoing.destroyed) break;
    if (!(value instanceof Uint8Array)) {
      outgoing.destroy();
      throw new TypeError('stand-in: a body chunk is no Uint8Array');
    }
    if (!outgoing.write(value)) await Promise.race([once(outgoing, 'drain'), once(outgoing, 'close')]);
  }
  outgoing.end();
}

/**
 * Serves the handler of lamina://app/ on http://app.localhost:PORT, on the loopback interface alone, with the deviations that Electron's
 * protocol layer has. Other host names get an empty page: a document that is not ours.
 */
export async function serveScheme({ handler, mayRequest, onBodyCancelled }: SchemeServer): Promise<number> {
  const server = createServer(async (incoming, outgoing) => {
    if (!incoming.headers.host?.startsWith('app.localhost:'))
      return void outgoing.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>not ours</title>');
    const url = `lamina://app${incoming.url}`;
    if (!mayRequest(url)) return void outgoing.destroy();
    try {
      const response = await handler(requestOf(incoming, url));
      // Several Set-Cookie collapse into one in Electron; Object.fromEntries keeps the last.
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.flushHeaders();
      await sendBody(response, outgoing, onBodyCancelled);
    } catch {
      // A throw is net::ERR_UNEXPECTED there: no status, no body.
      outgoing.destroy();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (!address || typeof address === 'string') throw new TypeError('stand-in: no port');
  return address.port;
}
