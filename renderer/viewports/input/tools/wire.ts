import { type Livewire, livewireFrom } from '../../../../kernels/labels/livewire.ts';
import type { ValueSlice } from '../../../../kernels/volume/value-slice.ts';
import type { Point } from '../../../stores/viewer.ts';

/** Edges from one place of a slice to any other. */
export interface Wire {
  /** Places from the first after the beginning to the end, however long the work takes. */
  to: (endLps: Point) => Point[];
  /** As `to`; while the pointer moves the work is bounded, and a straight line stands in until it is done. */
  toward: (endLps: Point) => Point[];
}

/** Work of one move of the pointer: some 3 ms. */
const placesAMove = 40_000;

const apart = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) > 1e-6;
/** Without its beginning, and without a place of the lattice that is the place clicked. */
const walked = (path: Point[]): Point[] => path.filter((p, n) => n > 0 && apart(p, path[n - 1] as Point));

/** Null: the place does not lie on the slice. */
export function wireFrom(slice: ValueSlice, beginLps: Point): Wire | null {
  const livewire: Livewire | null = livewireFrom(slice, beginLps);
  if (!livewire) return null;
  return {
    to: (endLps) => walked(livewire(endLps) ?? [beginLps, endLps]),
    toward: (endLps) => walked(livewire(endLps, placesAMove) ?? [beginLps, endLps]),
  };
}
