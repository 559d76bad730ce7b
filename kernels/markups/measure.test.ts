import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexToLps, lpsToIndex, type Nine, type Triple, type VolumeGeometry, voxelCount } from '../volume/geometry.ts';
import { anyGrid, sampled, slope, turned } from '../volume/grids.fixture.ts';
import { evenOddAreaMm2 } from './even-odd-area.ts';
import { measureMarkup } from './measure.ts';
import { regionValues, valueAt } from './region-values.ts';
import type { MarkupShape, MarkupShapeKind } from './shape.ts';
import { cross, dot, minus } from './vectors.ts';

const measured = (kind: MarkupShapeKind, pointsLps: Triple[], normalLps: Triple | null = null) =>
  measureMarkup({ kind, pointsLps, normalLps }, null);
const angle = fc.integer({ min: -180, max: 180 });
const coordinate = fc.integer({ min: -90, max: 90 }).map((n) => n / 10);

/** A rigid move of space, mirrored or not. */
function moved(m: Nine, by: Triple, mirror: boolean) {
  return (p: Triple): Triple => {
    const q: Triple = mirror ? [-p[0], p[1], p[2]] : p;
    return [0, 1, 2].map((r) => m[r]! * q[0] + m[r + 3]! * q[1] + m[r + 6]! * q[2] + by[r]!) as Triple;
  };
}

