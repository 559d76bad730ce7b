import { describe, expect, test } from 'vitest';
import { codestreamHeader } from './codestream.ts';

const bytes = (...parts: (number | number[])[]) => Uint8Array.from(parts.flat());
const u16 = (value: number) => [value >> 8, value & 255];
const u32 = (value: number) => [...u16(value >>> 16), ...u16(value & 65535)];
const frame = (marker: number) => [0xff, marker, ...u16(11), 12, ...u16(40), ...u16(30), 1, 1, 0x11, 0];
const scan = (near: number) => [0xff, 0xda, ...u16(8), 1, 1, 0, near, 0, 0];
const jpeg = (marker: number) => bytes([0xff, 0xd8], frame(marker), [0xff, 0xc4, ...u16(4), 0, 0], scan(0));
const jpegLs = (near: number) => bytes([0xff, 0xd8], frame(0xf7), [0xff, 0xf8, ...u16(3), 1], scan(near));
const size = [0xff, 0x51, ...u16(41), ...u16(0), ...u32(30), ...u32(40), ...u32(0), ...u32(0)];
const tiles = [...u32(30), ...u32(40), ...u32(0), ...u32(0), ...u16(1), 11, 1, 1];
const style = (transformation: number) => [0xff, 0x52, ...u16(12), 0, 0, ...u16(1), 0, 5, 4, 4, 0, transformation];
const jpeg2000 = (transformation: number) => bytes([0xff, 0x4f], size, tiles, style(transformation));

describe('what a codestream says of itself', () => {
  const lossy: [string, Uint8Array, Parameters<typeof codestreamHeader>[1], boolean][] = [
    ['baseline JPEG', jpeg(0xc0), 'jpeg', true],
    ['extended JPEG', jpeg(0xc1), 'jpeg', true],
    ['lossless JPEG', jpeg(0xc3), 'jpeg', false],
    ['JPEG-LS', jpegLs(0), 'jpeg-ls', false],
    ['JPEG-LS with a deviation of 2', jpegLs(2), 'jpeg-ls', true],
    ['JPEG 2000 with the 5-3 filter', jpeg2000(1), 'jpeg-2000', false],
    ['JPEG 2000 with the 9-7 filter', jpeg2000(0), 'jpeg-2000', true],
  ];
  for (const [what, stream, codec, expected] of lossy) {
    test(`[7.2-dicom] ${what} is ${expected ? 'lossy' : 'not known to be lossy'}`, () => {
      expect(codestreamHeader(stream, codec)).toMatchObject({ rows: 40, columns: 30, components: 1, precision: 12, lossy: expected });
    });
  }
  test('a head that has not been read far enough says nothing of loss', () => {
    expect(codestreamHeader(jpegLs(2).subarray(0, 18), 'jpeg-ls').lossy).toBeNull();
    expect(codestreamHeader(jpeg2000(0).subarray(0, 48), 'jpeg-2000').lossy).toBeNull();
  });
});
