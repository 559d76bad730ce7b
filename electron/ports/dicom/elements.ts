import { Refusal } from '../../../contract/errors.ts';

/** One element of a data set: where its value lies in the bytes. A tag is group * 65536 + element. */
export interface Element {
  tag: number;
  vr: string;
  offset: number;
  /** `undefinedLength` for encapsulated pixel data. */
  length: number;
  items?: DataSet[];
}
export interface DataSet {
  bytes: Uint8Array;
  littleEndian: boolean;
  elements: Map<number, Element>;
}

export const undefinedLength = 0xffffffff;
export const pixelTags = { float: 0x7fe00008, double: 0x7fe00009, pixels: 0x7fe00010 } as const;

/** More of the file is needed than has been read: `upTo` bytes. */
export class NeedMoreBytes extends Error {
  readonly upTo: number;
  constructor(upTo: number) {
    super('more of the file is needed');
    this.upTo = upTo;
  }
}

export interface Syntax {
  explicit: boolean;
  littleEndian: boolean;
}
export interface Bounds {
  /** Bytes of the whole file or inflated stream; what is declared beyond is a truncated file. */
  total: number;
  maximumElements: number;
  maximumDepth: number;
  /** Most bytes up to the pixels; where it is left out, what a slice's header may need. */
  maximumHeaderBytes?: number;
  /** Sequences by tag, for implicit syntax; where it is left out, those that an import reads. */
  isSequence?: (tag: number) => boolean;
}
/** A header is held in memory whole: a thousand frames' functional groups are 1 MiB, the pixels stay on the disk. */
const maximumHeaderBytes = 32 * 1024 * 1024;
export const defaultBounds = { maximumElements: 100_000, maximumDepth: 64 };

const longForm = new Set(['OB', 'OD', 'OF', 'OL', 'OV', 'OW', 'SQ', 'UC', 'UN', 'UR', 'UT', 'SV', 'UV']);
const shortForm = new Set('AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US'.split(' '));
/** Implicit syntax states no VR: these sequences of defined length are entered, all others are skipped whole. */
const knownSequences = new Set([
  0x52009229, 0x52009230, 0x00209113, 0x00209116, 0x00209111, 0x00289110, 0x00289145, 0x00041220, 0x00189329, 0x00409096,
]);
const isKnownSequence = (tag: number) => knownSequences.has(tag);

const itemTag = 0xfffee000;
const itemEnd = 0xfffee00d;
const sequenceEnd = 0xfffee0dd;

const corrupt = (what: string) => new Refusal('CORRUPT_FILE', `The file is damaged: ${what}. Ask for it to be sent again.`);
const truncated = () => new Refusal('TRUNCATED_FILE', 'The file ends before its content does. Copy it again from its source.');

export function isVr(first: number, second: number): boolean {
  const vr = String.fromCharCode(first, second);
  return longForm.has(vr) || shortForm.has(vr);
}

