import { create } from 'zustand';
import type { CaseSeries, CaseState, JournalLine, Segment } from '../../contract/case.ts';
import type { MaskDelta, MaskSource } from '../../contract/segmentation.ts';
import { indexToLps, voxelCount } from '../../kernels/volume/geometry.ts';
import { api } from '../api/client.ts';
import { segmentColour } from '../design/segment-colours.ts';
import { countVolume, quantile, useHistogram } from './histogram.ts';
import { drawDelta, planMaskChange, takeBackDelta } from './mask-plan.ts';
import { tellProblem } from './notices.ts';
import { forgetPile, type OwnStroke } from './own-strokes.ts';
import { holds, normalizedWindow, seriesAfter } from './preprocessing-series.ts';
import { useSettings } from './settings.ts';
import { type LoadedVolume, type MaskLayer, useViewer } from './viewer.ts';

interface CaseStore {
  state: CaseState | null;
  /** SeriesInstanceUID of the volume that the planes show. */
  series: string | null;
  journal: JournalLine[];
  /** Voxels on their way into the page. */
  loading: { what: string; fraction: number } | null;
  /** An act that changes the case is under way: its words, else null. */
  busy: string | null;
  /** The running work changes nothing: a 3D preview, a list of islands. */
  busyReads: boolean;
}

export const useCase = create<CaseStore>()(() => ({ state: null, series: null, journal: [], loading: null, busy: null, busyReads: false }));

function emptyViewer(): void {
  const nothing = { volume: null, layers: [], activeSegment: null, preview: null, networkPreview: null, heat: null, regionLps: null };
  // Ids of segments count anew in every case: masking inside of one must not fall on another's.
  const masking = { ...useViewer.getState().masking, insideSegment: null };
  useViewer.getState().set({ ...nothing, masking, maskPreview: null, sketch: null, picker: null, cursor: null, tool: 'navigate' });
}

/** What each layer on screen was drawn from; strokes that are drawn but not yet answered are not in it. */
const shown = new Map<string, MaskSource>();
/** By segment and sequence: one act may change several masks. */
const deltas = new Map<string, MaskDelta>();
const deltaKey = (segment: string, sequence: number): string => `${segment} ${sequence}`;
/** Strokes that undo was asked for and that the case still has: they are off the screen already. */
const leaving = new Set<string>();
/** Counts what is taken back on screen ahead of the case. */
let takenBack = 0;
let volumeKey = '';
let turn: Promise<unknown> = Promise.resolve();

/** One change of the case at a time, in the order asked: an undo never overtakes a stroke that is still being written. */
export function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work, work);
  turn = mine.catch(() => undefined);
  return mine;
}

/**
 * Remembers a stroke of our own under the sequence that the case gave it. Where another mask than the one that it was drawn into is on screen
 * by now, the next answer draws it there. One that undo was asked for meanwhile is off the screen, and stays off.
 */
export function rememberStroke(stroke: OwnStroke, sequence: number): void {
  const { segment, delta, drawnOn } = stroke;
  stroke.sequence = sequence;
  deltas.set(deltaKey(segment, sequence), delta);
  if (deltas.size > 2000) deltas.delete(deltas.keys().next().value as string);
  if (stroke.leaving) {
    leaving.add(deltaKey(segment, sequence));
    return;
  }
  const source = shown.get(segment);
  const onScreen = useViewer.getState().layers.find((l) => l.segmentId === segment)?.values;
  if (source && drawnOn === onScreen) shown.set(segment, { base: source.base, strokes: [...source.strokes, sequence] });
}

/**
 * Takes our newest stroke off the screen when undo is asked for, ahead of the case's answer.
 * @returns false where the screen does not have it as it was drawn: then the case's answer takes it off
 */
export function takeBackAhead(stroke: OwnStroke): boolean {
  const { segment, delta, drawnOn, sequence } = stroke;
  const view = useViewer.getState();
  const values = view.layers.find((l) => l.segmentId === segment)?.values;
  const source = shown.get(segment);
  if (!values || !source) return false;
  if (sequence === null ? values !== drawnOn : source.strokes.at(-1) !== sequence) return false;
  takeBackDelta(values, delta);
  stroke.leaving = true;
  takenBack++;
  if (sequence !== null) {
    shown.set(segment, { base: source.base, strokes: source.strokes.slice(0, -1) });
    leaving.add(deltaKey(segment, sequence));
  }
  view.set({ layers: [...view.layers], revision: view.revision + 1 });
  return true;
}

