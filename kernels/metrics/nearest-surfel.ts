import type { Triple } from '../volume/geometry.ts';
import type { SurfelBits } from './surfels.ts';

/** Rows of a block, along j and along k. */
const blockRows = 8;
/** How far a look at one row of bits reaches: 16 to the left, 15 to the right. */
const windowReach = 16;

interface RowOffset {
  j: number;
  k: number;
  /** Nothing in that row is nearer than the root of this, mm². */
  squaredMm: number;
}

/** Offsets of rows (or of blocks of `step` rows) with the least squared distance that they can have, nearest first. */
function offsetsByDistance(reachJ: number, reachK: number, step: number, spacingMm: Triple): RowOffset[] {
  const gap = (d: number) => (d === 0 ? 0 : (Math.abs(d) - 1) * step + 1);
  const offsets: RowOffset[] = [];
  for (let k = -reachK; k <= reachK; k++) {
    for (let j = -reachJ; j <= reachJ; j++) {
      offsets.push({ j, k, squaredMm: (gap(j) * spacingMm[1]) ** 2 + (gap(k) * spacingMm[2]) ** 2 });
    }
  }
  return offsets.sort((a, b) => a.squaredMm - b.squaredMm);
}

/** Steps along i from bit i of a row to the nearest bit that is set, or reach + 1 where none is as near as `reach`. */
function stepsInRow(words: Uint32Array, row: number, length: number, i: number, reach: number): number {
  const word = i >> 5;
  const bit = i & 31;
  let best = reach + 1;
  let bits = words[row + word] & (0xffffffff >>> (31 - bit));
  for (let n = word, gap = bit; ; ) {
    if (bits !== 0) {
      const steps = gap - 31 + Math.clz32(bits);
      if (steps < best) best = steps;
      break;
    }
    n--;
    if (n < 0 || gap + 1 >= best) break;
    gap += 32;
    bits = words[row + n];
  }
  bits = bit === 31 ? 0 : words[row + word] & (0xffffffff << (bit + 1));
  for (let n = word, gap = -bit; ; ) {
    if (bits !== 0) {
      const steps = gap + 31 - Math.clz32(bits & -bits);
      if (steps < best) best = steps;
      break;
    }
    n++;
    gap += 32;
    if (n >= length || gap >= best) break;
    bits = words[row + n];
  }
  return best;
}

/**
 * Finds how far a voxel corner is from the nearest surfel: exact Euclidean distance on an anisotropic grid, without a distance map.
 *
 * Near first: rows of bits around the corner in the order of their distance, one look at 32 bits each. What that cannot settle is looked
 * for in blocks of 8 x 8 rows, whose united bits give a bound for all their rows at once. The surfel found last is the first guess,
 * so that neighbours, asked for in order, pay little.
 *
 * Memory: the bits and 1/64 of them. Cost: 0.05 µs where the surfaces lie within a voxel or two, about 1 µs at 20 to 40 voxels.
 */
export class NearestSurfel {
  private readonly words: Uint32Array;
  private readonly stride: number;
  private readonly rowsJ: number;
  private readonly rowsK: number;
  private readonly united: Uint32Array;
  private readonly blocksJ: number;
  private readonly blocksK: number;
  private readonly spacingMm: Triple;
  private readonly nearJ: Int32Array;
  private readonly nearK: Int32Array;
  private readonly nearSquared: Float64Array;
  /** Whatever the near look has not seen is at least as far as the root of this. */
  private readonly nearSettles: number;
  private readonly farJ: Int32Array;
  private readonly farK: Int32Array;
  private readonly farSquared: Float64Array;
  private readonly last = new Int32Array([-1, 0, 0]);

  constructor(surfels: SurfelBits, spacingMm: Triple) {
    const { frame, stride, words } = surfels;
    this.words = words;
    this.stride = stride;
    this.spacingMm = spacingMm;
    this.rowsJ = frame.jTo - frame.jFrom;
    this.rowsK = frame.kTo - frame.kFrom;
    this.blocksJ = Math.ceil(this.rowsJ / blockRows);
    this.blocksK = Math.ceil(this.rowsK / blockRows);
    this.united = this.uniteRows();
    const reach = 6;
    const near = offsetsByDistance(reach, reach, 1, spacingMm);
    const beyond = Math.min(...[1, 2].map((axis) => ((reach + 1) * spacingMm[axis]) ** 2), (windowReach * spacingMm[0]) ** 2);
    // 37 rows are those within 3 to 4 voxels; more of them cost more than the blocks do.
    this.nearSettles = Math.min(beyond, near[37].squaredMm);
    const looked = near.filter((o) => o.squaredMm < this.nearSettles);
    this.nearJ = Int32Array.from(looked, (o) => o.j);
    this.nearK = Int32Array.from(looked, (o) => o.k);
    this.nearSquared = Float64Array.from(looked, (o) => o.squaredMm);
    const far = offsetsByDistance(this.blocksJ - 1, this.blocksK - 1, blockRows, spacingMm);
    this.farJ = Int32Array.from(far, (o) => o.j);
    this.farK = Int32Array.from(far, (o) => o.k);
    this.farSquared = Float64Array.from(far, (o) => o.squaredMm);
  }

