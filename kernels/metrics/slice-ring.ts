import type { Triple } from '../volume/geometry.ts';
import { SliceDistances, type Window } from './slice-distances.ts';
import type { SurfelBits } from './surfels.ts';

/** Slices that are computed in one go: as many as fill a line of the processor's cache at one corner. */
const batch = 16;

/**
 * Distances within the slices around the one that is worked on. The numbers of one corner lie side by side, slice after slice, since that is
 * how they are read: a corner's way through thirty slices then costs a few lines of cache and not thirty.
 */
export class SliceRing {
  /** Number of slices that it holds: a power of two. */
  readonly length: number;
  /** Slice z of corner c (of the window, i fastest) is held[c * length + (z & mask)], as SliceDistances writes it; j steps of rowsJ: no surfel. */
  readonly held: Int32Array;
  readonly mask: number;
  readonly rowsJ: number;
  private readonly slices: number;
  private readonly transform: SliceDistances;
  private readonly fresh: Int32Array;
  private readonly corners: number;
  private next = 0;

  constructor(surfels: SurfelBits, spacingMm: Triple, window: Window, slices: number, bytes: number) {
    this.slices = slices;
    this.rowsJ = surfels.frame.jTo - surfels.frame.jFrom;
    this.corners = (window.iTo - window.iFrom) * (window.jTo - window.jFrom);
    let length = batch * 4;
    while (length * 2 * this.corners * 4 <= bytes && length < slices + batch) length *= 2;
    this.length = length;
    this.mask = length - 1;
    this.held = new Int32Array(length * this.corners);
    this.transform = new SliceDistances(surfels, spacingMm, window);
    this.fresh = new Int32Array(batch * this.corners);
  }

  /** Computes what is missing around slice k, which never goes back. Returns the first slice held and the one after the last. */
  around(k: number): [number, number] {
    while (this.next < this.slices && this.next < k + this.length / 2) this.take();
    return [Math.max(0, this.next - this.length), Math.min(this.slices, this.next)];
  }

  private take(): void {
    const { fresh, held, length, corners, mask } = this;
    for (let n = 0; n < batch; n++) {
      const z = this.next + n;
      const slice = fresh.subarray(n * corners, (n + 1) * corners);
      if (z >= this.slices || !this.transform.compute(z, slice)) slice.fill(this.rowsJ << 16);
    }
    // Corner by corner: the writes are what is far apart, so that each fills its line of cache at once.
    const at = this.next & mask;
    for (let c = 0, to = at; c < corners; c++, to += length) {
      for (let n = 0, from = c; n < batch; n++, from += corners) held[to + n] = fresh[from];
    }
    this.next += batch;
  }
}
