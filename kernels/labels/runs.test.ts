import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyRuns, decodeRuns, encodeRuns, encodeUnsorted, runsFromText, runsToText } from './runs.ts';

const sets = fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { maxLength: 300 });

describe('run code', () => {
  test('a set comes back as it went in, by bytes and by text', () => {
    fc.assert(
      fc.property(sets, (set) => {
        const sorted = [...set].sort((a, b) => a - b);
        const code = encodeUnsorted(set);
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

describe('unsorted indices', () => {
  test('give the code of the sorted ones, close together or far apart', () => {
    const sets = fc.uniqueArray(
      fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 5000, max: 5100 }), fc.integer({ min: 0, max: 2 ** 33 })),
      {
        maxLength: 200,
      },
    );
    fc.assert(
      fc.property(sets, fc.constantFrom(301, 6000, 2 ** 34), (indices, below) => {
        const some = indices.filter((n) => n < below);
        expect(encodeUnsorted(some)).toEqual(encodeRuns(some.toSorted((a, b) => a - b)));
      }),
      { numRuns: 500 },
    );
    const words = Array.from({ length: 97 }, (_, n) => 31 + n);
    expect(encodeUnsorted(words.toReversed())).toEqual(encodeRuns(words));
  });
  test('are refused where one is there twice or none of a voxel', () => {
    expect(() => encodeUnsorted([5, 6, 5])).toThrow(RangeError);
    expect(() => encodeUnsorted([5, 2 ** 40, 5])).toThrow(RangeError);
    expect(() => encodeUnsorted([1.5])).toThrow(RangeError);
    expect(() => encodeUnsorted([-1])).toThrow(RangeError);
  });
});
