import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import { sectionMesh } from '../../kernels/mesh/section.ts';
import { type LoadedVolume, useViewer } from '../stores/viewer.ts';
import { ColourLegend } from './ColourLegend.tsx';
import { type MeshColours, rampPlaces } from './colour-scale.ts';
import { LoopLayer, type LoopWish } from './LoopLayer.tsx';
import { planeAxes, sliceRange } from './planes.ts';
import { type ReviewPlane, ReviewTools } from './ReviewTools.tsx';
import { hexStops, ramp as rampOf } from './ramp.ts';
import './review.css';
import { SliceInset } from './SliceInset.tsx';
import { createReviewScene, type ReviewScene } from './scene.ts';
import { Tripod, turnTripod } from './Tripod.tsx';
import { useMesh } from './use-mesh.ts';
import { ValueUnderPointer } from './ValueUnderPointer.tsx';

interface MeshReviewProps {
  /** Where the STL's bytes are; null: nothing was built yet. */
  stlUrl: string | null;
  /** The CT for the outline's slice; null: the outline alone. */
  volume: LoadedVolume | null;
  /** The view alone, for a small pane: no plane buttons, no slice. */
  compact?: boolean;
  /** Which slice is shown; without it the review keeps its own choice. */
  plane?: ReviewPlane;
  onPickPlane?: (plane: ReviewPlane) => void;
  /** What to press while there is no model. */
  emptyWords?: string;
  /** Values on this very mesh, shown as colours with their legend; null: bone. */
  colours?: MeshColours | null;
  /** What stands at the top left: how the model is coloured. */
  tools?: ReactNode;
  /** Lines drawn on the picture with the left button, for a tool that cuts; null: the left button turns. */
  loop?: LoopWish | null;
}

const stepDegrees = 8;
const token = (name: string) => rampOf(hexStops(getComputedStyle(document.documentElement).getPropertyValue(name)), 256);
const ramps = { thickness: () => token('--map-thickness'), deviation: () => token('--map-deviation') };

/**
 * The model as it will be printed, on black: bone, turned by hand, in patient millimetres and never mirrored (the patient's right is on
 * the viewer's left). Left drag turns, middle drag moves, wheel or right drag zooms, double-click fits, arrows turn, R is the first view.
 */
