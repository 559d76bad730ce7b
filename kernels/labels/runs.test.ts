import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyRuns, decodeRuns, encodeRuns, runsFromText, runsToText } from './runs.ts';

const sets = fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 300 });

describe('run code', () => {
  test('a set comes back as it went in, by bytes and by text', () => {
    fc.assert(
      fc.property(sets, (set) => {
        const sorted = [...set].sort((a, b) => a - b);
        const code = encodeRuns(sorted);
        const back: number[] = [];
        decodeRuns(runsFromText(runsToText(code)), (start, length) => {
          for (let n = 0; n < length; n++) back.push(start + n);
        });
        expect(back).toEqual(sorted);
        const mask = new Uint8Array(401);
        expect(applyRuns(mask, code, 1)).toBe(set.length);
        expect(sorted.every((n) => mask[n] === 1) && mask.reduce((a, b) => a + b, 0) === set.length).toBe(true);
      }),
      { seed: 11 },
    );
  });

  test.each([
    ['', ''],
    ['f', 'Zg=='],
    ['fo', 'Zm8='],
    ['foobar', 'Zm9vYmFy'],
    ['\u00fb\u00ff\u00fe', '+//+'],
  ])('text is the base64 of RFC 4648: %j', (letters, text) => {
    const bytes = Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
    expect(runsToText(bytes)).toBe(text);
    expect(runsFromText(text)).toEqual(bytes);
  });

  test('text is what six bits at a time give, short and long', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const slow = (bytes: number[]): string => {
      const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
      const text = (bits.match(/.{1,6}/g) ?? []).map((six) => letters[Number.parseInt(six.padEnd(6, '0'), 2)]).join('');
      return text.padEnd(4 * Math.ceil(text.length / 4), '=');
    };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(0, 6143, 6144, 12_300), (few, before) => {
        const bytes = [...new Uint8Array(before).map((_, n) => (n * 37) >> 2), ...few];
        expect(runsToText(Uint8Array.from(bytes))).toBe(slow(bytes));
      }),
      { seed: 12, numRuns: 40 },
    );
  });

  test('any bytes are either the one code of a set or refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        const mask = new Uint8Array(5000);
        try {
          applyRuns(mask, bytes, 1);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          expect(mask.every((v) => v === 0)).toBe(true);
          return;
        }
        const set: number[] = [];
        for (let n = 0; n < mask.length; n++) if (mask[n] === 1) set.push(n);
        expect(encodeRuns(set)).toEqual(bytes);
      }),
      { seed: 13, numRuns: 2000 },
    );
  });

  test.each([
    ['a number without end', [0x80]],
    ['a gap without a length', [5]],
    ['an empty run', [5, 0]],
    ['runs that touch', [5, 1, 0, 1]],
    ['idle bytes', [0x85, 0, 1]],
    ['a number beyond 2^49', [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f, 1]],
    ['a voxel beyond the mask', [15, 2]],
  ])('refuses %s', (_name, bytes) => {
    expect(() => applyRuns(new Uint8Array(16), Uint8Array.from(bytes), 1)).toThrow(RangeError);
  });

  test('refuses indices that do not ascend', () => {
    expect(() => encodeRuns([3, 3])).toThrow(RangeError);
    expect(() => encodeRuns([4, 3])).toThrow(RangeError);
    expect(() => encodeRuns([-1])).toThrow(RangeError);
    expect(() => encodeRuns([0.5])).toThrow(RangeError);
  });

  test.each(['A', 'AAA', 'A===', 'AA=A', 'AB==', 'A\u00e4==', '====', 'AA A'])('refuses the text %j', (text) => {
    expect(() => runsFromText(text)).toThrow(RangeError);
  });

  test('a brush of radius 20 on a 512 grid costs less than two bytes a voxel', () => {
    const set: number[] = [];
    for (let j = -20; j <= 20; j++) for (let i = -20; i <= 20; i++) if (i * i + j * j <= 400) set.push((256 + j) * 512 + 256 + i);
    expect(encodeRuns(set).length).toBeLessThan(set.length / 4);
  });
});
