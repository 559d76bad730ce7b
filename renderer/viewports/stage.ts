import { type LoadedVolume, type MaskLayer, type Plane, type Point, useViewer, type ViewerState } from '../stores/viewer.ts';
import { planeAxes, planes } from './camera/plane-axes.ts';
import { canvasToLps, lpsToCanvas } from './camera/plane-camera.ts';
import { type PlanePictures, showVolume } from './cornerstone.ts';
import { paintTicks, watchTicks } from './doubt-ticks.ts';
import type { Stroke } from './input/stroke.ts';
import { freeSegmentColour, rgbOf } from './overlay/css-colour.ts';
import type { Marks } from './overlay/marks.ts';
import { markupScene, watchMarkups } from './overlay/markup-scene.ts';
import { maskPreviewWords, previewWords, probabilityWords } from './overlay/preview-words.ts';
import { Pane } from './pane.ts';
import { type PictureVerdict, pictureFollows } from './picture-check.ts';
import { putCrosshairInside } from './starting-crosshair.ts';

type Cover = 'empty' | 'loading' | 'invalid' | 'none';
const mostChecks = 60;
const paintBudgetMs = 10;
const mostRebuilds = 5;

/** The three planes together: follows the store, keeps pictures and overlays in step, and covers what is not known to be true. */
export class Stage {
  readonly panes: Record<Plane, Pane>;
  pictures: PlanePictures | null = null;
  stroke: Stroke | null = null;
  /** Ring and crosshair are per view; the pointer's owner sets the ring. */
  readonly rings: Partial<Record<Plane, Marks['ring']>> = {};
  readonly verdicts: Partial<Record<Plane, PictureVerdict>> = {};
  readonly #unsubscribe: () => void;
  readonly #observer: ResizeObserver;
  #shown: LoadedVolume | null = null;
  #load = new AbortController();
  #rebuilds = 0;
  readonly #checksLeft: Record<Plane, number> = { axial: 0, coronal: 0, sagittal: 0 };
  readonly #awaitingPicture = new Set<Plane>();
  readonly #dirtyOverlay = new Set<Plane>();
  readonly #dirtyMarks = new Set<Plane>();
  /** What a stroke has changed since a view was painted: a box in LPS mm. */
  readonly #dirtyStroke = new Map<Plane, [Point, Point]>();
  #frame = 0;
  /** Which view was painted how long ago, so that none starves. */
  #paints = 0;
  readonly #paintedAt: Record<Plane, number> = { axial: 0, coronal: 0, sagittal: 0 };

  constructor(roots: Record<Plane, HTMLElement>) {
    this.panes = {
      axial: new Pane('axial', roots.axial),
      coronal: new Pane('coronal', roots.coronal),
      sagittal: new Pane('sagittal', roots.sagittal),
    };
    for (const plane of planes) this.panes[plane].measure();
    this.setActive('axial');
    this.#observer = new ResizeObserver(() => this.#resized());
    for (const plane of planes) this.#observer.observe(this.panes[plane].root);
    const follow = useViewer.subscribe((now, before) => this.#follow(now, before));
    const followMarkups = watchMarkups(() => {
      for (const plane of planes) this.repaintMarks(plane);
    });
    const followTicks = watchTicks(() => {
      for (const plane of planes) this.repaintMarks(plane);
    });
    this.#unsubscribe = () => {
      follow();
      followTicks();
      followMarkups();
    };
    this.#cover('empty');
    void this.#show(useViewer.getState().volume);
  }

