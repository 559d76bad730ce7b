import { z } from 'zod';
import { type CaseMesh, type CaseState, caseMesh, caseState } from '../../contract/case.ts';
import type { MeshSettings } from '../../contract/mesh.ts';
import { type PatchesRequest, type PatchesResult, patchesResult } from '../../contract/patches.ts';
import { type ExportResult, type exportRequest, exportResult, type ImportRequest } from '../../contract/routes.ts';
import { type CleanSettings, type Connectivity, type Island, island, type StrokeRequest } from '../../contract/segmentation.ts';
import { api } from '../api/client.ts';
import { ApiProblem, ServiceLost } from '../api/problem.ts';
import { adopt, dropCase, follow, forgetMask, inTurn, rememberStroke, settleAhead, takeBackAhead, useCase } from './case.ts';
import { JobCancelled, runJob } from './jobs.ts';
import { tellProblem, useNotices } from './notices.ts';
import { backOnPile, forgetPile, type OwnStroke, pileUp, takeOffPile } from './own-strokes.ts';
import { forgetScan, useScan } from './scan.ts';
import { type FinishedStroke, useViewer } from './viewer.ts';
import { useWorkspace } from './workspace.ts';

const withCase = z.object({ case: caseState });

/** The case that acts go to. Throws RangeError when none is open: a button should have been off. */
export function open(): CaseState {
  const { state } = useCase.getState();
  if (!state) throw new RangeError('no case is open');
  return state;
}

/**
 * After an act that ended early: takes in what the case did journal of it (a job of several acts keeps those that were whole).
 * @returns the newest act's name when there was one
 */
async function catchUp(before: CaseState | null): Promise<string | null> {
  if (!before || useCase.getState().state?.id !== before.id || useNotices.getState().lost) return null;
  const now = await api.case(before.id);
  await adopt(now);
  return now.sequence > before.sequence ? now.undo : null;
}

/** What an act does to the case: nothing, a step back or forth, or something that this window cannot foresee. */
type Does = 'reads' | 'undo' | 'redo' | 'changes';
/** What was asked for and is not done yet, in the order asked. */
const asked: { words: string; does: Does }[] = [];
const tellBusy = () => {
  const first = asked.find((a) => a.does !== 'reads') ?? asked[0];
  useCase.setState({ busy: first?.words ?? null, busyReads: first?.does === 'reads' });
};

/**
 * Work in turn, with the case marked as busy from the moment of asking, not only once the turn has come: a stroke begun while an undo waits
 * would be told against a mask that the undo changes.
 * `ahead`: what is done on screen at once, when all that was drawn before is handed in.
 */
function busyInTurn<T>(words: string, work: () => Promise<T>, does: Does = 'changes', ahead = () => {}): Promise<T> {
  const mine = { words, does };
  asked.push(mine);
  // A stroke that is being drawn is handed in here: it comes before this.
  tellBusy();
  if (does === 'changes') forgetPile();
  ahead();
  return inTurn(async () => {
    try {
      return await work();
    } finally {
      asked.splice(asked.indexOf(mine), 1);
      tellBusy();
    }
  });
}

/**
 * Runs one act on the case: in turn, with its words in the status, its answer taken into the page, its refusal told on screen.
 * `reads`: the work changes nothing, so that drawing goes on meanwhile; the stroke is written when it is done.
 * @returns the work's answer, or null when it was refused, failed or was cancelled
 */
export async function act<T>(
  words: string,
  work: () => Promise<T>,
  { reads = false, does = reads ? 'reads' : 'changes', ahead }: { reads?: boolean; does?: Does; ahead?: () => void } = {},
): Promise<T | null> {
  const before = useCase.getState().state;
  try {
    return await busyInTurn(words, work, does, ahead);
  } catch (cause) {
    if (!(cause instanceof JobCancelled)) tellProblem(words, cause);
    const kept = await catchUp(before).catch((again) => tellProblem('Reading the case again', again));
    if (cause instanceof JobCancelled)
      useNotices.getState().tell({
        kind: 'notice',
        title: `${words}: cancelled`,
        text: kept ? `Done before that and kept: ${kept}. Undo takes it back.` : 'The case is as it was.',
      });
    return null;
  }
}

/** Opens a case as the one in the window. */
export async function enter(state: CaseState): Promise<void> {
  const before = useCase.getState().state;
  if (before && before.id !== state.id) {
    forget();
    await close(before.id);
  }
  useWorkspace.getState().set({ step: state.segments.length > 0 ? 'correct' : 'prepare' });
  // Prepare then speaks of this case, not of a folder that was looked at before it.
  forgetScan();
  await adopt(state, true);
}

const close = (id: string) => api.close(id).catch((cause) => tellProblem('Closing the case', cause));

