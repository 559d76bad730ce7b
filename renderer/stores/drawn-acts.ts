import { create } from 'zustand';
import type { Masking } from '../../contract/edit-tools.ts';
import type { DrawnEffect, EffectSettings } from '../../contract/effects.ts';
import type { MaskPreview } from '../../contract/routes.ts';
import { useCase } from './case.ts';
import { useJobs } from './jobs.ts';
import { applyEffect, previewEffect } from './mask-acts.ts';
import { useViewer } from './viewer.ts';

export type DrawnSettings = Extract<EffectSettings, { effect: DrawnEffect }>;

const drawnNames: Record<DrawnEffect, string> = {
  scissors: 'Scissors',
  'flood-fill': 'Flood fill',
  'level-trace': 'Level tracing',
  contour: 'Contour',
  island: 'Island',
};

const wordsOf = (settings: DrawnSettings): string =>
  settings.effect === 'contour' && settings.tool === 'livewire' ? 'Livewire' : drawnNames[settings.effect];

/** One drawing, asked for. `make` is asked again when a tool's options change while its preview is looked at. */
interface Drawing {
  segment: string;
  words: string;
  settings: DrawnSettings;
  masking: Masking;
  make: () => DrawnSettings;
}
interface DrawnState {
  /** A preview is being made; its job, once there is one. */
  looking: { words: string; job: string | null } | null;
  /** Looked at and not yet applied. */
  looked: (Drawing & { mask: string; told: MaskPreview }) | null;
}
export const useDrawn = create<DrawnState>()(() => ({ looking: null, looked: null }));

/** What drawing may change now, as the painting tools have it: only inside a segment, not over locked ones, only in the gate. */
export function maskingNow(): Masking {
  const { masking, brush, activeSegment } = useViewer.getState();
  const { state, series } = useCase.getState();
  const locked = (state?.segments ?? []).filter((s) => s.locked && s.id !== activeSegment && s.series === series);
  return {
    inside: masking.insideSegment,
    notOver: masking.notOverLocked ? locked.map((s) => s.id) : [],
    gateHu: brush.gateHu,
  };
}

const maskOf = (id: string): string => JSON.stringify(useCase.getState().state?.segments.find((s) => s.id === id)?.mask ?? null);
/** Counts drawings, so that the answer to one that was dropped is dropped too. */
let newest = 0;

/** What was drawn goes off the planes, unless something else was drawn since. */
function clearSketch(drawn: ReturnType<typeof useViewer.getState>['sketch']): void {
  const { sketch, set } = useViewer.getState();
  if (drawn && sketch === drawn) set({ sketch: null });
}

/**
 * Carries out on the active segment what was drawn: at once, or as a preview that waits for Apply. The drawing stays on the planes until
 * the mask is there.
 */
export async function carryOut(make: () => DrawnSettings, look: boolean): Promise<void> {
  const segment = useViewer.getState().activeSegment;
  if (segment === null) return;
  release();
  const mine = ++newest;
  const settings = make();
  const drawing: Drawing = { segment, words: wordsOf(settings), settings, masking: maskingNow(), make };
  if (look) await showDrawn(drawing, mine);
  else await applyDrawn(drawing);
}

async function showDrawn(drawing: Drawing, mine: number): Promise<void> {
  const { segment, words, settings, masking } = drawing;
  const { sketch } = useViewer.getState();
  const mask = maskOf(segment);
  useDrawn.setState({ looking: { words, job: null } });
  const made = await previewEffect(segment, { settings, masking }, words, (job) => {
    if (mine === newest) useDrawn.setState({ looking: { words, job: job.id } });
    else void useJobs.getState().cancel(job.id);
  });
  if (mine !== newest) return;
  useDrawn.setState({ looking: null });
  // What it was made of may be gone by now: an undo, another segment.
  if (!made || useViewer.getState().activeSegment !== segment || maskOf(segment) !== mask) {
    clearSketch(sketch);
    return;
  }
  useDrawn.setState({ looked: { ...drawing, mask, told: made.told } });
  useViewer.getState().set({ maskPreview: { segmentId: segment, values: made.values } });
}

async function applyDrawn({ segment, words, settings, masking }: Drawing): Promise<void> {
  const { sketch } = useViewer.getState();
  await applyEffect(segment, { settings, masking }, words);
  clearSketch(sketch);
}

/** Applies what is looked at. False: there is nothing. */
export function applyLooked(): boolean {
  const { looked } = useDrawn.getState();
  if (!looked) return false;
  useDrawn.setState({ looked: null });
  useViewer.getState().set({ maskPreview: null });
  void applyDrawn(looked);
  return true;
}

function release(): boolean {
  const { looked, looking } = useDrawn.getState();
  if (!looked && !looking) return false;
  newest++;
  if (looking?.job) void useJobs.getState().cancel(looking.job);
  useDrawn.setState({ looked: null, looking: null });
  useViewer.getState().set({ maskPreview: null });
  return true;
}

/** Puts away what is looked at with its drawing, or stops its making; the case stays as it is. False: there was nothing. */
export function dropLooked(): boolean {
  const dropped = release();
  if (dropped) useViewer.getState().set({ sketch: null });
  return dropped;
}

/** The options of the tool changed: what is looked at is made again with them. */
export function lookAgain(): void {
  const { looked } = useDrawn.getState();
  if (!looked) return;
  const settings = looked.make();
  const masking = maskingNow();
  if (JSON.stringify([settings, masking]) === JSON.stringify([looked.settings, looked.masking])) return;
  useDrawn.setState({ looked: null });
  useViewer.getState().set({ maskPreview: null });
  void showDrawn({ ...looked, settings, masking }, ++newest);
}

/** Drops a preview that its mask, its segment or its case has left behind. Call once; returns the function that stops it. */
export function watchLooked(): () => void {
  const update = () => {
    const { looked } = useDrawn.getState();
    if (looked && (useViewer.getState().activeSegment !== looked.segment || maskOf(looked.segment) !== looked.mask)) dropLooked();
  };
  const stops = [useCase.subscribe(update), useViewer.subscribe((now, before) => now.activeSegment !== before.activeSegment && update())];
  return () => {
    for (const stop of stops) stop();
  };
}
