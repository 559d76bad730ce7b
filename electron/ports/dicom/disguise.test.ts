import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import type { Triple } from '../../../kernels/volume/geometry.ts';
import { dicomFile, type ElementSpec, element, joined, linearField, type SliceSpec, sequence, sliceElements } from './fixtures.ts';
import { frameBytes, frameValues } from './frames.ts';
import { type ImageFile, isImage, readImage } from './image.ts';
import { planVolumes } from './plan.ts';

const root = mkdtempSync(join(tmpdir(), 'lamina-disguise-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const spec: SliceSpec = {
  position: [1, 2, 3],
  row: [1, 0, 0],
  column: [0, 1, 0],
  pixelSpacing: [1, 1],
  rows: 6,
  columns: 4,
  value: linearField,
};
function opened(bytes: Uint8Array): ImageFile {
  const path = join(root, 'file');
  writeFileSync(path, bytes);
  const file = readImage(path);
  if (!isImage(file)) throw new TypeError(file.reason.message);
  return file;
}
const values = (file: ImageFile) => [...frameValues(file, frameBytes(file)[0] as Uint8Array)];
const codes = (file: ImageFile) => file.warnings.map((warning) => warning.code);
const truth = values(opened(dicomFile(sliceElements(spec))));

/** The data set of `dicomFile` again, in explicit big endian: short heads, long heads, words swapped. */
function bigEndian(file: Uint8Array, metaBytes: number): Uint8Array {
  const out = file.slice();
  const view = new DataView(out.buffer);
  let at = metaBytes;
  while (at < out.length) {
    const vr = String.fromCharCode(out[at + 4] as number, out[at + 5] as number);
    const long = vr === 'OW';
    const length = long ? view.getUint32(at + 8, true) : view.getUint16(at + 6, true);
    view.setUint16(at, view.getUint16(at, true), false);
    view.setUint16(at + 2, view.getUint16(at + 2, true), false);
    if (long) view.setUint32(at + 8, length, false);
    else view.setUint16(at + 6, length, false);
    at += long ? 12 : 8;
    if (vr === 'US' || vr === 'OW') for (let n = at; n < at + length; n += 2) view.setUint16(n, view.getUint16(n, true), false);
    at += length;
  }
  return out;
}

describe('files that are not what they say', () => {
  test('[7.2-hu] pixels have the byte order of the elements around them, not the one that the header states', () => {
    const little = dicomFile(sliceElements(spec));
    const metaBytes = 132 + 12 + new DataView(little.buffer).getUint32(140, true);
    const file = opened(bigEndian(little, metaBytes));
    expect(codes(file)).toEqual(['TRANSFER_SYNTAX_MISMATCH']);
    expect(values(file)).toEqual(truth);
    const said = opened(dicomFile(sliceElements(spec), '1.2.840.10008.1.2.2'));
    expect(codes(said)).toEqual(['TRANSFER_SYNTAX_MISMATCH']);
    expect(values(said)).toEqual(truth);
  });

  const starts: [string, string, string[]][] = [
    ['a program', '\x7fELF', ['NONSTANDARD_PREAMBLE']],
    ['another program', 'MZ', ['NONSTANDARD_PREAMBLE']],
    ['a page', '<html>', ['NONSTANDARD_PREAMBLE']],
    ['a TIFF', 'II*\0', []],
  ];
  for (const [what, magic, expected] of starts) {
    test(`a file that starts as ${what}: ${expected.join() || 'as the standard allows'}`, () => {
      const bytes = dicomFile(sliceElements(spec));
      bytes.set(Buffer.from(magic, 'latin1'));
      expect(codes(opened(bytes))).toEqual(expected);
    });
  }

  test('functional groups that a sender did not know are read', () => {
    const position = sequence([[[0x00209113, 'UN', implicit([[0x00200032, '7\\8\\9 ']])]]]);
    const file = opened(dicomFile([...sliceElements(spec), [0x00280008, 'IS', '1'], [0x52009230, 'SQ', position]]));
    expect(file.frames[0]?.position).toEqual([7, 8, 9] satisfies Triple);
  });

  test('a header of more than 32 MiB is TOO_LARGE before it is in memory', () => {
    const blob = element([0x2f011000, 'UN', new Uint8Array(65000)]);
    const [head, pixels] = [sliceElements(spec).slice(0, -1), sliceElements(spec).at(-1) as [number, string, Uint8Array]];
    const bytes = joined([dicomFile(head), ...Array.from({ length: 540 }, () => blob), element(pixels)]);
    expect(() => opened(bytes)).toThrow('longer than 32 MiB');
  });

  const runs = (value: number) => Uint8Array.from([257 - 24, value]);
  const rle = (low: number, high: number) => {
    const out = new Uint8Array(68);
    const view = new DataView(out.buffer);
    for (const [at, word] of [2, 64, 66].entries()) view.setUint32(at * 4, word, true);
    out.set([...runs(high), ...runs(low)], 64);
    return out;
  };
  const encapsulated = (...fragments: Uint8Array[]) => {
    const fragment = (tag: number, body: Uint8Array) => {
      const head = new DataView(new ArrayBuffer(8));
      head.setUint16(0, 0xfffe, true);
      head.setUint16(2, tag, true);
      head.setUint32(4, body.length, true);
      return joined([new Uint8Array(head.buffer), body]);
    };
    const head = element([0x7fe00010, 'OB', new Uint8Array(0)]);
    new DataView(head.buffer).setUint32(8, 0xffffffff, true);
    const elements = sliceElements({ ...spec, without: [0x7fe00010] });
    const items = [new Uint8Array(0), ...fragments].map((body) => fragment(0xe000, body));
    return joined([dicomFile(elements, '1.2.840.10008.1.2.5'), head, ...items, fragment(0xe0dd, new Uint8Array(0))]);
  };
  test('a second frame behind the only one that the header states is damage, a frame in two fragments is none', () => {
    expect(values(opened(encapsulated(rle(7, 1))))).toEqual(Array.from({ length: 24 }, () => 263));
    const whole = rle(7, 1);
    expect(values(opened(encapsulated(whole.subarray(0, 66), whole.subarray(66))))[0]).toBe(263);
    expect(() => values(opened(encapsulated(rle(7, 1), rle(8, 1))))).toThrow('more frames than the header states');
  });
});

test('a deflated file whose pixels end elsewhere than its stream is CORRUPT_FILE, whatever follows them lawfully is not', () => {
  const deflated = (behind: Uint8Array) => {
    const bytes = dicomFile(sliceElements(spec), '1.2.840.10008.1.2.1.99');
    const dataAt = 144 + new DataView(bytes.buffer).getUint32(140, true);
    return joined([bytes.subarray(0, dataAt), deflateRawSync(joined([bytes.subarray(dataAt), behind]))]);
  };
  expect(() => opened(deflated(Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9])))).toThrow('damaged');
  for (const behind of [new Uint8Array(0), new Uint8Array(3), element([0xfffcfffc, 'OB', new Uint8Array(40)])])
    expect(values(opened(deflated(behind)))).toEqual(truth);
});

