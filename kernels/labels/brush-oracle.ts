import { lpsToIndex, type Triple } from '../volume/geometry.ts';
import type { BrushSegment } from './brush.ts';
import { circleSlab, dot, indexFrame, walkCells } from './brush-frame.ts';

/**
 * Slow twin of `paintSegment` for tests: asks every voxel of the grid. Answers the voxels of the segment's footprint in ascending order,
 * whatever mask, gate and masks say. Cost: the grid.
 */
export function brushFootprint({ geometry: g, fromLps, toLps, diameterMm, shape, planeNormalLps }: BrushSegment): number[] {
  const frame = indexFrame(g);
  const slab = shape === 'circle' ? circleSlab(frame, fromLps, planeNormalLps) : null;
  const along: Triple = [toLps[0] - fromLps[0], toLps[1] - fromLps[1], toLps[2] - fromLps[2]];
  if (slab) for (let n = 0, lift = dot(along, slab.normal); n < 3; n++) along[n] -= lift * slab.normal[n];
  const lengthSquared = dot(along, along);
  const reach = (diameterMm / 2) ** 2 * (1 + 1e-9);
  const [si, sj, sk] = frame.steps;
  const [nx, ny, nz] = g.dimensions;
  const found = new Set<number>();
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        const at = [0, 1, 2].map((n) => g.originLps[n] - fromLps[n] + j * sj[n] + k * sk[n] + i * si[n]) as Triple;
        if (slab) {
          const off = dot(at, slab.normal);
          if (off <= slab.tolerance - slab.half || off > slab.half + slab.tolerance) continue;
          for (let n = 0; n < 3; n++) at[n] -= off * slab.normal[n];
        }
        const t = lengthSquared > 0 ? Math.min(1, Math.max(0, dot(at, along) / lengthSquared)) : 0;
        const rest = at.map((v, n) => v - t * along[n]) as Triple;
        if (dot(rest, rest) <= reach) found.add((k * ny + j) * nx + i);
      }
  const a = lpsToIndex(g, ...fromLps);
  const b = lpsToIndex(g, fromLps[0] + along[0], fromLps[1] + along[1], fromLps[2] + along[2]);
  walkCells(a, b, g.dimensions, (index) => found.add(index));
  return [...found].sort((one, other) => one - other);
}
