import { createServer, request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Loopback, serveLoopback } from './loopback.ts';

let loopback: Loopback;
const asked: string[] = [];

beforeAll(async () => {
  const service = {
    fetch: async (request: Request) => {
      asked.push(new URL(request.url).pathname);
      return new Response('{"ok":true}', { headers: { 'content-type': 'application/json' } });
    },
  };
  loopback = await serveLoopback({ service, runningJobs: () => 0, close: async () => {} });
});
afterAll(() => loopback.close());

function get(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Record<string, unknown>; body: string }> {
  return new Promise((resolve, reject) => {
    httpRequest({ host: '127.0.0.1', port: loopback.port, path, headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
    })
      .on('error', reject)
      .end();
  });
}

describe('loopback shell', () => {
  const key = () => new URL(loopback.url).searchParams.get('token') as string;

  test('without the key of this launch nothing is answered', async () => {
    expect((await get('/api/about')).status).toBe(401);
    expect((await get('/')).status).toBe(401);
    expect((await get('/api/about', { cookie: 'lamina=guess' })).status).toBe(401);
    expect(asked).toEqual([]);
  });

  test('the key becomes a cookie that scripts cannot read, and leaves the address', async () => {
    const first = await get(`/?token=${key()}&test`);
    expect(first.status).toBe(303);
    expect(first.headers.location).not.toContain(key());
    expect(String(first.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/);
    expect((await get('/api/about', { cookie: `lamina=${key()}` })).body).toBe('{"ok":true}');
  });

  test('[checklist 1] another host name or another origin is refused', async () => {
    const cookie = `lamina=${key()}`;
    expect((await get('/api/about', { cookie, host: 'evil.example' })).status).toBe(421);
    expect((await get('/api/about', { cookie, origin: 'http://evil.example' })).status).toBe(403);
  });

  test('[checklist 7] every answer carries the policy and the isolation headers', async () => {
    const cookie = `lamina=${key()}`;
    for (const path of ['/api/about', '/', '/nothing.js', '/../package.json']) {
      const { headers } = await get(path, { cookie });
      expect(headers['content-security-policy']).toContain("default-src 'none'");
      expect(headers['content-security-policy']).not.toContain("'unsafe-eval'");
      expect(headers['cross-origin-embedder-policy']).toBe('require-corp');
    }
  });

  test('files outside the window’s folder are not served', async () => {
    const cookie = `lamina=${key()}`;
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/index.html%00.js'])
      expect((await get(path, { cookie })).status).toBe(404);
  });

  test('it listens on this machine only', async () => {
    // The same port is still free on every other address of this machine.
    const other = createServer();
    await new Promise<void>((resolve, reject) => {
      other.once('error', reject);
      other.listen(loopback.port, '127.0.0.2', resolve);
    });
    await new Promise((resolve) => other.close(resolve));
  });
});
