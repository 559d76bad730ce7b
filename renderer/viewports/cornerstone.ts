import {
  cache,
  init as cornerstoneInit,
  Enums,
  eventTarget,
  metaData,
  RenderingEngine,
  setVolumesForViewports,
  type Types,
  volumeLoader,
} from '@cornerstonejs/core';
import { indexToLps } from '../../kernels/volume/geometry.ts';
import type { LoadedVolume, Plane } from '../stores/viewer.ts';
import { along, type PlaneAxes, planeAxes, planes } from './camera/plane-axes.ts';
import type { PlaneCamera } from './camera/plane-camera.ts';

/**
 * Everything that Lamina asks of Cornerstone3D: three orthographic views of one volume, told where to look.
 * Its tools package is not used: it holds back a mouse-down for 400 to 600 ms to see whether a double click follows, its brushes were seen
 * to be late or to miss voxels, and leaving them scans the whole labelmap on the main thread. Strokes here must set exactly the voxels
 * that the kernel names, so pointer, brush and overlay are ours.
 */

const { ViewportType, Events } = Enums;
const engineId = 'lamina';
const cacheBytes = 8 * 2 ** 30;

interface SliceMetadata {
  imagePlaneModule: Record<string, unknown>;
  voiLutModule: Record<string, unknown>;
  generalSeriesModule: Record<string, unknown>;
  modalityLutModule: Record<string, unknown>;
}
const sliceMetadata = new Map<string, SliceMetadata>();

/** createLocalVolume writes one and the same origin under every slice; ours, asked first, knows each slice's own place. */
function metadataOf(type: string, imageId: unknown): unknown {
  if (typeof imageId !== 'string') return undefined;
  return sliceMetadata.get(imageId)?.[type as keyof SliceMetadata];
}

let started: Promise<unknown> | null = null;

function start(): Promise<unknown> {
  started ??= (async () => {
    // One WebGL context for the three views: they then share one texture of the volume.
    await cornerstoneInit({ rendering: { webGlContextCount: 1 } } as Types.Cornerstone3DConfig);
    cache.setMaxCacheSize(cacheBytes);
    metaData.addProvider(metadataOf, 10_000);
  })();
  return started;
}

let counter = 0;

/** Gives the voxels to Cornerstone as views into our own buffer (slices are subarrays: nothing is copied). Returns the volume's id. */
function createVolume({ geometry, values }: LoadedVolume, window: { center: number; width: number }): string {
  const volumeId = `lamina:volume-${++counter}`;
  const [nx, ny, nz] = geometry.dimensions;
  const d = geometry.directionLps;
  const metadata = {
    BitsAllocated: values instanceof Int16Array ? 16 : 32,
    BitsStored: values instanceof Int16Array ? 16 : 32,
    SamplesPerPixel: 1,
    HighBit: values instanceof Int16Array ? 15 : 31,
    PhotometricInterpretation: 'MONOCHROME2',
    PixelRepresentation: 1,
    Modality: 'OT',
    ImageOrientationPatient: d.slice(0, 6),
    PixelSpacing: [geometry.spacingMm[1], geometry.spacingMm[0]],
    FrameOfReferenceUID: volumeId,
    Columns: nx,
    Rows: ny,
    voiLut: [{ windowCenter: window.center, windowWidth: window.width }],
    VOILUTFunction: 'LINEAR_EXACT',
  };
  for (let k = 0; k < nz; k++) {
    sliceMetadata.set(`${volumeId}_slice_${k}`, {
      imagePlaneModule: {
        frameOfReferenceUID: volumeId,
        rows: ny,
        columns: nx,
        imageOrientationPatient: d.slice(0, 6),
        rowCosines: d.slice(0, 3),
        columnCosines: d.slice(3, 6),
        imagePositionPatient: indexToLps(geometry, 0, 0, k),
        pixelSpacing: [geometry.spacingMm[1], geometry.spacingMm[0]],
        rowPixelSpacing: geometry.spacingMm[1],
        columnPixelSpacing: geometry.spacingMm[0],
        sliceThickness: geometry.spacingMm[2],
      },
      // Without a window Cornerstone scans a slice for its range, and a window of width 0 shows inverted greys.
      voiLutModule: { windowCenter: [window.center], windowWidth: [window.width] },
      generalSeriesModule: { modality: 'OT' },
      modalityLutModule: { rescaleSlope: 1, rescaleIntercept: 0 },
    });
  }
  volumeLoader.createLocalVolume(volumeId, {
    metadata: metadata as unknown as Types.Metadata,
    dimensions: geometry.dimensions,
    spacing: geometry.spacingMm,
    origin: geometry.originLps,
    direction: geometry.directionLps,
    scalarData: values,
  });
  return volumeId;
}

function forget(volumeId: string, slices: number): void {
  const volume = cache.getVolume(volumeId);
  const imageIds = [...(volume?.imageIds ?? [])];
  if (volume) cache.removeVolumeLoadObject(volumeId);
  for (const imageId of imageIds) if (cache.getImageLoadObject(imageId)) cache.removeImageLoadObject(imageId, { force: true });
  for (let k = 0; k < slices; k++) sliceMetadata.delete(`${volumeId}_slice_${k}`);
}

