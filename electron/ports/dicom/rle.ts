import { Refusal } from '../../../contract/errors.ts';

const damaged = (what: string) =>
  new Refusal('CORRUPT_PIXEL_DATA', `The run-length coded pixels are damaged: ${what}. Ask for the file to be sent again.`);

/** Unpacks one segment (PackBits) into every `stride`th byte of `out`, from `start`. Every run is held against both ends. */
function unpack(segment: Uint8Array, out: Uint8Array, start: number, stride: number, count: number): void {
  let at = 0;
  let done = 0;
  while (done < count) {
    if (at >= segment.length) throw damaged('a segment is too short');
    const control = segment[at++] as number;
    if (control === 128) continue;
    const length = control < 128 ? control + 1 : 257 - control;
    if (done + length > count) throw damaged('a run is longer than the image');
    if (control < 128) {
      if (at + length > segment.length) throw damaged('a run is longer than its segment');
      for (let n = 0; n < length; n++) out[start + (done + n) * stride] = segment[at + n] as number;
      at += length;
    } else {
      if (at >= segment.length) throw damaged('a segment is too short');
      const value = segment[at++] as number;
      for (let n = 0; n < length; n++) out[start + (done + n) * stride] = value;
    }
    done += length;
  }
}

/**
 * PS3.5 annex G: one segment a byte of the pixel, the most significant first.
 * @returns little-endian pixels
 * @throws Refusal CORRUPT_PIXEL_DATA where an offset, a run or a segment leaves its bounds
 */
export function decodeRle(bytes: Uint8Array, pixels: number, bytesPerPixel: number): Uint8Array {
  if (bytes.length < 64) throw damaged('the header is too short');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const segments = view.getUint32(0, true);
  if (segments !== bytesPerPixel) throw damaged(`${segments} segments for ${bytesPerPixel} bytes a pixel`);
  const offsets = Array.from({ length: segments }, (_, n) => view.getUint32(4 + n * 4, true));
  const out = new Uint8Array(pixels * bytesPerPixel);
  offsets.forEach((offset, n) => {
    const end = offsets[n + 1] ?? bytes.length;
    if (offset < 64 || end < offset || end > bytes.length) throw damaged('a segment lies outside the data');
    unpack(bytes.subarray(offset, end), out, bytesPerPixel - 1 - n, bytesPerPixel, pixels);
  });
  return out;
}
