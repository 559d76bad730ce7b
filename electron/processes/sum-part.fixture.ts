/** A part for the tests of whoever runs parts: adds a stretch of numbers and writes the doubles of them. */
export function sumPart({ values, doubled, from, to }: { values: Int32Array; doubled: Int32Array; from: number; to: number }): number {
  let sum = 0;
  for (let n = from; n < to; n++) {
    const value = values[n] ?? 0;
    if (value < 0) throw new RangeError(`a negative number at ${n}`);
    sum += value;
    doubled[n] = value * 2;
  }
  return sum;
}