  destroy(): void {
    this.#load.abort();
    cancelAnimationFrame(this.#frame);
    this.#observer.disconnect();
    this.#unsubscribe();
    this.pictures = null;
  }

  /** The volume that the pictures show; null while there is none to trust. */
  get volume(): LoadedVolume | null {
    return this.#shown;
  }

  #follow(now: ViewerState, before: ViewerState): void {
    if (now.volume !== before.volume) {
      void this.#show(now.volume);
      return;
    }
    if (this.stroke && !now.layers.some((layer) => layer.values === this.stroke?.layer.values)) this.#dropStroke();
    if (!this.#shown) return;
    if (now.turned !== before.turned) {
      for (const plane of planes) {
        this.panes[plane].setAxes(now.turned?.[plane] ?? planeAxes[plane], now.crosshairLps);
        this.look(plane);
      }
    }
    if (now.crosshairLps !== before.crosshairLps) {
      for (const plane of planes) {
        if (this.panes[plane].follow(now.crosshairLps)) this.look(plane);
        else this.repaintMarks(plane);
      }
    }
    if (now.window !== before.window) {
      this.pictures?.setWindow(now.window);
      for (const plane of planes) this.look(plane);
    }
    if (
      now.layers !== before.layers ||
      now.revision !== before.revision ||
      now.activeSegment !== before.activeSegment ||
      now.preview !== before.preview ||
      now.networkPreview !== before.networkPreview ||
      now.maskPreview !== before.maskPreview ||
      now.heat !== before.heat ||
      now.authorMap !== before.authorMap ||
      now.inferredShown !== before.inferredShown
    ) {
      this.repaintOverlays();
    }
    const marked = now.crosshairShown !== before.crosshairShown || now.regionLps !== before.regionLps || now.sketch !== before.sketch;
    if (marked || now.brush !== before.brush || now.tool !== before.tool) {
      for (const plane of planes) this.repaintMarks(plane);
    }
  }

  /** Its mask is gone from the screen; what it changed must not stay behind unrecorded. */
  #dropStroke(): void {
    this.stroke?.cancel();
    this.stroke = null;
  }

