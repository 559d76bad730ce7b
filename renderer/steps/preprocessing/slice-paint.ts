import { between, pixelAt, type SlicePlace, type SliceValues } from './slice-place.ts';

export interface GreyWindow {
  center: number;
  width: number;
}

/** Grey levels of a slice in a window, packed RGBA, opaque. */
export function greyPixels({ values }: SliceValues, { center, width }: GreyWindow): Uint32Array<ArrayBuffer> {
  const low = center - width / 2;
  const scale = 255 / Math.max(1e-6, width);
  const pixels = new Uint32Array(values.length);
  for (let n = 0; n < values.length; n++) {
    const g = Math.min(255, Math.max(0, Math.round(((values[n] as number) - low) * scale)));
    pixels[n] = (0xff000000 | (g << 16) | (g << 8) | g) >>> 0;
  }
  return pixels;
}

/** After less before, at the pixels of before; NaN where there is no after. */
export function changeOf(before: SliceValues, beforePlace: SlicePlace, after: SliceValues, afterPlace: SlicePlace): Float32Array {
  const change = new Float32Array(before.values.length);
  const { first, column, row } = beforePlace;
  const inAfter = (i: number, j: number) =>
    pixelAt(afterPlace, [first[0] + i * column[0] + j * row[0], first[1] + i * column[1] + j * row[1]]);
  const [start, right, down] = [inAfter(0, 0), inAfter(1, 0), inAfter(0, 1)];
  for (let j = 0, n = 0; j < before.height; j++)
    for (let i = 0; i < before.width; i++, n++) {
      const u = start[0] + i * (right[0] - start[0]) + j * (down[0] - start[0]);
      const v = start[1] + i * (right[1] - start[1]) + j * (down[1] - start[1]);
      change[n] = between(after, u, v) - (before.values[n] as number);
    }
  return change;
}

/** The change that 99 % of the pixels stay below, rounded up to a number that reads well; the map's end. At least `least`. */
export function changeScale(change: Float32Array, least: number): number {
  const sizes = change
    .filter((v) => !Number.isNaN(v))
    .map(Math.abs)
    .sort();
  const end = Math.max(least, sizes[Math.floor(0.99 * (sizes.length - 1))] ?? 0);
  const decade = 10 ** Math.floor(Math.log10(end));
  return ([1, 2, 5, 10].find((n) => n * decade >= end * (1 - 1e-6)) ?? 10) * decade;
}

/** Lowered and raised: of equal lightness, told apart by every eye; strong ones are bright, as everything that matters on black. */
export const changeColours = { lower: [98, 168, 240], higher: [242, 146, 62] } as const;

/**
 * A change over a faint picture of the slice, packed RGBA: the larger it is against the scale, the more of its colour. Transparent where there
 * is nothing to compare.
 */
export function changePixels(change: Float32Array, scale: number, slice: Uint32Array): Uint32Array<ArrayBuffer> {
  const pixels = new Uint32Array(change.length);
  for (let n = 0; n < change.length; n++) {
    const v = change[n] as number;
    if (Number.isNaN(v)) continue;
    const faint = ((slice[n] as number) & 255) * 0.42;
    const share = Math.min(1, Math.abs(v) / scale);
    const [r, g, b] = (v < 0 ? changeColours.lower : changeColours.higher).map((c) => Math.round(faint + (c - faint) * share)) as [
      number,
      number,
      number,
    ];
    pixels[n] = (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;
  }
  return pixels;
}

/** float32, little-endian, base64, as the service sends a picture. Throws RangeError where the length is not width x height. */
export function valuesFromText(text: string, width: number, height: number): Float32Array {
  const binary = atob(text);
  if (binary.length !== width * height * 4) throw new RangeError(`${binary.length} bytes are no picture of ${width} x ${height}`);
  const bytes = Uint8Array.from(binary, (c) => c.charCodeAt(0));
  return new Float32Array(bytes.buffer);
}