function forget(): void {
  dropCase();
  useWorkspace.getState().set({ step: null });
}

/** Closes the case: nothing of it stays in the page, and the lock is given back once the strokes and acts that wait are written. */
export async function leave(): Promise<void> {
  const { state } = useCase.getState();
  forget();
  if (state) await inTurn(() => close(state.id));
}

/** Opens a case on disk; with `salvage` what is whole of a damaged one, read-only. */
export async function openCase(folder: string, salvage = false): Promise<void> {
  try {
    // Until it is read nothing can be drawn on the case that is about to be left.
    await busyInTurn('Open the case', async () => enter(await api.open(folder, salvage)));
  } catch (cause) {
    tellProblem(
      'Open the case',
      cause,
      cause instanceof ApiProblem && cause.code === 'CASE_DAMAGED' && !salvage
        ? { label: 'Open what is whole, read-only', run: () => void openCase(folder, true) }
        : null,
    );
  }
}

export async function openDemo(): Promise<void> {
  const state = await act('Open the demo head', async () => withCase.parse(await runJob(api.demo())).case);
  if (state) await act('Load the case', () => enter(state));
}

/** Imports series of a folder as a new case. */
export async function importSeries(request: ImportRequest): Promise<void> {
  const state = await act('Import', async () => withCase.parse(await runJob(api.import(request))).case);
  if (state) await act('Load the case', () => enter(state));
}

/** Imports every series of the folder that lies open as one case, for two scans of one patient that are to be registered. */
export const importAll = (): Promise<void> =>
  importSeries({ paths: useScan.getState().paths, folder: null, seriesInstanceUid: null, allow: [] });

/** Comes back to the case that this tab had open before a reload; a case that is gone is no fault. */
export async function reopen(id: string): Promise<boolean> {
  try {
    const state = await api.case(id);
    await adopt(state, true);
    return true;
  } catch (cause) {
    if (cause instanceof ServiceLost) throw cause;
    return false;
  }
}

const plain = (words: string, work: (state: CaseState) => Promise<CaseState>) => act(words, async () => adopt(await work(open())));

/**
 * Ctrl+Z pressed four times takes four acts back, however fast: what is undone is decided when its turn comes. A stroke of this window leaves
 * the screen at once, as it came onto it: before the case's answer. That answer settles it, and a refusal puts it back.
 */
export function undo(): Promise<true | null> {
  const id = useCase.getState().state?.id;
  let stroke: OwnStroke | null = null;
  const ahead = () => {
    if (asked.every((one) => one.does === 'undo' || one.does === 'reads')) stroke = takeOffPile();
    else forgetPile();
    if (stroke) takeBackAhead(stroke);
  };
  const work = async (): Promise<true> => {
    // A stroke that the case did not take is gone with its refusal; what lies below it was not meant.
    if (useCase.getState().state?.id !== id || stroke?.refused) return true;
    const state = open();
    try {
      const next = state.undo === null ? state : await api.undo(state.id);
      if (stroke) settleAhead(stroke);
      await adopt(next);
      return true;
    } catch (cause) {
      // It is on top of the case still, and on the screen again.
      forgetPile();
      if (stroke) settleAhead(stroke);
      await follow().catch((again) => tellProblem('Reading the case again', again));
      throw cause;
    }
  };
  return act('Undo', work, { does: 'undo', ahead });
}

export function redo(): Promise<true | null> {
  const id = useCase.getState().state?.id;
  const work = async (): Promise<true> => {
    if (useCase.getState().state?.id !== id) return true;
    const state = open();
    if (state.redo === null) return true;
    const next = await api.redo(state.id);
    backOnPile((stroke) => next.segments.find((s) => s.id === stroke.segment)?.mask.strokes.at(-1) === stroke.sequence);
    await adopt(next);
    return true;
  };
  return act('Redo', work, { does: 'redo' });
}
export const rename = (segment: string, name: string) => plain('Rename', (s) => api.rename(s.id, segment, name));
export const remove = (segment: string) => plain('Remove', (s) => api.remove(s.id, segment));
export const acknowledge = () => plain('Acknowledge', (s) => api.acknowledge(s.id));
export const sign = (mesh: string, name: string, remark: string) => plain('Sign', (s) => api.sign(s.id, { mesh, name, remark }));

export function clean(segment: string, settings: CleanSettings): Promise<true | null> {
  return act<true>('Clean', async () => {
    const result = await runJob(api.clean(open().id, segment, settings));
    await adopt(withCase.parse(result).case);
    return true;
  });
}

