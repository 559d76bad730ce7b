import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeOn, rampPlaces, rebin, scaleOf, valueAt } from './colour-scale.ts';

const histogram = (fromMm: number, toMm: number, areaMm2: number[]) => ({ fromMm, toMm, areaMm2 });

describe('[P-print] the scale of a map', () => {
  it('gives walls near the limit of the printer a good part of the ramp, whatever the thickest is', () => {
    expect(scaleOf({ kind: 'thickness', p95Mm: 40, histogram: histogram(0, 50, [1]) }, 0.5)).toEqual({ lowMm: 0, highMm: 3 });
    expect(scaleOf({ kind: 'thickness', p95Mm: 0.2, histogram: histogram(0, 0.3, [1]) }, 0.6)).toEqual({ lowMm: 0, highMm: 2 });
  });
  it('is symmetric for a deviation, also where there is none', () => {
    expect(scaleOf({ kind: 'deviation', p95Mm: 0.1, histogram: histogram(-0.23, 0.23, [1]) }, null)).toEqual({
      lowMm: -0.25,
      highMm: 0.25,
    });
    expect(scaleOf({ kind: 'deviation', p95Mm: 0, histogram: histogram(-1e-6, 1e-6, [1]) }, null)).toEqual({ lowMm: -0.01, highMm: 0.01 });
  });
  it('loses no area of the histogram', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -5, max: 5, noNaN: true }),
        fc.double({ min: 0.01, max: 20, noNaN: true }),
        fc.array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1, maxLength: 64 }),
        fc.double({ min: 0.1, max: 10, noNaN: true }),
        (from, width, areas, high) => {
          const out = rebin(histogram(from, from + width, areas), { lowMm: -high / 2, highMm: high }, 24);
          const sum = (of: number[]) => of.reduce((a, b) => a + b, 0);
          expect(sum(out)).toBeCloseTo(sum(areas), 6);
        },
      ),
    );
  });
  it('puts what lies beyond into the ends', () => {
    expect(rebin(histogram(0, 4, [1, 2, 3, 4]), { lowMm: 1, highMm: 3 }, 2)).toEqual([3, 7]);
    expect(placeOn({ lowMm: 0, highMm: 2 }, 9)).toBe(1);
  });
});

describe('[P-print] values on a model', () => {
  const triangles = Uint32Array.of(0, 1, 2, 2, 1, 3);
  const positions = Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0);
  const scale = { lowMm: 0, highMm: 4 };
  it('go from vertices to corners; a vertex without a value takes the other row', () => {
    const values = Float32Array.of(0, 1, 2, Number.NaN);
    expect([...rampPlaces(triangles, 4, { values, scale })]).toEqual([0, 0.25, 0.25, 0.25, 0.5, 0.25, 0.5, 0.25, 0.25, 0.25, 0, 0.75]);
  });
  it('are refused where the map is of another model', () => {
    expect(() => rampPlaces(triangles, 5, { values: new Float32Array(4), scale })).toThrow(RangeError);
  });
  it('are read between the corners as a plane', () => {
    const values = Float32Array.of(0, 1, 2, 3);
    expect(valueAt(positions, triangles, values, 0, [0.25, 0.5, 0])).toBeCloseTo(1.25, 6);
    expect(valueAt(positions, triangles, values, 1, [1, 1, 0])).toBeCloseTo(3, 6);
    expect(valueAt(positions, triangles, Float32Array.of(0, 1, 2, Number.NaN), 1, [0.9, 0.9, 0])).toBeNaN();
  });
});
