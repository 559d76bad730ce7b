import { describe, expect, it } from 'vitest';
import { countVolume, rebin } from '../../stores/histogram.ts';
import type { LoadedVolume } from '../../stores/viewer.ts';
import { drawnRange } from './value-range.ts';

const volumeOf = (values: Int16Array | Float32Array, units: string): LoadedVolume => ({
  seriesInstanceUid: '2.25.1',
  units,
  values,
  geometry: { dimensions: [values.length, 1, 1], spacingMm: [1, 1, 1], originLps: [0, 0, 0], directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
});
const drawn = async (values: Int16Array | Float32Array, units: string) => {
  const h = await countVolume(volumeOf(values, units), () => true);
  if (!h) throw new RangeError('not counted');
  const range = drawnRange(h, units);
  return { ...range, sums: rebin(h, range.from, range.to, range.columns) };
};

describe('the values that the histogram of Prepare draws', () => {
  it('[8.2-intensity] values from 0 to 1 fill the width, evenly where they are even', async () => {
    const { from, to, columns, sums } = await drawn(
      Float32Array.from({ length: 1201 }, (_, n) => n / 1200),
      'normalized',
    );
    expect([from, columns]).toEqual([0, 120]);
    expect(to).toBeGreaterThan(1);
    expect(to).toBeLessThan(1.001);
    expect(sums.reduce((a, b) => a + b)).toBe(1201);
    expect(Math.min(...sums)).toBeGreaterThanOrEqual(9);
    expect(Math.max(...sums)).toBeLessThanOrEqual(12);
  });
  it('[8.2-intensity] two whole values are two columns, one value is one', async () => {
    expect((await drawn(Int16Array.of(0, 1, 1), 'normalized')).sums).toEqual([1, 2]);
    expect((await drawn(Int16Array.of(7, 7), 'normalized')).sums).toEqual([2]);
    expect((await drawn(Int16Array.of(-2000, -2000), 'HU')).columns).toBe(1);
  });
  it('[7.3-quality] metal does not squeeze the tissue of a CT, other scales are drawn whole', async () => {
    const values = Int16Array.of(-3024, -1000, 0, 1200, 14_000);
    expect(await drawn(values, 'HU')).toMatchObject({ from: -1100, to: 2201, columns: 120 });
    expect(await drawn(values, 'intensity')).toMatchObject({ from: -3024, to: 14_001 });
  });
});