export interface PlanePictures {
  /** Asks for a new picture of a plane; it is there when `onPicture` is called, in the same frame that shows it. */
  look(plane: Plane, axes: PlaneAxes, camera: PlaneCamera): void;
  setWindow(window: { center: number; width: number }): void;
  /** To be called when a view's element changed its size; pictures follow with the next look(). */
  resize(): void;
  canvas(plane: Plane): HTMLCanvasElement;
  /** Cornerstone's own idea of where a patient point lies, in CSS pixels; only to check ours. */
  worldToCanvas(plane: Plane, point: [number, number, number]): [number, number];
  /** Takes the graphics context away, as a driver does; for tests. */
  loseContext(): void;
}

export interface PictureEvents {
  onPicture(plane: Plane): void;
  onContextLost(): void;
}

let turn: Promise<unknown> = Promise.resolve();

/**
 * Builds the three views of a volume in the given elements. Builds wait for one another: two engines in the same elements would wipe each
 * other's canvases. The views live until `wanted` is aborted. Rejects where WebGL or memory cannot be had, and when it is
 * aborted before they stand; nothing is left behind then.
 */
export function showVolume(
  volume: LoadedVolume,
  window: { center: number; width: number },
  elements: Record<Plane, HTMLDivElement>,
  events: PictureEvents,
  wanted: AbortSignal,
): Promise<PlanePictures> {
  const built = turn.then(() => build(volume, window, elements, events, wanted));
  turn = built.catch(() => {});
  return built;
}

async function build(
  volume: LoadedVolume,
  window: { center: number; width: number },
  elements: Record<Plane, HTMLDivElement>,
  events: PictureEvents,
  wanted: AbortSignal,
): Promise<PlanePictures> {
  await start();
  wanted.throwIfAborted();
  const volumeId = createVolume(volume, window);
  const engine = new RenderingEngine(`${engineId}-${counter}`);
  const viewportId = (plane: Plane) => `${engine.id}-${plane}`;
  const listeners: (() => void)[] = [];
  const listen = (target: EventTarget, type: string, call: (event: Event) => void) => {
    target.addEventListener(type, call);
    listeners.push(() => target.removeEventListener(type, call));
  };
  const ours = (call: () => void) => (event: Event) => {
    if ((event as CustomEvent).detail?.renderingEngineId === engine.id) call();
  };
  let destroyed = false;
  const destroy = () => {
    if (destroyed) return;
    destroyed = true;
    wanted.removeEventListener('abort', destroy);
    for (const remove of listeners) remove();
    engine.destroy();
    forget(volumeId, volume.geometry.dimensions[2]);
  };
  try {
    engine.setViewports(
      planes.map((plane) => ({
        viewportId: viewportId(plane),
        type: ViewportType.ORTHOGRAPHIC,
        element: elements[plane],
        defaultOptions: {
          background: [0, 0, 0] as Types.Point3,
          orientation: orientationOf(planeAxes[plane]),
        },
      })),
    );
    for (const plane of planes) listen(elements[plane], Events.IMAGE_RENDERED, () => events.onPicture(plane));
    listen(
      eventTarget as unknown as EventTarget,
      Events.WEBGL_CONTEXT_LOST,
      ours(() => events.onContextLost()),
    );
    await setVolumesForViewports(engine, [{ volumeId }], planes.map(viewportId));
    wanted.throwIfAborted();
  } catch (error) {
    destroy();
    throw error;
  }
  // From here on the views are the caller's; aborted before it took them over, they go by themselves.
  wanted.addEventListener('abort', destroy);
  const viewport = (plane: Plane) => engine.getViewport(viewportId(plane)) as Types.IVolumeViewport;
  return {
    look(plane, axes, camera) {
      const { viewPlaneNormal, viewUp } = orientationOf(axes);
      const view = viewport(plane);
      view.setCamera({
        focalPoint: camera.centreLps,
        position: along(camera.centreLps, viewPlaneNormal, 1000),
        viewPlaneNormal,
        viewUp,
        parallelScale: (camera.heightPx * camera.mmPerPx) / 2,
        parallelProjection: true,
      });
      view.render();
    },
    setWindow({ center, width }) {
      for (const plane of planes) {
        viewport(plane).setProperties({ voiRange: { lower: center - width / 2, upper: center + width / 2 } }, volumeId, true);
      }
    },
    resize() {
      engine.resize(false, true);
    },
    canvas: (plane) => viewport(plane).getCanvas(),
    worldToCanvas: (plane, point) => viewport(plane).worldToCanvas(point) as [number, number],
    loseContext() {
      const gl = engine.getOffscreenMultiRenderWindow(viewportId('axial')).getOpenGLRenderWindow().get3DContext();
      gl?.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}

/** Cornerstone's normal points from the picture to the eye: the cross product of right and up. */
function orientationOf({ rightLps: r, downLps: d }: PlaneAxes): { viewPlaneNormal: Types.Point3; viewUp: Types.Point3 } {
  const up: Types.Point3 = [-d[0], -d[1], -d[2]];
  return {
    viewPlaneNormal: [r[1] * up[2] - r[2] * up[1], r[2] * up[0] - r[0] * up[2], r[0] * up[1] - r[1] * up[0]],
    viewUp: up,
  };
}
