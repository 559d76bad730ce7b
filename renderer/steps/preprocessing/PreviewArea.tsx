import { LoaderCircle } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import { indexToLps, lpsToIndex } from '../../../kernels/volume/geometry.ts';
import { Note } from '../../design/Note.tsx';
import { hu, spacing } from '../../design/numbers.ts';
import { icon } from '../../frame/step-names.tsx';
import { usePreprocessing } from '../../stores/preprocessing.ts';
import { useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';
import { planeNames } from '../../viewports/index.ts';
import { useReadout } from './readout.ts';
import { bitmapOf, type PlacedPicture, type SliceCamera, SliceCanvas } from './SliceCanvas.tsx';
import { changeOf, changePixels, changeScale, greyPixels } from './slice-paint.ts';
import { boundsOf, type SlicePlace } from './slice-place.ts';
import { useChain } from './use-chain.ts';
import { type PlacedSlice, type ShownPreview, usePreviewed } from './use-preview.ts';
import { usePreviewPointer } from './use-preview-pointer.ts';
import { WipeHandle } from './WipeHandle.tsx';
import { afterWindow } from './window-words.ts';

const level = (v: number): string => (Math.abs(v) >= 100 ? hu(v) : spacing(Number(v.toPrecision(3))));

/** The corner words of one side: what it is, how fine, in which window. */
function Corner({
  name,
  placed,
  window,
  side,
}: {
  name: string;
  placed: PlacedSlice;
  window: { center: number; width: number };
  side: 'left' | 'right';
}) {
  const { slice, pixelMm } = placed;
  return (
    <div className={`pre-corner ${side}`}>
      <b>{name}</b>
      <span>
        {slice.width} × {slice.height} · {pixelMm.map(spacing).join(' × ')} mm
      </span>
      <span>
        W {level(window.width)} · L {level(window.center)}
        {slice.units && ` · ${slice.units}`}
      </span>
    </div>
  );
}

function fitting(bounds: readonly number[], width: number, height: number): SliceCamera {
  const [left, top, right, bottom] = bounds as [number, number, number, number];
  const mmPerPx = Math.max((right - left) / Math.max(1, width), (bottom - top) / Math.max(1, height)) * 1.02;
  return { centre: [(left + right) / 2, (top + bottom) / 2], mmPerPx };
}

const keysOf: Record<string, number> = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 };

/** The slice of the crosshair before and after the chain: a wipe, side by side, or what changed. */
export function PreviewArea() {
  const chain = useChain();
  const shown = usePreviewed(chain);
  return shown ? <Shown shown={shown} idle={chain.settings === null} /> : null;
}

