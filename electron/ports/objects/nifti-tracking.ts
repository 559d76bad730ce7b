/** Header extension of free text (nifti1.h, NIFTI_ECODE_COMMENT); programs that keep extensions keep it. */
const comment = 6;
/** Before it: the header's 348 bytes and the four that say whether extensions follow. */
const extensionsAt = 352;
const title = 'Lamina tracking';

/**
 * The header of a label file with a comment that names the tracking UID of each of its values, so that a file that comes back finds its
 * segments. Little-endian, its length a multiple of 16 as the standard asks.
 * @param header the 352 bytes before the voxels; left as they are
 */
export function withTracking(header: Uint8Array, tracked: { value: number; trackingUid: string }[]): Uint8Array {
  const text = [title, ...tracked.map(({ value, trackingUid }) => `${value} ${trackingUid}`)].join('\n');
  const words = new TextEncoder().encode(text);
  const size = Math.ceil((8 + words.length) / 16) * 16;
  const bytes = new Uint8Array(extensionsAt + size);
  bytes.set(header);
  const view = new DataView(bytes.buffer);
  view.setUint8(348, 1);
  view.setInt32(extensionsAt, size, true);
  view.setInt32(extensionsAt + 4, comment, true);
  bytes.set(words, extensionsAt + 8);
  view.setFloat32(108, bytes.length, true);
  return bytes;
}

/**
 * The tracking UIDs by value that a file's extensions name; none where no extension is ours.
 * @param head the file's bytes up to its voxels, or what was read of them
 */
export function trackingOfValues(head: Uint8Array, littleEndian: boolean): Map<number, string> {
  const found = new Map<number, string>();
  if (head.length < extensionsAt || head[348] === 0) return found;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  for (let at = extensionsAt; at + 8 <= head.length; ) {
    const size = view.getInt32(at, littleEndian);
    if (size < 16 || at + size > head.length) break;
    const text = view.getInt32(at + 4, littleEndian) === comment ? Buffer.from(head.subarray(at + 8, at + size)).toString('latin1') : '';
    const [first, ...lines] = text.replace(/\0+$/, '').split('\n');
    if (first === title)
      for (const line of lines) {
        const [, value, uid] = /^(\d{1,5}) ([0-9.]{1,64})\s*$/.exec(line) ?? [];
        if (value !== undefined && uid !== undefined) found.set(Number(value), uid);
      }
    at += size;
  }
  return found;
}
