import { lpsToIndex } from '../../../kernels/volume/geometry.ts';
import type { LoadedVolume, Plane, Point } from '../../stores/viewer.ts';
import { planeAxes } from '../camera/plane-axes.ts';
import { canvasToLps } from '../camera/plane-camera.ts';
import { classifyMask } from './classify.ts';
import { lay, type Rgb } from './compose.ts';
import { depthInPlace, lineOpacities } from './contour.ts';
import { type PlaneGrid, planeGrid } from './plane-grid.ts';

/** A small picture of one slice, by itself: device pixels, its own field of view. */
export interface SliceView {
  plane: Plane;
  centreLps: Point;
  widthMm: number;
  width: number;
  height: number;
}

const stepOf = (v: SliceView): number => v.widthMm / v.width;

/** Which voxel each pixel of a small picture shows. */
export function sliceGrid(volume: LoadedVolume, view: SliceView): PlaneGrid {
  const axes = planeAxes[view.plane];
  const camera = { centreLps: view.centreLps, mmPerPx: stepOf(view), widthPx: view.width, heightPx: view.height };
  const scaled = (p: Point): Point => [p[0] * stepOf(view), p[1] * stepOf(view), p[2] * stepOf(view)];
  const plane = { firstLps: canvasToLps(axes, camera, 0.5, 0.5), rightLps: scaled(axes.rightLps), downLps: scaled(axes.downLps) };
  return planeGrid(volume.geometry, plane, view.width, view.height);
}

/** The value between the eight voxels round a point of index space; the edge's own value up to half a voxel beyond it. */
function between(values: Int16Array | Float32Array, [nx, ny, nz]: Point, x: number, y: number, z: number): number {
  const i = Math.min(nx - 1, Math.max(0, x));
  const j = Math.min(ny - 1, Math.max(0, y));
  const k = Math.min(nz - 1, Math.max(0, z));
  const [i0, j0, k0] = [Math.floor(i), Math.floor(j), Math.floor(k)];
  const [fi, fj, fk] = [i - i0, j - j0, k - k0];
  const di = i0 + 1 < nx ? 1 : 0;
  const dj = j0 + 1 < ny ? nx : 0;
  const dk = k0 + 1 < nz ? nx * ny : 0;
  const row = (at: number) => values[at]! * (1 - fi) + values[at + di]! * fi;
  const layer = (at: number) => row(at) * (1 - fj) + row(at + dj) * fj;
  const at = i0 + nx * (j0 + ny * k0);
  return fk === 0 ? layer(at) : layer(at) * (1 - fk) + layer(at + dk) * fk;
}

/** The CT of a slice in a window, read between voxels so that a small picture is not made of steps. Packed RGBA, opaque. */
export function greys(volume: LoadedVolume, view: SliceView, window: { center: number; width: number }): Uint32Array<ArrayBuffer> {
  const { geometry, values } = volume;
  const axes = planeAxes[view.plane];
  const camera = { centreLps: view.centreLps, mmPerPx: stepOf(view), widthPx: view.width, heightPx: view.height };
  const indexAt = (x: number, y: number) => lpsToIndex(geometry, ...canvasToLps(axes, camera, x, y));
  const first = indexAt(0.5, 0.5);
  const right = indexAt(1.5, 0.5).map((v, a) => v - first[a]!) as Point;
  const down = indexAt(0.5, 1.5).map((v, a) => v - first[a]!) as Point;
  const low = window.center - window.width / 2;
  const scale = 255 / Math.max(1, window.width);
  const picture = new Uint32Array(view.width * view.height).fill(0xff000000);
  for (let r = 0, p = 0; r < view.height; r++)
    for (let c = 0; c < view.width; c++, p++) {
      const at = first.map((v, a) => v + c * right[a]! + r * down[a]!) as Point;
      if (at.some((v, a) => v < -0.5 || v > geometry.dimensions[a]! - 0.5)) continue;
      const g = Math.min(255, Math.max(0, Math.round((between(values, geometry.dimensions, ...at) - low) * scale)));
      picture[p] = (0xff000000 | (g << 16) | (g << 8) | g) >>> 0;
    }
  return picture;
}

/** Outline and faint fill of a mask over a picture. `classes` is scratch of its size; answers the pixels that show the mask. */
export function outline(grid: PlaneGrid, mask: Uint8Array, rgb: Rgb, linePx: number, classes: Uint8Array, picture: Uint32Array): number {
  const pixels = classifyMask(grid, mask, classes);
  if (pixels === 0) return 0;
  const opacities = lineOpacities(linePx, 0.14);
  depthInPlace(grid, classes, opacities.length - 1);
  lay(grid, classes, opacities, rgb, picture);
  return pixels;
}

/** Fills the pixels that only one of two masks has. */
export function difference(grid: PlaneGrid, one: Uint8Array, other: Uint8Array, rgb: [Rgb, Rgb], picture: Uint32Array): void {
  for (let r = grid.top; r < grid.bottom; r++)
    for (let p = r * grid.width + grid.left, end = r * grid.width + grid.right; p < end; p++) {
      const at = grid.offsets[p]!;
      if (at < 0 || one[at] === other[at]) continue;
      const [red, green, blue] = one[at] === 1 ? rgb[0] : rgb[1];
      picture[p] = ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
    }
}
