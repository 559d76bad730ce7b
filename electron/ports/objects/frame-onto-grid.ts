import { lpsToIndex, type Triple, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { cross } from '../../../kernels/volume/stack.ts';
import type { ReadFrame, ReadFrames } from './seg-frames-read.ts';

/** Within a hundredth of a voxel a pixel is that voxel: what decimal strings and single precision round to. */
const sameVoxel = 0.01;

/** How the pixels of a frame read on a grid: index = origin + column * across + row * down. */
interface PixelMap {
  origin: Triple;
  across: Triple;
  down: Triple;
}

function pixelMap(frame: ReadFrame, grid: VolumeGeometry): PixelMap {
  const place = (u: number, v: number): Triple =>
    lpsToIndex(
      grid,
      ...([0, 1, 2].map(
        (n) => frame.positionLps[n]! + u * frame.pixelMm[0] * frame.row[n]! + v * frame.pixelMm[1] * frame.column[n]!,
      ) as Triple),
    );
  const origin = place(0, 0);
  const minus = (a: Triple): Triple => a.map((v, n) => v - origin[n]!) as Triple;
  return { origin, across: minus(place(1, 0)), down: minus(place(0, 1)) };
}

const whole = (v: number, over: number): boolean => Math.abs(v - Math.round(v)) * over <= sameVoxel;

/**
 * The map of a frame whose every pixel is a voxel of the grid, in whole numbers; null where it is not: another spacing, turned, or between
 * voxels. Rows and columns may be any axes of the grid, either way round.
 */
export function wholePixelMap(frame: ReadFrame, { rows, columns }: ReadFrames, grid: VolumeGeometry): PixelMap | null {
  const { origin, across, down } = pixelMap(frame, grid);
  const fits = origin.every((v) => whole(v, 1)) && across.every((v) => whole(v, columns)) && down.every((v) => whole(v, rows));
  if (!fits) return null;
  const round = (a: Triple): Triple => a.map((v) => Math.round(v) + 0) as Triple;
  const map = { origin: round(origin), across: round(across), down: round(down) };
  const unit = (a: Triple) => Math.abs(a[0]) + Math.abs(a[1]) + Math.abs(a[2]) === 1;
  return unit(map.across) && unit(map.down) ? map : null;
}

/** Frames as planes that a grid's voxels are looked up in. */
interface PlaneStack {
  normal: Triple;
  /** By increasing place along the normal. */
  planes: { at: number; frame: number }[];
  /** Half the distance of neighbouring planes: how far a plane reaches. */
  reachMm: number;
}

/**
 * Frames of one orientation in their order along the normal; null where they are not of one orientation.
 * @param among frames to take, by number
 */
export function planeStack({ frames, sliceMm }: ReadFrames, among: number[], fallbackMm: number): PlaneStack | null {
  const first = frames[among[0] as number];
  if (!first) return null;
  const normal = cross(first.row, first.column);
  for (const n of among) {
    const { row, column, pixelMm } = frames[n] as ReadFrame;
    const turned = Math.hypot(...row.map((v, a) => v - first.row[a]!), ...column.map((v, a) => v - first.column[a]!));
    if (turned > 1e-3 || pixelMm.some((v, a) => Math.abs(v - first.pixelMm[a]!) > 1e-4)) return null;
  }
  const planes = among
    .map((frame) => ({ frame, at: frames[frame]!.positionLps.reduce((sum, v, a) => sum + v * normal[a]!, 0) }))
    .sort((a, b) => a.at - b.at);
  const gaps = planes
    .slice(1)
    .map((one, n) => one.at - planes[n]!.at)
    .filter((gap) => gap > 1e-3);
  const least = gaps.length > 0 ? Math.min(...gaps) : fallbackMm;
  return { normal, planes, reachMm: (sliceMm ?? least) / 2 };
}

/** The pixel of a frame that a point (LPS mm) is seen in, as its place in the values; -1 outside of the picture. */
export function pixelAt(frame: ReadFrame, { rows, columns }: ReadFrames, x: number, y: number, z: number): number {
  const [px, py, pz] = [x - frame.positionLps[0], y - frame.positionLps[1], z - frame.positionLps[2]];
  const u = Math.round((px * frame.row[0] + py * frame.row[1] + pz * frame.row[2]) / frame.pixelMm[0]);
  const v = Math.round((px * frame.column[0] + py * frame.column[1] + pz * frame.column[2]) / frame.pixelMm[1]);
  return u >= 0 && v >= 0 && u < columns && v < rows ? v * columns + u : -1;
}
