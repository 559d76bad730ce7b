import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countInRange, countVolume, quantile, rebin } from './histogram.ts';
import type { LoadedVolume } from './viewer.ts';

const volumeOf = (values: number[]): LoadedVolume => ({
  seriesInstanceUid: '2.25.1',
  units: 'HU',
  values: Int16Array.from(values),
  geometry: { dimensions: [values.length, 1, 1], spacingMm: [1, 1, 1], originLps: [0, 0, 0], directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
});

describe('histogram', () => {
  it('[M-threshold] counts exactly the voxels of an inclusive range', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: -32768, max: 32767 }), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: -2000, max: 4000 }),
        fc.option(fc.integer({ min: -2000, max: 4000 })),
        async (values, low, high) => {
          const h = await countVolume(volumeOf(values), () => true);
          expect(countInRange(h!, low, high)).toBe(values.filter((v) => v >= low && (high === null || v <= high)).length);
          expect(h!.minimum).toBe(Math.min(...values));
          expect(h!.maximum).toBe(Math.max(...values));
        },
      ),
    );
  });

  it('keeps every voxel of the drawn range in one column and finds quantiles', async () => {
    const h = await countVolume(volumeOf([-1000, -1000, 0, 40, 1200]), () => true);
    expect(rebin(h!, -1024, 1500, 10).reduce((a, b) => a + b)).toBe(5);
    expect(quantile(h!, 0.5)).toBe(0);
    expect(quantile(h!, 1)).toBe(1200);
  });

  it('[8.2-intensity] counts normalized values in steps fine enough for a threshold between them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 1, maxLength: 300 }),
        fc.integer({ min: -900, max: 900 }),
        async (list, hundredths) => {
          const values = Float32Array.from([...list, 8]);
          const h = await countVolume({ ...volumeOf([]), values, units: 'normalized' }, () => true);
          const low = hundredths / 100;
          expect(countInRange(h!, low, null)).toBe(values.filter((v) => v >= low).length);
          expect([h!.per, h!.minimum, h!.maximum]).toEqual([1000, Math.min(...values) + 0, 8]);
          expect(rebin(h!, -8, 8.1, 40).reduce((a, b) => a + b)).toBe(values.length);
        },
      ),
    );
  });

  it('stops when another volume has taken its place', async () => {
    expect(await countVolume(volumeOf([1]), () => false)).toBeNull();
  });
});