function Shown({ shown, idle }: { shown: ShownPreview; idle: boolean }) {
  const { volume, plane, k, before, after, apart, working, refused, notShown } = shown;
  const view = usePreprocessing((s) => s.view);
  const window = useViewer((s) => s.window);
  const [wipe, setWipe] = useState(0.5);
  const root = useRef<HTMLDivElement>(null);
  const [camera, setCamera] = useState<SliceCamera>(() => fitting(boundsOf(before.slice, before.place), 800, 800));
  const side = view === 'side' || apart !== null;
  const fit = () => {
    const box = root.current?.getBoundingClientRect();
    if (box) setCamera(fitting(boundsOf(before.slice, before.place), side ? box.width / 2 : box.width, box.height));
  };
  // Another series or another layout is seen whole; a slice or a setting keeps the zoom.
  useEffect(fit, [volume, side]);
  // A window that is made larger shows the picture larger, unless someone has zoomed.
  const [moved, setMoved] = useState(false);
  const refit = useRef(fit);
  refit.current = moved ? () => {} : fit;
  useEffect(() => {
    const observer = new ResizeObserver(() => refit.current());
    if (root.current) observer.observe(root.current);
    return () => observer.disconnect();
  }, []);
  const moveCamera = (next: SliceCamera) => {
    setMoved(true);
    setCamera(next);
  };
  const fitAgain = () => {
    setMoved(false);
    fit();
  };

  const beforePicture = useMemo(
    () => bitmapOf(greyPixels(before.slice, window), before.slice.width, before.slice.height),
    [before.slice, window],
  );
  const windowAfter = useMemo(
    () => (after ? afterWindow(after.slice, before.slice.units, window) : window),
    [after, before.slice.units, window],
  );
  const afterPicture = useMemo(
    () => after && bitmapOf(greyPixels(after.slice, windowAfter), after.slice.width, after.slice.height),
    [after, windowAfter],
  );
  const comparable = after !== null && apart === null && after.slice.units === before.slice.units;
  const change = useMemo(() => {
    if (view !== 'difference' || !after || !comparable) return null;
    const values = changeOf(before.slice, before.place, after.slice, after.place);
    const scale = changeScale(values, before.slice.units === 'HU' ? 10 : 1e-3);
    return {
      scale,
      picture: bitmapOf(changePixels(values, scale, greyPixels(before.slice, window)), before.slice.width, before.slice.height),
    };
  }, [view, after, comparable, before, window]);
  useEffect(() => useReadout.setState({ changeScale: change?.scale ?? null, units: before.slice.units }), [change, before.slice.units]);
  useEffect(() => () => useReadout.setState({ at: null, changeScale: null }), []);

  const one = (bitmap: HTMLCanvasElement, place: SlicePlace, from = 0): PlacedPicture => ({ bitmap, place, from });
  const pictures = useMemo(() => {
    const first = one(beforePicture, before.place);
    const second = after && afterPicture ? one(afterPicture, after.place) : null;
    return { first: [first], second: second ? [second] : [], wiped: second ? [first, { ...second, from: wipe }] : [first] };
  }, [beforePicture, before.place, after, afterPicture, wipe]);
  const changed = useMemo(() => (change ? [one(change.picture, before.place)] : []), [change, before.place]);

  const toSlice = (to: number) => {
    const [i, j] = lpsToIndex(volume.geometry, ...useViewer.getState().crosshairLps);
    const next = Math.max(0, Math.min(volume.geometry.dimensions[2] - 1, to));
    useViewer.getState().set({ crosshairLps: indexToLps(volume.geometry, i, j, next) });
  };
  const handlers = usePreviewPointer({ root, camera, setCamera: moveCamera, side, before, after, plane, k, volume, toSlice });
  const onKey = (event: KeyboardEvent) => {
    const step = keysOf[event.key];
    if (event.ctrlKey || event.altKey || event.metaKey || (step === undefined && event.key.toLowerCase() !== 'r')) return;
    event.preventDefault();
    event.stopPropagation();
    if (step === undefined) fitAgain();
    else toSlice(k + step);
  };

  const title = (
    <div className="vp-title">
      {planeNames[plane]}{' '}
      <span>
        slice {k + 1} of {volume.geometry.dimensions[2]}
      </span>
    </div>
  );
  const status = refused ? (
    <div className="pre-note">
      <Note of="warn" edge title="No preview" testid={testids.previewRefused}>
        {refused}
      </Note>
    </div>
  ) : working && !after ? (
    <div className="pre-wait">
      <LoaderCircle {...icon} /> making the preview
    </div>
  ) : idle ? (
    <div className="pre-wait">Switch on a step to see what it does to this slice.</div>
  ) : null;
  const beforeCorner = <Corner name="Before" placed={before} window={window} side="left" />;
  const afterCorner = after && <Corner name={working ? 'After, older' : 'After'} placed={after} window={windowAfter} side="right" />;
  return (
    <div
      className="pre-area"
      ref={root}
      data-testid={testids.previewArea}
      data-state={refused ? 'refused' : working ? 'working' : after ? 'ready' : 'idle'}
      role="application"
      aria-label={`Preview, ${planeNames[plane]} slice ${k + 1}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: an application is worked with the keyboard
      tabIndex={0}
      onKeyDown={onKey}
      onDoubleClick={fitAgain}
      onContextMenu={(e) => e.preventDefault()}
      {...handlers}
    >
      {side ? (
        <>
          <SliceCanvas plane={plane} camera={camera} pictures={pictures.first} testid={testids.previewBefore}>
            {title}
            {beforeCorner}
          </SliceCanvas>
          <SliceCanvas plane={plane} camera={camera} pictures={pictures.second} testid={testids.previewAfter}>
            {afterCorner}
            {status}
          </SliceCanvas>
        </>
      ) : view === 'difference' ? (
        <SliceCanvas plane={plane} camera={camera} pictures={changed} testid={testids.previewAfter}>
          {title}
          {after && comparable && (
            <div className="pre-corner right">
              <b>After less before</b>
              <span>over the slice before, faint</span>
            </div>
          )}
          {after && !comparable && (
            <div className="pre-wait">
              {apart ??
                `Before is in ${before.slice.units || 'plain values'}, after is ${after.slice.units}: a difference would mean nothing.`}
            </div>
          )}
          {status}
        </SliceCanvas>
      ) : (
        <SliceCanvas plane={plane} camera={camera} pictures={pictures.wiped} testid={testids.previewAfter}>
          {title}
          {beforeCorner}
          {afterCorner}
          {after && <WipeHandle at={wipe} onChange={setWipe} />}
          {status}
        </SliceCanvas>
      )}
      {(notShown.length > 0 || apart) && (
        <div className="pre-foot" data-testid={testids.previewNotShown}>
          <Note of="info" title="Not in this picture">
            {[...notShown, ...(apart ? [apart] : [])].join(' ')}
          </Note>
        </div>
      )}
    </div>
  );
}
