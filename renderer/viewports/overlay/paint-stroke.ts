import { boxOffsets } from './box-offsets.ts';
import { classifyMask } from './classify.ts';
import { lay } from './compose.ts';
import { depthInPlace, lineOpacities } from './contour.ts';
import { classifyInferred, layHatched } from './inferred.ts';
import { inferredColour, lineWidthCssPx, type OverlayBuffers, type OverlayScene, stripeCssPx } from './paint-overlay.ts';
import type { PlaneGrid } from './plane-grid.ts';

/** Device pixels: left and top inclusive, right and bottom exclusive. */
export type PixelRect = Pick<PlaneGrid, 'left' | 'top' | 'right' | 'bottom'>;

/** A rectangle with a rim, inside of the pixels that can show a voxel; null: nothing is left of it. */
export function widened(rect: PixelRect, by: number, within: PixelRect): PixelRect | null {
  const left = Math.max(within.left, rect.left - by);
  const top = Math.max(within.top, rect.top - by);
  const right = Math.min(within.right, rect.right + by);
  const bottom = Math.min(within.bottom, rect.bottom + by);
  return left < right && top < bottom ? { left, top, right, bottom } : null;
}

/** Whether a stroke into the active segment can be drawn onto this scene's last picture piece by piece: nothing lies over that segment. */
export function paintsByPieces(scene: OverlayScene): boolean {
  return !scene.preview && !scene.networkPreview && !scene.maskPreview && !scene.authorMap;
}

/**
 * Draws the active segment anew where a stroke has changed it; the rest of the picture, which `paintOverlay` drew of the same scene, stays.
 * The line depends on voxels as far away as it is wide: what is drawn is wider than what changed by that, and what is looked at by that again.
 * @param dirty pixels that may show a changed voxel
 * @returns the pixels drawn; null where none of them can show a voxel
 * Cost: the pixels of the rectangle.
 */
export function paintStroke(grid: PlaneGrid, scene: OverlayScene, buffers: OverlayBuffers, dirty: PixelRect): PixelRect | null {
  const { classes, picture, base } = buffers;
  const { heat } = scene;
  const layer = scene.layers.find((one) => one.visible && one.segmentId === scene.activeSegment);
  const scale = scene.devicePixelRatio;
  const opacities = lineOpacities(heat ? scale : lineWidthCssPx * scale, heat || !layer ? 0 : layer.opacity);
  const deep = opacities.length - 1;
  const drawn = widened(dirty, deep, grid);
  const seen = drawn && widened(drawn, deep, grid);
  if (!drawn || !seen) return null;
  for (let r = drawn.top; r < drawn.bottom; r++) {
    const row = r * grid.width;
    picture.set(base.subarray(row + drawn.left, row + drawn.right), row + drawn.left);
  }
  if (!layer) return drawn;
  if (classifyMask({ ...grid, ...seen }, layer.values, classes) === 0) return drawn;
  depthInPlace({ ...grid, ...seen }, classes, deep, grid);
  const part = { ...grid, ...drawn };
  const rgb = scene.rgbOf(layer.colour);
  lay(part, classes, opacities, rgb, picture);
  if (scene.inferredShown && layer.networkBox) {
    const offsets = boxOffsets(grid, scene.dimensions, layer.networkBox);
    if (classifyInferred(part, offsets, layer.values, scene.valuesHu, classes) > 0)
      layHatched(part, classes, scene.rgbOf(inferredColour), stripeCssPx * scale, heat !== null, picture);
  }
  return drawn;
}
