import type { LoadedVolume, Plane, Point } from '../stores/viewer.ts';
import { orientationLetters } from './camera/orientation-letters.ts';
import { dot, type PlaneAxes, planeAxes, planeNames } from './camera/plane-axes.ts';
import { canvasToLps, lpsToCanvas, onSlice, type PlaneCamera, revealing } from './camera/plane-camera.ts';
import { scaleBar } from './camera/scale-bar.ts';
import { centreLps, fittingMmPerPx, nearestSlice, type SliceStack, sliceMm, sliceStack } from './camera/slices.ts';
import { anchored, tiltDegrees, turnedCamera } from './camera/turning.ts';
import { drawMarks, type Marks } from './overlay/marks.ts';
import { type OverlayBuffers, type OverlayScene, paintOverlay } from './overlay/paint-overlay.ts';
import { paintStroke, paintsByPieces } from './overlay/paint-stroke.ts';
import { type PlaneGrid, planeGrid } from './overlay/plane-grid.ts';

const negate = (p: Point): Point => [-p[0], -p[1], -p[2]];

const planeColours = new Map<Plane, string>();
/** The token of a plane's colour. Kept: to ask for a style while the pointer moves makes the browser settle the whole page's styles first. */
function planeColour(plane: Plane): string {
  const held = planeColours.get(plane) ?? getComputedStyle(document.documentElement).getPropertyValue(`--plane-${plane}`).trim();
  if (held !== '') planeColours.set(plane, held);
  return held;
}

/** One plane on the screen: its camera, its overlay canvases and its labels. Nothing here goes through React. */
export class Pane {
  readonly plane: Plane;
  axes: PlaneAxes;
  readonly root: HTMLElement;
  readonly image: HTMLDivElement;
  readonly #mask: HTMLCanvasElement;
  readonly #marks: HTMLCanvasElement;
  readonly #parts = new Map<string, HTMLElement>();
  camera: PlaneCamera = { centreLps: [0, 0, 0], mmPerPx: 1, widthPx: 0, heightPx: 0 };
  stack: SliceStack = { firstMm: 0, stepMm: 1, count: 1 };
  /** How far it is turned away from its own plane; 0: not at all. */
  tilt = 0;
  #volume: LoadedVolume | null = null;
  #fitted = false;
  /** Another view is maximised: the last size is kept, nothing is drawn. */
  #hidden = true;
  #grid: PlaneGrid | null = null;
  #gridCamera: PlaneCamera | null = null;
  #buffers: (OverlayBuffers & { image: ImageData }) | null = null;
  /** What the overlay on the screen was painted of. */
  #painted: { scene: OverlayScene; grid: PlaneGrid } | null = null;
  /** What was last painted, for tests. */
  readonly paintedPixels = new Map<string, number>();
  paintMs = 0;

  constructor(plane: Plane, root: HTMLElement) {
    this.plane = plane;
    this.axes = planeAxes[plane];
    this.root = root;
    this.image = this.part('image') as HTMLDivElement;
    this.#mask = this.part('mask') as HTMLCanvasElement;
    this.#marks = this.part('marks') as HTMLCanvasElement;
  }

  part(name: string): HTMLElement {
    const held = this.#parts.get(name) ?? this.root.querySelector<HTMLElement>(`[data-part="${name}"]`);
    if (!held) throw new TypeError(`the ${this.plane} view has no part '${name}'`);
    this.#parts.set(name, held);
    return held;
  }

