import type { Context } from 'hono';
import type { ZodType, z } from 'zod';
import type { Job } from '../../../contract/job.ts';
import type { JobContext, Jobs } from '../jobs.ts';
import type { OpenCases } from '../open-cases.ts';
import type { Ports } from '../ports.ts';
import { BadRequest } from '../problems.ts';

/** What every route file gets. */
export interface Rooms {
  ports: Ports;
  jobs: Jobs;
  open: OpenCases;
}

/** The largest body that is read: a stroke of a whole slice is far below. */
const bodyLimitBytes = 32 * 1024 * 1024;

/** Reads and checks a JSON body. Throws BadRequest that names the field. */
export async function bodyOf<T extends ZodType>(c: Context, schema: T): Promise<z.output<T>> {
  const length = Number(c.req.header('content-length') ?? 0);
  if (length > bodyLimitBytes) throw new BadRequest('The request is too large.');
  let value: unknown;
  try {
    const text = await c.req.text();
    if (text.length > bodyLimitBytes) throw new BadRequest('The request is too large.');
    value = text ? JSON.parse(text) : {};
  } catch (error) {
    if (error instanceof BadRequest) throw error;
    throw new BadRequest('The request is not JSON.');
  }
  return parse(schema, value);
}

export function parse<T extends ZodType>(schema: T, value: unknown): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new BadRequest(`${issue?.path.join('.') || 'request'}: ${issue?.message ?? 'not as the contract says'}`);
}

/** 202 with the job and where to follow it. */
export function accepted(
  c: Context,
  rooms: Rooms,
  title: string,
  work: (context: JobContext) => Promise<unknown>,
  owner: string | null = null,
): Response {
  const job: Job = rooms.jobs.start(title, work, { owner });
  return c.json(job, 202, { location: `/api/jobs/${job.id}` });
}

/**
 * A file as a response. Content-Length is always set (Electron's pipe needs it to be fast), and the type is never guessed from content.
 */
export async function fileResponse(ports: Ports, path: string, type = 'application/octet-stream', name?: string): Promise<Response> {
  const { size, body } = await ports.files.read(path);
  return new Response(body, {
    headers: {
      'content-type': type,
      'content-length': String(size),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(name ? { 'content-disposition': `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"` } : {}),
    },
  });
}