const islandsResult = z.object({ islands: island.array(), total: z.number() });
export function listIslands(segment: string, connectivity: Connectivity): Promise<{ islands: Island[]; total: number } | null> {
  return act('List islands', async () => islandsResult.parse(await runJob(api.islands(open().id, segment, connectivity))), { reads: true });
}

export function makeMesh(segment: string, settings: MeshSettings): Promise<CaseMesh | null> {
  return act('Make the model', async () => {
    const result = z.object({ mesh: caseMesh, case: caseState }).parse(await runJob(api.mesh(open().id, segment, settings)));
    await adopt(result.case);
    return result.mesh;
  });
}

/** A coarse surface for the 3D cell; not an act of the case. Answers its URL. */
export function makePreview(segment: string): Promise<string | null> {
  return act('Show the surface', async () => z.object({ mesh: z.string() }).parse(await runJob(api.preview(open().id, segment))).mesh, {
    reads: true,
  });
}

export function exportMesh(request: z.input<typeof exportRequest>): Promise<ExportResult | null> {
  return act('Export', async () => {
    const result = exportResult.parse(await runJob(api.export(open().id, request)));
    await adopt(await api.case(open().id));
    return result;
  });
}

/** 10.2: writes image and mask patches into a new folder; the case stays as it is. */
export function writePatches(request: PatchesRequest): Promise<PatchesResult | null> {
  return act('Write patches', async () => patchesResult.parse(await runJob(api.patches(open().id, request))), { reads: true });
}

/** The standing recipe as one job: 200 HU and above, largest part, holes filled, bounded smoothing; ends on the Model step. */
export async function segmentToStl(): Promise<void> {
  const made = await act('Segment to checked STL', async () => {
    const result = z.object({ mesh: caseMesh, case: caseState }).parse(await runJob(api.auto(open().id, useCase.getState().series)));
    useViewer.getState().set({ preview: null });
    await adopt(result.case);
    useViewer.getState().set({ activeSegment: result.mesh.segment });
    return result.mesh;
  });
  if (made && useCase.getState().state) useWorkspace.getState().set({ step: 'model' });
}

/** What the journal keeps of a path is a hint: some hundred points to the hundredth of a mm, its end among them. */
function thinnedPath(path: FinishedStroke['pathLps']): StrokeRequest['pathLps'] {
  const step = Math.max(1, Math.ceil(path.length / 100));
  const tidy = (mm: number) => Math.round(mm * 100) / 100;
  return path.flatMap(([x, y, z], n) =>
    n % step === 0 || n === path.length - 1 ? [[tidy(x), tidy(y), tidy(z)]] : [],
  ) as StrokeRequest['pathLps'];
}

let strokeEpoch = 0;
/**
 * Posts a stroke that is already drawn on screen. When the case refuses it, it and every stroke drawn after it leave the screen too:
 * what is shown is always what is saved.
 */
export function saveStroke(stroke: FinishedStroke): void {
  const { segment, brush, delta } = stroke;
  // The case that it was drawn on, also when another one is open by the time its turn comes.
  const drawnOn = useCase.getState().state?.id;
  if (!drawnOn || stroke.voxels === 0) return;
  const own = pileUp(segment, delta, useViewer.getState().layers.find((l) => l.segmentId === segment)?.values);
  const epoch = strokeEpoch;
  const request: StrokeRequest = {
    segment,
    tool: stroke.tool,
    shape: brush.shape,
    diameterMm: brush.diameterMm,
    gateHu: brush.gateHu,
    plane: stroke.plane,
    normalLps: stroke.normalLps,
    edgeHu: brush.edgeHu,
    inside: stroke.inside,
    notOver: stroke.notOver,
    pathLps: thinnedPath(stroke.pathLps),
    voxels: stroke.voxels,
    delta,
  };
  inTurn(async () => {
    if (epoch !== strokeEpoch) {
      own.refused = true;
      if (useCase.getState().state?.id === drawnOn) forgetMask(segment);
      return;
    }
    const next = await api.stroke(drawnOn, request);
    if (useCase.getState().state?.id !== drawnOn) return;
    const sequence = next.segments.find((s) => s.id === segment)?.mask.strokes.at(-1);
    if (sequence !== undefined) rememberStroke(own, sequence);
    await adopt(next);
  }).catch(async (cause) => {
    own.refused = own.sequence === null;
    // Asked first: a stroke that is being drawn now ends with it, among those that go.
    const again = busyInTurn('Reading the case again', async () => {
      if (useCase.getState().state?.id !== drawnOn) return;
      forgetMask(segment);
      await adopt(await api.case(drawnOn));
    });
    strokeEpoch++;
    tellProblem(stroke.tool === 'brush' ? 'Saving the brush stroke' : 'Saving the eraser stroke', cause);
    await again.catch((why) => tellProblem('Reading the case again', why));
  });
}