  private uniteRows(): Uint32Array {
    const { words, stride, rowsJ, rowsK, blocksJ } = this;
    const united = new Uint32Array(this.blocksJ * this.blocksK * stride);
    for (let k = 0; k < rowsK; k++) {
      for (let j = 0; j < rowsJ; j++) {
        const from = (j + rowsJ * k) * stride;
        const to = ((j >> 3) + blocksJ * (k >> 3)) * stride;
        for (let n = 0; n < stride; n++) united[to + n] |= words[from + n];
      }
    }
    return united;
  }

  /** Squared distance in mm² from a corner to the nearest surfel; Infinity where there is none. Coordinates as for `near`. */
  squaredMm(i: number, j: number, k: number): number {
    const found = this.near(i, j, k);
    return this.settles(found) ? found : this.far(i, j, k, found);
  }

  /** Whether what `near` found is the nearest there is. */
  settles(squaredMm: number): boolean {
    return squaredMm <= this.nearSettles;
  }

  /**
   * Squared distance in mm² to the nearest of the surfels around a corner; Infinity where there is none.
   * @param i corner along i, counted from 32 before the frame's first word (SurfelBits' empty first word); j, k counted from the frame's first
   */
  near(i: number, j: number, k: number): number {
    const { words, stride, rowsJ, rowsK, nearJ, nearK, nearSquared, last } = this;
    const sx = this.spacingMm[0];
    const from = i - windowReach;
    const word = from >> 5;
    const shift = from & 31;
    let best = Infinity;
    for (let n = 0; n < nearSquared.length; n++) {
      const across = nearSquared[n];
      if (across >= best) return best;
      const y = j + nearJ[n];
      const z = k + nearK[n];
      if (y < 0 || z < 0 || y >= rowsJ || z >= rowsK) continue;
      const at = (y + rowsJ * z) * stride + word;
      const window = shift === 0 ? words[at] : (words[at] >>> shift) | (words[at + 1] << (32 - shift));
      if (window === 0) continue;
      const left = window & 0x1ffff;
      const right = window & 0xfffe0000;
      let steps = 99;
      if (left !== 0) steps = windowReach - 31 + Math.clz32(left);
      if (right !== 0) {
        const other = 31 - Math.clz32(right & -right) - windowReach;
        if (other < steps) steps = other;
      }
      const squared = across + steps * sx * (steps * sx);
      if (squared < best) {
        best = squared;
        last[0] = i + (left !== 0 && windowReach - 31 + Math.clz32(left) === steps ? -steps : steps);
        last[1] = y;
        last[2] = z;
      }
    }
    return best;
  }

  /** The exact answer for a corner that `near` does not settle; `soFar` is what it found, or the square of any distance to a surfel. */
  far(i: number, j: number, k: number, soFar: number): number {
    const { united, stride, blocksJ, blocksK, farJ, farK, farSquared, last } = this;
    const [sx, sy, sz] = this.spacingMm;
    let best = soFar;
    if (last[0] >= 0) {
      const guess = ((last[0] - i) * sx) ** 2 + ((last[1] - j) * sy) ** 2 + ((last[2] - k) * sz) ** 2;
      if (guess < best) best = guess;
    }
    const blockJ = j >> 3;
    const blockK = k >> 3;
    for (let n = 0; n < farSquared.length; n++) {
      if (farSquared[n] >= best) break;
      const y = blockJ + farJ[n];
      const z = blockK + farK[n];
      if (y < 0 || z < 0 || y >= blocksJ || z >= blocksK) continue;
      const gapJ = farJ[n] === 0 ? 0 : farJ[n] > 0 ? y * blockRows - j : j - y * blockRows - (blockRows - 1);
      const gapK = farK[n] === 0 ? 0 : farK[n] > 0 ? z * blockRows - k : k - z * blockRows - (blockRows - 1);
      const across = (gapJ * sy) ** 2 + (gapK * sz) ** 2;
      if (across >= best) continue;
      const reach = best === Infinity ? stride * 32 : Math.floor(Math.sqrt(best - across) / sx);
      const steps = stepsInRow(united, (y + blocksJ * z) * stride, stride, i, reach);
      if (steps > reach || across + (steps * sx) ** 2 >= best) continue;
      best = this.inBlock(i, j, k, y * blockRows, z * blockRows, best);
    }
    return best;
  }

  private inBlock(i: number, j: number, k: number, fromJ: number, fromK: number, soFar: number): number {
    const { words, stride, rowsJ, last } = this;
    const [sx, sy, sz] = this.spacingMm;
    const toJ = Math.min(this.rowsJ, fromJ + blockRows);
    const toK = Math.min(this.rowsK, fromK + blockRows);
    let best = soFar;
    for (let z = fromK; z < toK; z++) {
      const dz = ((z - k) * sz) ** 2;
      if (dz >= best) continue;
      for (let y = fromJ; y < toJ; y++) {
        const across = ((y - j) * sy) ** 2 + dz;
        if (across >= best) continue;
        const reach = best === Infinity ? stride * 32 : Math.floor(Math.sqrt(best - across) / sx);
        const row = (y + rowsJ * z) * stride;
        const steps = stepsInRow(words, row, stride, i, reach);
        if (steps > reach) continue;
        const squared = across + (steps * sx) ** 2;
        if (squared >= best) continue;
        best = squared;
        const left = i - steps;
        last[0] = left >= 0 && ((words[row + (left >> 5)] >>> (left & 31)) & 1) === 1 ? left : i + steps;
        last[1] = y;
        last[2] = z;
      }
    }
    return best;
  }
}
