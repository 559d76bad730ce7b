import type { PlaneGrid } from './plane-grid.ts';

export type Rgb = [number, number, number];

/**
 * Lays one segment over what is in the picture: `classes` are depths, `opacities` their alpha (see contour.ts).
 * The picture is RGBA without premultiplied alpha; a fully opaque line replaces, everything else is 'over'.
 */
export function lay(grid: PlaneGrid, classes: Uint8Array, opacities: Uint8Array, [red, green, blue]: Rgb, picture: Uint32Array): void {
  const { width } = grid;
  const colour = (blue << 16) | (green << 8) | red;
  for (let r = grid.top; r < grid.bottom; r++) {
    for (let p = r * width + grid.left, end = r * width + grid.right; p < end; p++) {
      const depth = classes[p]!;
      if (depth === 0) continue;
      const alpha = opacities[depth]!;
      if (alpha === 0) continue;
      const below = picture[p]!;
      if (alpha === 255 || below === 0) picture[p] = ((alpha << 24) | colour) >>> 0;
      else picture[p] = over(below, red, green, blue, alpha);
    }
  }
}

/** Porter-Duff 'over' of a straight-alpha colour on a packed ABGR pixel. */
export function over(below: number, red: number, green: number, blue: number, alpha: number): number {
  const top = alpha / 255;
  const rest = ((below >>> 24) / 255) * (1 - top);
  const sum = top + rest;
  const mix = (a: number, b: number) => Math.round((a * top + b * rest) / sum);
  const r = mix(red, below & 255);
  const g = mix(green, (below >>> 8) & 255);
  const b = mix(blue, (below >>> 16) & 255);
  return ((Math.round(sum * 255) << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
