import type { Heat } from '../../stores/viewer.ts';
import type { Rgb } from './compose.ts';
import { over } from './compose.ts';
import type { PlaneGrid } from './plane-grid.ts';
import { sampleProbability } from './probability.ts';

/** Half the difference between the image and its mirror image from which the map is at its end. */
export const spreadFull = 0.3;
/** A probability this far from the threshold counts as sure. */
export const nearWidth = 0.25;

/** Stops of the maps, dark to light; lightness rises evenly, so that they read without colour too. */
export const mapStops: Record<Heat['kind'], readonly Rgb[]> = {
  spread: [
    [74, 30, 134],
    [160, 51, 176],
    [231, 91, 181],
    [255, 196, 225],
  ],
  near: [
    [74, 30, 134],
    [160, 51, 176],
    [231, 91, 181],
    [255, 196, 225],
  ],
  probability: [
    [10, 52, 58],
    [24, 120, 112],
    [106, 203, 176],
    [236, 255, 246],
  ],
};

/** Where a byte lies on its map, 0..1. */
export function levelOf(kind: Heat['kind'], byte: number, probability: number): number {
  const value = byte / 255;
  if (kind === 'spread') return Math.min(1, value / spreadFull);
  if (kind === 'near') return Math.max(0, 1 - Math.abs(value - probability) / nearWidth);
  return value;
}

/** Below this share of the map nothing is drawn: sure places stay as the scanner made them. */
const silent = 0.12;
const strongest = 0.82;

/** Colour of every byte, packed with straight alpha (ABGR); 0 draws nothing. */
export function heatColours(kind: Heat['kind'], probability: number): Uint32Array {
  const stops = mapStops[kind];
  const colours = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    const level = levelOf(kind, byte, probability);
    if (level < silent) continue;
    const at = level * (stops.length - 1);
    const from = stops[Math.min(stops.length - 2, Math.floor(at))]!;
    const to = stops[Math.min(stops.length - 1, Math.floor(at) + 1)]!;
    const t = at - Math.min(stops.length - 2, Math.floor(at));
    const [r, g, b] = from.map((v, n) => Math.round(v + (to[n]! - v) * t)) as Rgb;
    const alpha = Math.round(255 * strongest * Math.min(1, (level - silent) / 0.3 + 0.25));
    colours[byte] = ((alpha << 24) | (b << 16) | (g << 8) | r) >>> 0;
  }
  return colours;
}

/** Draws a map into an empty picture, or over what is in it. `scratch` holds the bytes of the view. */
export function layHeat(
  grid: PlaneGrid,
  offsets: Int32Array,
  heat: Heat,
  valuesHu: Int16Array | Float32Array,
  scratch: Uint8Array,
  picture: Uint32Array,
): void {
  const bytes = heat.spread;
  if (!bytes) sampleProbability(grid, offsets, heat.field, valuesHu, scratch);
  const colours = heatColours(heat.kind, heat.probability);
  for (let r = grid.top; r < grid.bottom; r++)
    for (let p = r * grid.width + grid.left, end = r * grid.width + grid.right; p < end; p++) {
      const at = offsets[p]!;
      if (at < 0) continue;
      const colour = colours[bytes ? bytes[at]! : scratch[p]!]!;
      if (colour === 0) continue;
      const below = picture[p]!;
      picture[p] = below === 0 ? colour : over(below, colour & 255, (colour >>> 8) & 255, (colour >>> 16) & 255, colour >>> 24);
    }
}
