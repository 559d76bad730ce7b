import type { SegmentSettings } from '../../../contract/segmentation.ts';
import type { MaskLayer } from '../../stores/viewer.ts';
import { classifyMask, classifyRange, previewRanges } from './classify.ts';
import { lay, type Rgb } from './compose.ts';
import { depthInPlace, lineOpacities } from './contour.ts';
import type { PlaneGrid } from './plane-grid.ts';

const lineWidthCssPx = 1.5;
/** Fill of a preview, which has no layer to say it. */
const previewFill = { strong: 0.34, weak: 0.14 };

export interface OverlayScene {
  layers: MaskLayer[];
  activeSegment: string | null;
  preview: SegmentSettings | null;
  previewRgb: Rgb;
  valuesHu: Int16Array | Float32Array;
  rgbOf: (cssColour: string) => Rgb;
  devicePixelRatio: number;
}

/** Buffers of one view, kept from frame to frame. */
export interface OverlayBuffers {
  classes: Uint8Array;
  picture: Uint32Array;
}

/**
 * Draws all visible segments and the preview of one view into `buffers.picture` (device pixels, packed RGBA): the active segment above
 * the others, the preview above all.
 * @returns pixels of each drawn layer
 */
export function paintOverlay(grid: PlaneGrid, scene: OverlayScene, buffers: OverlayBuffers): Map<string, number> {
  const { classes, picture } = buffers;
  const pixels = new Map<string, number>();
  picture.fill(0);
  const lineWidth = lineWidthCssPx * scene.devicePixelRatio;
  const draw = (fill: number, rgb: Rgb, width = lineWidth) => {
    const opacities = lineOpacities(width, fill);
    depthInPlace(grid, classes, opacities.length - 1);
    lay(grid, classes, opacities, rgb, picture);
  };
  const shown = scene.layers.filter((layer) => layer.visible);
  const active = shown.filter((layer) => layer.segmentId === scene.activeSegment);
  for (const layer of [...shown.filter((l) => l.segmentId !== scene.activeSegment), ...active]) {
    const count = classifyMask(grid, layer.values, classes);
    pixels.set(layer.segmentId, count);
    if (count > 0) draw(layer.opacity, scene.rgbOf(layer.colour));
  }
  if (scene.preview) {
    for (const range of previewRanges(scene.preview)) {
      const count = classifyRange(grid, scene.valuesHu, range.lowHu, range.highHu, classes);
      if (count > 0) draw(range.strong ? previewFill.strong : previewFill.weak, scene.previewRgb, range.strong ? lineWidth : 0);
    }
  }
  return pixels;
}
