import type { Values } from '../volume/values.ts';

/**
 * Values in rising order by rank, without sorting: one count of the upper 16 bits of an order-keeping key, then one of the lower 16 bits
 * in each bucket that is asked for.
 */
function createRanks(values: Values): { count: number; at: (rank: number) => number } {
  if (values instanceof Int16Array) {
    const seen = new Float64Array(65536);
    for (let n = 0; n < values.length; n++) seen[values[n] + 32768]++;
    return { count: values.length, at: (rank) => bucketOf(seen, rank).bucket - 32768 };
  }
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const seen = new Float64Array(65536);
  let count = 0;
  for (let n = 0; n < values.length; n++) {
    if (Number.isNaN(values[n])) continue;
    seen[key(bits[n]) >>> 16]++;
    count++;
  }
  const lower = new Map<number, Float64Array>();
  const lowerOf = (bucket: number): Float64Array => {
    const counted = new Float64Array(65536);
    for (let n = 0; n < values.length; n++) {
      const k = key(bits[n]);
      if (k >>> 16 === bucket && !Number.isNaN(values[n])) counted[k & 0xffff]++;
    }
    lower.set(bucket, counted);
    return counted;
  };
  const at = (rank: number): number => {
    const { bucket, before } = bucketOf(seen, rank);
    const within = bucketOf(lower.get(bucket) ?? lowerOf(bucket), rank - before).bucket;
    return fromKey(((bucket << 16) | within) >>> 0);
  };
  return { count, at };
}

/** Bits of a float as a number that rises with it: negative floats are turned over, positive ones stand above them. */
const key = (bits: number): number => (bits & 0x80000000 ? ~bits : bits | 0x80000000) >>> 0;

function fromKey(k: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, k & 0x80000000 ? k & 0x7fffffff : ~k >>> 0);
  return view.getFloat32(0);
}

function bucketOf(seen: Float64Array, rank: number): { bucket: number; before: number } {
  let before = 0;
  for (let bucket = 0; bucket < seen.length; bucket++) {
    if (before + seen[bucket] > rank) return { bucket, before };
    before += seen[bucket];
  }
  throw new RangeError(`no value of rank ${rank}`);
}

/**
 * The values between which a share of the voxels lies (8.2, percentiles for MR): exact, linear between the two nearest ranks as NumPy's
 * default. NaN is left out.
 * @param lowPercent, highPercent from 0 to 100
 * @throws RangeError where a percentile is none, the low one is not the lower, or there is no value
 * Cost: a pass for int16, two to five for float32: 0.2 s and 1 s for 67 million voxels.
 */
export function percentileRange(
  values: Values,
  { lowPercent, highPercent }: { lowPercent: number; highPercent: number },
): { low: number; high: number } {
  if (!(lowPercent >= 0 && highPercent <= 100 && lowPercent < highPercent))
    throw new RangeError(`not a range of percentiles: ${lowPercent} to ${highPercent}`);
  const ranks = createRanks(values);
  if (ranks.count === 0) throw new RangeError('there is no value, and so no percentile');
  const percentile = (percent: number): number => {
    const rank = (percent / 100) * (ranks.count - 1);
    const first = Math.floor(rank);
    const low = ranks.at(first);
    return rank === first ? low : low + (rank - first) * (ranks.at(first + 1) - low);
  };
  return { low: percentile(lowPercent), high: percentile(highPercent) };
}
