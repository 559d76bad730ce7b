import { indexToLps, lpsToIndex } from '../../../kernels/volume/geometry.ts';
import type { Brush, LoadedVolume, MaskLayer, Point } from '../../stores/viewer.ts';

const mostSamples = 60_000;

/**
 * Share (0..1) of the voxels under a resting brush that gate and masking keep from changing; null without either or outside the volume.
 * A guide for the eye: a sphere's whole ball is asked, a circle's disc; large brushes are sampled on every second or third voxel.
 */
export function gateShare(
  volume: LoadedVolume,
  brush: Brush,
  point: Point,
  normalLps: Point,
  { inside, notOver }: { inside: MaskLayer | null; notOver: MaskLayer[] },
): number | null {
  if (!brush.gateHu && !inside && notOver.length === 0) return null;
  const { geometry, values } = volume;
  const [low, high] = brush.gateHu ?? [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  const radius = brush.diameterMm / 2;
  const centre = lpsToIndex(geometry, ...point);
  const reach = geometry.spacingMm.map((mm) => radius / mm);
  const stride = Math.max(1, Math.ceil(Math.cbrt((8 * reach[0]! * reach[1]! * reach[2]!) / mostSamples)));
  const range = (a: number): [number, number] => [
    Math.max(0, Math.round(centre[a]! - reach[a]!)),
    Math.min(geometry.dimensions[a]! - 1, Math.round(centre[a]! + reach[a]!)),
  ];
  const [i0, i1] = range(0);
  const [j0, j1] = range(1);
  const [k0, k1] = range(2);
  const [nx, ny] = geometry.dimensions;
  const halfLayer = Math.min(...geometry.spacingMm) / 2;
  let met = 0;
  let kept = 0;
  for (let k = k0; k <= k1; k += stride) {
    for (let j = j0; j <= j1; j += stride) {
      for (let i = i0; i <= i1; i += stride) {
        const [x, y, z] = indexToLps(geometry, i, j, k);
        const d: Point = [x - point[0], y - point[1], z - point[2]];
        const off = d[0] * normalLps[0] + d[1] * normalLps[1] + d[2] * normalLps[2];
        if (brush.shape === 'circle' && Math.abs(off) > halfLayer * stride) continue;
        if (d[0] ** 2 + d[1] ** 2 + d[2] ** 2 > radius * radius) continue;
        const at = i + nx * (j + ny * k);
        const value = values[at]!;
        met++;
        if (!(value >= low && value <= high) || inside?.values[at] === 0 || notOver.some((layer) => layer.values[at] === 1)) kept++;
      }
    }
  }
  return met === 0 ? null : kept / met;
}