  /** Reads the element's size; true when it changed. Zooms along, so that a maximised view shows what the small one showed. */
  measure(): boolean {
    const { clientWidth, clientHeight } = this.root;
    const wasHidden = this.#hidden;
    this.#hidden = clientWidth === 0 || clientHeight === 0;
    if (this.#hidden) return false;
    const { widthPx, heightPx, mmPerPx } = this.camera;
    // A view that comes back has missed everything since, even at the same size.
    if (clientWidth === widthPx && clientHeight === heightPx) return wasHidden;
    const scale = widthPx > 0 && this.#fitted ? Math.min(widthPx, heightPx) / Math.min(clientWidth, clientHeight) : 1;
    this.camera = { ...this.camera, widthPx: clientWidth, heightPx: clientHeight, mmPerPx: mmPerPx * scale };
    if (this.#volume && !this.#fitted) this.fit(this.camera.centreLps);
    return true;
  }

  get sized(): boolean {
    return this.camera.widthPx > 0 && !this.#hidden;
  }

  get oblique(): boolean {
    return this.tilt > 0;
  }

  /** Shows another plane through the crosshair, which keeps its place on the screen. */
  setAxes(axes: PlaneAxes, crosshairLps: Point): void {
    if (axes === this.axes) return;
    this.camera = turnedCamera(this.axes, axes, this.camera, crosshairLps);
    this.axes = axes;
    this.tilt = tiltDegrees(this.plane, axes);
    this.#grid = null;
    if (!this.#volume) return;
    this.stack = sliceStack(this.#volume.geometry, axes.normalLps);
    this.follow(crosshairLps);
  }

  setVolume(volume: LoadedVolume, crosshairLps: Point): void {
    this.#volume = volume;
    this.stack = sliceStack(volume.geometry, this.axes.normalLps);
    this.#grid = null;
    this.#fitted = false;
    this.fit(crosshairLps);
  }

  holds(volume: LoadedVolume): boolean {
    return this.#volume === volume;
  }

  fit(crosshairLps: Point): void {
    if (!this.#volume) return;
    const { widthPx, heightPx } = this.camera;
    this.camera = { ...this.camera, centreLps: centreLps(this.#volume.geometry) };
    if (widthPx > 0) {
      this.camera.mmPerPx = fittingMmPerPx(this.#volume.geometry, this.axes, widthPx, heightPx);
      this.#fitted = true;
    }
    this.follow(crosshairLps);
  }

  /** Goes to the slice nearest to the point, an oblique view to the one through it; true when that is another one. */
  follow(crosshairLps: Point): boolean {
    const before = dot(this.camera.centreLps, this.axes.normalLps);
    const mm = dot(crosshairLps, this.axes.normalLps);
    if (this.oblique && this.#volume) {
      const all = sliceStack(this.#volume.geometry, this.axes.normalLps);
      this.stack = anchored(all, sliceMm(all, all.count - 1), mm);
    }
    const after = sliceMm(this.stack, nearestSlice(this.stack, mm));
    if (Math.abs(after - before) < 1e-9) return false;
    this.camera = onSlice(this.axes, this.camera, after);
    return true;
  }

  reveal(point: Point): void {
    if (this.sized) this.camera = revealing(this.axes, this.camera, point, 24);
  }

  get sliceIndex(): number {
    return nearestSlice(this.stack, dot(this.camera.centreLps, this.axes.normalLps));
  }

  /** Paints all segments and the preview at the present camera. */
  paintOverlay(scene: OverlayScene): void {
    if (!this.#volume || !this.sized) return;
    const started = performance.now();
    const grid = this.#gridNow(scene.devicePixelRatio);
    const pixels = grid.width * grid.height;
    const context = this.#mask.getContext('2d');
    if (!context) return;
    if (this.#mask.width !== grid.width || this.#mask.height !== grid.height || !this.#buffers) {
      this.#mask.width = grid.width;
      this.#mask.height = grid.height;
      const image = context.createImageData(grid.width, grid.height);
      this.#buffers = {
        image,
        picture: new Uint32Array(image.data.buffer, 0, pixels),
        base: new Uint32Array(pixels),
        baseKey: [],
        classes: new Uint8Array(pixels),
      };
    }
    paintOverlay(grid, scene, this.#buffers, this.paintedPixels);
    context.putImageData(this.#buffers.image, 0, 0);
    this.#painted = { scene, grid };
    this.paintMs = performance.now() - started;
  }

  /**
   * Paints what a stroke has changed inside of a box (LPS mm: lowest and highest corner) onto the overlay as it is; false where all of it
   * has to be painted anew.
   */
  paintStroke(scene: OverlayScene, [low, high]: [Point, Point]): boolean {
    if (!this.#volume || !this.sized || !this.#buffers || !this.#painted) return false;
    const before = this.#painted;
    const same = (Object.keys(scene) as (keyof OverlayScene)[]).every((part) => scene[part] === before.scene[part]);
    const grid = this.#gridNow(scene.devicePixelRatio);
    if (!same || grid !== before.grid || !paintsByPieces(scene)) return false;
    const started = performance.now();
    const { normalLps } = this.axes;
    const middle = low.map((v, n) => (v + high[n]!) / 2) as Point;
    const reach = low.reduce((sum, v, n) => sum + ((high[n]! - v) / 2) * Math.abs(normalLps[n]!), 0);
    if (Math.abs(dot(middle, normalLps) - dot(this.camera.centreLps, normalLps)) > reach) return true;
    const scale = grid.width / this.camera.widthPx;
    const rect = { left: grid.width, top: grid.height, right: 0, bottom: 0 };
    for (let n = 0; n < 8; n++) {
      const corner: Point = [(n & 1 ? high : low)[0], (n & 2 ? high : low)[1], (n & 4 ? high : low)[2]];
      const [x, y] = lpsToCanvas(this.axes, this.camera, corner);
      rect.left = Math.min(rect.left, Math.floor(x * scale) - 1);
      rect.top = Math.min(rect.top, Math.floor(y * scale) - 1);
      rect.right = Math.max(rect.right, Math.ceil(x * scale) + 1);
      rect.bottom = Math.max(rect.bottom, Math.ceil(y * scale) + 1);
    }
    const drawn = paintStroke(grid, scene, this.#buffers, rect);
    const { image } = this.#buffers;
    if (drawn)
      this.#mask.getContext('2d')?.putImageData(image, 0, 0, drawn.left, drawn.top, drawn.right - drawn.left, drawn.bottom - drawn.top);
    this.paintMs = performance.now() - started;
    return true;
  }

  #gridNow(devicePixelRatio: number): PlaneGrid {
    const camera = this.camera;
    const width = Math.max(1, Math.round(camera.widthPx * devicePixelRatio));
    const height = Math.max(1, Math.round(camera.heightPx * devicePixelRatio));
    if (this.#grid && this.#gridCamera === camera && this.#grid.width === width && this.#grid.height === height) return this.#grid;
    const stepX = camera.widthPx / width;
    const stepY = camera.heightPx / height;
    const mmX = stepX * camera.mmPerPx;
    const mmY = stepY * camera.mmPerPx;
    const plane = {
      firstLps: canvasToLps(this.axes, camera, stepX / 2, stepY / 2),
      rightLps: this.axes.rightLps.map((v) => v * mmX) as Point,
      downLps: this.axes.downLps.map((v) => v * mmY) as Point,
    };
    this.#grid = planeGrid(this.#volume!.geometry, plane, width, height, this.#grid?.offsets);
    this.#gridCamera = camera;
    return this.#grid;
  }

  paintMarks(marks: Marks, devicePixelRatio: number): void {
    if (!this.sized) return;
    const width = Math.max(1, Math.round(this.camera.widthPx * devicePixelRatio));
    const height = Math.max(1, Math.round(this.camera.heightPx * devicePixelRatio));
    if (this.#marks.width !== width) this.#marks.width = width;
    if (this.#marks.height !== height) this.#marks.height = height;
    drawMarks(this.#marks, this.plane, this.camera, marks, planeColour);
  }

  /** Texts, letters, scale bar and slice bar for the present camera and window. */
  updateLabels(window: { center: number; width: number }): void {
    if (!this.sized || !this.#volume) return;
    const { rightLps, downLps } = this.axes;
    const number = this.sliceIndex + 1;
    const { count } = this.stack;
    const say = (name: string, text: string) => {
      const part = this.part(name);
      if (part.textContent !== text) part.textContent = text;
    };
    say('slice', `slice ${number} of ${count}`);
    const tilted = this.oblique ? `oblique ${this.tilt < 9.95 ? this.tilt.toFixed(1).replace(/\.0$/, '') : Math.round(this.tilt)}°` : '';
    say('tilt', tilted);
    say('window', `W ${round(window.width)} · L ${round(window.center)}`);
    say('north', orientationLetters(negate(downLps)));
    say('south', orientationLetters(downLps));
    say('west', orientationLetters(negate(rightLps)));
    say('east', orientationLetters(rightLps));
    const { lengthMm, lengthPx } = scaleBar(this.camera.mmPerPx, Math.min(110, this.camera.widthPx * 0.22));
    say('scale-text', lengthMm >= 0.1 ? `${Number(lengthMm.toPrecision(2))} mm` : `${Number((lengthMm * 1000).toPrecision(2))} µm`);
    this.part('scale-bar').style.width = `${lengthPx}px`;
    const bar = this.part('bar');
    // The last slice stands at the top: on the axial view that is the head.
    this.part('bar-thumb').style.top = `${count > 1 ? 100 * (1 - this.sliceIndex / (count - 1)) : 50}%`;
    bar.setAttribute('aria-valuenow', String(number));
    bar.setAttribute('aria-valuemax', String(count));
    bar.setAttribute('aria-valuetext', `slice ${number} of ${count}`);
    this.root.setAttribute('aria-label', `${planeNames[this.plane]} view, ${tilted ? `${tilted}, ` : ''}slice ${number} of ${count}`);
  }
}

function round(value: number): string {
  return String(Math.abs(value) >= 10 ? Math.round(value) : Number(value.toPrecision(2))).replace('-', '−');
}
