import { describe, expect, test } from 'vitest';
import { createRandom } from './random.ts';
import { blurSlice, gaussianTaps, type ScannerSettings, scanSlice } from './scanner.ts';

const deviation = (values: ArrayLike<number>): number => {
  const all = Array.from(values);
  const mean = all.reduce((a, b) => a + b, 0) / all.length;
  return Math.sqrt(all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / all.length);
};

describe('random numbers', () => {
  test('one seed gives one row of numbers; seeds and streams keep apart', () => {
    const row = (seed: number, stream?: number) => {
      const random = createRandom(seed, stream);
      return Array.from({ length: 8 }, () => random.next());
    };
    expect(row(7)).toEqual(row(7));
    expect(row(7)).not.toEqual(row(8));
    expect(row(7)).not.toEqual(row(7, 1));
    expect(row(1)).not.toEqual(row(1 + 2 ** 32));
    expect(() => createRandom(-1)).toThrow(RangeError);
    expect(() => createRandom(0.5)).toThrow(RangeError);
  });

  test('they are spread as they should be', () => {
    const random = createRandom(1);
    const uniform = Array.from({ length: 50_000 }, () => random.next());
    expect(Math.min(...uniform.slice(0, 1000))).toBeGreaterThanOrEqual(0);
    expect(uniform.reduce((a, b) => a + b, 0) / uniform.length).toBeCloseTo(0.5, 2);
    expect(deviation(uniform)).toBeCloseTo(Math.sqrt(1 / 12), 2);
    const normal = Array.from({ length: 50_000 }, () => random.normal());
    expect(Math.abs(normal.reduce((a, b) => a + b, 0) / normal.length)).toBeLessThan(0.02);
    expect(deviation(normal)).toBeCloseTo(1, 1);
  });
});

describe('scanner', () => {
  const [nx, ny, nz] = [64, 48, 3];
  const settings = { fwhmMm: 0.9, sliceLeak: 0.08, noiseHu: 13 };

  test('blur keeps a flat slice flat and a point its sum', () => {
    const flat = new Float32Array(nx * ny).fill(40);
    blurSlice(flat, new Float32Array(nx * ny), nx, ny, gaussianTaps(0.8));
    expect(Math.max(...flat)).toBeCloseTo(40, 3);
    const point = new Float32Array(nx * ny);
    point[20 * nx + 30] = 1000;
    blurSlice(point, new Float32Array(nx * ny), nx, ny, gaussianTaps(0.8));
    expect(point.reduce((a, b) => a + b, 0)).toBeCloseTo(1000, 1);
    expect(point[20 * nx + 31]).toBeCloseTo(point[21 * nx + 30], 3);
  });

  test('a thin sheet keeps the contrast that its point spread leaves it', () => {
    // 0.3 mm at FWHM 0.94 mm keeps erf(t / (2 sqrt2 sigma)) = 29 % of its contrast.
    const pixelMm = 0.1;
    const ideal = new Float32Array(nx * ny * nz);
    for (let n = 0; n < ideal.length; n++) if (Math.abs((n % nx) - 32) <= 1) ideal[n] = 1000;
    const slice = scanSlice(ideal, [nx, ny, nz], 1, pixelMm, { fwhmMm: 0.94, sliceLeak: 0, noiseHu: 0 }, createRandom(1));
    expect(slice[24 * nx + 32] / 1000).toBeCloseTo(0.293, 2);
  });

  test('noise has the asked deviation, and values stay within 12 bits', () => {
    const flat = new Float32Array(256 * 256 * 3).fill(40);
    const slice = scanSlice(flat, [256, 256, 3], 1, 0.8, settings, createRandom(4));
    expect(Math.abs(deviation(slice) - 13)).toBeLessThan(0.5);
    const bright = new Float32Array(nx * ny * nz).fill(9000);
    expect(Math.max(...scanSlice(bright, [nx, ny, nz], 0, 0.8, settings, createRandom(4)))).toBe(3071);
  });
});

test('a sharpening kernel overshoots at an edge, a plain one never does, and coarse grain hangs together further', () => {
  const dimensions = [40, 9, 1] as const;
  const edge = Float32Array.from({ length: 360 }, (_, n) => (n % 40 < 20 ? 0 : 1000));
  const plain = { fwhmMm: 1, sliceLeak: 0, noiseHu: 0 };
  const scan = (settings: ScannerSettings) => Array.from(scanSlice(edge, dimensions, 0, 0.5, settings, createRandom(1))).slice(160, 200);
  expect(Math.max(...scan(plain))).toBe(1000);
  expect(Math.max(...scan({ ...plain, undershoot: 0.3 }))).toBeGreaterThan(1010);
  expect(Math.min(...scan({ ...plain, undershoot: 0.3 }))).toBeLessThan(-10);
  const flat = new Float32Array(4096);
  const together = (grainPixels: number) => {
    const noise = scanSlice(flat, [64, 64, 1], 0, 0.5, { ...plain, noiseHu: 50, grainPixels }, createRandom(2));
    let both = 0;
    let own = 0;
    for (let n = 0; n < 4095; n++) {
      both += noise[n]! * noise[n + 1]!;
      own += noise[n]! ** 2;
    }
    return both / own;
  };
  expect(together(1.5)).toBeGreaterThan(together(0.5) + 0.3);
});
