import { indexToLps, type Triple } from '../../kernels/volume/geometry.ts';
import type { LoadedVolume, Plane } from '../stores/viewer.ts';

export interface Bounds {
  min: Triple;
  max: Triple;
}

/** How a plane of the patient lies on the screen: unit vectors in LPS. The patient's right is on the viewer's left; the nose points left. */
export const planeAxes: Record<
  Plane,
  { right: Triple; down: Triple; normal: Triple; along: 0 | 1 | 2; letters: [string, string, string, string] }
> = {
  axial: { right: [1, 0, 0], down: [0, 1, 0], normal: [0, 0, 1], along: 2, letters: ['R', 'L', 'A', 'P'] },
  coronal: { right: [1, 0, 0], down: [0, 0, -1], normal: [0, -1, 0], along: 1, letters: ['R', 'L', 'S', 'I'] },
  sagittal: { right: [0, 1, 0], down: [0, 0, -1], normal: [1, 0, 0], along: 0, letters: ['A', 'P', 'S', 'I'] },
};

/** Where the voxels of a volume reach in LPS mm, to their outer faces; the box holds oblique volumes whole. */
export function volumeBounds(volume: LoadedVolume): Bounds {
  const [nx, ny, nz] = volume.geometry.dimensions;
  const min: Triple = [Infinity, Infinity, Infinity];
  const max: Triple = [-Infinity, -Infinity, -Infinity];
  for (let corner = 0; corner < 8; corner++) {
    const i = corner & 1 ? nx - 0.5 : -0.5;
    const j = corner & 2 ? ny - 0.5 : -0.5;
    const k = corner & 4 ? nz - 0.5 : -0.5;
    indexToLps(volume.geometry, i, j, k).forEach((value, axis) => {
      min[axis] = Math.min(min[axis] as number, value);
      max[axis] = Math.max(max[axis] as number, value);
    });
  }
  return { min, max };
}

/** A range of slice places along a plane's normal, LPS mm. `stepMm` is the smallest step worth a slice. */
export interface SliceRange {
  fromMm: number;
  stepMm: number;
  count: number;
}

/** The places that a slider offers: those where the mesh is, one voxel apart. Without a volume the step is 1 mm. */
export function sliceRange(plane: Plane, mesh: Bounds, volume: LoadedVolume | null): SliceRange {
  const { along } = planeAxes[plane];
  const around = volume ? volumeBounds(volume) : mesh;
  const low = Math.max(mesh.min[along], around.min[along]);
  const high = Math.min(mesh.max[along], around.max[along]);
  const stepMm = volume ? stepAlong(volume, along) : 1;
  if (!volume) return { fromMm: low, stepMm, count: Math.max(1, Math.ceil((high - low) / stepMm)) };
  // slices of an upright volume fall on voxel centres, so that what is shown is what was measured
  const first = around.min[along] + stepMm / 2;
  const fromMm = first + Math.max(0, Math.ceil((low - first) / stepMm)) * stepMm;
  return { fromMm, stepMm, count: Math.max(1, Math.floor((high - fromMm) / stepMm) + 1) };
}

function stepAlong(volume: LoadedVolume, along: 0 | 1 | 2): number {
  const d = volume.geometry.directionLps;
  let best: 0 | 1 | 2 = 0;
  for (const axis of [1, 2] as const) if (Math.abs(d[axis * 3 + along] as number) > Math.abs(d[best * 3 + along] as number)) best = axis;
  return volume.geometry.spacingMm[best];
}
