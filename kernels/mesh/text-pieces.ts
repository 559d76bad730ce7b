/** Text as UTF-8 in pieces of about a megabyte, so that a large mesh never becomes one string. */
export interface TextPieces {
  put(text: string): void;
  full(): boolean;
  /** What was put since the last time, as a new array. */
  take(): Uint8Array;
}

/** One letter beyond ASCII as UTF-8 (RFC 3629); half of a pair becomes `?`. Answers the place after it. */
function putLetter(bytes: Uint8Array, at: number, letter: number): number {
  if (letter >= 0xd800 && letter < 0xe000) {
    bytes[at] = 0x3f;
    return at + 1;
  }
  const more = letter < 0x800 ? 1 : letter < 0x10000 ? 2 : 3;
  bytes[at] = (letter >> (6 * more)) | ((0xff00 >> (more + 1)) & 0xff);
  for (let n = 1; n <= more; n++) bytes[at + n] = 0x80 | ((letter >> (6 * (more - n))) & 0x3f);
  return at + more + 1;
}

/** Cost: one byte written a letter, and one copy. */
export function textPieces(pieceBytes = 2 ** 20): TextPieces {
  let bytes = new Uint8Array(pieceBytes + 4096);
  let at = 0;
  return {
    put(text) {
      // A letter takes three bytes at most, one beyond the first plane four for its two halves.
      if (at + text.length * 3 > bytes.length) {
        const wider = new Uint8Array((at + text.length * 3) * 2);
        wider.set(bytes.subarray(0, at));
        bytes = wider;
      }
      for (let n = 0; n < text.length; n++) {
        const code = text.charCodeAt(n);
        if (code < 0x80) bytes[at++] = code;
        else {
          const letter = text.codePointAt(n) as number;
          if (letter > 0xffff) n++;
          at = putLetter(bytes, at, letter);
        }
      }
    },
    full: () => at >= pieceBytes,
    take() {
      const piece = bytes.slice(0, at);
      at = 0;
      return piece;
    },
  };
}

/** A remark as one line of printable ASCII: a line break in it must not become a line of the file. */
export const oneLine = (text: string): string => text.replace(/[^\x20-\x7e]+/g, '?').slice(0, 400);
