import { type Triple, voxelCount } from '../volume/geometry.ts';

/** Where a network's answer hangs in the balance, in one piece. */
export interface UncertainRegion {
  /** Of its voxels the one nearest to their middle, i + nx * (j + ny * k). */
  index: number;
  voxels: number;
  radiusMm: number;
  /** 0..1, mean over the region. */
  doubt: number;
  /** Lowest and highest byte of the probability in it. */
  lowest: number;
  highest: number;
}

/** A probability this far from the threshold is sure, and so is one whose runs differ by less than half of this. */
const sureWidth = 0.2;
const spreadWidth = 0.3;
/** Sure enough not to be shown. */
const silent = 0.5;
/** A region is cut at the cells of a grid of this size, so that it can be looked at in one place. */
const cellMm = 8;

/** 0 sure, 1 the balance itself, of each voxel. */
function doubtOf(probability: Uint8Array, spread: Uint8Array | null, threshold: number): Float32Array {
  return Float32Array.from(probability, (byte, n) => {
    const near = Math.max(0, 1 - Math.abs(byte / 255 - threshold) / sureWidth);
    const apart = spread ? Math.min(1, spread[n] / 255 / spreadWidth) : 0;
    return Math.max(near, apart);
  });
}

/** Voxels in a block of 2 x 2 x 2 that all are in doubt: every face of bone is one voxel deep in doubt, and that is none. */
function inBlocks(doubt: Float32Array, [nx, ny, nz]: Triple): Uint8Array {
  const kept = new Uint8Array(doubt.length);
  const corners = [0, 1, nx, nx + 1, nx * ny, nx * ny + 1, nx * ny + nx, nx * ny + nx + 1];
  for (let k = 0; k + 1 < nz; k++)
    for (let j = 0; j + 1 < ny; j++)
      for (let i = 0; i + 1 < nx; i++) {
        const at = i + nx * (j + ny * k);
        if (corners.every((c) => doubt[at + c] >= silent)) for (const c of corners) kept[at + c] = 1;
      }
  return kept;
}

/**
 * Places where a network was not sure: its probability lies near the threshold, or runs on the image and on its mirror image differ. Faces of
 * bone, where the probability falls within a voxel, are none. Connected by faces, cut into cells of 8 mm.
 * @param probability bytes over a box, 255 = certain, i fastest
 * @param spread half the difference of the runs as bytes over the same box, or null
 * @param threshold 0..1, in force
 * @param least voxels, smaller regions are left out
 * @returns in order of their first voxel
 * @throws RangeError where the arrays do not fit the box
 * Cost: some 20 ns a voxel of the box; 5 bytes a voxel.
 */
export function uncertainRegions(
  probability: Uint8Array,
  spread: Uint8Array | null,
  dimensions: Triple,
  spacingMm: Triple,
  threshold: number,
  least: number,
): UncertainRegion[] {
  const voxels = voxelCount(dimensions);
  if (probability.length !== voxels || (spread && spread.length !== voxels))
    throw new RangeError(`${probability.length} bytes for a box of ${dimensions}`);
  const [nx, ny, nz] = dimensions;
  const doubt = doubtOf(probability, spread, threshold);
  const left = inBlocks(doubt, dimensions);
  const place = (at: number): Triple => [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
  const cell = (at: number) => place(at).map((v, n) => Math.floor((v * spacingMm[n]) / cellMm));
  const regions: UncertainRegion[] = [];
  for (let first = 0; first < voxels; first++) {
    if (left[first] === 0) continue;
    left[first] = 0;
    const own = cell(first);
    const members = [first];
    for (let n = 0; n < members.length; n++) {
      const [i, j, k] = place(members[n]);
      const step = (inside: boolean, next: number) => {
        if (!inside || left[next] === 0 || cell(next).some((v, a) => v !== own[a])) return;
        left[next] = 0;
        members.push(next);
      };
      step(i > 0, members[n] - 1);
      step(i + 1 < nx, members[n] + 1);
      step(j > 0, members[n] - nx);
      step(j + 1 < ny, members[n] + nx);
      step(k > 0, members[n] - nx * ny);
      step(k + 1 < nz, members[n] + nx * ny);
    }
    if (members.length < least) continue;
    const middle = [0, 1, 2].map((a) => members.reduce((sum, at) => sum + place(at)[a], 0) / members.length);
    const away = (at: number) => Math.hypot(...place(at).map((v, a) => (v - middle[a]) * spacingMm[a]));
    const index = members.reduce((a, b) => (away(b) < away(a) - 1e-9 ? b : a));
    const from = place(index);
    const bytes = members.map((at) => probability[at]);
    regions.push({
      index,
      voxels: members.length,
      radiusMm: members.reduce((most, at) => Math.max(most, Math.hypot(...place(at).map((v, a) => (v - from[a]) * spacingMm[a]))), 0),
      doubt: members.reduce((sum, at) => sum + doubt[at], 0) / members.length,
      lowest: bytes.reduce((a, b) => Math.min(a, b)),
      highest: bytes.reduce((a, b) => Math.max(a, b)),
    });
  }
  return regions;
}