/** The case has spoken on an undo: from now on the screen has this stroke exactly if the case has it. */
export function settleAhead({ segment, sequence }: OwnStroke): void {
  if (sequence !== null) leaving.delete(deltaKey(segment, sequence));
}

/** A mask as it is to be on screen: without what undo was asked for. */
function wantedOf({ id, mask }: Segment): MaskSource {
  if (leaving.size === 0) return mask;
  return { base: mask.base, strokes: mask.strokes.filter((sequence) => !leaving.has(deltaKey(id, sequence))) };
}

/** The mask on screen can no longer be trusted to match the case: the next answer reads it anew. */
export const forgetMask = (segment: string): void => {
  shown.delete(segment);
};

export const activeSegmentOf = (state: CaseState | null, id: string | null): Segment | null =>
  state?.segments.find((s) => s.id === id) ?? null;

/** The series shown first: that of the newest segment, else what was made last of others, else the largest CT, else the largest. */
function preferredSeries(state: CaseState): CaseSeries | null {
  const newest = state.segments.at(-1)?.series ?? state.series.findLast((s) => s.derivation !== null)?.seriesInstanceUid;
  const size = (s: CaseSeries) => voxelCount(s.dimensions) + (s.modality === 'CT' ? 2 ** 40 : 0);
  return state.series.find((s) => s.seriesInstanceUid === newest) ?? [...state.series].sort((a, b) => size(b) - size(a))[0] ?? null;
}

async function loadVolume(state: CaseState, series: CaseSeries): Promise<void> {
  const key = `${state.id} ${series.seriesInstanceUid} ${series.voxels.sha256}`;
  if (key === volumeKey) return;
  // Another series of the same case: the place and the window that were looked at stay, so that the two can be compared.
  const left = volumeKey.startsWith(`${state.id} `) && useViewer.getState().volume ? useViewer.getState() : null;
  volumeKey = key;
  shown.clear();
  emptyViewer();
  useHistogram.setState({ histogram: null });
  const what = series.description || series.modality;
  useCase.setState({ loading: { what, fraction: 0 } });
  try {
    const length = voxelCount(series.dimensions);
    const bytes = await api.voxels(state.id, series.seriesInstanceUid, length * (series.voxels.dtype === 'int16' ? 2 : 4), (fraction) =>
      useCase.setState({ loading: { what, fraction } }),
    );
    if (volumeKey !== key) return;
    const values = series.voxels.dtype === 'int16' ? new Int16Array(bytes.buffer) : new Float32Array(bytes.buffer);
    const { dimensions, spacingMm, originLps, directionLps } = series;
    const geometry = { dimensions, spacingMm, originLps, directionLps };
    const volume: LoadedVolume = { seriesInstanceUid: series.seriesInstanceUid, geometry, values, units: series.voxels.units };
    const middle = indexToLps(geometry, ...(dimensions.map((n) => Math.floor(n / 2)) as [number, number, number]));
    const inHu = series.voxels.units === 'HU';
    const alike = left?.volume?.units === volume.units && volume.units !== 'normalized';
    const crosshairLps = left && holds(geometry, left.crosshairLps) ? left.crosshairLps : middle;
    const shownWindow = alike ? left.window : inHu ? { center: 450, width: 1900 } : normalizedWindow(series, values);
    // A gate and an edge are in the unit of the values that they were set on.
    const plainBrush = { ...useViewer.getState().brush, gateHu: null, edgeHu: null };
    const sameUnit = inHu && (left?.volume?.units ?? 'HU') === 'HU';
    useViewer
      .getState()
      .set({ ...(sameUnit ? {} : { brush: plainBrush }), volume, crosshairLps, ...(shownWindow ? { window: shownWindow } : {}) });
    const histogram = await countVolume(volume, () => volumeKey === key);
    if (!histogram) return;
    useHistogram.setState({ histogram });
    if (!shownWindow) {
      const [low, high] = [quantile(histogram, 0.02), quantile(histogram, 0.995)];
      useViewer.getState().set({ window: { center: Math.round((low + high) / 2), width: Math.max(1, high - low) } });
    }
  } catch (cause) {
    if (volumeKey === key) volumeKey = '';
    throw cause;
  } finally {
    if (volumeKey === key || volumeKey === '') useCase.setState({ loading: null });
  }
}

