/**
 * A Gaussian filter over all voxels of a box at once: `put` values, `blur`, `read` for a voxel i the sum over all j of
 * kernel(i, j) x value(j). The kernel is symmetric; its peak is the same for all pairs but need not be 1.
 */
export interface GaussianFilter {
  /** Replaces what was put before. `index` names the voxels in rising order, one value each; null: every voxel of the box. */
  put(index: Int32Array | null, values: Float32Array): void;
  blur(): void;
  read(index: Int32Array | null, into: Float32Array): void;
  /** kernel(i, i) of the voxels. */
  self(index: Int32Array, into: Float32Array): void;
}
