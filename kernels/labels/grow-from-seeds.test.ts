import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Triple } from '../volume/geometry.ts';
import { growFromSeeds } from './grow-from-seeds.ts';
import { growSlowly } from './grow-oracle.ts';

const side = (most: number) => fc.integer({ min: 1, max: most });
const scenes = fc.tuple(side(7), side(6), side(4)).chain(([x, y, z]) => {
  const of = (one: fc.Arbitrary<number>) => fc.array(one, { minLength: x * y * z, maxLength: x * y * z });
  return fc.record({
    dimensions: fc.constant([x, y, z] as Triple),
    values: fc.oneof(
      of(fc.integer({ min: -3, max: 3 })).map((all) => Int16Array.from(all)),
      of(fc.integer({ min: -32768, max: 32767 })).map((all) => Int16Array.from(all)),
      of(fc.oneof(fc.float({ noNaN: false }), fc.constantFrom(0, 1))).map((all) => Float32Array.from(all)),
    ),
    seeds: of(fc.integer({ min: -20, max: 3 })).map((all) => Uint8Array.from(all, (v) => Math.max(0, v))),
    spacingMm: fc.constantFrom<Triple>([1, 1, 1], [0.4, 0.4, 3], [0.1, 1, 5]),
    locality: fc.constantFrom(0, 0.3, 1),
  });
});

describe('grow from seeds', () => {
  test('[M-combine] each voxel goes to the label with the cheapest path, as a search for every label alone finds it', () => {
    fc.assert(
      fc.property(scenes, ({ dimensions, values, seeds, spacingMm, locality }) => {
        const grown = growFromSeeds(values, seeds, dimensions, spacingMm, { marginMm: 1000, locality });
        expect(grown).toEqual(growSlowly(values, seeds, dimensions, spacingMm, locality));
        for (let n = 0; n < seeds.length; n++) if (seeds[n] > 0) expect(grown[n]).toBe(seeds[n]);
      }),
      { numRuns: 150 },
    );
  });

  test('[M-combine] two bodies of one value, parted by a dark line, go each to its own seed, though the other seed is nearer to some of it', () => {
    const dimensions: Triple = [31, 9, 5];
    const values = Int16Array.from({ length: 31 * 9 * 5 }, (_, n) => (n % 31 === 24 ? 100 : 1000));
    const seeds = new Uint8Array(values.length);
    const middle = (2 * 9 + 4) * 31;
    seeds[middle + 1] = 1;
    seeds[middle + 28] = 2;
    const labels = growFromSeeds(values, seeds, dimensions, [1, 1, 1], { marginMm: 100, locality: 0 });
    const nearest = growFromSeeds(values, seeds, dimensions, [1, 1, 1], { marginMm: 100, locality: 1 });
    for (let n = 0; n < values.length; n++) {
      const i = n % 31;
      if (i !== 24) expect(labels[n]).toBe(i < 24 ? 1 : 2);
      // By the way alone the border lies half-way between the seeds, whatever the image shows.
      if (Math.abs(i - 14.5) > 3) expect(nearest[n]).toBe(i < 14.5 ? 1 : 2);
    }
  });

  test('[M-combine] nothing beyond the margin around the seeds, nothing without seeds, and a cancel is heard', () => {
    const dimensions: Triple = [12, 10, 8];
    const values = new Int16Array(960);
    const seeds = new Uint8Array(960);
    seeds[(4 * 10 + 5) * 12 + 5] = 7;
    const labels = growFromSeeds(values, seeds, dimensions, [1, 2, 0.5], { marginMm: 2, locality: 0 });
    for (let n = 0; n < 960; n++) {
      const [i, j, k] = [n % 12, Math.floor(n / 12) % 10, Math.floor(n / 120)];
      expect(labels[n]).toBe(Math.abs(i - 5) <= 2 && Math.abs(j - 5) <= 1 && Math.abs(k - 4) <= 4 ? 7 : 0);
    }
    const none = growFromSeeds(values, new Uint8Array(960), dimensions, [1, 1, 1], { marginMm: 2, locality: 0 });
    expect(none.every((label) => label === 0)).toBe(true);
    expect(growFromSeeds(new Float32Array([Number.NaN]), Uint8Array.of(3), [1, 1, 1], [1, 1, 1], { marginMm: 0, locality: 0.5 })).toEqual(
      Uint8Array.of(3),
    );
    const cancelled = () => {
      throw new RangeError('cancelled here');
    };
    expect(() => growFromSeeds(values, seeds, dimensions, [1, 1, 1], { marginMm: 2, locality: 0 }, cancelled)).toThrow('cancelled here');
    expect(() => growFromSeeds(values, seeds, [12, 10, 7], [1, 1, 1], { marginMm: 2, locality: 0 })).toThrow(RangeError);
    expect(() => growFromSeeds(values, seeds, dimensions, [1, 1, 0], { marginMm: 0, locality: 0 })).toThrow(RangeError);
    expect(() => growFromSeeds(values, seeds, dimensions, [1, 1, 1], { marginMm: 0, locality: 2 })).toThrow(RangeError);
  });
});