async function delta(state: CaseState, segment: string, sequence: number): Promise<MaskDelta> {
  const key = deltaKey(segment, sequence);
  const known = deltas.get(key) ?? (await api.strokeDelta(state.id, segment, sequence));
  // Sequences count from the start in every case: a stroke that comes late is not kept for the next one.
  if (useCase.getState().state?.id === state.id) deltas.set(key, known);
  return known;
}

/** The voxels of a segment as they are to be on screen, and what they were drawn from. */
async function valuesOf(
  state: CaseState,
  segment: Segment,
  old: MaskLayer | undefined,
  length: number,
): Promise<{ values: Uint8Array; source: MaskSource }> {
  for (;;) {
    const source = wantedOf(segment);
    const plan = planMaskChange(old ? (shown.get(segment.id) ?? null) : null, source);
    if (old && plan.kind === 'same') return { values: old.values, source };
    const before = takenBack;
    if (old && plan.kind === 'strokes') {
      const back = await Promise.all(plan.takeBack.map((s) => delta(state, segment.id, s)));
      const forth = await Promise.all(plan.draw.map((s) => delta(state, segment.id, s)));
      // Undo has changed the mask while a stroke was on its way: what is to be done is asked anew.
      if (before !== takenBack) continue;
      for (const d of back) takeBackDelta(old.values, d);
      for (const d of forth) drawDelta(old.values, d);
      return { values: old.values, source };
    }
    if (segment.mask.base === null && segment.mask.strokes.length === 0) return { values: new Uint8Array(length), source };
    const values = await api.mask(state.id, segment.id, length);
    // The case may still have had what undo was asked for; taken back twice it is gone all the same.
    const now = wantedOf(segment);
    const gone = segment.mask.strokes.filter((s) => !now.strokes.includes(s)).reverse();
    for (const s of gone) takeBackDelta(values, await delta(state, segment.id, s));
    return { values, source: now };
  }
}

/** The layer as it was, where the new one says the same; what is compared by identity then stays as it is. */
function alike(next: MaskLayer, before: MaskLayer): MaskLayer {
  const same = (Object.keys(next) as (keyof MaskLayer)[]).every(
    (key) => next[key] === before[key] || (key === 'networkBox' && JSON.stringify(next[key]) === JSON.stringify(before[key])),
  );
  return same ? before : next;
}

/** Brings the layers of the planes in step with the case: only what changed is fetched or redrawn. */
async function loadLayers(state: CaseState): Promise<void> {
  const { volume } = useViewer.getState();
  if (!volume) return;
  const key = volumeKey;
  const length = voxelCount(volume.geometry.dimensions);
  const segments = state.segments.filter((s) => s.series === volume.seriesInstanceUid);
  const layers: MaskLayer[] = [];
  let redrawn = false;
  for (const segment of segments) {
    const old = useViewer.getState().layers.find((l) => l.segmentId === segment.id);
    redrawn ||= !old || planMaskChange(shown.get(segment.id) ?? null, wantedOf(segment)).kind !== 'same';
    const { values, source } = await valuesOf(state, segment, old, length);
    // Another case or series was taken in meanwhile: what came late is not drawn there.
    if (volumeKey !== key) return;
    shown.set(segment.id, { base: source.base, strokes: [...source.strokes] });
    layers.push({
      segmentId: segment.id,
      name: segment.name,
      colour: segmentColour(segment.colour),
      values,
      visible: old?.visible ?? true,
      locked: segment.locked,
      opacity: old?.opacity ?? useSettings.getState().opacity,
      networkBox: segment.network?.box ?? null,
    });
  }
  for (const id of [...shown.keys()]) if (!segments.some((s) => s.id === id)) shown.delete(id);
  const view = useViewer.getState();
  // Hiding and opacity may have been changed while a mask was on its way.
  const kept = layers.map((l) => {
    const now = view.layers.find((o) => o.segmentId === l.segmentId);
    return now ? alike({ ...l, visible: now.visible, opacity: now.opacity }, now) : l;
  });
  // The answer to a stroke that is on the screen already changes nothing that is drawn: nobody is told, and nothing is drawn again.
  if (!redrawn && kept.length === view.layers.length && kept.every((l, n) => l === view.layers[n])) return;
  const before = new Set(view.layers.map((l) => l.segmentId));
  const fresh = kept.filter((l) => !before.has(l.segmentId)).at(-1)?.segmentId;
  const still = kept.some((l) => l.segmentId === view.activeSegment) ? view.activeSegment : null;
  view.set({ layers: kept, activeSegment: fresh ?? still ?? kept.at(-1)?.segmentId ?? null, revision: view.revision + 1 });
}

