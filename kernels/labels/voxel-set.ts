import { GrowingBytes, writeNumber } from './runs.ts';

/** Voxels of one piece: 2^16, so that a dab takes a few kilobytes and a whole head no more than its span. */
const pieceBits = 16;
const pieceWords = 2 ** (pieceBits - 5);

/**
 * Voxel indices that come in any order, kept as bits while they come: their run code then falls out of a scan, without a list and without
 * a sort. An index that comes again is there already.
 * Cost: an eighth of a byte a voxel of the span, in pieces of 8 kB where there is one at all.
 */
export class VoxelSet {
  readonly #pieces = new Map<number, Uint32Array>();
  #at = -1;
  #piece: Uint32Array = new Uint32Array(0);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Throws RangeError on what is not a voxel's index. */
  push(index: number): void {
    const at = Math.floor(index / 2 ** pieceBits);
    if (at !== this.#at) this.#turnTo(at);
    const inside = index - at * 2 ** pieceBits;
    const bit = 1 << (inside & 31);
    const word = this.#piece[inside >>> 5]!;
    if ((inside | 0) !== inside) throw new RangeError(`${index} is not a voxel`);
    if (word & bit) return;
    this.#piece[inside >>> 5] = word | bit;
    this.#size++;
  }

  #turnTo(at: number): void {
    if (!(at >= 0 && at < 2 ** 33)) throw new RangeError('an index of no voxel');
    let piece = this.#pieces.get(at);
    if (!piece) {
      piece = new Uint32Array(pieceWords);
      this.#pieces.set(at, piece);
    }
    this.#at = at;
    this.#piece = piece;
  }

  /** Calls `visit` with the first voxel and the length of each run, ascending; runs never touch. */
  runs(visit: (start: number, length: number) => void): void {
    // A run is told once the next does not go on from it: pieces and words cut runs that are one.
    let start = 0;
    let end = -1;
    for (const at of [...this.#pieces.keys()].sort((a, b) => a - b)) {
      const piece = this.#pieces.get(at)!;
      for (let n = 0; n < pieceWords; n++) {
        let word = piece[n]!;
        while (word !== 0) {
          const low = 31 - Math.clz32(word & -word);
          const gone = ~(word >>> low);
          const length = gone === 0 ? 32 - low : Math.min(32 - low, 31 - Math.clz32(gone & -gone));
          const from = at * 2 ** pieceBits + n * 32 + low;
          if (from !== end) {
            if (end >= 0) visit(start, end - start);
            start = from;
          }
          end = from + length;
          word = low + length >= 32 ? 0 : (word & (-1 << (low + length))) >>> 0;
        }
      }
    }
    if (end >= 0) visit(start, end - start);
  }

  /** The run code of the set. Cost: the words of the pieces and the runs; the voxels do not matter. */
  encode(): Uint8Array {
    const bytes = new GrowingBytes();
    let end = 0;
    this.runs((start, length) => {
      writeNumber(bytes, start - end);
      writeNumber(bytes, length);
      end = start + length;
    });
    return bytes.whole();
  }

  clear(): void {
    this.#pieces.clear();
    this.#at = -1;
    this.#size = 0;
  }
}
