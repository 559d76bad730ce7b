import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Refusal } from '../../../contract/errors.ts';
import { dicomFile, element, joined, linearField, type SliceSpec, sliceElements } from './fixtures.ts';
import { frameBytes, frameValues } from './frames.ts';
import { isImage, readImage } from './image.ts';
import { openDicom } from './open.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-open-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function written(bytes: Uint8Array): string {
  const path = join(root, 'file');
  writeFileSync(path, bytes);
  return path;
}
const code = (bytes: Uint8Array): string => {
  try {
    const file = readImage(written(bytes));
    return isImage(file) ? (file.fault?.code ?? 'image') : file.reason.code;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
};

const spec: SliceSpec = {
  position: [1, 2, 3],
  row: [1, 0, 0],
  column: [0, 1, 0],
  pixelSpacing: [1, 1],
  rows: 6,
  columns: 5,
  value: linearField,
};
const good = dicomFile(sliceElements(spec));

/** A header of the long form, with a length of its own. */
function long(tag: number, vr: string, length: number, body: Uint8Array): Uint8Array {
  const head = element([tag, vr, new Uint8Array(0)]);
  new DataView(head.buffer).setUint32(8, length, true);
  return joined([head, body]);
}
const item = (length: number, body: Uint8Array) => {
  const head = new Uint8Array(8);
  const view = new DataView(head.buffer);
  view.setUint16(0, 0xfffe, true);
  view.setUint16(2, 0xe000, true);
  view.setUint32(4, length, true);
  return joined([head, body]);
};

describe('openDicom', () => {
  test('[7.2-dicom] reads headers without preamble, without meta group, and deflated', () => {
    const bare = joined([...sliceElements(spec)].sort((a, b) => a[0] - b[0]).map(element));
    expect(code(good)).toBe('image');
    expect(code(good.subarray(132))).toBe('image');
    expect(code(bare)).toBe('image');
    const head = dicomFile([], '1.2.840.10008.1.2.1.99');
    expect(code(joined([head, deflateRawSync(bare)]))).toBe('image');
  });

  test('data written in another syntax than stated are followed, with a warning', () => {
    const file = readImage(written(dicomFile(sliceElements(spec), '1.2.840.10008.1.2')));
    expect(isImage(file) && file.warnings.map((entry) => entry.code)).toEqual(['TRANSFER_SYNTAX_MISMATCH']);
  });

  test('a file cut at any byte is refused or has a fault, and is never an image', () => {
    for (let length = 0; length < good.length; length++) expect(code(good.subarray(0, length)), `cut at ${length}`).not.toBe('image');
  });

  test('long headers are read on: a private block of 300 kB before the pixels', () => {
    const block = long(0x00091010, 'OB', 300_000, new Uint8Array(300_000));
    const elements = [...sliceElements(spec)].sort((a, b) => a[0] - b[0]).map(element);
    const file = readImage(written(joined([dicomFile([]), ...elements.slice(0, 4), block, ...elements.slice(4)])));
    if (!isImage(file)) throw new TypeError(file.reason.message);
    expect(file.format.rows).toBe(6);
    const values = frameValues(file, frameBytes(file)[0] as Uint8Array);
    expect(values[0]).toBe(linearField([1, 2, 3]));
  });

  test('lengths beyond the file, deep nesting and too many elements are refused before they are followed', () => {
    const start = dicomFile([[0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2']]);
    expect(code(joined([start, long(0x00091010, 'UT', 0xfffffff0, new Uint8Array(8))]))).toBe('TRUNCATED_FILE');
    let nested: Uint8Array = new Uint8Array(0);
    for (let depth = 0; depth < 80; depth++) nested = long(0x00081140, 'SQ', 8 + nested.length, item(nested.length, nested));
    expect(code(joined([start, nested]))).toBe('CORRUPT_FILE');
    const endless = joined(
      Array.from({ length: 3000 }, () =>
        joined([long(0x00081140, 'SQ', 0xffffffff, new Uint8Array(0)), item(0xffffffff, new Uint8Array(0))]),
      ),
    );
    expect(code(joined([start, endless]))).toBe('CORRUPT_FILE');
    const many = joined([start, ...Array.from({ length: 100_001 }, () => element([0x00091001, 'CS', '']))]);
    expect(code(many)).toBe('CORRUPT_FILE');
  });

  test('a deflated stream that grows a thousandfold is TOO_LARGE', () => {
    const head = dicomFile([], '1.2.840.10008.1.2.1.99');
    const bomb = deflateRawSync(
      joined([element([0x00080016, 'UI', '1.2']), long(0x00091010, 'OB', 70_000_000, new Uint8Array(70_000_000))]),
    );
    expect(code(joined([head, bomb]))).toBe('TOO_LARGE');
  });

  test('pixel formats that cannot be are refused by their tags alone', () => {
    const withTags = (...extra: SliceSpec['extra'] & object) => code(dicomFile(sliceElements({ ...spec, extra })));
    expect(withTags([0x00280010, 'US', 65535], [0x00280011, 'US', 65535])).toBe('TRUNCATED_PIXEL_DATA');
    expect(withTags([0x00280100, 'US', 12])).toBe('UNSUPPORTED_PIXEL_FORMAT');
    expect(withTags([0x00280101, 'US', 17])).toBe('UNSUPPORTED_PIXEL_FORMAT');
    expect(withTags([0x00280102, 'US', 3])).toBe('UNSUPPORTED_PIXEL_FORMAT');
    expect(withTags([0x00280002, 'US', 3])).toBe('COLOUR_IMAGE');
    expect(withTags([0x00280008, 'IS', '900000'])).toBe('TRUNCATED_PIXEL_DATA');
    expect(withTags([0x00280008, 'IS', '2'])).toBe('TRUNCATED_PIXEL_DATA');
    expect(code(dicomFile(sliceElements(spec), '1.2.840.10008.1.2.4.70'))).toBe('TRANSFER_SYNTAX_MISMATCH');
  });

  test('10 000 random mutations: an image, a reason, never anything else', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { minLength: 1, maxLength: 9 }),
        fc.nat(good.length),
        (changes, cut) => {
          const bytes = good.slice(0, cut % 3 === 0 ? cut : good.length);
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          const path = join(root, 'mutated');
          writeFileSync(path, bytes);
          try {
            const file = readImage(path);
            if (isImage(file) && !file.fault) for (const frame of frameBytes(file)) frameValues(file, frame);
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal);
          }
        },
      ),
      { numRuns: 10_000 },
    );
  });

  test('a folder is no file, and an absent file is said to be absent', () => {
    expect(() => openDicom(root)).toThrow(expect.objectContaining({ code: 'UNREADABLE_FILE' }));
    expect(() => openDicom(join(root, 'absent'))).toThrow(expect.objectContaining({ code: 'MISSING_FILES' }));
  });
});
