import type { Box } from '../../../kernels/volume/box.ts';
import type { PlaneGrid } from './plane-grid.ts';

/** A few boxes a view: segments of one region share theirs. */
const most = 4;
const held = new WeakMap<PlaneGrid, Map<string, Int32Array>>();

/**
 * Offset into a box of the volume for every pixel of a view; -1 outside of it. Valid inside the grid's rectangle only. Made once per camera
 * and box, so that a moving slider costs no geometry.
 * @param dimensions of the volume, i fastest
 */
export function boxOffsets(grid: PlaneGrid, dimensions: readonly number[], box: Box): Int32Array {
  const key = [...box.offsetIjk, ...box.dimensions].join();
  let ofGrid = held.get(grid);
  if (!ofGrid) {
    ofGrid = new Map();
    held.set(grid, ofGrid);
  }
  const known = ofGrid.get(key);
  if (known) return known;
  if (ofGrid.size >= most) ofGrid.clear();
  const offsets = new Int32Array(grid.width * grid.height);
  const nx = dimensions[0]!;
  const layer = nx * dimensions[1]!;
  const [i0, j0, k0] = box.offsetIjk;
  const [ni, nj, nk] = box.dimensions;
  for (let r = grid.top; r < grid.bottom; r++) {
    for (let p = r * grid.width + grid.left, end = r * grid.width + grid.right; p < end; p++) {
      const at = grid.offsets[p]!;
      let into = -1;
      if (at >= 0) {
        const k = (at / layer) | 0;
        const rest = at - k * layer;
        const j = (rest / nx) | 0;
        const bi = rest - j * nx - i0;
        const bj = j - j0;
        const bk = k - k0;
        if (bi >= 0 && bi < ni && bj >= 0 && bj < nj && bk >= 0 && bk < nk) into = bi + ni * (bj + nj * bk);
      }
      offsets[p] = into;
    }
  }
  ofGrid.set(key, offsets);
  return offsets;
}
