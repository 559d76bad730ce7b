import type { HuSettings } from '../../../contract/segmentation.ts';
import type { Heat, MaskLayer, MaskPreviewShown, NetworkPreview } from '../../stores/viewer.ts';
import { layAuthors } from './author-map.ts';
import { boxOffsets } from './box-offsets.ts';
import { classifyMask, classifyRange, previewRanges } from './classify.ts';
import { lay, type Rgb } from './compose.ts';
import { depthInPlace, lineOpacities } from './contour.ts';
import { layHeat } from './heat.ts';
import { classifyInferred, layHatched } from './inferred.ts';
import { layMaskPreview } from './mask-preview.ts';
import type { PlaneGrid } from './plane-grid.ts';
import { classifyProbability, sampleProbability } from './probability.ts';

export const lineWidthCssPx = 1.5;
export const stripeCssPx = 3;
export const inferredColour = 'var(--inferred)';
/** Fill of a preview, which has no layer to say it. */
const previewFill = { strong: 0.34, weak: 0.2 };

export interface OverlayScene {
  layers: MaskLayer[];
  activeSegment: string | null;
  revision: number;
  preview: HuSettings | null;
  previewRgb: Rgb;
  networkPreview: NetworkPreview | null;
  maskPreview: MaskPreviewShown | null;
  heat: Heat | null;
  authorMap: { segmentId: string; values: Uint8Array } | null;
  inferredShown: boolean;
  /** Of the volume: what a network's box is a part of. */
  dimensions: readonly [number, number, number];
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
  const { heat, maskPreview, networkPreview } = scene;
  const lineWidth = lineWidthCssPx * scene.devicePixelRatio;
  const draw = (into: Uint32Array, fill: number, rgb: Rgb, width = lineWidth) => {
    const opacities = lineOpacities(width, fill);
    depthInPlace(grid, classes, opacities.length - 1);
    lay(grid, classes, opacities, rgb, into);
  };
  const drawLayer = (layer: MaskLayer, into: Uint32Array) => {
    const count = classifyMask(grid, layer.values, classes);
    pixels.set(layer.segmentId, count);
    // A mask as it would be is drawn instead of the one that is, with what goes struck through.
    if (count === 0 || maskPreview?.segmentId === layer.segmentId) return;
    // Under a preview the segment as it is stays as a line: what is and what would be are seen together.
    const previewed = networkPreview?.segmentId === layer.segmentId;
    if (scene.authorMap?.segmentId === layer.segmentId && scene.authorMap.values.length === layer.values.length) {
      draw(into, 0, scene.rgbOf(layer.colour), scene.devicePixelRatio);
      layAuthors(grid, layer.values, scene.authorMap.values, stripeCssPx * scene.devicePixelRatio, scene.rgbOf, into);
      return;
    }
    // A map lies below: the fill would tint it.
    draw(into, previewed || heat ? 0 : layer.opacity, scene.rgbOf(layer.colour), heat ? scene.devicePixelRatio : lineWidth);
    if (scene.inferredShown && layer.networkBox && !previewed) drawInferred(layer.values, layer.networkBox, into);
  };
  const drawInferred = (mask: Uint8Array, box: NonNullable<MaskLayer['networkBox']>, into: Uint32Array) => {
    const offsets = boxOffsets(grid, scene.dimensions, box);
    if (classifyInferred(grid, offsets, mask, scene.valuesHu, classes) > 0)
      layHatched(grid, classes, scene.rgbOf(inferredColour), stripeCssPx * scene.devicePixelRatio, heat !== null, into);
  };
  const shown = scene.layers.filter((layer) => layer.visible);
  const still = shown.filter((layer) => layer.segmentId !== scene.activeSegment);
  const moving = shown.filter((layer) => layer.segmentId === scene.activeSegment);
  const key = [
    grid,
    scene.layers,
    scene.activeSegment,
    scene.revision,
    heat,
    scene.inferredShown,
    scene.authorMap,
    networkPreview?.segmentId ?? null,
    maskPreview?.segmentId ?? null,
  ];
  if (!same(key, buffers.baseKey)) {
    pixels.clear();
    base.fill(0);
    if (heat) layHeat(grid, boxOffsets(grid, scene.dimensions, heat.field.box), heat, scene.valuesHu, classes, base);
    for (const layer of still) drawLayer(layer, base);
    buffers.baseKey = key;
  }
  picture.set(base);
  for (const layer of moving) drawLayer(layer, picture);
  if (networkPreview) {
    sampleProbability(grid, boxOffsets(grid, scene.dimensions, networkPreview.field.box), networkPreview.field, scene.valuesHu, classes);
    if (classifyProbability(grid, networkPreview.probability, classes) > 0) draw(picture, previewFill.strong, scene.previewRgb);
  }
  const of =
    maskPreview && shown.find((layer) => layer.segmentId === maskPreview.segmentId && layer.values.length === maskPreview.values.length);
  if (of) {
    const stripePx = stripeCssPx * scene.devicePixelRatio;
    const look = { rgb: scene.rgbOf(of.colour), fill: of.opacity, lineWidthPx: lineWidth, stripePx };
    layMaskPreview(grid, of.values, maskPreview.values, look, classes, picture);
  }
  if (!scene.preview) return;
  for (const range of previewRanges(scene.preview)) {
    const count = classifyRange(grid, scene.valuesHu, range.lowHu, range.highHu, classes);
    if (count > 0) draw(picture, range.strong ? previewFill.strong : previewFill.weak, scene.previewRgb, range.strong ? lineWidth : 0);
  }
}
