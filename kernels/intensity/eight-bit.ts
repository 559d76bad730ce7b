/**
 * Formula (1) of 8.2: takes [lowHu, highHu] to [0, 255]; values beyond the range are cut off at its ends, NaN becomes 0.
 * @param values HU (or plain intensity)
 * @returns uint8, rounded to the nearest whole number (halves up)
 * @throws RangeError where the range is empty or no number
 */
export function toEightBit(values: ArrayLike<number>, lowHu: number, highHu: number): Uint8Array {
  if (!(highHu > lowHu)) throw new RangeError(`[${lowHu}, ${highHu}] is no range`);
  const scale = 255 / (highHu - lowHu);
  const out = new Uint8Array(values.length);
  for (let n = 0; n < values.length; n++) {
    const v = (values[n] - lowHu) * scale;
    out[n] = v >= 255 ? 255 : v > 0 ? Math.floor(v + 0.5) : 0;
  }
  return out;
}
