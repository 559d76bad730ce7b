import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** By our own table: streaming WebAssembly and module workers fail where a type is guessed. */
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.md': 'text/plain; charset=utf-8',
};

/** Headers of every answer: one origin, nothing inline, cross-origin isolated (checklist 7; SharedArrayBuffer). */
export const securityHeaders: Readonly<Record<string, string>> = Object.freeze({
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
});

/** A copy of a response with the security headers on it; its body is not touched. */
export function secured(response: Response): Response {
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(securityHeaders)) headers.set(name, value);
  return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
}

/** The window's own files from `root`. Only plain names below the root are served; everything else is 404. */
export async function serveStatic(request: Request, root: string): Promise<Response> {
  const say = (status: number, text: string) => secured(new Response(text, { status, headers: { 'content-length': String(text.length) } }));
  const missing = () => say(404, 'not found');
  if (request.method !== 'GET' && request.method !== 'HEAD') return say(405, 'method not allowed');
  let name: string;
  try {
    name = decodeURIComponent(new URL(request.url).pathname);
  } catch {
    return missing();
  }
  if (name === '/') name = '/index.html';
  const file = path.join(root, name);
  const type = types[path.extname(file)];
  if (!type || name.includes('\0') || path.relative(root, file).startsWith('..')) return missing();
  try {
    const bytes = await readFile(file);
    return secured(
      new Response(request.method === 'HEAD' ? null : bytes, {
        headers: {
          'content-type': type,
          'content-length': String(bytes.length),
          'cache-control': name === '/index.html' ? 'no-store' : 'max-age=3600',
        },
      }),
    );
  } catch {
    return missing();
  }
}
