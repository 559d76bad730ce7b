import { z } from 'zod';
import { type AcquisitionProfile, acquisitionCheck, acquisitionProfile, type checkRequest, fileUse } from '../../contract/acquisition.ts';
import { caseState, journalLine, recentCase } from '../../contract/case.ts';
import { finding } from '../../contract/errors.ts';
import type { EvaluateCaseRequest } from '../../contract/evaluation.ts';
import type { experimentRequest } from '../../contract/experiment.ts';
import { type Job, job } from '../../contract/job.ts';
import { type DescribeRequest, labelList } from '../../contract/labels.ts';
import type { MarkupRequest } from '../../contract/markups.ts';
import type { MeshMapRequest, MeshSettings } from '../../contract/mesh.ts';
import { modelEntry } from '../../contract/model.ts';
import type { ObjectExportRequest, ObjectImportRequest } from '../../contract/object-files.ts';
import type { PatchesRequest } from '../../contract/patches.ts';
import type { PreprocessPreviewRequest, PreprocessRequest } from '../../contract/preprocessing.ts';
import { type reviewRequest, unreviewed } from '../../contract/review.ts';
import {
  about,
  type contoursRequest,
  type effectRequest,
  type exportRequest,
  folderListing,
  type ImportRequest,
} from '../../contract/routes.ts';
import {
  type AdjustSettings,
  type CleanSettings,
  type Connectivity,
  maskDelta,
  type StrokeRequest,
  type segmentSettings,
} from '../../contract/segmentation.ts';
import { problemOf, ServiceLost } from './problem.ts';

/** What GET /api/profiles answers: ours and the hospital's own, where its files lie, and which of them cannot be used. */
export const profileList = z.object({
  profiles: acquisitionProfile.array(),
  own: z.string().array(),
  folder: z.string(),
  faults: finding.array(),
});
export type ProfileList = z.infer<typeof profileList>;

/** What is asked for; the service fills in what is left out. */
export type SegmentWish = z.input<typeof segmentSettings>;
export type EffectWish = z.input<typeof effectRequest>;

const path = (strings: TemplateStringsArray, ...parts: (string | number)[]) =>
  strings.reduce((whole, text, n) => whole + text + (n < parts.length ? encodeURIComponent(String(parts[n])) : ''), '');

