import { describe, expect, test } from 'vitest';
import { mapFigures } from './map-figures.ts';
import { emptyMesh, type Mesh } from './mesh.ts';
import { weighedQuantiles } from './weighed-quantiles.ts';

/** Two squares apart: 4 mm² and 1 mm². */
const squares: Mesh = {
  positions: Float64Array.of(0, 0, 0, 2, 0, 0, 2, 2, 0, 0, 2, 0, 9, 0, 0, 10, 0, 0, 10, 1, 0, 9, 1, 0),
  triangles: Uint32Array.of(0, 1, 2, 0, 2, 3, 4, 5, 6, 4, 6, 7),
};

describe('figures of a map', () => {
  test('[P-finish] surface counts: quantiles and bins by area, signs on both sides of the middle', () => {
    const map = mapFigures(squares, Float32Array.of(-1, -1, -1, -1, 3, 3, 3, 3), true);
    expect(map).toMatchObject({ minMm: -1, maxMm: 3, p05Mm: -1, p95Mm: 3, histogram: { fromMm: -3, toMm: 3 } });
    expect(map.histogram.areaMm2.reduce((a, b) => a + b)).toBeCloseTo(5, 9);
    expect(map.histogram.areaMm2.at(-1)).toBeCloseTo(1, 9);
    expect(map.histogram.areaMm2[Math.floor((2 / 6) * 64)]).toBeCloseTo(4, 9);
  });

  test('[P-print] thickness starts at 0; what has no value takes no part', () => {
    const map = mapFigures(squares, Float32Array.of(NaN, NaN, NaN, NaN, 2, 2, 2, 2), false);
    expect(map).toMatchObject({ minMm: 2, maxMm: 2, p05Mm: 2, p95Mm: 2, histogram: { fromMm: 0, toMm: 2 } });
    expect(map.histogram.areaMm2.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
    const none = mapFigures(emptyMesh(), new Float32Array(0), false);
    expect(none).toMatchObject({ minMm: 0, maxMm: 0 });
    expect(none.histogram.areaMm2.every((area) => area === 0)).toBe(true);
  });

  test('quantiles by weight, as sorting a list says', () => {
    expect(weighedQuantiles(Float32Array.of(5, 1, 3, NaN), Float64Array.of(1, 2, 1, 9), [0.5, 0.51, 0.75, 1])).toEqual([1, 3, 3, 5]);
    expect(() => weighedQuantiles(Float32Array.of(1), Float64Array.of(0), [0.5])).toThrow(RangeError);
  });
});
