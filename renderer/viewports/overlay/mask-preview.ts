import { lay, type Rgb } from './compose.ts';
import { depthInPlace, lineOpacities } from './contour.ts';
import { layHatched } from './inferred.ts';
import type { PlaneGrid } from './plane-grid.ts';

/** How strongly what would be is filled: what stays as the segment is, what comes more. */
const addedFill = 0.5;

function classify(grid: PlaneGrid, into: Uint8Array, inside: (at: number) => boolean): number {
  let pixels = 0;
  for (let r = grid.top; r < grid.bottom; r++)
    for (let p = r * grid.width + grid.left, end = r * grid.width + grid.right; p < end; p++) {
      const at = grid.offsets[p]!;
      const is = at >= 0 && inside(at) ? 1 : 0;
      into[p] = is;
      pixels += is;
    }
  return pixels;
}

/** A segment as it would be: what stays filled as ever, what comes filled more, its outline dashed; what goes struck through, grey levels between. */
export function layMaskPreview(
  grid: PlaneGrid,
  mask: Uint8Array,
  next: Uint8Array,
  { rgb, fill, lineWidthPx, stripePx }: { rgb: Rgb; fill: number; lineWidthPx: number; stripePx: number },
  classes: Uint8Array,
  picture: Uint32Array,
): { added: number; removed: number } {
  const plain = (opacity: number) => Uint8Array.of(0, Math.round(255 * opacity));
  if (classify(grid, classes, (at) => mask[at] === 1 && next[at] === 1) > 0) lay(grid, classes, plain(fill), rgb, picture);
  const added = classify(grid, classes, (at) => mask[at] === 0 && next[at] === 1);
  if (added > 0) lay(grid, classes, plain(addedFill), rgb, picture);
  if (classify(grid, classes, (at) => next[at] === 1) > 0) {
    const line = lineOpacities(lineWidthPx, 0).length - 2;
    depthInPlace(grid, classes, line + 1);
    for (let r = grid.top; r < grid.bottom; r++)
      for (let p = r * grid.width + grid.left, end = r * grid.width + grid.right; p < end; p++) if (classes[p]! > line) classes[p] = 0;
    layHatched(grid, classes, rgb, 2 * stripePx, true, picture);
  }
  const removed = classify(grid, classes, (at) => mask[at] === 1 && next[at] === 0);
  if (removed > 0) layHatched(grid, classes, rgb, stripePx, true, picture);
  return { added, removed };
}