/** Takes new lines into those that are known; a line that is known already is one whose state has changed. */
export function joinJournal(known: JournalLine[], news: JournalLine[]): JournalLine[] {
  const last = known.at(-1)?.sequence ?? -1;
  const changed = new Map(news.flatMap((line) => (line.sequence <= last ? [[line.sequence, line] as const] : [])));
  const before = changed.size === 0 ? known : known.map((line) => changed.get(line.sequence) ?? line);
  return [...before, ...news.filter((line) => line.sequence > last)];
}

let journalTimer: ReturnType<typeof setTimeout> | undefined;
function refreshJournal(id: string): void {
  clearTimeout(journalTimer);
  journalTimer = setTimeout(() => {
    const known = useCase.getState().journal;
    api.journal(id, known.at(-1)?.sequence ?? -1).then(
      (news) => {
        const { state, journal } = useCase.getState();
        if (state?.id !== id || news.length === 0) return;
        // Another answer came first: what is missing now is asked for anew.
        if (journal === known) useCase.setState({ journal: joinJournal(known, news) });
        else refreshJournal(id);
      },
      (cause) => useCase.getState().state?.id === id && tellProblem('Reading the journal', cause),
    );
  }, 60);
}

let step: Promise<unknown> = Promise.resolve();
/**
 * Takes the case's new state into the page: lists at once, then the volume (once a series) and the masks (only what changed). An answer
 * that is older than what is shown is dropped, and so is one of a case that has been left, unless `entering`.
 */
export function adopt(next: CaseState, entering = false): Promise<void> {
  const now = useCase.getState().state;
  if (now?.id === next.id && next.sequence < now.sequence) return Promise.resolve();
  const other = now?.id !== next.id;
  if (other && !entering) return Promise.resolve();
  if (now && other) dropCase();
  const shownNow = useCase.getState().series;
  const follows = (!other && now && seriesAfter(now, next, shownNow)) || (preferredSeries(next)?.seriesInstanceUid ?? null);
  useCase.setState({
    state: next,
    ...(follows === shownNow ? {} : { series: follows }),
    ...(other ? { journal: [] } : {}),
  });
  refreshJournal(next.id);
  return follow();
}

/** Shows another series of the case. */
export function showSeries(seriesInstanceUid: string): Promise<void> {
  useCase.setState({ series: seriesInstanceUid });
  return follow();
}

/** Brings the screen in step with the case as this window knows it. */
export function follow(): Promise<void> {
  const mine = step.then(async () => {
    const { state, series } = useCase.getState();
    const wanted = state?.series.find((s) => s.seriesInstanceUid === series);
    if (!state || !wanted) return;
    await loadVolume(state, wanted);
    // The newest state, not the one this turn began with: a later turn then finds nothing left to do.
    const newest = useCase.getState().state;
    if (newest?.id === state.id) await loadLayers(newest);
  });
  step = mine.catch(() => undefined);
  return mine;
}

/** Leaves the case: nothing of it stays in the page's memory. */
export function dropCase(): void {
  clearTimeout(journalTimer);
  volumeKey = '';
  shown.clear();
  deltas.clear();
  leaving.clear();
  forgetPile();
  useCase.setState({ state: null, series: null, journal: [], loading: null });
  useHistogram.setState({ histogram: null });
  emptyViewer();
  useViewer.getState().set({ turned: null });
}
