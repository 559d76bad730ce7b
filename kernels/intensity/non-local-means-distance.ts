import type { Triple } from '../volume/geometry.ts';
import type { Values } from '../volume/values.ts';

/** From a voxel to the one it is compared with; along k forwards. */
export type Offset = [number, number, number];
/** A part of a slice: x from, to, y from, to. */
export type Inner = [number, number, number, number];
/**
 * Slice k of summed squared differences, the part of the slice in which they stand, and of how many places each is the sum: `across` for
 * its column times `lines` for its row.
 */
export type EachSlice = (squares: Float64Array, k: number, inner: Inner, across: Float64Array, lines: Float64Array) => void;

/**
 * Squared differences between the patch around each voxel and that around the voxel at an offset, summed over those places of the patch
 * where both lie inside. Sums run along rows, columns and slices, whatever the patch; of whole numbers they are exact.
 * @param deep the patch's radius along k
 * @returns gives, for one offset, the slices from which it leads into `first` to `end`
 */
export function createPatchDistance(values: Values, [nx, ny, nz]: Triple, radius: number, deep: number) {
  const size = nx * ny;
  const ring = Array.from({ length: 2 * deep + 1 }, () => new Float64Array(size));
  const total = new Float64Array(size);
  const rows = Array.from({ length: 2 * radius + 1 }, () => new Float64Array(nx));
  const line = new Float64Array(nx);
  const column = new Float64Array(nx);
  const across = new Float64Array(nx);
  const lines = new Float64Array(ny);

  /** Sums over a row of the patch, of the squared differences of one row of voxels. */
  const sumRow = (at: number, reach: number, x0: number, x1: number, into: Float64Array): void => {
    for (let x = x0; x < x1; x++) {
      const d = values[at + x + reach] - values[at + x];
      line[x] = d * d;
    }
    let sum = 0;
    for (let x = x0; x < Math.min(x1, x0 + radius); x++) sum += line[x];
    for (let x = x0; x < x1; x++) {
      if (x + radius < x1) sum += line[x + radius];
      if (x - radius - 1 >= x0) sum -= line[x - radius - 1];
      into[x] = sum;
    }
  };

  /** Puts slice q in the place of the one that the ring has held longest, and into the total. */
  const addSlice = (slice: Float64Array, q: number, reach: number, [x0, x1, y0, y1]: Inner): void => {
    column.fill(0);
    for (let y = y0 - radius; y < y1; y++) {
      const coming = y + radius;
      // The row that goes stands where the coming one will.
      const row = rows[coming % rows.length];
      if (coming - rows.length >= y0) for (let x = x0; x < x1; x++) column[x] -= row[x];
      if (coming < y1) {
        sumRow(q * size + coming * nx, reach, x0, x1, row);
        for (let x = x0; x < x1; x++) column[x] += row[x];
      }
      if (y < y0) continue;
      for (let x = x0, n = y * nx + x0; x < x1; x++, n++) {
        total[n] += column[x] - slice[n];
        slice[n] = column[x];
      }
    }
  };

  const dropSlice = (slice: Float64Array, [x0, x1, y0, y1]: Inner): void => {
    for (let y = y0; y < y1; y++)
      for (let n = y * nx + x0; n < y * nx + x1; n++) {
        total[n] -= slice[n];
        slice[n] = 0;
      }
  };

  return ([dx, dy, dz]: Offset, first: number, end: number, each: EachSlice): void => {
    const inner: Inner = [Math.max(0, -dx), nx - Math.max(0, dx), Math.max(0, -dy), ny - Math.max(0, dy)];
    const [x0, x1, y0, y1] = inner;
    // Slices that have a partner.
    const last = nz - dz;
    const from = Math.max(0, first - dz);
    const to = Math.min(end, last);
    if (x0 >= x1 || y0 >= y1 || from >= to) return;
    const reach = (dz * ny + dy) * nx + dx;
    for (let x = x0; x < x1; x++) across[x] = Math.min(x1, x + radius + 1) - Math.max(x0, x - radius);
    total.fill(0);
    for (const slice of ring) slice.fill(0);
    let added = Math.max(0, from - deep);
    for (let k = from; k < to; k++) {
      for (; added < Math.min(last, k + deep + 1); added++) addSlice(ring[added % ring.length], added, reach, inner);
      // At the end none comes in its place.
      if (k + deep >= last && k - deep - 1 >= Math.max(0, from - deep)) dropSlice(ring[(k - deep - 1) % ring.length], inner);
      const count = added - Math.max(0, k - deep);
      for (let y = y0; y < y1; y++) lines[y] = count * (Math.min(y1, y + radius + 1) - Math.max(y0, y - radius));
      each(total, k, inner, across, lines);
    }
  };
}
