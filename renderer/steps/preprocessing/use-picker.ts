import { useEffect } from 'react';
import { beginPicking, changeStep, type Picking, usePreprocessing } from '../../stores/preprocessing.ts';
import { takeTool } from '../../stores/tools.ts';
import { type Plane, type Point, useViewer } from '../../stores/viewer.ts';
import { boxOfCorners } from './region-box.ts';

const region = () => usePreprocessing.getState().draft.region;
const tidy = (p: Point): Point => p.map((v) => Math.round(v * 100) / 100) as Point;

/** Sets one of the four foramina; the next that is missing is asked for then. */
export function setLandmark(at: number, lps: Point, goOn: boolean): void {
  const landmarks = region().landmarks.map((old, n) => (n === at ? tidy(lps) : old));
  changeStep('region', { landmarks });
  const next = landmarks.indexOf(null);
  usePreprocessing.getState().set({ picking: goOn && next >= 0 ? { kind: 'landmark', at: next } : null });
}

function takeCorner(picking: Extract<Picking, { kind: 'corner' }>, lps: Point, plane: Plane): void {
  const { volume } = useViewer.getState();
  if (!volume) return;
  if (!picking.first) {
    usePreprocessing.getState().set({ picking: { kind: 'corner', first: { lps, plane } } });
    return;
  }
  changeStep('region', { boxLps: boxOfCorners(picking.first, { lps, plane }, region().boxLps, volume.geometry) });
  usePreprocessing.getState().set({ picking: null });
}

const sameSpotMm = 0.4;
function addToOutline(lps: Point, plane: Plane): void {
  const { outline } = region();
  if (outline && !outline.closed && outline.plane !== plane && outline.pointsLps.length > 0) return;
  const before = outline && !outline.closed ? outline.pointsLps : [];
  const last = before.at(-1);
  // the second click of a double click
  if (last && Math.hypot(...last.map((v, a) => v - (lps[a] as number))) < sameSpotMm) return;
  changeStep('region', { outline: { plane, pointsLps: [...before, tidy(lps)], closed: false } });
}

/** Enter or a double click: the outline is whole when it has three points. */
export function closeOutline(): void {
  const { outline } = region();
  if (!outline || outline.pointsLps.length < 3) return;
  changeStep('region', { outline: { ...outline, closed: true } });
  usePreprocessing.getState().set({ picking: null });
}

function takeBack(): void {
  const { outline } = region();
  if (!outline || outline.closed) return;
  const pointsLps = outline.pointsLps.slice(0, -1);
  changeStep('region', { outline: pointsLps.length > 0 ? { ...outline, pointsLps } : null });
}

export function beginOutline(): void {
  changeStep('region', { outline: null });
  beginPicking({ kind: 'outline' });
}

/** Hands the clicks in the planes to what is asked for. Esc, another tool or another step ends it. */
export function usePicker(): void {
  const picking = usePreprocessing((s) => s.picking);
  const on = picking !== null;
  useEffect(() => {
    const { set } = useViewer.getState();
    if (!on) return;
    set({
      tool: 'point',
      preview: null,
      picker: {
        pick: (lps, plane) => {
          const now = usePreprocessing.getState().picking;
          if (now?.kind === 'landmark') setLandmark(now.at, lps, true);
          else if (now?.kind === 'corner') takeCorner(now, lps, plane);
          else if (now) addToOutline(lps, plane);
        },
        takeBack: () => {
          if (usePreprocessing.getState().picking?.kind === 'outline') takeBack();
        },
        finish: () => {
          if (usePreprocessing.getState().picking?.kind === 'outline') closeOutline();
        },
      },
    });
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || usePreprocessing.getState().picking?.kind !== 'outline') return;
      if (event.target instanceof Element && event.target.closest('input, button, select, dialog')) return;
      event.preventDefault();
      closeOutline();
    };
    window.addEventListener('keydown', onKey);
    const unsubscribe = useViewer.subscribe(({ tool }) => {
      if (tool !== 'point' && usePreprocessing.getState().picking) usePreprocessing.getState().set({ picking: null });
    });
    return () => {
      window.removeEventListener('keydown', onKey);
      unsubscribe();
      set({ picker: null });
      if (useViewer.getState().tool === 'point') takeTool('navigate');
    };
  }, [on]);
  // Leaving the step ends it, and nothing of it stays on the planes.
  useEffect(
    () => () => {
      usePreprocessing.getState().set({ picking: null });
      useViewer.getState().set({ sketch: null, regionLps: null });
    },
    [],
  );
}
