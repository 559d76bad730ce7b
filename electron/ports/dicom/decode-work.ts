import { FrameReader, type FrameSource, framePixels } from './frames.ts';
import { storedValues } from './pixels.ts';
import { writeValues, writeWordPairs } from './slice-values.ts';

/** One slice to be written: the frame it comes from, and how its stored values become real ones. */
export interface SliceSource {
  file: FrameSource;
  index: number;
  slope: number;
  intercept: number;
}

/** What became of a slice. */
export const outcome = {
  open: 0,
  done: 1,
  /** A value is not whole or leaves int16, and the volume is int16. */
  wide: 2,
  /** It cannot be read, for a reason that reading it again tells. */
  failed: 3,
} as const;

/**
 * Slices that several threads write into one volume. Everything but `slices` is shared memory; each slice is written by one thread, into
 * its own place.
 */
export interface DecodeWork {
  slices: SliceSource[];
  target: Int16Array | Float32Array;
  /** Numbers of the slices to be done, ascending, so that when one fails all before it have been taken. */
  pending: Int32Array;
  /** `outcome` of each slice. */
  outcomes: Int32Array;
  /** How many of `pending` have been taken, how many slices are done, and whether to stop. */
  control: Int32Array;
}
const taken = 0;
const finished = 1;
const stopped = 2;

function shared(length: number): Int32Array {
  return new Int32Array(new SharedArrayBuffer(length * Int32Array.BYTES_PER_ELEMENT));
}

export function decodeWork(slices: SliceSource[], target: DecodeWork['target']): DecodeWork {
  return { slices, target, pending: Int32Array.from(slices.keys()), outcomes: shared(slices.length), control: shared(3) };
}

/** The same work with what is left of it, into another volume or the same. */
export function remainingWork(work: DecodeWork, left: number[], target: DecodeWork['target']): DecodeWork {
  const control = shared(3);
  control[finished] = work.slices.length - left.length;
  return { ...work, target, pending: Int32Array.from(left), control };
}

export function doneFraction(work: DecodeWork): number {
  return Atomics.load(work.control, finished) / work.slices.length;
}

export function stop(work: DecodeWork): void {
  Atomics.store(work.control, stopped, 1);
}

/** Reads and writes one slice. Throws Refusal where it cannot be read. */
export function decodeSlice(work: DecodeWork, n: number, reader: FrameReader): void {
  const { file, index, ...rescale } = work.slices[n] as SliceSource;
  const pixels = framePixels(file, reader.read(file, index));
  const { rows, columns } = file.format;
  const start = n * rows * columns;
  const { target } = work;
  const inOnePass =
    target instanceof Int16Array && writeWordPairs(pixels.bytes, pixels.format, pixels.littleEndian, rescale, target, start);
  const written = inOnePass || writeValues(storedValues(pixels.bytes, pixels.format, pixels.littleEndian), rescale, target, start);
  Atomics.store(work.outcomes, n, written ? outcome.done : outcome.wide);
  if (written) Atomics.add(work.control, finished, 1);
}

/**
 * Takes slices until none is left, or one of them ends the work: a fault, or a value that int16 does not hold. What kind of fault it is,
 * is left to who reads that slice again.
 * @param after called after each slice; may throw to leave
 */
export function decodeSlices(work: DecodeWork, after: () => void): void {
  const reader = new FrameReader();
  while (Atomics.load(work.control, stopped) === 0) {
    const n = work.pending[Atomics.add(work.control, taken, 1)];
    if (n === undefined) return;
    try {
      decodeSlice(work, n, reader);
    } catch {
      Atomics.store(work.outcomes, n, outcome.failed);
    }
    if (Atomics.load(work.outcomes, n) !== outcome.done) stop(work);
    after();
  }
}
