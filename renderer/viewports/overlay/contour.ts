import type { PlaneGrid } from './plane-grid.ts';

/**
 * Steps (up, down, left, right) from each pixel of a mask to the nearest pixel outside it, at most `most`; 0 outside. In place on the
 * classes 0 and 1. The edge of the view counts as inside (the segment goes on there), the edge of the volume as outside.
 * Two sweeps over the grid's rectangle.
 * @param whole the view's own grid where `grid` is a part of it: beyond the edges of a part the segment counts as going on
 */
export function depthInPlace(grid: PlaneGrid, classes: Uint8Array, most: number, whole: PlaneGrid = grid): void {
  const { width, height, left, top, right, bottom } = grid;
  const leftWall = left === 0 || left > whole.left ? most : 0;
  const rightWall = right === width || right < whole.right ? most : 0;
  const topWall = top === 0 || top > whole.top ? most : 0;
  const bottomWall = bottom === height || bottom < whole.bottom ? most : 0;
  for (let r = top; r < bottom; r++) {
    let before = leftWall;
    for (let p = r * width + left, end = r * width + right; p < end; p++) {
      if (classes[p] === 0) before = 0;
      else {
        const above = r === top ? topWall : classes[p - width]!;
        const nearest = Math.min(above, before) + 1;
        before = Math.min(nearest, most);
        classes[p] = before;
      }
    }
  }
  for (let r = bottom - 1; r >= top; r--) {
    let after = rightWall;
    for (let p = r * width + right - 1, end = r * width + left; p >= end; p--) {
      if (classes[p] === 0) after = 0;
      else {
        const below = r === bottom - 1 ? bottomWall : classes[p + width]!;
        const nearest = Math.min(below, after) + 1;
        if (nearest < classes[p]!) classes[p] = nearest;
        after = classes[p]!;
      }
    }
  }
}

/**
 * Opacity (0..255) by depth of a line `widthPx` device pixels wide that lies inside the mask: whole steps are full, the last takes the
 * fraction, beyond it the fill. Index 0 is outside.
 */
export function lineOpacities(widthPx: number, fillOpacity: number): Uint8Array {
  const whole = Math.floor(widthPx + 1e-6);
  const fraction = widthPx - whole;
  const steps = whole + (fraction > 1e-6 ? 1 : 0);
  const fill = Math.round(255 * Math.min(1, Math.max(0, fillOpacity)));
  const out = new Uint8Array(steps + 2);
  for (let depth = 1; depth <= steps; depth++) out[depth] = depth <= whole ? 255 : Math.max(fill, Math.round(255 * fraction));
  out[steps + 1] = fill;
  return out;
}
