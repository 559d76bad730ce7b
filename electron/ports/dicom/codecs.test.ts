import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../contract/errors.ts';
import { decodeFrame } from './codecs.ts';
import { codestreamHeader } from './codestream.ts';
import { frameBytes, frameValues } from './frames.ts';
import { type ImageFile, isImage, readImage } from './image.ts';
import { decodeRle } from './rle.ts';
import { sharedSets } from './shared-series.ts';

/** PackBits by the letter of the standard, and as badly as it allows. */
function packed(values: Uint8Array): number[] {
  const out: number[] = [];
  for (let at = 0; at < values.length; ) {
    let run = 1;
    while (run < 128 && at + run < values.length && values[at + run] === values[at]) run++;
    if (run > 1) out.push(257 - run, values[at] as number);
    else out.push(0, values[at] as number);
    at += run;
  }
  return out;
}

function rleFrame(words: Uint16Array): Uint8Array {
  const high = packed(Uint8Array.from(words, (word) => word >> 8));
  const low = packed(Uint8Array.from(words, (word) => word & 255));
  const out = new Uint8Array(64 + high.length + low.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, 2, true);
  view.setUint32(4, 64, true);
  view.setUint32(8, 64 + high.length, true);
  out.set(high, 64);
  out.set(low, 64 + high.length);
  return out;
}

describe('run lengths', () => {
  test('[7.2-dicom] any frame comes back as it was packed', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1, 255, 256, 65535, 4711), { minLength: 1, maxLength: 600 }), (list) => {
        const words = Uint16Array.from(list);
        expect(new Uint16Array(decodeRle(rleFrame(words), words.length, 2).buffer)).toEqual(words);
      }),
    );
  });

  test('a frame cut anywhere is refused, never filled up', () => {
    const words = Uint16Array.from({ length: 300 }, (_, n) => (n * 97) % 4096);
    const whole = rleFrame(words);
    for (let length = 0; length < whole.length; length += 7) {
      expect(() => decodeRle(whole.subarray(0, length), words.length, 2)).toThrow(Refusal);
    }
  });

  test('damaged bytes give values or a refusal, nothing else', () => {
    const words = Uint16Array.from({ length: 300 }, (_, n) => (n * 97) % 4096);
    const whole = rleFrame(words);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 9 }), (changes) => {
        const bytes = whole.slice();
        for (const [at, value] of changes) bytes[at] = value;
        try {
          expect(decodeRle(bytes, words.length, 2)).toHaveLength(600);
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal);
        }
      }),
    );
  });
});

describe.skipIf(!sharedSets)('one slice in many transfer syntaxes', () => {
  const folder = join(sharedSets ?? '', 'transfer-syntaxes-ct');
  const truth = sharedSets
    ? (JSON.parse(readFileSync(join(folder, 'truth-transfer-syntaxes.json'), 'utf8')) as {
        files: { file: string; sha256_int16le: string; max_abs_diff_to_uncompressed: number }[];
      })
    : { files: [] };

  const open = (name: string): ImageFile => {
    const file = readImage(join(folder, name));
    if (!isImage(file)) throw new TypeError(file.reason.message);
    return file;
  };
  const values = (name: string): Int16Array => {
    const file = open(name);
    const { slope, intercept } = file.frames[0] as ImageFile['frames'][number];
    const stored = frameValues(file, frameBytes(file)[0] as Uint8Array);
    // Even for exact halves: the truth was rounded that way.
    return Int16Array.from(stored, (value) => {
      const real = value * (slope ?? 1) + (intercept ?? 0);
      const floor = Math.floor(real);
      return real - floor === 0.5 ? floor + (floor & 1) : Math.round(real);
    });
  };

  for (const item of truth.files) {
    test(`[7.2-hu] ${item.file} is bit-exact`, () => {
      const got = values(item.file);
      expect(createHash('sha256').update(new Uint8Array(got.buffer)).digest('hex')).toBe(item.sha256_int16le);
    });
  }

  const compressed = truth.files.map((item) => item.file).filter((name) => /JPEG/.test(name));
  for (const name of compressed) {
    test(`${name}: cut short or of another size it is refused`, () => {
      const file = open(name);
      const bytes = frameBytes(file)[0] as Uint8Array;
      const codec = name.includes('JPEGLS') ? 'jpeg-ls' : name.includes('2000') ? 'jpeg-2000' : 'jpeg';
      expect(codestreamHeader(bytes, codec)).toMatchObject({ rows: 512, columns: 512, components: 1 });
      expect(() => decodeFrame(codec, bytes, { ...file.format, rows: 511 })).toThrow(Refusal);
      for (const part of [0.01, 0.3, 0.9])
        expect(() => decodeFrame(codec, bytes.subarray(0, bytes.length * part), file.format)).toThrow(Refusal);
      // The decoder that failed must not spoil the next frame.
      expect(decodeFrame(codec, bytes, file.format).bytes.length).toBeGreaterThan(0);
    });
  }

  test('pixels of another codec than the header says are TRANSFER_SYNTAX_MISMATCH', () => {
    const file = open(compressed.find((name) => name.includes('JPEGLSLossless')) as string);
    const bytes = frameBytes(file)[0] as Uint8Array;
    expect(() => decodeFrame('jpeg-2000', bytes, file.format)).toThrow(expect.objectContaining({ code: 'TRANSFER_SYNTAX_MISMATCH' }));
  });
});