async function send(method: string, url: string, body?: unknown, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, {
      method,
      signal,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ServiceLost();
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

async function ask<S extends z.ZodType>(schema: S, method: string, url: string, body?: unknown): Promise<z.infer<S>> {
  const answer = await (await send(method, url, body)).json();
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  throw new TypeError(`${method} ${url} broke the contract at ${first?.path.join('.')}: ${first?.message}`);
}

/**
 * Bytes of a known length, read as they stream in. Throws RangeError when the service sends another length than the geometry asks, so
 * that a wrong grid is never drawn.
 */
async function bytes(url: string, length: number, onFraction?: (fraction: number) => void, signal?: AbortSignal): Promise<Uint8Array> {
  const response = await send('GET', url, undefined, signal);
  const target = new Uint8Array(globalThis.crossOriginIsolated ? new SharedArrayBuffer(length) : new ArrayBuffer(length));
  if (!response.body) throw new RangeError(`${url} sent no bytes`);
  const reader = response.body.getReader();
  let at = 0;
  for (;;) {
    const { done, value } = await reader.read().catch(() => {
      throw signal?.aborted ? new DOMException('aborted', 'AbortError') : new ServiceLost();
    });
    if (done) break;
    if (at + value.length > length) {
      await reader.cancel();
      throw new RangeError(`${url} sent more than ${length} bytes`);
    }
    target.set(value, at);
    at += value.length;
    onFraction?.(at / length);
  }
  if (at !== length) throw new RangeError(`${url} sent ${at} of ${length} bytes`);
  return target;
}

/** The service's routes (contract/routes.ts), typed. Every failure is an ApiProblem, a ServiceLost or a mistake of ours. */
export const api = {
  about: () => ask(about, 'GET', '/api/about'),
  recent: () => ask(recentCase.array(), 'GET', '/api/recent'),
  folders: (where: string | null) => ask(folderListing, 'GET', where === null ? '/api/folders' : path`/api/folders?path=${where}`),
  scan: (paths: string[]) => ask(job, 'POST', '/api/scan', { paths }),
  check: (request: z.input<typeof checkRequest>) => ask(job, 'POST', '/api/check', request),
  caseCheck: (id: string, uid: string, profile: string | null) =>
    ask(acquisitionCheck, 'GET', path`/api/cases/${id}/series/${uid}/check` + (profile === null ? '' : path`?profile=${profile}`)),
  files: (id: string) => ask(fileUse.array(), 'GET', path`/api/cases/${id}/files`),
  profiles: () => ask(profileList, 'GET', '/api/profiles'),
  saveProfile: (profile: AcquisitionProfile) => send('PUT', path`/api/profiles/${profile.id}`, profile).then(() => undefined),
  removeProfile: (id: string) => send('DELETE', path`/api/profiles/${id}`).then(() => undefined),
  import: (request: ImportRequest) => ask(job, 'POST', '/api/import', request),
  demo: () => ask(job, 'POST', '/api/demo', {}),
  open: (folder: string, salvage: boolean) => ask(caseState, 'POST', '/api/open', { folder, salvage }),
  case: (id: string) => ask(caseState, 'GET', path`/api/cases/${id}`),
  close: (id: string) => send('DELETE', path`/api/cases/${id}`).then(() => undefined),
  /** Lines after `since` (-1: all), and earlier ones that were taken back or done again since. */
  journal: (id: string, since: number) => ask(journalLine.array(), 'GET', path`/api/cases/${id}/journal?since=${since}`),
  acknowledge: (id: string) => ask(caseState, 'POST', path`/api/cases/${id}/acknowledge`, {}),
  voxels: (id: string, uid: string, length: number, onFraction: (fraction: number) => void, signal?: AbortSignal) =>
    bytes(path`/api/cases/${id}/series/${uid}/voxels`, length, onFraction, signal),
  preprocess: (id: string, request: PreprocessRequest) => ask(job, 'POST', path`/api/cases/${id}/preprocess`, request),
  preprocessPreview: (id: string, request: PreprocessPreviewRequest) =>
    ask(job, 'POST', path`/api/cases/${id}/preprocess/preview`, request),
  segment: (
    id: string,
    request: { series: string | null; name: string | null; settings: SegmentWish; into: string | null; overwriteHand: boolean },
  ) => ask(job, 'POST', path`/api/cases/${id}/segments`, request),
  adjust: (id: string, segment: string, settings: AdjustSettings) =>
    ask(job, 'POST', path`/api/cases/${id}/segments/${segment}/adjust`, { settings }),
  /** One model's probability over the segment's box. */
  probability: (id: string, segment: string, model: string, length: number, signal: AbortSignal) =>
    bytes(path`/api/cases/${id}/segments/${segment}/probability?model=${model}`, length, undefined, signal),
  spread: (id: string, segment: string, length: number, signal: AbortSignal) =>
    bytes(path`/api/cases/${id}/segments/${segment}/spread`, length, undefined, signal),
  models: () => ask(modelEntry.array(), 'GET', '/api/models'),
  deployModel: (id: string) => ask(job, 'POST', path`/api/models/${id}/deploy`, {}),
  rename: (id: string, segment: string, name: string) => ask(caseState, 'PATCH', path`/api/cases/${id}/segments/${segment}`, { name }),
  describe: (id: string, segment: string, change: DescribeRequest) =>
    ask(caseState, 'PATCH', path`/api/cases/${id}/segments/${segment}`, change),
  labels: () => ask(labelList, 'GET', '/api/labels'),
  remove: (id: string, segment: string) => ask(caseState, 'DELETE', path`/api/cases/${id}/segments/${segment}`),
  mask: (id: string, segment: string, length: number) => bytes(path`/api/cases/${id}/segments/${segment}/mask`, length),
  islands: (id: string, segment: string, connectivity: Connectivity) =>
    ask(job, 'POST', path`/api/cases/${id}/segments/${segment}/islands`, { connectivity }),
  clean: (id: string, segment: string, settings: CleanSettings) =>
    ask(job, 'POST', path`/api/cases/${id}/segments/${segment}/clean`, { settings }),
  preview: (id: string, segment: string) => ask(job, 'POST', path`/api/cases/${id}/segments/${segment}/preview`, {}),
  mesh: (id: string, segment: string, settings: MeshSettings) =>
    ask(job, 'POST', path`/api/cases/${id}/segments/${segment}/mesh`, { settings }),
  cleanPreview: (id: string, segment: string, settings: CleanSettings) =>
    ask(job, 'POST', path`/api/cases/${id}/segments/${segment}/clean/preview`, { settings }),
  effect: (id: string, segment: string, request: EffectWish) =>
    ask(job, 'POST', path`/api/cases/${id}/segments/${segment}/effect`, request),
  effectPreview: (id: string, segment: string, request: EffectWish) =>
    ask(job, 'POST', path`/api/cases/${id}/segments/${segment}/effect/preview`, request),
  meshPreview: (id: string, segment: string, settings: MeshSettings) =>
    ask(job, 'POST', path`/api/cases/${id}/segments/${segment}/mesh/preview`, { settings }),
  meshMap: (id: string, mesh: string, request: MeshMapRequest) => ask(job, 'POST', path`/api/cases/${id}/meshes/${mesh}/map`, request),
  /** Bytes that a preview or a map named by its own address. */
  previewBytes: (url: string, length: number) => bytes(url, length),
  meshUrl: (id: string, mesh: string) => path`/api/cases/${id}/meshes/${mesh}`,
  addMarkup: (id: string, request: MarkupRequest) => ask(caseState, 'POST', path`/api/cases/${id}/markups`, request),
  changeMarkup: (id: string, markup: string, request: MarkupRequest) =>
    ask(caseState, 'PUT', path`/api/cases/${id}/markups/${markup}`, request),
  removeMarkup: (id: string, markup: string) => ask(caseState, 'DELETE', path`/api/cases/${id}/markups/${markup}`),
  contours: (id: string, segment: string, request: z.input<typeof contoursRequest>) =>
    ask(job, 'POST', path`/api/cases/${id}/segments/${segment}/contours`, request),
  doubts: (id: string, segment: string) => ask(job, 'GET', path`/api/cases/${id}/segments/${segment}/doubts`),
  authorship: (id: string, segment: string) => ask(job, 'GET', path`/api/cases/${id}/segments/${segment}/authorship`),
  review: (id: string, segment: string, request: z.input<typeof reviewRequest>) =>
    ask(caseState, 'POST', path`/api/cases/${id}/segments/${segment}/review`, request),
  unreviewed: (id: string, segment: string) => ask(unreviewed, 'GET', path`/api/cases/${id}/segments/${segment}/unreviewed`),
  stroke: (id: string, request: StrokeRequest) => ask(caseState, 'POST', path`/api/cases/${id}/strokes`, request),
  /** What an act turned in one segment: one act may change several. */
  strokeDelta: (id: string, segment: string, sequence: number) =>
    ask(maskDelta, 'GET', path`/api/cases/${id}/strokes/${sequence}?segment=${segment}`),
  undo: (id: string) => ask(caseState, 'POST', path`/api/cases/${id}/undo`, {}),
  redo: (id: string) => ask(caseState, 'POST', path`/api/cases/${id}/redo`, {}),
  sign: (id: string, request: { mesh: string; name: string; remark: string }) =>
    ask(caseState, 'POST', path`/api/cases/${id}/sign`, request),
  export: (id: string, request: z.input<typeof exportRequest>) => ask(job, 'POST', path`/api/cases/${id}/export`, request),
  experiment: (request: z.input<typeof experimentRequest>) => ask(job, 'POST', '/api/experiment', request),
  exportObject: (id: string, request: ObjectExportRequest) => ask(job, 'POST', path`/api/cases/${id}/objects`, request),
  loadObject: (id: string, request: ObjectImportRequest) => ask(job, 'POST', path`/api/cases/${id}/objects/read`, request),
  patches: (id: string, request: PatchesRequest) => ask(job, 'POST', path`/api/cases/${id}/patches`, request),
  evaluate: (id: string, request: EvaluateCaseRequest) => ask(job, 'POST', path`/api/cases/${id}/evaluate`, request),
  auto: (id: string, series: string | null) => ask(job, 'POST', path`/api/cases/${id}/auto`, { series }),
  job: (id: string) => ask(job, 'GET', path`/api/jobs/${id}`),
  cancelJob: (id: string) => send('DELETE', path`/api/jobs/${id}`).then(() => undefined),
};

/**
 * Follows a job by server-sent events until it is finished or the returned function is called. Where the stream breaks for good, the job
 * is asked for once a second, so that its end is never missed.
 */
export function followJob(id: string, onChange: (job: Job) => void, onLost: (cause: unknown) => void): () => void {
  const source = new EventSource(path`/api/jobs/${id}/events`);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  const close = () => {
    closed = true;
    source.close();
    clearTimeout(timer);
  };
  const take = (text: string) => {
    if (closed) return;
    const parsed = job.safeParse(JSON.parse(text));
    if (parsed.success) onChange(parsed.data);
  };
  const poll = () => {
    api.job(id).then(
      (now) => {
        if (closed) return;
        onChange(now);
        if (!closed) timer = setTimeout(poll, 1000);
      },
      (cause) => {
        if (closed) return;
        close();
        onLost(cause);
      },
    );
  };
  source.onmessage = (event) => take(String(event.data));
  source.addEventListener('job', (event) => take(String((event as MessageEvent).data)));
  source.onerror = () => {
    if (closed) return;
    source.close();
    clearTimeout(timer);
    timer = setTimeout(poll, 200);
  };
  return close;
}
