import { deflateRawSync } from 'node:zlib';

/** Writes DICOM for generated tests, in every uncompressed syntax, deflated and RLE; shares nothing with the code that reads it. */

export const syntaxNames = {
  explicitLittle: '1.2.840.10008.1.2.1',
  implicitLittle: '1.2.840.10008.1.2',
  explicitBig: '1.2.840.10008.1.2.2',
  deflated: '1.2.840.10008.1.2.1.99',
  rle: '1.2.840.10008.1.2.5',
} as const;
export type SyntaxName = keyof typeof syntaxNames;

const longForm = new Set(['OB', 'OW', 'SQ', 'UN', 'UT']);

class ElementWriter {
  private buffer = Buffer.allocUnsafe(32_768);
  private at = 0;
  private readonly explicit: boolean;
  private readonly little: boolean;
  constructor(explicit: boolean, little: boolean) {
    this.explicit = explicit;
    this.little = little;
  }

  private room(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const wider = Buffer.allocUnsafe((this.at + bytes) * 2);
    this.buffer.copy(wider, 0, 0, this.at);
    this.buffer = wider;
  }
  private u16(value: number): void {
    this.room(2);
    this.at = this.little ? this.buffer.writeUInt16LE(value, this.at) : this.buffer.writeUInt16BE(value, this.at);
  }
  private u32(value: number): void {
    this.room(4);
    this.at = this.little ? this.buffer.writeUInt32LE(value, this.at) : this.buffer.writeUInt32BE(value, this.at);
  }
  private head(tag: number, vr: string, length: number): void {
    this.u16(Math.floor(tag / 65536));
    this.u16(tag % 65536);
    if (this.explicit) {
      this.room(4);
      this.at += this.buffer.write(vr, this.at, 'latin1');
      if (longForm.has(vr)) this.u16(0);
    }
    if (!this.explicit || longForm.has(vr)) this.u32(length);
    else this.u16(length);
  }

  element(tag: number, vr: string, value: string | number | Uint8Array): void {
    if (typeof value === 'number') {
      this.head(tag, vr, vr === 'UL' ? 4 : 2);
      if (vr === 'UL') this.u32(value);
      else this.u16(value);
      return;
    }
    const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
    this.head(tag, vr, bytes.length + (bytes.length % 2));
    this.raw(bytes);
    if (bytes.length % 2) this.raw(Uint8Array.of(vr === 'UI' || vr === 'OB' ? 0 : 32));
  }
  private raw(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }
  /** `open`: undefined lengths and delimiters, else lengths written afterwards. */
  sequence(tag: number, items: (() => void)[], open: boolean): void {
    this.head(tag, 'SQ', 0xffffffff);
    const lengthAt = this.at - 4;
    for (const item of items) {
      this.u16(0xfffe);
      this.u16(0xe000);
      this.u32(0xffffffff);
      const from = this.at;
      item();
      if (open) this.delimiter(0xe00d);
      else this.patch(from - 4, this.at - from);
    }
    if (open) this.delimiter(0xe0dd);
    else this.patch(lengthAt, this.at - lengthAt - 4);
  }
  private delimiter(element: number): void {
    this.u16(0xfffe);
    this.u16(element);
    this.u32(0);
  }
  private patch(at: number, value: number): void {
    if (this.little) this.buffer.writeUInt32LE(value, at);
    else this.buffer.writeUInt32BE(value, at);
  }
  encapsulated(fragments: Uint8Array[]): void {
    this.head(0x7fe00010, 'OB', 0xffffffff);
    for (const fragment of [new Uint8Array(0), ...fragments]) {
      this.u16(0xfffe);
      this.u16(0xe000);
      this.u32(fragment.length);
      this.raw(fragment);
    }
    this.delimiter(0xe0dd);
  }
  finished(): Buffer {
    return Buffer.from(this.buffer.subarray(0, this.at));
  }
}

/** PS3.5 G: one segment a byte of the word, the highest first, as literal runs. */
function rleFrame(words: Uint8Array, size: number): Uint8Array {
  const count = words.length / size;
  const segments: Buffer[] = [];
  for (let part = size - 1; part >= 0; part--) {
    const bytes: number[] = [];
    for (let from = 0; from < count; from += 128) {
      const run = Math.min(128, count - from);
      bytes.push(run - 1);
      for (let n = 0; n < run; n++) bytes.push(words[(from + n) * size + part] as number);
    }
    if (bytes.length % 2) bytes.push(0x80);
    segments.push(Buffer.from(bytes));
  }
  const head = Buffer.alloc(64);
  head.writeUInt32LE(segments.length, 0);
  let at = 64;
  segments.forEach((segment, n) => {
    head.writeUInt32LE(at, 4 + n * 4);
    at += segment.length;
  });
  return Buffer.concat([head, ...segments]);
}

export interface Element {
  tag: number;
  vr: string;
  value?: string | number | Uint8Array;
  items?: Element[][];
}

function write(writer: ElementWriter, elements: Element[], open: boolean): void {
  for (const { tag, vr, value, items } of [...elements].sort((a, b) => a.tag - b.tag)) {
    if (items)
      writer.sequence(
        tag,
        items.map((item) => () => write(writer, item, open)),
        open,
      );
    else if (value !== undefined) writer.element(tag, vr, value);
  }
}

/**
 * A whole file.
 * @param frames little-endian words of each frame, `size` bytes a word
 * @param open sequences of undefined length
 */
export function generatedFile(elements: Element[], frames: Uint8Array[], size: 1 | 2 | 4, syntax: SyntaxName, open: boolean): Uint8Array {
  const meta = new ElementWriter(true, true);
  meta.element(0x00020010, 'UI', syntaxNames[syntax]);
  const metaBytes = meta.finished();
  const head = new ElementWriter(true, true);
  head.element(0x00020000, 'UL', metaBytes.length);
  const big = syntax === 'explicitBig';
  const body = new ElementWriter(syntax !== 'implicitLittle', !big);
  write(body, elements, open);
  if (syntax === 'rle') body.encapsulated(frames.map((frame) => rleFrame(frame, size)));
  else {
    const words = Buffer.concat(frames);
    if (big && size === 2) words.swap16();
    if (big && size === 4) words.swap32();
    // PS3.5 A.3: bytes of an OW lie in swapped pairs; OB keeps them.
    body.element(0x7fe00010, size === 1 ? 'OB' : 'OW', words);
  }
  const dataSet = body.finished();
  const preamble = Buffer.alloc(132);
  preamble.write('DICM', 128, 'latin1');
  return Buffer.concat([preamble, head.finished(), metaBytes, syntax === 'deflated' ? deflateRawSync(dataSet, { level: 1 }) : dataSet]);
}
