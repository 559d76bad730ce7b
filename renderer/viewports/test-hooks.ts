import { useCase } from '../stores/case.ts';
import { type Plane, type Point, useViewer } from '../stores/viewer.ts';
import { planes } from './camera/plane-axes.ts';
import { pictureFollows } from './picture-check.ts';
import { stageNow } from './stage.ts';

const stage = () => {
  const now = stageNow();
  if (!now) throw new TypeError('no viewports on the page');
  return now;
};

/** What end-to-end tests ask of the planes; never part of a plain session. Canvas places are CSS pixels inside the view. */
export const testHooks = {
  store: useViewer,
  caseState: () => useCase.getState().state,
  worldToCanvas: (plane: Plane, lps: Point) => stage().placeOf(plane, lps),
  canvasToWorld: (plane: Plane, x: number, y: number) => stage().pointAt(plane, x, y),
  /** The place that Cornerstone gives to a point, to compare with ours. */
  pictureWorldToCanvas: (plane: Plane, lps: Point) => stage().pictures?.worldToCanvas(plane, lps) ?? null,
  slice: (plane: Plane) => ({ index: stage().panes[plane].sliceIndex, ...stage().panes[plane].stack }),
  camera: (plane: Plane) => stage().panes[plane].camera,
  axes: (plane: Plane) => stage().panes[plane].axes,
  /** Voxels of each segment, counted now. */
  labelCounts: () =>
    Object.fromEntries(
      useViewer.getState().layers.map((layer) => {
        let voxels = 0;
        for (const value of layer.values) voxels += value;
        return [layer.segmentId, voxels];
      }),
    ),
  /** Pixels of each segment in the last painted overlay, and how long it took. */
  overlay: (plane: Plane) => ({ pixels: Object.fromEntries(stage().panes[plane].paintedPixels), paintMs: stage().panes[plane].paintMs }),
  ready: () => planes.every((plane) => stage().panes[plane].root.dataset.cover === 'none'),
  verdicts: () => stage().verdicts,
  checkPicture(plane: Plane) {
    const { pictures, volume, panes } = stage();
    if (!pictures || !volume) return null;
    return pictureFollows(pictures.canvas(plane), volume, panes[plane].axes, panes[plane].camera, useViewer.getState().window);
  },
  loseContext: () => stage().pictures?.loseContext(),
};

export function exposeTestHooks(): void {
  const asked = import.meta.env.MODE === 'test' || new URLSearchParams(location.search).has('test');
  if (asked) (window as unknown as { __lamina: typeof testHooks }).__lamina = testHooks;
}
