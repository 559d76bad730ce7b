import { indexToLps, type Triple, type VolumeGeometry } from '../volume/geometry.ts';

/**
 * A coarse copy for looking around in: every voxel of it is the mean of four voxels of one slice. Its steps are whole voxels of the
 * original, about `stepMm` each; places stay true.
 * @returns int16 or float32 as given, with its own grid. Cost: four reads a coarse voxel
 */
export function thinnedVolume(
  values: Int16Array | Float32Array,
  g: VolumeGeometry,
  stepMm: number,
): { values: Int16Array | Float32Array; geometry: VolumeGeometry } {
  const [nx, ny, nz] = g.dimensions;
  const steps = g.spacingMm.map((mm) => Math.max(1, Math.round(stepMm / mm))) as Triple;
  const [fx, fy, fz] = steps;
  const dimensions: Triple = [Math.floor(nx / fx), Math.floor(ny / fy), Math.floor(nz / fz)];
  if (dimensions.some((side) => side < 1)) return { values, geometry: g };
  const out =
    values instanceof Int16Array
      ? new Int16Array(dimensions[0] * dimensions[1] * dimensions[2])
      : new Float32Array(dimensions[0] * dimensions[1] * dimensions[2]);
  // The four lie around the middle of the block, so that their mean stands there.
  const [i0, j0, k0] = steps.map((f) => (f - 1) >> 1) as Triple;
  const right = fx > 1 ? 1 : 0;
  const below = fy > 1 ? nx : 0;
  let n = 0;
  for (let k = 0; k < dimensions[2]; k++)
    for (let j = 0; j < dimensions[1]; j++) {
      const row = ((k * fz + k0) * ny + j * fy + j0) * nx + i0;
      for (let i = 0; i < dimensions[0]; i++) {
        const at = row + i * fx;
        out[n++] = (values[at]! + values[at + right]! + values[at + below]! + values[at + below + right]!) / 4;
      }
    }
  const geometry: VolumeGeometry = {
    dimensions,
    spacingMm: g.spacingMm.map((mm, axis) => mm * steps[axis]!) as Triple,
    originLps: indexToLps(g, i0 + right / 2, j0 + (fy > 1 ? 0.5 : 0), k0),
    directionLps: g.directionLps,
  };
  return { values: out, geometry };
}
