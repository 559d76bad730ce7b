import { indexToLps, type Triple, type VolumeGeometry } from '../volume/geometry.ts';
import { setBits } from './bit-runs.ts';
import { type BitGrid, emptyBits } from './bits.ts';
import { circleSlab, dot, indexFrame } from './brush-frame.ts';

const minus = (a: Triple, b: Triple): Triple => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** The voxels t of a row for which low < a + t * b <= high, from the first to without the last. */
export function between(a: number, b: number, low: number, high: number, nx: number): [number, number] {
  const inside = (t: number): boolean => a + t * b > low && a + t * b <= high;
  if (Math.abs(b) * nx < 1e-9 * (high - low)) return inside(0) ? [0, nx] : [0, 0];
  const ends = [(low - a) / b, (high - a) / b];
  let first = Math.max(0, Math.min(nx, Math.floor(Math.min(...ends)) - 1));
  let end = Math.max(first, Math.min(nx, Math.ceil(Math.max(...ends)) + 2));
  while (first < end && !inside(first)) first++;
  while (end > first && !inside(end - 1)) end--;
  return [first, end];
}

/**
 * The slice of a grid that a plane is: the centres within half a voxel's extent of it, open below and closed above, so that it is one layer
 * on a plane of the grid and a layer without holes on an oblique one.
 * @throws RangeError on a normal without length, or a grid without volume
 * Cost: some 10 ns a row.
 */
export function slabMask(geometry: VolumeGeometry, pointLps: Triple, normalLps: Triple): BitGrid {
  const bits = emptyBits(geometry.dimensions);
  const [nx, ny, nz] = geometry.dimensions;
  const frame = indexFrame(geometry);
  const { normal, half, tolerance } = circleSlab(frame, pointLps, normalLps);
  const slope = dot(frame.steps[0], normal);
  for (let row = 0; row < ny * nz; row++) {
    const start = indexToLps(geometry, 0, row % ny, Math.floor(row / ny));
    const [first, end] = between(dot(minus(start, pointLps), normal), slope, tolerance - half, half + tolerance, nx);
    if (end > first) setBits(bits.words, row * bits.wordsPerRow, first, end);
  }
  return bits;
}
