import type { Rgb } from './compose.ts';
import { over } from './compose.ts';
import type { PlaneGrid } from './plane-grid.ts';

/** Bone below this value is there because a network says so: no threshold that finds bone would find it. HU. */
export const supportedFromHu = 50;

/** 1 where a pixel shows a voxel of the mask, inside a network's box, that no HU supports. */
export function classifyInferred(
  grid: PlaneGrid,
  offsets: Int32Array,
  mask: Uint8Array,
  valuesHu: Int16Array | Float32Array,
  into: Uint8Array,
): number {
  let pixels = 0;
  for (let r = grid.top; r < grid.bottom; r++)
    for (let p = r * grid.width + grid.left, end = r * grid.width + grid.right; p < end; p++) {
      const at = offsets[p]! >= 0 ? grid.offsets[p]! : -1;
      const inside = at >= 0 && mask[at] === 1 && valuesHu[at]! < supportedFromHu ? 1 : 0;
      into[p] = inside;
      pixels += inside;
    }
  return pixels;
}

const dark = 0xb4;

/**
 * Stripes over the classified pixels: the colour, and dark between, at 45 degrees on the screen. A wall of two pixels then reads as a dashed
 * line, a thick one as hatched: never as bone that was seen.
 * @param stripePx width of one stripe in device pixels
 * @param open leaves what is between the stripes as it is: a map that lies below is read there
 */
export function layHatched(
  grid: PlaneGrid,
  classes: Uint8Array,
  [red, green, blue]: Rgb,
  stripePx: number,
  open: boolean,
  picture: Uint32Array,
): void {
  const stripe = Math.max(2, Math.round(stripePx));
  const full = ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
  for (let r = grid.top; r < grid.bottom; r++)
    for (let c = grid.left, p = r * grid.width + grid.left; c < grid.right; c++, p++) {
      if (classes[p] === 0) continue;
      if (Math.floor((r + c) / stripe) % 2 === 0) picture[p] = full;
      else if (!open) picture[p] = over(picture[p]!, 20, 20, 22, dark);
    }
}
