import type { HuSettings } from '../../../contract/segmentation.ts';
import type { MaskLayer } from '../../stores/viewer.ts';
import { classifyMask, classifyRange, previewRanges } from './classify.ts';
import { lay, type Rgb } from './compose.ts';
import { depthInPlace, lineOpacities } from './contour.ts';
import type { PlaneGrid } from './plane-grid.ts';

const lineWidthCssPx = 1.5;
/** Fill of a preview, which has no layer to say it. */
const previewFill = { strong: 0.34, weak: 0.2 };

export interface OverlayScene {
  layers: MaskLayer[];
  activeSegment: string | null;
  revision: number;
  /** A stroke is changing the active segment. */
  drawing: boolean;
  preview: HuSettings | null;
  previewRgb: Rgb;
  valuesHu: Int16Array | Float32Array;
  rgbOf: (cssColour: string) => Rgb;
  devicePixelRatio: number;
}

/** Buffers of one view, kept from frame to frame. */
export interface OverlayBuffers {
  classes: Uint8Array;
  picture: Uint32Array;
  /** The segments that stand still, drawn once; valid while `baseKey` is the same. */
  base: Uint32Array;
  baseKey: unknown[];
}

const same = (a: unknown[], b: unknown[]) => a.length === b.length && a.every((part, n) => part === b[n]);

/**
 * Draws all visible segments and the preview of one view into `buffers.picture` (device pixels, packed RGBA): the active segment above
 * the others, the preview above all. Segments that did not change are taken from the last picture: under a stroke only the active one
 * is drawn anew, under a moving slider only the preview.
 * @param pixels takes the number of pixels of each segment drawn
 */
export function paintOverlay(grid: PlaneGrid, scene: OverlayScene, buffers: OverlayBuffers, pixels: Map<string, number>): void {
  const { classes, picture, base } = buffers;
  const lineWidth = lineWidthCssPx * scene.devicePixelRatio;
  const draw = (into: Uint32Array, fill: number, rgb: Rgb, width = lineWidth) => {
    const opacities = lineOpacities(width, fill);
    depthInPlace(grid, classes, opacities.length - 1);
    lay(grid, classes, opacities, rgb, into);
  };
  const drawLayer = (layer: MaskLayer, into: Uint32Array) => {
    const count = classifyMask(grid, layer.values, classes);
    pixels.set(layer.segmentId, count);
    if (count > 0) draw(into, layer.opacity, scene.rgbOf(layer.colour));
  };
  const shown = scene.layers.filter((layer) => layer.visible);
  const still = shown.filter((layer) => layer.segmentId !== scene.activeSegment);
  const moving = shown.filter((layer) => layer.segmentId === scene.activeSegment);
  if (!scene.drawing) still.push(...moving.splice(0));
  const key = [grid, scene.layers, scene.activeSegment, scene.revision, scene.drawing];
  if (!same(key, buffers.baseKey)) {
    pixels.clear();
    base.fill(0);
    for (const layer of still) drawLayer(layer, base);
    buffers.baseKey = key;
  }
  picture.set(base);
  for (const layer of moving) drawLayer(layer, picture);
  if (!scene.preview) return;
  for (const range of previewRanges(scene.preview)) {
    const count = classifyRange(grid, scene.valuesHu, range.lowHu, range.highHu, classes);
    if (count > 0) draw(picture, range.strong ? previewFill.strong : previewFill.weak, scene.previewRgb, range.strong ? lineWidth : 0);
  }
}
