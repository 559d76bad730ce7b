import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkOf, rowOf } from '../steps/preparation/check.fixture.ts';
import { type CheckSource, chooseProfile, dropCheck, forgetAnswers, showCheck, useAcquisition } from './acquisition.ts';

const answer = (verdictOf: string) => ({ ...checkOf([rowOf('kernel', 'meets')]), sentence: verdictOf });
const head: CheckSource = { of: 'files', paths: ['/head'], uid: '1.2.1' };
const soft: CheckSource = { of: 'files', paths: ['/soft'], uid: '1.2.2' };
const imported: CheckSource = { of: 'case', caseId: 'a', uid: '1.2.1' };

let asked: string[] = [];
/** What the service answers to the next check, by series; a promise that the test ends when it likes. */
let jobs: Record<string, () => Promise<Response>> = {};
const done = (uid: string, sentence: string) =>
  Response.json({
    id: `job-${uid}`,
    title: 'Check',
    state: 'done',
    fraction: 1,
    note: '',
    startedAt: '',
    durationMs: 1,
    result: answer(sentence),
  });

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  jobs = {};
  forgetAnswers([]);
  useAcquisition.setState({ chosen: {}, kernels: {} });
  vi.stubGlobal('fetch', async (url: string, { method, body }: { method: string; body?: string }) => {
    const sent = body ? JSON.parse(body) : {};
    asked.push([method, url, sent.seriesInstanceUid, sent.profile].filter((p) => p !== undefined && p !== null).join(' '));
    if (method === 'DELETE') return new Response(null, { status: 202 });
    if (url === '/api/check')
      return (jobs[sent.seriesInstanceUid] ?? (async () => done(sent.seriesInstanceUid, `of ${sent.seriesInstanceUid}`)))();
    if (url.includes('/series/')) return Response.json(answer('of the case'));
    return new Response('{}', { status: 404 });
  });
});
afterEach(() => {
  dropCheck();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const settle = () => vi.advanceTimersByTimeAsync(1000);

describe('the check of the chosen series', () => {
  it('[7.3-acquisition] passing over a series starts nothing; the one that is stayed with is checked', async () => {
    showCheck(head, 'CT');
    await vi.advanceTimersByTimeAsync(100);
    showCheck(soft, 'CT');
    await settle();
    expect(asked).toEqual(['POST /api/check 1.2.2']);
    expect(useAcquisition.getState()).toMatchObject({ check: { sentence: 'of 1.2.2' }, running: null, fault: null });
    expect(useAcquisition.getState().kernels).toEqual({ '1.2.2': 'H60s' });
  });
  it('[7.3-acquisition] another choice cancels the check under way, also one whose job has no id yet, and its answer is never shown', async () => {
    let send = (_: Response) => {};
    jobs['1.2.1'] = () =>
      new Promise((resolve) => {
        send = resolve;
      });
    showCheck(head, 'CT');
    await settle();
    showCheck(soft, 'CT');
    await settle();
    send(done('1.2.1', 'too late'));
    await settle();
    expect(asked).toEqual(['POST /api/check 1.2.1', 'POST /api/check 1.2.2', 'DELETE /api/jobs/job-1.2.1']);
    expect(useAcquisition.getState().check?.sentence).toBe('of 1.2.2');
  });
  it('[7.3-acquisition] a check that was answered is shown again at once; after a profile was changed it is asked again', async () => {
    showCheck(head, 'CT');
    await settle();
    dropCheck();
    expect(useAcquisition.getState().check).toBeNull();
    showCheck(head, 'CT');
    expect(useAcquisition.getState().check?.sentence).toBe('of 1.2.1');
    dropCheck();
    forgetAnswers(['orbit']);
    showCheck(head, 'CT');
    await settle();
    expect(asked).toHaveLength(2);
  });
  it('[7.3-acquisition] a profile chosen by hand holds for its modality, in the case too, and falls back when it is removed', async () => {
    showCheck(head, 'CT');
    await settle();
    chooseProfile(head, 'CT', 'skull');
    expect(useAcquisition.getState().check?.sentence).toBe('of 1.2.1');
    await settle();
    showCheck(imported, 'CT');
    await settle();
    showCheck({ ...imported, uid: '1.2.9' }, 'MR');
    await settle();
    forgetAnswers(['orbit']);
    showCheck(imported, 'CT');
    await settle();
    expect(asked).toEqual([
      'POST /api/check 1.2.1',
      'POST /api/check 1.2.1 skull',
      'GET /api/cases/a/series/1.2.1/check?profile=skull',
      'GET /api/cases/a/series/1.2.9/check',
      'GET /api/cases/a/series/1.2.1/check',
    ]);
  });
  it('[7.3-acquisition] a check that is under way while a profile is saved ends, and is asked for anew against the new limits', async () => {
    let send = (_: Response) => {};
    jobs['1.2.1'] = () =>
      new Promise((resolve) => {
        send = resolve;
      });
    showCheck(head, 'CT');
    await settle();
    forgetAnswers(['orbit']);
    jobs = {};
    showCheck(head, 'CT');
    await settle();
    send(done('1.2.1', 'by the old limits'));
    await settle();
    expect(asked.filter((line) => line.startsWith('POST'))).toHaveLength(2);
    expect(useAcquisition.getState().check?.sentence).toBe('of 1.2.1');
  });
  it('[7.3-acquisition] what goes wrong is told in place with its code and remedy, and can be tried again', async () => {
    jobs['1.2.1'] = async () =>
      Response.json(
        { type: 'about:blank', title: 'Refused', status: 422, detail: 'cut off', code: 'TRUNCATED_FILE', remedy: 'Copy it again.' },
        { status: 422 },
      );
    showCheck(head, 'CT');
    await settle();
    expect(useAcquisition.getState()).toMatchObject({
      check: null,
      running: null,
      fault: { text: 'cut off', code: 'TRUNCATED_FILE', remedy: 'Copy it again.' },
    });
    jobs = {};
    showCheck(head, 'CT', true);
    await settle();
    expect(useAcquisition.getState()).toMatchObject({ fault: null, check: { sentence: 'of 1.2.1' } });
  });
});
