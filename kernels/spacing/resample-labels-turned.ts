import { type Triple, type VolumeGeometry, voxelCount } from '../volume/geometry.ts';
import { indexMap } from '../volume/index-map.ts';
import type { Step } from '../volume/values.ts';
import { eachPlace } from './resample-point.ts';
import { readsPerAxis, subPositions } from './resample-turned.ts';
import { createVote, type Vote } from './vote.ts';

/** Old voxels between two looks for a wall that is one voxel thick: none can pass between them. */
const lookEvery = 0.5;

/** See `resampleLabels`; grids turned against each other. */
export function resampleLabelsTurned(
  labels: Uint8Array,
  from: VolumeGeometry,
  to: VolumeGeometry,
  coarser: 'majority' | 'present',
  step: Step,
): Uint8Array {
  const out = new Uint8Array(voxelCount(to.dimensions));
  const { map } = indexMap(to, from);
  const isPresent = coarser === 'present';
  const reads = isPresent
    ? readsPerAxis(
        map.map((v) => v / lookEvery),
        64,
      )
    : readsPerAxis(map, 8);
  const offsets = subPositions(reads, map);
  const vote = createVote(isPresent);
  const [nx, ny, nz] = from.dimensions;
  const isInside = (x: number, y: number, z: number): boolean =>
    x >= -0.5 && y >= -0.5 && z >= -0.5 && x <= nx - 0.5 && y <= ny - 0.5 && z <= nz - 0.5;
  eachPlace(from, to, step, (at, x, y, z) => {
    if (!isPresent && !isInside(x, y, z)) return;
    for (let s = 0; s < offsets.length; s += 3) {
      const [px, py, pz] = [x + offsets[s], y + offsets[s + 1], z + offsets[s + 2]];
      if (!isInside(px, py, pz)) continue;
      if (isPresent) vote.add(labels[nearest(px, py, pz, from.dimensions)], 1);
      else addAround(vote, labels, from.dimensions, px, py, pz);
    }
    out[at] = vote.take();
  });
  return out;
}

function nearest(x: number, y: number, z: number, [nx, ny, nz]: Triple): number {
  const i = Math.max(0, Math.min(nx - 1, Math.round(x)));
  const j = Math.max(0, Math.min(ny - 1, Math.round(y)));
  return (Math.max(0, Math.min(nz - 1, Math.round(z))) * ny + j) * nx + i;
}

/** The eight voxels around a place by their linear weights. */
function addAround(vote: Vote, labels: Uint8Array, [nx, ny, nz]: Triple, x: number, y: number, z: number): void {
  const cx = Math.max(0, Math.min(nx - 1, x));
  const cy = Math.max(0, Math.min(ny - 1, y));
  const cz = Math.max(0, Math.min(nz - 1, z));
  const [i, j, k] = [Math.floor(cx), Math.floor(cy), Math.floor(cz)];
  const [fx, fy, fz] = [cx - i, cy - j, cz - k];
  for (let n = 0; n < 8; n++) {
    const weight = (n & 1 ? fx : 1 - fx) * (n & 2 ? fy : 1 - fy) * (n & 4 ? fz : 1 - fz);
    if (weight > 0) vote.add(labels[((k + (n >> 2)) * ny + j + ((n >> 1) & 1)) * nx + i + (n & 1)], weight);
  }
}