  async #show(volume: LoadedVolume | null): Promise<void> {
    // Takes the pictures on the screen away, and those that are still being built.
    this.#load.abort();
    const load = new AbortController();
    this.#load = load;
    // A stroke goes on through a rebuilt picture; into another volume it cannot.
    if (this.stroke && this.stroke.volume !== volume) this.#dropStroke();
    this.#shown = null;
    this.pictures = null;
    if (!volume) {
      this.#cover('empty');
      return;
    }
    this.#cover('loading');
    const { window } = useViewer.getState();
    const images = { axial: this.panes.axial.image, coronal: this.panes.coronal.image, sagittal: this.panes.sagittal.image };
    let pictures: PlanePictures;
    try {
      const events = {
        onPicture: (plane: Plane) => this.#pictured(plane),
        onContextLost: () => this.#lost(),
      };
      pictures = await showVolume(volume, window, images, events, load.signal);
    } catch (error) {
      if (!load.signal.aborted) this.#cover('invalid', `The picture could not be made: ${error instanceof Error ? error.message : error}`);
      return;
    }
    if (load.signal.aborted) return;
    this.pictures = pictures;
    if (!this.panes.axial.holds(volume)) {
      this.#rebuilds = 0;
      putCrosshairInside(volume);
    }
    this.#shown = volume;
    const state = useViewer.getState();
    for (const plane of planes) {
      const pane = this.panes[plane];
      pane.measure();
      pane.setAxes(state.turned?.[plane] ?? planeAxes[plane], state.crosshairLps);
      if (!pane.holds(volume)) pane.setVolume(volume, state.crosshairLps);
      this.#checksLeft[plane] = mostChecks;
    }
    pictures.setWindow(state.window);
    pictures.resize();
    for (const plane of planes) this.look(plane);
  }

  #cover(cover: Cover, words = ''): void {
    for (const plane of planes) this.#coverPane(plane, cover, words);
  }

  #coverPane(plane: Plane, cover: Cover, words = ''): void {
    const { root } = this.panes[plane];
    root.dataset.cover = cover;
    root.setAttribute('aria-busy', String(cover === 'loading'));
    this.panes[plane].part('cover-words').textContent =
      words || { empty: 'No image is open', loading: 'Loading', invalid: 'Image not valid', none: '' }[cover];
  }

  #lost(): void {
    this.#cover('invalid', 'Image not valid: the graphics card lost it. Rebuilding.');
    if (this.#rebuilds++ >= mostRebuilds) {
      this.#cover('invalid', 'Image not valid: the graphics card loses it again and again. Save, then reload the window.');
      return;
    }
    const { signal } = this.#load;
    setTimeout(() => {
      if (!signal.aborted) void this.#show(useViewer.getState().volume);
    }, 400);
  }

  #resized(): void {
    const changed = planes.filter((plane) => this.panes[plane].measure());
    if (changed.length === 0 || !this.pictures) return;
    this.pictures.resize();
    // Cornerstone resets every camera when one view changes its size.
    for (const plane of planes) this.look(plane);
  }

  /** Asks for a new picture; overlay, marks and labels follow in the frame that shows it. */
  look(plane: Plane): void {
    const pane = this.panes[plane];
    if (!this.pictures || !pane.sized) return;
    this.#awaitingPicture.add(plane);
    this.pictures.look(plane, pane.axes, pane.camera);
  }

  #pictured(plane: Plane): void {
    if (!this.#shown || !this.pictures) return;
    const pane = this.panes[plane];
    this.#awaitingPicture.delete(plane);
    if (this.#checksLeft[plane] > 0) this.#check(plane, this.#shown);
    this.#paint(pane);
  }

  /** Hazard: the first frame of a volume view can be an even grey. The cover goes when the pixels follow the data. */
  #check(plane: Plane, volume: LoadedVolume): void {
    const pane = this.panes[plane];
    const verdict = pictureFollows(this.pictures!.canvas(plane), volume, pane.axes, pane.camera, useViewer.getState().window);
    this.verdicts[plane] = verdict;
    if (verdict.follows) {
      this.#checksLeft[plane] = 0;
      this.#coverPane(plane, 'none');
      return;
    }
    if (--this.#checksLeft[plane] === 0) {
      this.#coverPane(plane, 'invalid', 'Image not valid: what is drawn does not follow the data.');
      return;
    }
    setTimeout(() => this.look(plane), 30);
  }

  #scene() {
    const state = useViewer.getState();
    // Between two series the store may still hold the other one's masks.
    const fits = (layer: MaskLayer) => layer.values.length === this.#shown?.values.length;
    // The same list as long as it is the same: what stands still is then not drawn again.
    const layers = state.layers.every(fits) ? state.layers : state.layers.filter(fits);
    return {
      layers,
      activeSegment: state.activeSegment,
      revision: state.revision,
      preview: state.preview,
      previewRgb: freeSegmentColour(state.layers),
      networkPreview: state.networkPreview,
      maskPreview: state.maskPreview,
      heat: state.heat,
      authorMap: state.authorMap?.values.length === this.#shown?.values.length ? state.authorMap : null,
      inferredShown: state.inferredShown,
      dimensions: this.#shown!.geometry.dimensions,
      valuesHu: this.#shown!.values,
      rgbOf,
      devicePixelRatio: window.devicePixelRatio || 1,
    };
  }

  #paint(pane: Pane): void {
    this.#dirtyOverlay.delete(pane.plane);
    this.#dirtyStroke.delete(pane.plane);
    this.#paintedAt[pane.plane] = ++this.#paints;
    pane.paintOverlay(this.#scene());
    const { window: shownWindow, preview, networkPreview, maskPreview } = useViewer.getState();
    pane.updateLabels(shownWindow);
    const words = networkPreview
      ? probabilityWords(networkPreview)
      : preview
        ? previewWords(preview, this.#shown?.units)
        : maskPreview
          ? maskPreviewWords
          : '';
    if (pane.part('note').textContent !== words) pane.part('note').textContent = words;
    this.#paintMarks(pane);
  }

  #paintMarks(pane: Pane): void {
    this.#dirtyMarks.delete(pane.plane);
    const { crosshairLps, crosshairShown, regionLps, sketch } = useViewer.getState();
    const ring = this.rings[pane.plane] ?? null;
    const axes = { axial: this.panes.axial.axes, coronal: this.panes.coronal.axes, sagittal: this.panes.sagittal.axes };
    const markups = { items: this.#shown ? markupScene(this.#shown) : [], stepMm: pane.stack.stepMm };
    const marks: Marks = { axes, crosshairLps: crosshairShown ? crosshairLps : null, ring, regionLps, sketch, markups };
    pane.paintMarks(marks, window.devicePixelRatio || 1);
    paintTicks(pane);
  }

  repaintOverlays(): void {
    for (const plane of planes) this.#dirtyOverlay.add(plane);
    this.#schedule();
  }

  /** A stroke has changed voxels inside of a box, LPS mm. */
  repaintStroke(low: Point, high: Point): void {
    for (const plane of planes) {
      const held = this.#dirtyStroke.get(plane) ?? [low, high];
      const least = (n: 0 | 1 | 2) => Math.min(held[0][n], low[n]);
      const most = (n: 0 | 1 | 2) => Math.max(held[1][n], high[n]);
      this.#dirtyStroke.set(plane, [
        [least(0), least(1), least(2)],
        [most(0), most(1), most(2)],
      ]);
    }
    this.#schedule();
  }

  repaintMarks(plane: Plane): void {
    this.#dirtyMarks.add(plane);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#flush());
  }

  /**
   * Once a frame; a view that awaits a picture is painted with it instead. The view that is drawn on comes first, and when the others do
   * not fit into this frame they come with the next, so that a stroke never waits for them.
   */
  #flush(): void {
    this.#frame = 0;
    if (!this.#shown) return;
    const started = performance.now();
    const first = this.stroke?.plane;
    if (this.#dirtyStroke.size > 0) {
      const scene = this.#scene();
      for (const [plane, box] of [...this.#dirtyStroke]) {
        const pane = this.panes[plane];
        if (!pane.sized || this.#awaitingPicture.has(plane) || this.#dirtyOverlay.has(plane)) continue;
        this.#dirtyStroke.delete(plane);
        if (!pane.paintStroke(scene, box)) this.#dirtyOverlay.add(plane);
      }
    }
    const due = planes.filter((plane) => this.#dirtyOverlay.has(plane) && this.panes[plane].sized && !this.#awaitingPicture.has(plane));
    due.sort((a, b) => Number(b === first) - Number(a === first) || this.#paintedAt[a] - this.#paintedAt[b]);
    for (const plane of due) {
      if (performance.now() - started > paintBudgetMs) break;
      this.#paint(this.panes[plane]);
    }
    for (const plane of planes) {
      const pane = this.panes[plane];
      if (this.#dirtyMarks.has(plane) && pane.sized && !this.#awaitingPicture.has(plane)) this.#paintMarks(pane);
    }
    if (due.some((plane) => this.#dirtyOverlay.has(plane))) this.#schedule();
  }

  // For those who work the views

  /** The view that was worked in last. */
  active: Plane = 'axial';

  setActive(plane: Plane): void {
    this.active = plane;
    for (const other of planes) this.panes[other].root.toggleAttribute('data-active', other === plane);
  }

  pointAt(plane: Plane, x: number, y: number): Point {
    const { axes, camera } = this.panes[plane];
    return canvasToLps(axes, camera, x, y);
  }

  placeOf(plane: Plane, point: Point): [number, number] {
    const { axes, camera } = this.panes[plane];
    return lpsToCanvas(axes, camera, point);
  }
}

let current: Stage | null = null;

/** The stage of the grid that is on the screen. */
export function stageNow(): Stage | null {
  return current;
}

export function setStage(stage: Stage | null): void {
  current = stage;
}
