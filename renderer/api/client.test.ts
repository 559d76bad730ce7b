import { afterEach, describe, expect, it, vi } from 'vitest';
import { api } from './client.ts';
import { ApiProblem, ServiceLost } from './problem.ts';

const answer = (response: Response | Error) =>
  vi.stubGlobal('fetch', async () => {
    if (response instanceof Error) throw response;
    return response;
  });
afterEach(() => vi.unstubAllGlobals());

describe('client', () => {
  it('turns problem+json into an ApiProblem with its code and remedy', async () => {
    const body = {
      type: 'about:blank',
      title: 'Refused',
      status: 422,
      detail: 'The disk is full.',
      code: 'DISK_FULL',
      remedy: 'Free 2 GB.',
    };
    answer(new Response(JSON.stringify(body), { status: 422, headers: { 'content-type': 'application/problem+json' } }));
    const cause = await api.undo('c').catch((e: unknown) => e);
    expect(cause).toBeInstanceOf(ApiProblem);
    expect(cause).toMatchObject({ code: 'DISK_FULL', remedy: 'Free 2 GB.', detail: 'The disk is full.' });
  });
  it('gives an answer without a body a sentence and a remedy', async () => {
    answer(new Response('', { status: 502 }));
    expect(await api.recent().catch((e: unknown) => e)).toMatchObject({ status: 502, remedy: expect.stringContaining('Try again') });
  });
  it('calls a service that cannot be reached lost', async () => {
    answer(new TypeError('fetch failed'));
    await expect(api.about()).rejects.toBeInstanceOf(ServiceLost);
  });
  it('refuses an answer that breaks the contract and says where', async () => {
    answer(Response.json([{ folder: 3 }]));
    await expect(api.recent()).rejects.toThrow(/broke the contract at 0\.folder/);
  });
  it.each([
    ['too few', 7],
    ['too many', 9],
  ])('never hands on a mask with %s bytes', async (_words, length) => {
    answer(new Response(new Uint8Array(length)));
    await expect(api.mask('c', 's', 8)).rejects.toThrow(RangeError);
  });
  it('hands on the very bytes', async () => {
    answer(new Response(Uint8Array.from([0, 1, 1, 0, 1])));
    expect([...(await api.mask('c', 's', 5))]).toEqual([0, 1, 1, 0, 1]);
  });
});
