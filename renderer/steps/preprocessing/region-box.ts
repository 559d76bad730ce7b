import { extentLps } from '../../../kernels/volume/extent.ts';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import type { BoxLps } from '../../stores/preprocessing.ts';
import type { Plane, Point } from '../../stores/viewer.ts';

const through: Record<Plane, number> = { axial: 2, coronal: 1, sagittal: 0 };

/**
 * The box between two clicked corners. Clicked on one plane they say nothing of its depth: that stays as it was, else it is the volume's.
 */
export function boxOfCorners(
  one: { lps: Point; plane: Plane },
  other: { lps: Point; plane: Plane },
  old: BoxLps | null,
  geometry: VolumeGeometry,
): BoxLps {
  const box = [0, 1, 2].flatMap((a) => [Math.min(one.lps[a] as number, other.lps[a] as number)]) as number[];
  const high = [0, 1, 2].map((a) => Math.max(one.lps[a] as number, other.lps[a] as number));
  const whole = [...box, ...high] as BoxLps;
  if (one.plane === other.plane) {
    const a = through[one.plane];
    const depth = old ?? extentLps(geometry);
    whole[a] = depth[a] as number;
    whole[a + 3] = depth[a + 3] as number;
  }
  return whole.map((v) => Math.round(v * 100) / 100) as BoxLps;
}
