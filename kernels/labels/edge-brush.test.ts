import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexToLps, type Triple, type VolumeGeometry } from '../volume/geometry.ts';
import { type EdgeBrushSegment, paintEdgeSegment } from './edge-brush.ts';
import { edgeFootprint } from './edge-brush-oracle.ts';

const geometry: VolumeGeometry = {
  dimensions: [12, 11, 9],
  spacingMm: [0.8, 1, 1.3],
  originLps: [-4, 3, 10],
  directionLps: [0.8, 0.6, 0, -0.6, 0.8, 0, 0, 0, 1],
};
const size = 12 * 11 * 9;

function draw(changes: Partial<EdgeBrushSegment>) {
  const changed: number[] = [];
  const brush: EdgeBrushSegment = {
    mask: new Uint8Array(size),
    geometry,
    values: new Int16Array(size),
    fromLps: indexToLps(geometry, 5, 5, 4),
    toLps: indexToLps(geometry, 5, 5, 4),
    diameterMm: 6,
    shape: 'sphere',
    planeNormalLps: [0, 0, 1],
    gateHu: null,
    edgeHu: 50,
    value: 1,
    changed,
    ...changes,
  };
  return { brush, changed, counts: paintEdgeSegment(brush) };
}
const index = (i: number, j: number, k: number) => (k * 11 + j) * 12 + i;
const place = fc.tuple(
  fc.double({ min: -2, max: 13, noNaN: true }),
  fc.double({ min: -2, max: 12, noNaN: true }),
  fc.double({ min: -1, max: 9, noNaN: true }),
);

describe('[9.1-types] edge-aware brush', () => {
  test('takes what the slow twin takes: joined to the voxel under the pointer, near to its value', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: size, maxLength: size }),
        place,
        place,
        fc.double({ min: 0.4, max: 6, noNaN: true }),
        fc.boolean(),
        (levels, a, b, diameterMm, round) => {
          const values = Int16Array.from(levels, (v) => v * 40);
          const fromLps = indexToLps(geometry, ...(a as Triple));
          const end = indexToLps(geometry, ...(b as Triple));
          const toLps: Triple = round ? end : [end[0], end[1], fromLps[2]];
          const drawn = draw({ values, fromLps, toLps, diameterMm, shape: round ? 'sphere' : 'circle' });
          expect(drawn.changed.toSorted((m, n) => m - n)).toEqual([...edgeFootprint(drawn.brush)].sort((m, n) => m - n));
          expect(drawn.counts).toEqual({ changed: drawn.changed.length, blocked: 0 });
        },
      ),
      { seed: 6, numRuns: 60 },
    );
  });

  test('stops at a wall one voxel thick and does not come round it outside of the footprint', () => {
    const values = new Int16Array(size);
    for (let k = 0; k < 9; k++) for (let j = 0; j < 11; j++) values[index(6, j, k)] = 700;
    const { changed } = draw({ values, diameterMm: 7 });
    expect(changed.length).toBeGreaterThan(50);
    expect(changed.every((v) => v % 12 < 6)).toBe(true);
    // On the wall itself it draws the wall.
    const wall = draw({ values, fromLps: indexToLps(geometry, 6, 5, 4), toLps: indexToLps(geometry, 6, 5, 4), diameterMm: 7 });
    expect(wall.changed.every((v) => v % 12 === 6)).toBe(true);
  });

  test('a path across an edge draws both sides without a gap', () => {
    const values = Int16Array.from({ length: size }, (_, v) => (v % 12 < 6 ? 0 : 900));
    const { brush } = draw({ values, fromLps: indexToLps(geometry, 1, 5, 4), toLps: indexToLps(geometry, 10, 5, 4), diameterMm: 0.5 });
    for (let i = 1; i <= 10; i++) expect(brush.mask[index(i, 5, 4)]).toBe(1);
  });

  test('gate and masks block voxels that the edge would let, and the eraser takes away', () => {
    const only = new Uint8Array(size);
    only.fill(1, index(0, 0, 4), index(0, 0, 5));
    const never = new Uint8Array(size);
    never[index(5, 5, 4)] = 1;
    const free = draw({ diameterMm: 5 });
    const held = draw({ diameterMm: 5, only, never: [never] });
    expect(held.changed.length).toBeLessThan(free.changed.length);
    expect(held.changed.every((v) => only[v] === 1 && never[v] === 0)).toBe(true);
    expect(held.counts.changed + held.counts.blocked).toBeGreaterThanOrEqual(free.changed.length);
    const erased = draw({ mask: held.brush.mask, value: 0, diameterMm: 5 });
    expect(erased.changed.toSorted()).toEqual(held.changed.toSorted());
  });

  test('refuses a tolerance that is no number; NaN under the pointer takes the path alone; outside of the grid nothing', () => {
    expect(() => draw({ edgeHu: Number.NaN })).toThrow(RangeError);
    expect(() => draw({ edgeHu: -1 })).toThrow(RangeError);
    expect(draw({ values: new Float32Array(size).fill(Number.NaN) }).changed).toEqual([index(5, 5, 4)]);
    expect(draw({ fromLps: [500, 0, 0], toLps: [500, 9, 0] }).counts).toEqual({ changed: 0, blocked: 0 });
  });
});