/** A reader over the bytes read so far of a longer file. Every declared length is held against what is left before it is used. */
class Reader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly bounds: Bounds;
  count = 0;
  constructor(bytes: Uint8Array, bounds: Bounds) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.bounds = bounds;
  }

  need(offset: number, length: number, end: number): void {
    if (offset + length > this.bounds.total) throw truncated();
    if (offset + length > end) throw corrupt('an element is longer than what holds it');
    const most = this.bounds.maximumHeaderBytes ?? maximumHeaderBytes;
    if (offset + length > most) {
      throw new Refusal('TOO_LARGE', `The header is longer than ${most >> 20} MiB. It is refused as a possible attack.`);
    }
    if (offset + length > this.bytes.length) throw new NeedMoreBytes(offset + length);
  }

  tagAt(offset: number, littleEndian: boolean): number {
    return this.view.getUint16(offset, littleEndian) * 65536 + this.view.getUint16(offset + 2, littleEndian);
  }

  /** Reads elements from `start` to `end` (or to the item's delimiter); returns where it stopped. */
  dataSet(start: number, end: number, syntax: Syntax, depth: number, into: DataSet, stop: (tag: number) => boolean): number {
    if (depth > this.bounds.maximumDepth) throw corrupt(`sequences are nested deeper than ${this.bounds.maximumDepth}`);
    let at = start;
    const open = end === Number.POSITIVE_INFINITY;
    while (open || at < end) {
      if (depth === 0 && at >= this.bounds.total) break;
      if (depth === 0 && at + 8 > this.bounds.total) {
        // Zeros shorter than an element may follow the last one; anything else was an element.
        this.need(at, this.bounds.total - at, end);
        if (this.bytes.subarray(at, this.bounds.total).some((byte) => byte !== 0)) throw truncated();
        break;
      }
      this.need(at, 8, end);
      const tag = this.tagAt(at, syntax.littleEndian);
      if (tag === itemEnd && depth > 0) return at + 8;
      if (stop(tag)) return at;
      if (++this.count > this.bounds.maximumElements) throw corrupt(`it holds more than ${this.bounds.maximumElements} elements`);
      at = this.element(at, end, tag, syntax, depth, into);
    }
    return at;
  }

  element(start: number, end: number, tag: number, syntax: Syntax, depth: number, into: DataSet): number {
    const { littleEndian } = syntax;
    let vr = '';
    let length: number;
    let offset: number;
    if (syntax.explicit && tag >>> 16 !== 0xfffe) {
      const first = this.bytes[start + 4] as number;
      const second = this.bytes[start + 5] as number;
      if (!isVr(first, second)) throw corrupt('an element states no known value representation');
      vr = String.fromCharCode(first, second);
      if (longForm.has(vr)) {
        this.need(start, 12, end);
        length = this.view.getUint32(start + 8, littleEndian);
        offset = start + 12;
      } else {
        length = this.view.getUint16(start + 6, littleEndian);
        offset = start + 8;
      }
    } else {
      length = this.view.getUint32(start + 4, littleEndian);
      offset = start + 8;
    }
    const element: Element = { tag, vr, offset, length };
    const isPixels = tag === pixelTags.pixels || tag === pixelTags.float || tag === pixelTags.double;
    if (isPixels) {
      into.elements.set(tag, element);
      if (depth > 0) return length === undefinedLength ? this.skipFragments(offset, end) : this.skip(offset, length, end);
      // The rest of the file is the pixels' own: their length is judged by whoever reads them.
      return Number.POSITIVE_INFINITY;
    }
    const isSequence = (this.bounds.isSequence ?? isKnownSequence)(tag);
    const opaqueImplicit = !syntax.explicit && length !== undefinedLength && !isSequence;
    if (length === undefinedLength || vr === 'SQ' || (!syntax.explicit && !opaqueImplicit) || (vr === 'UN' && isSequence)) {
      // PS3.5 6.2.2: what a sender did not know is UN and holds implicit little endian.
      const inner = vr === 'UN' ? { explicit: false, littleEndian: true } : syntax;
      element.items = [];
      into.elements.set(tag, element);
      if (length === undefinedLength) return this.items(offset, end, true, inner, depth + 1, element.items);
      this.fits(offset, length, end);
      this.items(offset, offset + length, false, inner, depth + 1, element.items);
      return offset + length;
    }
    const next = this.skip(offset, length, end);
    into.elements.set(tag, element);
    return next;
  }

  /** Length checks without asking for the bytes themselves. */
  fits(offset: number, length: number, end: number): void {
    if (offset + length > this.bounds.total) throw truncated();
    if (offset + length > end) throw corrupt('an element is longer than what holds it');
  }

  skip(offset: number, length: number, end: number): number {
    this.fits(offset, length, end);
    // Short values are wanted now; long ones (private blocks, overlays) only by their place.
    if (length <= 65536) this.need(offset, length, end);
    return offset + length;
  }

  skipFragments(start: number, end: number): number {
    let at = start;
    for (;;) {
      this.need(at, 8, end);
      const tag = this.tagAt(at, true);
      const length = this.view.getUint32(at + 4, true);
      if (tag === sequenceEnd) return at + 8;
      if (tag !== itemTag) throw corrupt('a fragment is not where it should be');
      if (++this.count > this.bounds.maximumElements) throw corrupt(`it holds more than ${this.bounds.maximumElements} elements`);
      at = this.skip(at + 8, length, end);
    }
  }

  items(start: number, end: number, open: boolean, syntax: Syntax, depth: number, into: DataSet[]): number {
    let at = start;
    while (open || at < end) {
      this.need(at, 8, end);
      const tag = this.tagAt(at, syntax.littleEndian);
      const length = this.view.getUint32(at + 4, syntax.littleEndian);
      if (tag === sequenceEnd) return at + 8;
      if (tag !== itemTag) throw corrupt('a sequence holds something that is not an item');
      if (++this.count > this.bounds.maximumElements) throw corrupt(`it holds more than ${this.bounds.maximumElements} elements`);
      const item: DataSet = { bytes: this.bytes, littleEndian: syntax.littleEndian, elements: new Map() };
      if (length === undefinedLength) at = this.dataSet(at + 8, Number.POSITIVE_INFINITY, syntax, depth, item, () => false);
      else {
        this.fits(at + 8, length, end);
        this.dataSet(at + 8, at + 8 + length, syntax, depth, item, () => false);
        at = at + 8 + length;
      }
      into.push(item);
    }
    return at;
  }
}

/**
 * Reads the elements of a data set up to and including the pixel data's header (PS3.5 7).
 * @param bytes the first part of the file, or all of it
 * @param stop called with each top-level tag; true ends the reading before that element
 * @returns the data set and where reading stopped
 * @throws NeedMoreBytes where `bytes` end before `bounds.total` does; Refusal CORRUPT_FILE, TRUNCATED_FILE
 */
export function readElements(
  bytes: Uint8Array,
  start: number,
  syntax: Syntax,
  bounds: Bounds,
  stop: (tag: number) => boolean = () => false,
): { dataSet: DataSet; end: number } {
  const dataSet: DataSet = { bytes, littleEndian: syntax.littleEndian, elements: new Map() };
  const reader = new Reader(bytes, bounds);
  const end = reader.dataSet(start, Number.POSITIVE_INFINITY, syntax, 0, dataSet, stop);
  return { dataSet, end };
}
