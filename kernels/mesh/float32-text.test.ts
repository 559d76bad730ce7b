import fc from 'fast-check';
import { expect, test } from 'vitest';
import { numberAt, numberOf } from './ascii-words.ts';
import { float32Text } from './float32-text.ts';
import { textPieces } from './text-pieces.ts';

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const float32 = fc.integer({ min: 0, max: 0xffffffff }).map((bits) => new Float32Array(Uint32Array.of(bits).buffer)[0] as number);

test('[P-export] every finite float32 reads back to the bit, and no shorter text would', () => {
  fc.assert(
    fc.property(float32.filter(Number.isFinite), (value) => {
      const text = float32Text(value);
      expect(Object.is(Math.fround(Number(text)), value)).toBe(true);
      const digits = text.replace(/e.*$/, '').replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '').length;
      if (digits > 1 && Math.abs(value) >= 2 ** -126) expect(Math.fround(Number(value.toPrecision(digits - 1)))).not.toBe(value);
    }),
    { numRuns: 2000 },
  );
  expect([0, -0, 0.1, -20.5, 1e9, 1e-30].map(float32Text)).toEqual(['0', '-0', '0.1', '-20.5', '1000000000', '1e-30']);
  for (const value of [NaN, Infinity, 1e39]) expect(() => float32Text(value)).toThrow(RangeError);
});

test('a number in bytes is the one that the language reads from the same text', () => {
  const written = fc.oneof(
    float32.filter(Number.isFinite).map(float32Text),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.tuple(fc.integer({ min: -999999, max: 999999 }), fc.nat(99999999)).map(([a, b]) => `${a}.${b}`),
    fc.constantFrom('', '-', '+', '.', '1.', '.5', '+3', '--1', '1e', '1e5', '0x10', 'nan', '-inf', '12345678901234567890', '1.2.3', '1,5'),
  );
  fc.assert(
    fc.property(written, (text) => {
      expect(numberAt(ascii(` ${text} `), 1, 1 + text.length)).toEqual(numberOf(text));
      const known = numberOf(text);
      if (known !== null && Number.isFinite(known)) expect(known).toBe(Number(text));
    }),
    { numRuns: 2000 },
  );
});

test('letters beyond ASCII are UTF-8, halves of pairs are not', () => {
  const out = textPieces(16);
  const text = 'Schädel €😀'.repeat(100);
  out.put(text);
  expect(out.full()).toBe(true);
  const escaped = Array.from(out.take(), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  expect(decodeURIComponent(escaped)).toBe(text);
  out.put('a\ud83d');
  expect([...out.take()]).toEqual([0x61, 0x3f]);
  expect(out.take()).toHaveLength(0);
});
