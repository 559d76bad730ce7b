import { lpsToIndex, type Triple } from '../../kernels/volume/geometry.ts';
import type { LoadedVolume } from '../stores/viewer.ts';

/** A rectangle of pixels in patient space: the centre of the top left pixel, unit vectors to the right and down, and the size of a pixel. */
export interface SliceFrame {
  originLps: Triple;
  right: Triple;
  down: Triple;
  stepMm: number;
  width: number;
  height: number;
}

/**
 * A slice of CT in grey, resampled trilinearly where the volume lies obliquely.
 * `rgba` has 4 bytes a pixel of `frame`; outside the volume it is black. Throws RangeError on a buffer of another size. O(pixels).
 */
export function drawCtSlice(
  volume: LoadedVolume,
  frame: SliceFrame,
  window: { center: number; width: number },
  rgba: Uint8ClampedArray,
): void {
  if (rgba.length !== frame.width * frame.height * 4) throw new RangeError('the pixels do not fit the frame');
  const [nx, ny, nz] = volume.geometry.dimensions;
  const at = (x: number, y: number): Triple =>
    lpsToIndex(
      volume.geometry,
      frame.originLps[0] + (x * frame.right[0] + y * frame.down[0]) * frame.stepMm,
      frame.originLps[1] + (x * frame.right[1] + y * frame.down[1]) * frame.stepMm,
      frame.originLps[2] + (x * frame.right[2] + y * frame.down[2]) * frame.stepMm,
    );
  const start = at(0, 0);
  const right = minus(at(1, 0), start);
  const down = minus(at(0, 1), start);
  const low = window.center - window.width / 2;
  const scale = 255 / Math.max(1e-6, window.width);
  const { values } = volume;
  let out = 0;
  for (let y = 0; y < frame.height; y++) {
    for (let x = 0; x < frame.width; x++, out += 4) {
      const i = start[0] + x * right[0] + y * down[0];
      const j = start[1] + x * right[1] + y * down[1];
      const k = start[2] + x * right[2] + y * down[2];
      const inside = i > -0.5 && j > -0.5 && k > -0.5 && i < nx - 0.5 && j < ny - 0.5 && k < nz - 0.5;
      const grey = inside ? (trilinear(values, nx, ny, nz, i, j, k) - low) * scale : 0;
      rgba[out] = grey;
      rgba[out + 1] = grey;
      rgba[out + 2] = grey;
      rgba[out + 3] = 255;
    }
  }
}

function minus(a: Triple, b: Triple): Triple {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function trilinear(values: Int16Array | Float32Array, nx: number, ny: number, nz: number, i: number, j: number, k: number): number {
  const i0 = Math.max(0, Math.min(nx - 1, Math.floor(i)));
  const j0 = Math.max(0, Math.min(ny - 1, Math.floor(j)));
  const k0 = Math.max(0, Math.min(nz - 1, Math.floor(k)));
  const di = i0 + 1 < nx ? 1 : 0;
  const dj = j0 + 1 < ny ? nx : 0;
  const dk = k0 + 1 < nz ? nx * ny : 0;
  const u = Math.max(0, Math.min(1, i - i0));
  const v = Math.max(0, Math.min(1, j - j0));
  const w = Math.max(0, Math.min(1, k - k0));
  const at = i0 + nx * (j0 + ny * k0);
  const read = (index: number) => values[index] as number;
  const near = (read(at) * (1 - u) + read(at + di) * u) * (1 - v) + (read(at + dj) * (1 - u) + read(at + dj + di) * u) * v;
  const far =
    (read(at + dk) * (1 - u) + read(at + dk + di) * u) * (1 - v) + (read(at + dk + dj) * (1 - u) + read(at + dk + dj + di) * u) * v;
  return near * (1 - w) + far * w;
}
