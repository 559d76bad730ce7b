import type { Triple } from '../../../kernels/volume/geometry.ts';

/** Cosines as unit vectors at right angles; null where they are none. `off`: how far they were from that. */
export function axes(orientation: number[]): { row: Triple; column: Triple; off: number } | null {
  const row = orientation.slice(0, 3) as Triple;
  const column = orientation.slice(3, 6) as Triple;
  const rowLength = Math.hypot(...row);
  const columnLength = Math.hypot(...column);
  const lean = row[0] * column[0] + row[1] * column[1] + row[2] * column[2];
  const off = Math.max(Math.abs(rowLength - 1), Math.abs(columnLength - 1), Math.abs(lean));
  if (!(off < 5e-3)) return null;
  if (off < 1e-12) return { row, column, off };
  const unit = row.map((value) => value / rowLength) as Triple;
  const inner = unit[0] * column[0] + unit[1] * column[1] + unit[2] * column[2];
  const square = column.map((value, n) => value - inner * (unit[n] as number)) as Triple;
  const length = Math.hypot(...square);
  return { row: unit, column: square.map((value) => value / length) as Triple, off };
}

/** The largest difference between two orientations' cosines. */
export function apart(a: number[], b: number[]): number {
  return a.reduce((most, value, n) => Math.max(most, Math.abs(value - (b[n] as number))), 0);
}
