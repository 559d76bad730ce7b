import type { Box } from '../../kernels/volume/box.ts';
import { indexToLps, type VolumeGeometry } from '../../kernels/volume/geometry.ts';
import type { Point } from './viewer.ts';

/** The middle of a box of voxels and the upright box round it, LPS mm. */
export function regionOf(geometry: VolumeGeometry, box: Box): { middleLps: Point; boundsLps: number[] } {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const at = box.offsetIjk.map((o, a) => o - 0.5 + (corner & (1 << a) ? box.dimensions[a]! : 0)) as Point;
    indexToLps(geometry, ...at).forEach((v, a) => {
      low[a] = Math.min(low[a]!, v);
      high[a] = Math.max(high[a]!, v);
    });
  }
  const middle = box.offsetIjk.map((o, a) => o + Math.floor(box.dimensions[a]! / 2)) as Point;
  return { middleLps: indexToLps(geometry, ...middle) as Point, boundsLps: [...low, ...high] };
}

/** A cube round a point: xmin, ymin, zmin, xmax, ymax, zmax in LPS mm. */
export function cubeAround(pointLps: Point, sizeMm: number): [number, number, number, number, number, number] {
  const [x, y, z] = pointLps;
  const half = sizeMm / 2;
  return [x - half, y - half, z - half, x + half, y + half, z + half];
}
