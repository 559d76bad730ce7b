import { type PointerEvent, useEffect, useRef } from 'react';
import { indexToLps } from '../../../kernels/volume/geometry.ts';
import { type Point, useViewer } from '../../stores/viewer.ts';
import { wheelSteps } from '../../viewports/index.ts';
import { useReadout } from './readout.ts';
import type { SliceCamera } from './SliceCanvas.tsx';
import { pixelAt, valueAt } from './slice-place.ts';
import type { PlacedSlice, ShownPreview } from './use-preview.ts';

interface PointerInput {
  root: React.RefObject<HTMLDivElement | null>;
  camera: SliceCamera;
  setCamera: (camera: SliceCamera) => void;
  side: boolean;
  before: PlacedSlice;
  after: PlacedSlice | null;
  plane: ShownPreview['plane'];
  k: number;
  volume: ShownPreview['volume'];
  toSlice: (k: number) => void;
}

/** The mouse as on the planes: wheel slice, Ctrl wheel and right drag zoom, middle or Shift drag pan, left drag window. */
export function usePreviewPointer({ root, camera, setCamera, side, before, after, plane, k, volume, toSlice }: PointerInput) {
  const drag = useRef<{
    kind: 'pan' | 'zoom' | 'window';
    x: number;
    y: number;
    camera: SliceCamera;
    window: { center: number; width: number };
  } | null>(null);
  const left = useRef(0);
  const now = useRef({ camera, k });
  now.current = { camera, k };
  /** Place of an event on the plane, mm; both halves of 'side by side' show the same field. */
  const at = (event: { clientX: number; clientY: number }): [number, number] => {
    const box = root.current?.getBoundingClientRect();
    if (!box) return [0, 0];
    const width = side ? box.width / 2 : box.width;
    const x = (event.clientX - box.left) % width;
    const { centre, mmPerPx } = now.current.camera;
    return [centre[0] + (x - width / 2) * mmPerPx, centre[1] + (event.clientY - box.top - box.height / 2) * mmPerPx];
  };
  const zoomAbout = (held: [number, number], factor: number, from: SliceCamera) => {
    const mmPerPx = Math.min(10, Math.max(0.005, from.mmPerPx / factor));
    const ratio = mmPerPx / from.mmPerPx;
    setCamera({ mmPerPx, centre: [held[0] + (from.centre[0] - held[0]) * ratio, held[1] + (from.centre[1] - held[1]) * ratio] });
  };
  const wheel = useRef<(event: WheelEvent) => void>(() => {});
  wheel.current = (event) => {
    event.preventDefault();
    const scale = event.deltaMode === 1 ? 40 : event.deltaMode === 2 ? 400 : 1;
    const delta = event.deltaY * scale;
    if (event.ctrlKey) {
      zoomAbout(at(event), Math.exp(-delta * 0.0015), now.current.camera);
      return;
    }
    const turned = wheelSteps(delta, left.current);
    left.current = turned.left;
    if (turned.steps !== 0) toSlice(now.current.k - turned.steps);
  };
  useEffect(() => {
    const element = root.current;
    const onWheel = (event: WheelEvent) => wheel.current(event);
    // React listens passively; a page that scrolls under the wheel would move the picture.
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  }, [root]);
  const readingOf = (placed: PlacedSlice | null, place: [number, number]): number | null =>
    placed ? valueAt(placed.slice, placed.place, place) : null;
  return {
    onPointerDown: (event: PointerEvent) => {
      if ((event.target as Element).closest('[data-wipe]')) return;
      root.current?.focus({ preventScroll: true });
      const kind = event.button === 1 || (event.button === 0 && event.shiftKey) ? 'pan' : event.button === 2 ? 'zoom' : 'window';
      drag.current = { kind, x: event.clientX, y: event.clientY, camera, window: useViewer.getState().window };
      event.currentTarget.setPointerCapture(event.pointerId);
      event.preventDefault();
    },
    onPointerMove: (event: PointerEvent) => {
      const held = drag.current;
      const place = at(event);
      const [i, j] = pixelAt(before.place, place);
      const lps = indexToLps(volume.geometry, i, j, k) as Point;
      const [valueBefore, valueAfter] = [readingOf(before, place), readingOf(after, place)];
      useReadout.setState({ at: { before: valueBefore, after: valueAfter, afterUnits: after?.slice.units ?? before.slice.units } });
      useViewer.getState().set({ cursor: { plane, lps, value: valueBefore } });
      if (!held) return;
      const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
      const { centre, mmPerPx } = held.camera;
      if (held.kind === 'pan') setCamera({ mmPerPx, centre: [centre[0] - dx * mmPerPx, centre[1] - dy * mmPerPx] });
      else if (held.kind === 'zoom') zoomAbout(centre, Math.exp(-dy * 0.006), held.camera);
      else {
        const gain = held.window.width / 400;
        const tidy = (v: number) => (held.window.width > 20 ? Math.round(v) : v);
        const width = Math.max(held.window.width > 20 ? 1 : held.window.width / 1000, tidy(held.window.width + dx * gain));
        useViewer.getState().set({ window: { center: tidy(held.window.center + dy * gain), width } });
      }
    },
    onPointerUp: () => {
      drag.current = null;
    },
    onPointerCancel: () => {
      drag.current = null;
    },
    onPointerLeave: () => {
      useReadout.setState({ at: null });
      useViewer.getState().set({ cursor: null });
    },
  };
}
