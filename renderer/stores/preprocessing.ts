import { create } from 'zustand';
import type {
  DenoiseSettings,
  InterpolateSettings,
  NormalizeSettings,
  PreprocessStep,
  RegisterSettings,
} from '../../contract/preprocessing.ts';
import type { Plane, Point } from './viewer.ts';

export type StepName = PreprocessStep['step'];
/** The steps of 8.1 in their order. */
export const stepOrder: readonly StepName[] = ['region', 'denoise', 'interpolate', 'register', 'window', 'normalize', 'pad'];

/** The four places of Annex A, in the order in which they are asked for: right and left supraorbital, right and left infraorbital. */
export const landmarkNames = ['Supraorbital R', 'Supraorbital L', 'Infraorbital R', 'Infraorbital L'] as const;
export type BoxLps = [number, number, number, number, number, number];

export interface RegionDraft {
  by: 'landmarks' | 'box' | 'drawing';
  landmarks: (Point | null)[];
  boxLps: BoxLps | null;
  /** The plane is that of the first click. */
  outline: { plane: Plane; pointsLps: Point[]; closed: boolean } | null;
  outside: number;
}
type Triple = [number, number, number];

/** All that can be set, also of steps that are off: switching a step off forgets nothing. */
export interface ChainDraft {
  on: Record<StepName, boolean>;
  region: RegionDraft;
  denoise: {
    method: DenoiseSettings['method'];
    sigmaMm: number;
    radius: 1 | 2;
    strengthHu: number;
    searchRadius: number;
    patchRadius: number;
    iterations: number;
    contrastHu: number;
    plane: '2d' | '3d';
  };
  interpolate: Required<InterpolateSettings>;
  register: { onto: string | null; metric: RegisterSettings['metric'] };
  window: { lowHu: number; highHu: number };
  normalize: {
    method: NormalizeSettings['method'];
    min: number;
    max: number;
    low: number;
    high: number;
    newMin: number;
    newMax: number;
    round: boolean;
    inside: number | null;
  };
  /** `value` null: chosen by what stands before it. */
  pad: { by: 'multiple' | 'size'; multiple: Triple; size: Triple; value: number | null };
}

export function firstDraft(): ChainDraft {
  return {
    on: { region: false, denoise: false, interpolate: false, register: false, window: false, normalize: false, pad: false },
    region: { by: 'landmarks', landmarks: [null, null, null, null], boxLps: null, outline: null, outside: -1024 },
    denoise: {
      method: 'non-local-means',
      sigmaMm: 0.5,
      radius: 1,
      strengthHu: 30,
      searchRadius: 2,
      patchRadius: 1,
      iterations: 5,
      contrastHu: 60,
      plane: '3d',
    },
    interpolate: { spacing: 'given', spacingMm: 0.5, plane: '2d', interpolation: 'linear', labels: 'majority' },
    register: { onto: null, metric: 'mutual-information' },
    window: { lowHu: -200, highHu: 300 },
    normalize: { method: 'range', min: -200, max: 300, low: 1, high: 99, newMin: 0, newMax: 255, round: false, inside: null },
    pad: { by: 'multiple', multiple: [32, 32, 1], size: [512, 512, 512], value: null },
  };
}

/** What the next clicks in the planes are for. */
export type Picking =
  | { kind: 'landmark'; at: number }
  | { kind: 'corner'; first: { lps: Point; plane: Plane } | null }
  | { kind: 'outline' };
export type PreviewView = 'planes' | 'wipe' | 'side' | 'difference';

interface PreprocessingStore {
  draft: ChainDraft;
  picking: Picking | null;
  view: PreviewView;
  /** Segments that are carried onto the new grid. */
  carried: string[];
  /** The case that the draft's places belong to. */
  caseId: string | null;
  set: (change: Partial<Omit<PreprocessingStore, 'set'>>) => void;
}

export const usePreprocessing = create<PreprocessingStore>()((set) => ({
  draft: firstDraft(),
  picking: null,
  view: 'planes',
  carried: [],
  caseId: null,
  set: (change) => set(change),
}));

/** Changes what is set of one step. */
export function changeStep<S extends StepName>(step: S, change: Partial<ChainDraft[S]>): void {
  const { draft, set } = usePreprocessing.getState();
  set({ draft: { ...draft, [step]: { ...draft[step], ...change } } });
}

/** A step that changes values is looked at before it is applied; a region is chosen in the planes. */
export function switchStep(step: StepName, on: boolean): void {
  const { draft, view, picking, set } = usePreprocessing.getState();
  const next = { ...draft, on: { ...draft.on, [step]: on } };
  const any = stepOrder.some((s) => s !== 'region' && s !== 'register' && next.on[s]);
  if (step === 'region') set({ draft: next, ...(on ? { view: 'planes' } : { picking: null }) });
  else set({ draft: next, view: on && any && view === 'planes' && picking === null ? 'wipe' : any ? view : 'planes' });
}

/** Asks for places: the planes come to the front. */
export function beginPicking(picking: Picking): void {
  usePreprocessing.getState().set({ picking, view: 'planes' });
}

/** Everything as it was at first; the places too. */
export function resetChain(): void {
  usePreprocessing.getState().set({ draft: firstDraft(), picking: null, view: 'planes', carried: [] });
}

/** After the chain was applied: off, so that pressing again does nothing twice; the settings stay. */
export function allOff(): void {
  const { draft, set } = usePreprocessing.getState();
  set({ draft: { ...draft, on: firstDraft().on }, picking: null, view: 'planes', carried: [] });
}

/** Places belong to one patient: another case starts anew. */
export function enterCase(caseId: string): void {
  if (usePreprocessing.getState().caseId === caseId) return;
  resetChain();
  usePreprocessing.getState().set({ caseId });
}
