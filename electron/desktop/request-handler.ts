import { secured } from '../static-files.ts';
import { isAppUrl } from './origin.ts';

export interface RequestDoors {
  /** The service: everything below /api/. */
  service: { fetch(request: Request): Promise<Response> };
  /** The window's own files. */
  files: (request: Request) => Promise<Response>;
  /** Told the kind of our own mistake, never a path or a name. */
  onMistake: (error: unknown) => void;
}

const refusal = (status: number, title: string): Response => {
  const body = new TextEncoder().encode(JSON.stringify({ type: 'about:blank', title, status, detail: title }));
  return secured(
    new Response(body, {
      status,
      headers: { 'content-type': 'application/problem+json', 'content-length': String(body.byteLength) },
    }),
  );
};

/**
 * The handler of lamina://app/. It never throws: a throw would reach the page as a bare network error. `request.signal` never aborts in
 * Electron, so jobs are cancelled by their own route and long reads clean up in their stream's `cancel()`.
 */
export const requestHandler =
  ({ service, files, onMistake }: RequestDoors) =>
  async (request: Request): Promise<Response> => {
    try {
      if (!isAppUrl(request.url)) return refusal(404, 'Not found');
      const { pathname } = new URL(request.url);
      if (pathname.startsWith('/api/')) return secured(await service.fetch(request));
      if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405, 'Method not allowed');
      return await files(request);
    } catch (error) {
      onMistake(error);
      return refusal(500, 'Internal error');
    }
  };
