import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PixelFormat } from './image.ts';
import { range, storedValues, VolumeBuffer } from './pixels.ts';

const format = (bitsAllocated: number, bitsStored: number, signed: boolean, highBit = bitsStored - 1): PixelFormat => ({
  rows: 1,
  columns: 4,
  bitsAllocated,
  bitsStored,
  highBit,
  signed,
});

describe('storedValues', () => {
  test('[7.2-hu] unaligned 32-bit words of an inflated stream, which is a Buffer, and swapped ones leave the bytes as they were', () => {
    for (const little of [true, false]) {
      const held = Buffer.alloc(18);
      const bytes = held.subarray(2);
      const wanted = [1, -2, 70_000, -3_000_000];
      wanted.forEach((value, n) => {
        if (little) bytes.writeInt32LE(value, n * 4);
        else bytes.writeInt32BE(value, n * 4);
      });
      const before = Buffer.from(held);
      expect([...storedValues(bytes, format(32, 32, true), little)]).toEqual(wanted);
      expect(held.equals(before)).toBe(true);
    }
  });

  test('[7.2-hu] any value survives any width, sign, alignment and byte order, with junk in the other bits', () => {
    const shape = fc
      .record({
        size: fc.constantFrom(8, 16, 32),
        stored: fc.integer({ min: 1, max: 32 }),
        signed: fc.boolean(),
        high: fc.nat(31),
        little: fc.boolean(),
      })
      .filter(({ size, stored, high }) => stored <= size && high < size && high + 1 >= stored);
    fc.assert(
      fc.property(
        shape,
        fc.array(fc.nat(), { minLength: 4, maxLength: 4 }),
        fc.nat(3),
        ({ size, stored, signed, high, little }, raw, shift) => {
          const limit = 2n ** BigInt(stored);
          const wanted = raw.map((value) => BigInt(value) % limit).map((value) => (signed && value >= limit / 2n ? value - limit : value));
          // An odd start: the file does not align its pixels for us.
          const bytes = new Uint8Array(shift + (4 * size) / 8);
          const view = new DataView(bytes.buffer, shift);
          wanted.forEach((value, n) => {
            const low = BigInt(high + 1 - stored);
            const junk = BigInt.asUintN(size, 0x5a5a5a5an) & ~(((limit - 1n) << low) & ((1n << BigInt(size)) - 1n));
            const word = Number(BigInt.asUintN(size, (BigInt.asUintN(stored, value) << low) | junk));
            if (size === 8) view.setUint8(n, word);
            else if (size === 16) view.setUint16(n * 2, word, little);
            else view.setUint32(n * 4, word, little);
          });
          const got = storedValues(bytes.subarray(shift), format(size, stored, signed, high), little || size === 8);
          expect(Array.from(got)).toEqual(wanted.map(Number));
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('fewer bytes than pixels are refused', () => {
    expect(() => storedValues(new Uint8Array(7), format(16, 12, false), true)).toThrow(
      expect.objectContaining({ code: 'TRUNCATED_PIXEL_DATA' }),
    );
  });
});

describe('VolumeBuffer', () => {
  test('[7.2-hu] turns to float32 at the first fraction or at the first value beyond int16, and keeps what was there', () => {
    const turning: [number, number][] = [
      [0.5, 0],
      [1, 32760],
      [1, -32770],
      [20, 0],
    ];
    for (const [slope, intercept] of turning) {
      const buffer = new VolumeBuffer(8);
      buffer.append(Int16Array.from([1, 2, 3, -4]), 1, 0);
      expect(buffer.values).toBeInstanceOf(Int16Array);
      buffer.append(Uint16Array.from([1, 3, 5, 3000]), slope, intercept);
      expect(buffer.values).toBeInstanceOf(Float32Array);
      expect(Array.from(buffer.values)).toEqual([1, 2, 3, -4, ...[1, 3, 5, 3000].map((value) => Math.fround(value * slope + intercept))]);
      expect(buffer.minimum).toBe(Math.min(-4, slope + intercept));
    }
  });

  test('whole products of a fraction stay int16', () => {
    const buffer = new VolumeBuffer(4);
    buffer.append(Int16Array.from([2, 4, -6, 8]), 0.5, -1024);
    expect(buffer.values).toEqual(Int16Array.from([-1023, -1022, -1027, -1020]));
  });

  test('more than the volume holds is a mistake', () => {
    expect(() => new VolumeBuffer(3).append(new Int16Array(4), 1, 0)).toThrow(RangeError);
  });

  test('a negative slope turns the range round', () => {
    expect(range(Int16Array.from([1, 5]), -2, 1)).toEqual({ low: -9, high: -1, whole: true });
  });
});
