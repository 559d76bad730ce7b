import type { Triple } from '../volume/geometry.ts';
import type { Values } from '../volume/values.ts';

/** From a voxel to the one it is compared with; along k forwards. */
export type Offset = [number, number, number];
/** Mean squared differences of slice k, and the part of it (x from, to, y from, to) in which they stand. */
type EachSlice = (squares: Float64Array, k: number, inner: [number, number, number, number]) => void;

/**
 * Mean squared difference between the patch around each voxel and that around the voxel at an offset, of those places of the patch where
 * both lie inside. Sums run along rows, columns and slices: four additions a voxel, whatever the patch.
 * @param deep the patch's radius along k
 * @returns gives, for one offset, the slices from which it leads into `first` to `end`
 */
export function createPatchDistance(values: Values, [nx, ny, nz]: Triple, radius: number, deep: number) {
  const size = nx * ny;
  const ring = Array.from({ length: 2 * deep + 1 }, () => new Float64Array(size));
  const total = new Float64Array(size);
  const means = new Float64Array(size);
  const rows = new Float64Array(size);
  const column = new Float64Array(nx);

  /** Sums over rows and columns of the patch, of the squared differences of slice q. */
  const boxed = (into: Float64Array, q: number, [dx, dy, dz]: Offset, [x0, x1, y0, y1]: [number, number, number, number]): void => {
    const reach = (dz * ny + dy) * nx + dx;
    for (let y = y0; y < y1; y++) {
      const row = y * nx;
      const at = q * size + row;
      let sum = 0;
      for (let x = x0; x < Math.min(x1, x0 + radius); x++) sum += (values[at + x + reach] - values[at + x]) ** 2;
      for (let x = x0; x < x1; x++) {
        if (x + radius < x1) {
          const d = values[at + x + radius + reach] - values[at + x + radius];
          sum += d * d;
        }
        if (x - radius - 1 >= x0) {
          const d = values[at + x - radius - 1 + reach] - values[at + x - radius - 1];
          sum -= d * d;
        }
        rows[row + x] = sum;
      }
    }
    column.fill(0);
    for (let y = y0; y < Math.min(y1, y0 + radius); y++) for (let x = x0; x < x1; x++) column[x] += rows[y * nx + x];
    for (let y = y0; y < y1; y++) {
      const row = y * nx;
      const coming = y + radius < y1 ? row + radius * nx : -1;
      const going = y - radius - 1 >= y0 ? row - (radius + 1) * nx : -1;
      if (coming >= 0) for (let x = x0; x < x1; x++) column[x] += rows[coming + x];
      if (going >= 0) for (let x = x0; x < x1; x++) column[x] -= rows[going + x];
      for (let x = x0; x < x1; x++) into[row + x] = column[x];
    }
  };

  return (offset: Offset, first: number, end: number, each: EachSlice): void => {
    const [dx, dy, dz] = offset;
    const inner: [number, number, number, number] = [Math.max(0, -dx), nx - Math.max(0, dx), Math.max(0, -dy), ny - Math.max(0, dy)];
    const [x0, x1, y0, y1] = inner;
    // Slices that have a partner.
    const last = nz - dz;
    const from = Math.max(0, first - dz);
    const to = Math.min(end, last);
    if (x0 >= x1 || y0 >= y1 || from >= to) return;
    const across = Float64Array.from({ length: nx }, (_, x) => Math.min(x1, x + radius + 1) - Math.max(x0, x - radius));
    total.fill(0);
    let added = Math.max(0, from - deep);
    let dropped = added;
    for (let k = from; k < to; k++) {
      for (; added < Math.min(last, k + deep + 1); added++) {
        const slice = ring[added % ring.length];
        boxed(slice, added, offset, inner);
        for (let y = y0; y < y1; y++) for (let n = y * nx + x0; n < y * nx + x1; n++) total[n] += slice[n];
      }
      const count = added - Math.max(0, k - deep);
      for (let y = y0; y < y1; y++) {
        const lines = count * (Math.min(y1, y + radius + 1) - Math.max(y0, y - radius));
        for (let x = x0; x < x1; x++) means[y * nx + x] = total[y * nx + x] / (lines * across[x]);
      }
      each(means, k, inner);
      if (k - deep >= dropped) {
        const slice = ring[dropped++ % ring.length];
        for (let y = y0; y < y1; y++) for (let n = y * nx + x0; n < y * nx + x1; n++) total[n] -= slice[n];
      }
    }
  };
}
