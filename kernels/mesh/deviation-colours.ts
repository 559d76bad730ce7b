/**
 * Colours of signed distances: blue at -atMostMm and below, white at 0, red at +atMostMm and above, grey where there is no value.
 * @returns red, green, blue a value
 * Throws RangeError on a range that is not above 0.
 */
export function deviationColours(valuesMm: Float32Array, atMostMm: number): Uint8Array {
  if (!(atMostMm > 0)) throw new RangeError(`colours need a range, not ${atMostMm}`);
  const colours = new Uint8Array(valuesMm.length * 3).fill(128);
  for (let n = 0; n < valuesMm.length; n++) {
    if (Number.isNaN(valuesMm[n])) continue;
    const part = Math.max(-1, Math.min(1, valuesMm[n] / atMostMm));
    const pale = Math.round(255 * (1 - Math.abs(part)));
    colours[n * 3] = part < 0 ? pale : 255;
    colours[n * 3 + 1] = pale;
    colours[n * 3 + 2] = part < 0 ? 255 : pale;
  }
  return colours;
}