describe('measures of markups', () => {
  test('[9.1-types] lengths, angles and areas by hand', () => {
    expect(
      measured('line', [
        [1, 2, 3],
        [4, 6, 15],
      ]),
    ).toEqual({ lengthMm: 13, angleDeg: null, areaMm2: null, values: null });
    expect(
      measured('polyline', [
        [0, 0, 0],
        [3, 4, 0],
        [3, 4, 2],
      ]).lengthMm,
    ).toBe(7);
    expect(
      measured('angle', [
        [5, 0, 0],
        [0, 0, 0],
        [0, 0, 3],
      ]).angleDeg,
    ).toBeCloseTo(90, 12);
    expect(
      measured('angle', [
        [1, 0, 0],
        [0, 0, 0],
        [-2, 0, 0],
      ]).angleDeg,
    ).toBe(180);
    // The cosine of this one is 1 to its last digit.
    expect(
      measured('angle', [
        [1, 0, 0],
        [0, 0, 0],
        [1, 1e-9, 0],
      ]).angleDeg,
    ).toBeCloseTo(1e-9 * (180 / Math.PI), 15);
    expect(
      measured('rectangle', [
        [0, 0, 7],
        [4, 0, 7],
        [4, 3, 7],
        [0, 3, 7],
      ]),
    ).toMatchObject({ lengthMm: 14, areaMm2: 12 });
    expect(
      measured('polygon', [
        [0, 0, 0],
        [0, 6, 8],
        [10, 6, 8],
        [10, 0, 0],
      ]).areaMm2,
    ).toBeCloseTo(100, 9);
    const ring = Array.from({ length: 8 }, (_, n): Triple => [30 * Math.cos((n * Math.PI) / 4), 30 * Math.sin((n * Math.PI) / 4), 5]);
    const circle = measured('closed-curve', ring);
    expect(Math.abs(circle.areaMm2! / (Math.PI * 900) - 1)).toBeLessThan(0.01);
    expect(Math.abs(circle.lengthMm! / (Math.PI * 60) - 1)).toBeLessThan(0.01);
  });

  test('[9.1-types] an ellipse is measured exactly: area, and its circumference against the integral', () => {
    const circle = measured('ellipse', [
      [-5, 0, 1],
      [5, 0, 1],
      [0, 5, 1],
    ]);
    expect(circle.areaMm2).toBeCloseTo(25 * Math.PI, 10);
    expect(circle.lengthMm).toBeCloseTo(10 * Math.PI, 10);
    for (const [a, b] of [
      [10, 3],
      [1, 20],
      [7, 0.01],
      [4, 0],
    ] as const) {
      const one = measured('ellipse', [
        [-a, 2, 1],
        [a, 2, 1],
        [0, 2 + b, 1],
      ]);
      const pieces = 200_000;
      let round = 0;
      for (let n = 0; n < pieces; n++) {
        const t = ((n + 0.5) / pieces) * 2 * Math.PI;
        round += Math.hypot(a * Math.sin(t), b * Math.cos(t)) * ((2 * Math.PI) / pieces);
      }
      expect(one.lengthMm).toBeCloseTo(round, 6);
      expect(one.areaMm2).toBeCloseTo(Math.PI * a * b, 9);
    }
  });

  test('[9.1-types] what has no measure has none, and what has no extent is 0 or null', () => {
    const nothing = { lengthMm: null, angleDeg: null, areaMm2: null, values: null };
    expect(measured('text', [[1, 2, 3]])).toEqual(nothing);
    expect(
      measured('pointer', [
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ).toEqual(nothing);
    expect(
      measured('text-pointer', [
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ).toEqual(nothing);
    expect(measured('point', [[1, 2, 3]])).toEqual(nothing);
    expect(
      measured('angle', [
        [1, 2, 3],
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ).toEqual(nothing);
    expect(
      measured('line', [
        [1, 2, 3],
        [1, 2, 3],
      ]).lengthMm,
    ).toBe(0);
    expect(
      measured('polygon', [
        [0, 0, 0],
        [1, 1, 1],
        [3, 3, 3],
      ]),
    ).toMatchObject({ areaMm2: 0, values: null });
    expect(
      measured('freehand', [
        [1, 1, 1],
        [1, 1, 1],
        [1, 1, 1],
      ]),
    ).toMatchObject({ areaMm2: 0, lengthMm: 0 });
    expect(
      measured('ellipse', [
        [1, 1, 1],
        [1, 1, 1],
        [1, 1, 1],
      ]),
    ).toMatchObject({ areaMm2: 0, lengthMm: 0 });
    expect(() =>
      measured('line', [
        [0, 0, 0],
        [Number.NaN, 0, 0],
      ]),
    ).toThrow(RangeError);
  });

  test('[9.1-types] an outline that crosses itself has the area of what is inside an odd number of times', () => {
    const eight: Triple[] = [
      [0, 0, 0],
      [4, 4, 0],
      [4, 0, 0],
      [0, 4, 0],
    ];
    expect(measured('freehand', eight, [0, 0, 1]).areaMm2).toBeCloseTo(8, 12);
    // Twice round a square: nothing is inside an odd number of times.
    const square: Triple[] = [
      [0, 0, 0],
      [4, 0, 0],
      [4, 4, 0],
      [0, 4, 0],
    ];
    expect(measured('polygon', [...square, ...square]).areaMm2).toBeCloseTo(0, 12);
    // Crossing in a corner that both halves share.
    expect(
      evenOddAreaMm2([
        [0, 0],
        [2, 2],
        [4, 0],
        [4, 4],
        [2, 2],
        [0, 4],
      ]),
    ).toBeCloseTo(8, 12);
  });

  test('[9.1-types] the area is the share of a fine grid that is inside, crossing or not (oracle)', () => {
    const corner = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 }));
    fc.assert(
      fc.property(fc.array(corner, { minLength: 3, maxLength: 7 }), (corners) => {
        const cells = 240;
        let inside = 0;
        for (let y = 0; y < cells; y++)
          for (let x = 0; x < cells; x++) {
            // Off the lattice of the corners.
            const [u, v] = [((x + 0.5) * 12) / cells, ((y + 0.500123) * 12) / cells];
            let odd = false;
            for (const [n, a] of corners.entries()) {
              const b = corners[(n + 1) % corners.length]!;
              if (a[1] > v !== b[1] > v && u < a[0] + ((v - a[1]) / (b[1] - a[1])) * (b[0] - a[0])) odd = !odd;
            }
            if (odd) inside++;
          }
        const around = corners.reduce(
          (sum, a, n) => sum + Math.hypot(a[0] - corners[(n + 1) % corners.length]![0], a[1] - corners[(n + 1) % corners.length]![1]),
          0,
        );
        expect(Math.abs(evenOddAreaMm2(corners) - inside * (12 / cells) ** 2)).toBeLessThan(0.01 + around * (12 / cells));
      }),
      { numRuns: 40 },
    );
  });

  test('[9.1-types] measures do not change when all of space is turned, moved or mirrored', () => {
    const flat = fc.array(fc.tuple(coordinate, coordinate), { minLength: 4, maxLength: 8 });
    fc.assert(
      fc.property(
        flat,
        fc.tuple(angle, angle, angle),
        fc.tuple(coordinate, coordinate, coordinate),
        fc.boolean(),
        (corners, turns, by, mirror) => {
          const move = moved(turned(...turns), by, mirror);
          const shapes: [MarkupShapeKind, number][] = [
            ['polygon', 99],
            ['closed-curve', 99],
            ['ellipse', 3],
            ['angle', 3],
            ['curve', 99],
            ['line', 2],
          ];
          for (const [kind, count] of shapes) {
            const points = corners.slice(0, count).map(([x, y]): Triple => [x, y, 0]);
            // Angles between arms of no length have no answer to compare.
            const before = measured(kind, points, [0, 0, 1]);
            const origin = move([0, 0, 0]);
            const after = measured(kind, points.map(move), minus(move([0, 0, 1]), origin));
            for (const which of ['lengthMm', 'angleDeg', 'areaMm2'] as const) {
              if (before[which] === null) expect(after[which]).toBeNull();
              else expect(after[which]).toBeCloseTo(before[which], 5);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** Every voxel, the long way: angle-free crossing count in the plane's own axes, built from the normal in another way. */
function bruteForce(g: VolumeGeometry, outline: Triple[], normal: Triple) {
  const n = normal.map((v) => v / Math.hypot(...normal)) as Triple;
  const a = cross(n, Math.abs(n[0]) > 0.7 ? [0, 1, 0] : [1, 0, 0]);
  const across = a.map((v) => v / Math.hypot(...a)) as Triple;
  const down = cross(n, across);
  const middle = [0, 1, 2].map((c) => outline.reduce((sum, p) => sum + p[c]! / outline.length, 0)) as Triple;
  const extent =
    [0, 1, 2].reduce(
      (sum, c) => sum + Math.abs(dot(g.directionLps.slice(3 * c, 3 * c + 3).map((v) => v * g.spacingMm[c]!) as Triple, n)),
      0,
    ) / 2;
  const sure: number[] = [];
  const maybe: number[] = [];
  const [nx, ny, nz] = g.dimensions;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        const p = minus(indexToLps(g, i, j, k), middle);
        const off = Math.abs(dot(p, n));
        if (off > extent + 1e-6) continue;
        const [u, v] = [dot(p, across), dot(p, down)];
        let odd = false;
        let near = Math.abs(off - extent) < 1e-6;
        for (const [m, one] of outline.entries()) {
          const two = outline[(m + 1) % outline.length]!;
          const [q, r] = [minus(one, middle), minus(two, middle)];
          const [au, av, bu, bv] = [dot(q, across), dot(q, down), dot(r, across), dot(r, down)];
          const [du, dv] = [bu - au, bv - av];
          const t = Math.max(0, Math.min(1, ((u - au) * du + (v - av) * dv) / (du * du + dv * dv || 1)));
          if (Math.hypot(au + t * du - u, av + t * dv - v) < 1e-6) near = true;
          if (av > v !== bv > v && u < au + ((v - av) / (bv - av)) * du) odd = !odd;
        }
        const index = (k * ny + j) * nx + i;
        if (near) maybe.push(index);
        else if (odd) sure.push(index);
      }
  return { sure, maybe };
}

describe('values inside of an outline', () => {
  test('[9.1-types] are those of every voxel whose centre lies inside on its slice, on any grid and plane (oracle)', () => {
    const corners = fc.array(fc.tuple(coordinate, coordinate), { minLength: 3, maxLength: 8 });
    const tilt = fc.oneof(fc.constantFrom<Triple>([0, 0, 0], [90, 0, 0], [0, 90, 0]), fc.tuple(angle, angle, angle));
    fc.assert(
      fc.property(anyGrid(8), corners, tilt, fc.tuple(coordinate, coordinate, coordinate), (g, flat, turns, by) => {
        const m = turned(...(turns as Triple));
        const middle = indexToLps(g, ...(g.dimensions.map((n) => (n - 1) / 2) as Triple));
        const at = middle.map((v, c) => v + by[c]! / 9) as Triple;
        const outline = flat.map(([u, v]) => [0, 1, 2].map((r) => at[r]! + m[r]! * u + m[r + 3]! * v) as Triple);
        const normal = m.slice(6) as Triple;
        const values = new Int16Array(voxelCount(g.dimensions)).map((_, n) => n);
        const { sure, maybe } = bruteForce(g, outline, normal);
        const got = regionValues(values, g, outline, normal);
        const voxels = got?.voxels ?? 0;
        expect(voxels).toBeGreaterThanOrEqual(sure.length);
        expect(voxels).toBeLessThanOrEqual(sure.length + maybe.length);
        if (maybe.length > 0 || sure.length === 0) return;
        const mean = sure.reduce((sum, n) => sum + n, 0) / sure.length;
        const sd = Math.sqrt(sure.reduce((sum, n) => sum + (n - mean) ** 2, 0) / Math.max(1, sure.length - 1));
        expect(got).toMatchObject({ voxels: sure.length, minimum: Math.min(...sure), maximum: Math.max(...sure) });
        expect(got!.mean).toBeCloseTo(mean, 8);
        expect(got!.sd).toBeCloseTo(sd, 8);
      }),
      { numRuns: 200 },
    );
  });

  const grid: VolumeGeometry = {
    dimensions: [20, 16, 5],
    spacingMm: [0.5, 0.75, 2],
    originLps: [-3, 10, 40],
    directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
  const ramp = sampled(grid, slope);

  test('[9.1-types] of a linear image, the mean is that of the middle of the voxels inside', () => {
    // Columns 4..11, rows 2..9 of the layer k = 3.
    const rectangle: MarkupShape = {
      kind: 'rectangle',
      normalLps: [0, 0, 1],
      pointsLps: [
        [-1.2, 11.2, 46],
        [2.7, 11.2, 46],
        [2.7, 17.1, 46],
        [-1.2, 17.1, 46],
      ],
    };
    const { values, areaMm2 } = measureMarkup(rectangle, { values: ramp, geometry: grid });
    expect(values!.voxels).toBe(64);
    expect(values!.mean).toBeCloseTo(slope(indexToLps(grid, 7.5, 5.5, 3)), 3);
    expect(values!.minimum).toBeCloseTo(slope(indexToLps(grid, 4, 9, 3)), 3);
    expect(values!.maximum).toBeCloseTo(slope(indexToLps(grid, 11, 2, 3)), 3);
    expect(areaMm2).toBeCloseTo(3.9 * 5.9, 9);
  });

  test('[9.1-types] a plane midway between two layers takes one, and two outlines side by side share no voxel', () => {
    const box = (x0: number, x1: number, z: number): Triple[] => [
      [x0, 9, z],
      [x1, 9, z],
      [x1, 23, z],
      [x0, 23, z],
    ];
    const whole = regionValues(ramp, grid, box(-10, 20, 45), [0, 0, 1])!;
    expect(whole.voxels).toBe(20 * 16);
    for (const edge of [-1, -0.5, 0.25]) {
      const left = regionValues(ramp, grid, box(-10, edge, 44), [0, 0, 1])!;
      const right = regionValues(ramp, grid, box(edge, 20, 44), [0, 0, -1])!;
      expect(left.voxels + right.voxels).toBe(20 * 16);
    }
  });

  test('[9.1-types] voxels without a number do not count; outside of the image there is nothing', () => {
    const holes = Float32Array.from(ramp);
    const first = lpsToIndex(grid, -1, 12.25, 46).map(Math.round) as Triple;
    holes[(first[2] * 16 + first[1]) * 20 + first[0]] = Number.NaN;
    const outline: Triple[] = [
      [-1.2, 11.2, 46],
      [2.7, 11.2, 46],
      [2.7, 17.1, 46],
      [-1.2, 17.1, 46],
    ];
    expect(regionValues(holes, grid, outline, null)!.voxels).toBe(63);
    expect(valueAt(holes, grid, [-1, 12.25, 46])).toBeNull();
    expect(
      regionValues(
        ramp,
        grid,
        outline.map(([x, y, z]) => [x + 100, y, z]),
        null,
      ),
    ).toBeNull();
    expect(
      regionValues(
        ramp,
        grid,
        [
          [0, 12, 46],
          [1, 12, 46],
        ],
        [0, 0, 1],
      ),
    ).toBeNull();
    expect(valueAt(ramp, grid, [-3.3, 10, 40])).toBeNull();
    expect(valueAt(ramp, grid, [-3.2, 10.3, 40.9])).toBeCloseTo(slope([-3, 10, 40]), 3);
    expect(() => regionValues(ramp.subarray(1), grid, outline, null)).toThrow(RangeError);
  });

  test('[9.1-types] a point has the value of its voxel', () => {
    const one = measureMarkup({ kind: 'point', pointsLps: [[0.1, 13.1, 44.3]], normalLps: null }, { values: ramp, geometry: grid });
    const value = slope([0, 13, 44]);
    expect(one.values!.mean).toBeCloseTo(value, 3);
    expect(one.values).toMatchObject({ voxels: 1, sd: 0 });
  });

  test('[9.1-types] a large offset costs the spread no digits', () => {
    const far = Float32Array.from({ length: voxelCount(grid.dimensions) }, (_, n) => 30000 + (n % 2));
    const all = regionValues(
      far,
      grid,
      [
        [-10, 9, 44],
        [20, 9, 44],
        [20, 23, 44],
        [-10, 23, 44],
      ],
      null,
    )!;
    expect(all.mean).toBeCloseTo(30000.5, 9);
    expect(all.sd).toBeCloseTo(Math.sqrt((320 * 0.25) / 319), 9);
  });
});