export function MeshReview({
  stlUrl,
  volume,
  compact = false,
  plane,
  onPickPlane,
  emptyWords,
  colours = null,
  tools,
  loop = null,
}: MeshReviewProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const root = useRef<HTMLElement>(null);
  const tripod = useRef<SVGSVGElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const drawn = useRef(() => {});
  const scene = useRef<ReviewScene | null>(null);
  const [view, setView] = useState<'starting' | 'drawing' | 'none'>('starting');
  const [lost, setLost] = useState(false);
  const [ownPlane, setOwnPlane] = useState<ReviewPlane | null>(null);
  const [wantedMm, setWantedMm] = useState<number | null>(null);
  const window = useViewer((state) => state.window);
  const mesh = useMesh(stlUrl);
  const prepared = mesh.is === 'ready' ? mesh.prepared : null;
  const shown = compact ? 'off' : (plane ?? ownPlane ?? (volume ? 'coronal' : 'off'));

  useEffect(() => {
    const element = canvas.current;
    const frame = root.current;
    if (!element || !frame) return;
    let made: ReviewScene;
    try {
      made = createReviewScene(element, getComputedStyle(frame).getPropertyValue('--text-1').trim() || 'white', (turn, frames) => {
        frame.dataset.frames = String(frames);
        if (tripod.current) turnTripod(tripod.current, turn);
        drawn.current();
      });
    } catch {
      setView('none');
      return;
    }
    const measure = () => made.resize(frame.clientWidth, frame.clientHeight, Math.min(2, globalThis.devicePixelRatio || 1));
    const watch = new ResizeObserver(measure);
    watch.observe(frame);
    measure();
    const onLost = (event: Event) => {
      event.preventDefault();
      setLost(true);
    };
    const onRestored = () => setLost(false);
    element.addEventListener('webglcontextlost', onLost);
    element.addEventListener('webglcontextrestored', onRestored);
    scene.current = made;
    setView('drawing');
    return () => {
      watch.disconnect();
      element.removeEventListener('webglcontextlost', onLost);
      element.removeEventListener('webglcontextrestored', onRestored);
      scene.current = null;
      made.dispose();
    };
  }, []);

  // `view` is asked for because the scene may come after the mesh
  useEffect(() => {
    if (view === 'drawing') scene.current?.showMesh(prepared?.shaded ?? null, prepared?.bounds ?? null);
  }, [prepared, view]);

  const ramp = useMemo(() => (colours ? ramps[colours.kind]() : null), [colours]);
  // Values of another mesh are never drawn on this one: while the next one is read they wait.
  const fits = colours !== null && prepared !== null && colours.values.length === prepared.mesh.positions.length / 3;
  useEffect(() => {
    if (view !== 'drawing') return;
    if (!prepared || !colours || !ramp || !fits) scene.current?.paint(null, []);
    else scene.current?.paint(rampPlaces(prepared.mesh.triangles, colours.values.length, colours), ramp);
  }, [prepared, colours, ramp, fits, view]);

  const slice = useMemo(() => {
    if (!prepared || shown === 'off') return null;
    const { along, normal } = planeAxes[shown];
    const range = sliceRange(shown, prepared.bounds, volume);
    const last = range.fromMm + (range.count - 1) * range.stepMm;
    const middle = range.fromMm + Math.floor((range.count - 1) / 2) * range.stepMm;
    const sliceMm = wantedMm === null ? middle : Math.max(range.fromMm, Math.min(last, wantedMm));
    const origin: [number, number, number] = [0, 0, 0];
    origin[along] = sliceMm;
    return { plane: shown, range, sliceMm, outline: sectionMesh(prepared.mesh, origin, normal) };
  }, [prepared, shown, volume, wantedMm]);

  useEffect(() => {
    if (view !== 'drawing' || !root.current) return;
    const colour = slice ? getComputedStyle(root.current).getPropertyValue(`--plane-${slice.plane}`).trim() : '';
    scene.current?.showLines(slice?.outline ?? null, colour);
  }, [slice, view]);

  const pick = (next: ReviewPlane) => {
    setWantedMm(null);
    setOwnPlane(next);
    onPickPlane?.(next);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const act = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!act || !scene.current) return;
    act(scene.current);
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <section ref={root} className="review" data-testid="mesh-review" data-state={mesh.is} aria-label="Model">
      <div
        ref={stage}
        className="review-stage"
        data-draws={loop !== null && prepared !== null}
        role="application"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the focus: it has keys of its own
        tabIndex={0}
        aria-roledescription="3D view"
        aria-label={label(mesh.is, prepared)}
        aria-keyshortcuts="ArrowLeft ArrowRight ArrowUp ArrowDown + - F R"
        onKeyDown={onKeyDown}
        onDoubleClick={() => scene.current?.fit()}
        onContextMenu={(event) => event.preventDefault()}
        onPointerDown={(event) => event.currentTarget.focus()}
      >
        <canvas ref={canvas} />
      </div>
      {tools && <div className="review-colours">{tools}</div>}
      {prepared && colours && ramp && fits && (
        <>
          <ColourLegend colours={colours} ramp={ramp} />
          <ValueUnderPointer root={root} scene={scene} colours={colours} prepared={prepared} />
        </>
      )}
      {prepared && loop && <LoopLayer stage={stage} scene={scene} drawn={drawn} wish={loop} />}
      {prepared && <Tripod ref={tripod} />}
      {prepared && !compact && <ReviewTools plane={shown} onPlane={pick} onReset={() => scene.current?.reset()} />}
      {prepared && slice && (
        <SliceInset {...slice} mesh={prepared.mesh} bounds={prepared.bounds} volume={volume} window={window} onSliceMm={setWantedMm} />
      )}
      {mesh.is === 'empty' && (
        <div className="review-words">
          <b className="review-title">No model yet</b>
          <p>{emptyWords ?? 'Press Make model: the active segment becomes a closed surface, is checked, and is shown here.'}</p>
        </div>
      )}
      {mesh.is === 'loading' && (
        <div className="review-words" role="status">
          <p>Reading the mesh</p>
        </div>
      )}
      {mesh.is === 'ready' && mesh.renewing && (
        <p className="review-renewing" role="status">
          Reading the newer mesh
        </p>
      )}
      {mesh.is === 'failed' && (
        <div className="review-words review-bad" role="alert">
          <b className="review-title">The model cannot be shown</b>
          <p>{mesh.reason}</p>
          <p>{mesh.remedy}</p>
        </div>
      )}
      {lost && (
        <div className="review-words review-bad" role="alert">
          <b className="review-title">The graphics driver stopped</b>
          <p>
            The mesh and the case are safe. The picture comes back by itself as soon as the driver does; if it does not, close this step and
            open it again.
          </p>
        </div>
      )}
      {view === 'none' && (
        <div className="review-words review-bad" role="alert">
          <b className="review-title">No 3D on this machine</b>
          <p>
            WebGL is switched off or missing. Checks and export work without it; to see the model, switch hardware acceleration on, or open
            the exported STL elsewhere.
          </p>
        </div>
      )}
    </section>
  );
}

const keys: Record<string, (scene: ReviewScene) => void> = {
  ArrowLeft: (scene) => scene.rotate(stepDegrees, 0),
  ArrowRight: (scene) => scene.rotate(-stepDegrees, 0),
  ArrowUp: (scene) => scene.rotate(0, stepDegrees),
  ArrowDown: (scene) => scene.rotate(0, -stepDegrees),
  '+': (scene) => scene.zoom(1 / 1.15),
  '=': (scene) => scene.zoom(1 / 1.15),
  '-': (scene) => scene.zoom(1.15),
  f: (scene) => scene.fit(),
  r: (scene) => scene.reset(),
};

function label(state: string, prepared: { mesh: { triangles: Uint32Array }; bounds: { min: number[]; max: number[] } } | null): string {
  if (!prepared) return state === 'loading' ? 'Model, being read' : 'Model, empty';
  const { min, max } = prepared.bounds;
  const side = (axis: number, low: string, high: string) =>
    `${low} ${(min[axis] as number).toFixed(1)} to ${high} ${(max[axis] as number).toFixed(1)}`;
  const triangles = (prepared.mesh.triangles.length / 3).toLocaleString('en').replaceAll(',', ' ');
  return `Model of ${triangles} triangles, LPS in mm: ${side(0, 'right', 'left')}, ${side(1, 'anterior', 'posterior')}, ${side(2, 'inferior', 'superior')}. Arrows turn, plus and minus zoom, F fits, R is the first view.`;
}