describe('matrices that the data cannot fill', () => {
  const compressed = (syntax: string, rows: number, columns: number, stream: number[]) => {
    const fragment = (tag: number, body: number[]) => [0xfe, 0xff, tag & 255, tag >> 8, body.length, 0, 0, 0, ...body];
    const head = element([0x7fe00010, 'OB', new Uint8Array(0)]);
    new DataView(head.buffer).setUint32(8, 0xffffffff, true);
    const extra: ElementSpec[] = [
      [0x00280010, 'US', rows],
      [0x00280011, 'US', columns],
    ];
    const elements = sliceElements({ ...spec, extra, without: [0x7fe00010] });
    return joined([dicomFile(elements, syntax), head, Uint8Array.from([...fragment(0xe000, []), ...fragment(0xe000, stream)])]);
  };
  const jpeg = (rows: number, columns: number) => [
    0xff,
    0xd8,
    0xff,
    0xc3,
    0,
    11,
    16,
    rows >> 8,
    rows & 255,
    columns >> 8,
    columns & 255,
    1,
    1,
    0x11,
    0,
    0,
  ];

  test('[7.2-dicom] compressed bytes that would grow a thousandfold are TOO_LARGE, whether or not the codestream says so too', () => {
    for (const syntax of ['1.2.840.10008.1.2.5', '1.2.840.10008.1.2.4.70'])
      expect(opened(compressed(syntax, 20_000, 20_000, jpeg(20_000, 20_000))).fault?.code).toBe('TOO_LARGE');
  });
  test('[7.2-dicom] frames beyond all counting are measured against the bytes first', () => {
    const frames = (count: string) => opened(dicomFile(sliceElements({ ...spec, extra: [[0x00280008, 'IS', count]] }))).fault?.code;
    expect(['2000000000', '0', 'many', ' '].map(frames)).toEqual([
      'TRUNCATED_PIXEL_DATA',
      'UNSUPPORTED_DIMENSIONS',
      'UNSUPPORTED_DIMENSIONS',
      undefined,
    ]);
  });
  test('[7.2-dicom] many small files that would become a volume a hundred times their size are TOO_LARGE together', () => {
    const files = Array.from({ length: 40 }, (_, n) => {
      const file = opened(compressed('1.2.840.10008.1.2.4.70', 3_000, 3_000, jpeg(3_000, 3_000)));
      expect(file.fault).toBeNull();
      const [frame] = file.frames as [ImageFile['frames'][number]];
      return { ...file, sopInstanceUid: `2.25.${n}`, frames: [{ ...frame, position: [0, 0, n] as Triple }] };
    });
    expect(planVolumes(files)[0]?.reasons.map((reason) => reason.code)).toEqual(['TOO_LARGE']);
    expect(planVolumes(files.slice(0, 5))[0]?.reasons).toEqual([]);
  });
  test('[7.2-dicom] a codestream of another size than the tags is known before memory is taken by the tags', () => {
    expect(opened(compressed('1.2.840.10008.1.2.4.70', 4_000, 4_000, jpeg(40, 40))).fault?.code).toBe('CORRUPT_PIXEL_DATA');
    expect(opened(compressed('1.2.840.10008.1.2.4.70', 40, 40, jpeg(40, 40))).fault).toBeNull();
  });
  test('32-bit pixels in big endian words are refused, since they are written in two ways', () => {
    const extra: ElementSpec[] = [
      [0x00280100, 'US', 32],
      [0x00280101, 'US', 32],
      [0x00280102, 'US', 31],
      [0x7fe00010, 'OW', new Uint8Array(96)],
    ];
    const little = dicomFile(sliceElements({ ...spec, extra }));
    const metaBytes = 132 + 12 + new DataView(little.buffer).getUint32(140, true);
    expect(opened(bigEndian(little, metaBytes)).fault?.code).toBe('UNSUPPORTED_PIXEL_FORMAT');
    expect(opened(little).fault).toBeNull();
  });
});

/** An item's elements in implicit little endian, as one item. */
function implicit(elements: [number, string][]): Uint8Array {
  const body = joined(
    elements.map(([tag, text]) => {
      const head = new DataView(new ArrayBuffer(8));
      head.setUint16(0, tag >>> 16, true);
      head.setUint16(2, tag & 0xffff, true);
      head.setUint32(4, text.length, true);
      return joined([new Uint8Array(head.buffer), Buffer.from(text, 'latin1')]);
    }),
  );
  const head = new DataView(new ArrayBuffer(8));
  head.setUint16(0, 0xfffe, true);
  head.setUint16(2, 0xe000, true);
  head.setUint32(4, body.length, true);
  return joined([new Uint8Array(head.buffer), body]);
}
