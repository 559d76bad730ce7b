import { type RunParts, stretches } from './parts.ts';

/** Runs inputs that differ in `from` and `to` alone as so many other stretches, the last one first: what comes out must be the same. */
export const recut =
  (pieces: number): RunParts =>
  async (part, inputs) => {
    const ends = inputs as readonly { from: number; to: number }[];
    const length = Math.max(0, ...ends.map(({ to }) => to));
    const cut = stretches(length, pieces).map(([from, to]) => ({ ...inputs[0], from, to }));
    return cut.toReversed().map((input) => part(input));
  };
