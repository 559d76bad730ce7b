/**
 * Kernels that use more than one thread are cut into parts: pure functions of one argument, whose typed arrays lie in shared memory and
 * which write into stretches of them that no other part writes. Whoever calls a kernel says how its parts are run.
 * `between` is called on the calling thread before each part that it does, with the share of all parts that are taken; what it throws ends
 * the round, so that a kernel of small parts is soon cancelled.
 */
export type RunParts = <I, O>(part: (input: I) => O, inputs: readonly I[], between?: (share: number) => void) => Promise<O[]>;

/** Runs parts one after the other on this thread: for small inputs, browsers and oracles. The result is the same to the last bit. */
export const inTurn: RunParts = async (part, inputs, between) =>
  inputs.map((input, n) => {
    between?.(n / inputs.length);
    return part(input);
  });

type Sized<T> = new (buffer: SharedArrayBuffer | ArrayBuffer) => T;

/** A typed array of zeros that threads can share; in a page that may not share memory it is a plain one, and parts run in turn there. */
export function sharedArray<T>(array: Sized<T> & { BYTES_PER_ELEMENT: number }, length: number): T {
  const bytes = length * array.BYTES_PER_ELEMENT;
  return new array(typeof SharedArrayBuffer === 'undefined' ? new ArrayBuffer(bytes) : new SharedArrayBuffer(bytes));
}

/** Cuts 0..length into at most `pieces` stretches of whole `grain`s, none empty: [from, to) each. */
export function stretches(length: number, pieces: number, grain = 1): [number, number][] {
  const grains = Math.ceil(length / grain);
  const step = Math.ceil(grains / Math.max(1, pieces)) * grain;
  const cut: [number, number][] = [];
  for (let from = 0; from < length; from += step) cut.push([from, Math.min(length, from + step)]);
  return cut;
}
