import type { Random } from './random.ts';

export interface ScannerSettings {
  /** Width of the in-plane point spread at half height, mm. */
  fwhmMm: number;
  /** Weight of each neighbouring slice in the slice profile. */
  sliceLeak: number;
  /** Standard deviation of the noise in soft tissue, HU. */
  noiseHu: number;
  /** Width of the noise's grain (standard deviation, pixels); 0.65 where nothing is said. */
  grainPixels?: number;
  /** Part of the difference to a wider blur that is added: the overshoot of a sharpening kernel. None where nothing is said. */
  undershoot?: number;
}

/** Taps of a gaussian, normalised, out to three deviations. */
export function gaussianTaps(sigma: number): Float32Array {
  const reach = Math.max(1, Math.ceil(3 * sigma));
  const taps = new Float32Array(2 * reach + 1);
  let sum = 0;
  for (let n = -reach; n <= reach; n++) {
    taps[n + reach] = Math.exp(-(n * n) / (2 * sigma * sigma));
    sum += taps[n + reach];
  }
  return taps.map((tap) => tap / sum);
}

/** Blurs a slice in place along i and j; the border repeats. `scratch` is as long as the slice. */
export function blurSlice(slice: Float32Array, scratch: Float32Array, nx: number, ny: number, taps: Float32Array): void {
  const reach = taps.length >> 1;
  for (let j = 0; j < ny; j++) {
    const row = j * nx;
    for (let i = 0; i < nx; i++) {
      let sum = 0;
      for (let t = -reach; t <= reach; t++) sum += taps[t + reach] * slice[row + Math.min(nx - 1, Math.max(0, i + t))];
      scratch[row + i] = sum;
    }
  }
  for (let j = 0; j < ny; j++) {
    const row = j * nx;
    slice.fill(0, row, row + nx);
    for (let t = -reach; t <= reach; t++) {
      const from = Math.min(ny - 1, Math.max(0, j + t)) * nx;
      const tap = taps[t + reach];
      for (let i = 0; i < nx; i++) slice[row + i] += tap * scratch[from + i];
    }
  }
}

/**
 * One slice as the scanner would give it: slice profile, in-plane blur, noise that hangs together over about a pixel.
 * @param ideal HU of all slices without blur, i fastest
 * @returns int16 HU in [-1024, 3071]
 */
export function scanSlice(
  ideal: Float32Array,
  [nx, ny, nz]: readonly [number, number, number],
  k: number,
  pixelMm: number,
  settings: ScannerSettings,
  random: Random,
): Int16Array {
  const area = nx * ny;
  const slice = new Float32Array(area);
  const scratch = new Float32Array(area);
  const below = Math.max(0, k - 1) * area;
  const here = k * area;
  const above = Math.min(nz - 1, k + 1) * area;
  const leak = settings.sliceLeak;
  for (let n = 0; n < area; n++) slice[n] = (1 - 2 * leak) * ideal[here + n] + leak * (ideal[below + n] + ideal[above + n]);
  const sigma = settings.fwhmMm / 2.3548 / pixelMm;
  blurSlice(slice, scratch, nx, ny, gaussianTaps(sigma));
  if (settings.undershoot) {
    const wide = slice.slice();
    blurSlice(wide, scratch, nx, ny, gaussianTaps(1.6 * sigma));
    for (let n = 0; n < area; n++) slice[n] += settings.undershoot * (slice[n] - wide[n]);
  }
  const noise = new Float32Array(area);
  for (let n = 0; n < area; n++) noise[n] = random.normal();
  const grainTaps = gaussianTaps(settings.grainPixels ?? 0.65);
  blurSlice(noise, scratch, nx, ny, grainTaps);
  // The blur shrinks the noise by the sum of the squared taps (in two directions).
  const kept = grainTaps.reduce((sum, tap) => sum + tap * tap, 0);
  const scale = settings.noiseHu / kept;
  const scanned = new Int16Array(area);
  for (let n = 0; n < area; n++) scanned[n] = Math.max(-1024, Math.min(3071, Math.round(slice[n] + scale * noise[n])));
  return scanned;
}
