import type { HuSettings } from '../../../contract/segmentation.ts';
import type { PlaneGrid } from './plane-grid.ts';

/** 1 where a pixel shows a voxel of the mask. `into` is the size of the view; pixels outside the grid's rectangle are not touched. */
export function classifyMask(grid: PlaneGrid, mask: Uint8Array, into: Uint8Array): number {
  const { width, offsets } = grid;
  let pixels = 0;
  for (let r = grid.top; r < grid.bottom; r++) {
    for (let p = r * width + grid.left, end = r * width + grid.right; p < end; p++) {
      const at = offsets[p]!;
      const inside = at >= 0 ? mask[at]! : 0;
      into[p] = inside;
      pixels += inside;
    }
  }
  return pixels;
}

/** 1 where a pixel's HU lies in the inclusive range. Reads the volume itself, so a moving slider costs one view, never a volume. */
export function classifyRange(
  grid: PlaneGrid,
  valuesHu: Int16Array | Float32Array,
  lowHu: number,
  highHu: number,
  into: Uint8Array,
): number {
  const { width, offsets } = grid;
  let pixels = 0;
  for (let r = grid.top; r < grid.bottom; r++) {
    for (let p = r * width + grid.left, end = r * width + grid.right; p < end; p++) {
      const at = offsets[p]!;
      const value = at >= 0 ? valuesHu[at]! : Number.NaN;
      const inside = value >= lowHu && value <= highHu ? 1 : 0;
      into[p] = inside;
      pixels += inside;
    }
  }
  return pixels;
}

/** The ranges that a preview draws, weak first. Growing is not done per frame, so hysteresis shows seeds and what they might reach. */
export function previewRanges(preview: HuSettings): { lowHu: number; highHu: number; strong: boolean }[] {
  const highHu = preview.highHu ?? Number.POSITIVE_INFINITY;
  if (preview.method === 'threshold') return [{ lowHu: preview.lowHu, highHu, strong: true }];
  return [
    { lowHu: preview.lowHu, highHu, strong: false },
    { lowHu: Math.max(preview.seedHu, preview.lowHu), highHu, strong: true },
  ];
}
