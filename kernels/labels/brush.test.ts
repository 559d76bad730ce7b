import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexToLps, lpsToIndex, type Triple, type VolumeGeometry, voxelCount, voxelVolumeMm3 } from '../volume/geometry.ts';
import { type BrushSegment, paintSegment } from './brush.ts';
import { brushFootprint } from './brush-oracle.ts';

const upright: VolumeGeometry = {
  dimensions: [20, 18, 16],
  spacingMm: [1, 1, 1],
  originLps: [0, 0, 0],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};

function paint(changes: Partial<BrushSegment>) {
  const geometry = changes.geometry ?? upright;
  const changed: number[] = [];
  const mask = changes.mask ?? new Uint8Array(voxelCount(geometry.dimensions));
  const counts = paintSegment({
    mask,
    geometry,
    values: null,
    fromLps: [9, 9, 8],
    toLps: [9, 9, 8],
    diameterMm: 6,
    shape: 'sphere',
    planeNormalLps: [0, 0, 1],
    gateHu: null,
    value: 1,
    changed,
    ...changes,
  });
  return { mask, changed, counts, set: new Set(changed) };
}

/** Slanted, anisotropic, either-handed grids with volume. */
const slanted = fc
  .tuple(
    fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 9, maxLength: 9 }),
    fc.tuple(
      fc.double({ min: 0.4, max: 2, noNaN: true }),
      fc.double({ min: 0.4, max: 2, noNaN: true }),
      fc.double({ min: 0.4, max: 2, noNaN: true }),
    ),
  )
  .map(([d, spacingMm]) => {
    const unit = [0, 3, 6].flatMap((n) => {
      const size = Math.hypot(d[n], d[n + 1], d[n + 2]) || 1;
      return [d[n] / size, d[n + 1] / size, d[n + 2] / size];
    });
    return { dimensions: [11, 10, 9], spacingMm, originLps: [-30, 40, 7], directionLps: unit } as VolumeGeometry;
  })
  .filter((g) => voxelVolumeMm3(g) > 0.3 * g.spacingMm[0] * g.spacingMm[1] * g.spacingMm[2]);
const inside = fc.tuple(
  fc.double({ min: -3, max: 13, noNaN: true }),
  fc.double({ min: -3, max: 12, noNaN: true }),
  fc.double({ min: -3, max: 11, noNaN: true }),
);

/** Every voxel, the long way: distance of the centre to the segment, and points sampled along it for the voxels that it crosses. */
function bruteForce(g: VolumeGeometry, from: Triple, to: Triple, radius: number, normal: Triple | null) {
  const certain = new Set<number>();
  const possible = new Set<number>();
  const [nx, ny, nz] = g.dimensions;
  const extent = normal
    ? [0, 1, 2].reduce((sum, n) => {
        const d = g.directionLps.slice(3 * n, 3 * n + 3).map((v) => v * g.spacingMm[n]);
        return sum + Math.abs(d[0] * normal[0] + d[1] * normal[1] + d[2] * normal[2]);
      }, 0) / 2
    : 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        const p = indexToLps(g, i, j, k).map((v, n) => v - from[n]);
        const off = normal ? p[0] * normal[0] + p[1] * normal[1] + p[2] * normal[2] : 0;
        if (Math.abs(off) > extent + 1e-6) continue;
        const inPlane = normal ? p.map((v, n) => v - off * normal[n]) : p;
        const along = to.map((v, n) => v - from[n]);
        const square = along.reduce((sum, v) => sum + v * v, 0);
        const t = square > 0 ? Math.max(0, Math.min(1, inPlane.reduce((sum, v, n) => sum + v * along[n], 0) / square)) : 0;
        const nearest = Math.hypot(...inPlane.map((v, n) => v - t * along[n]));
        const index = (k * ny + j) * nx + i;
        if (nearest <= radius + 1e-6) possible.add(index);
        if (nearest <= radius - 1e-6 && (normal === null || Math.abs(off) < extent - 1e-6)) certain.add(index);
      }
    }
  }
  for (let n = 0; n <= 4000; n++) {
    const at = lpsToIndex(g, ...(from.map((v, m) => v + (n / 4000) * (to[m] - v)) as Triple)).map((v) => Math.floor(v + 0.5));
    if (at.every((v, m) => v >= 0 && v < g.dimensions[m])) {
      certain.add((at[2] * ny + at[1]) * nx + at[0]);
      possible.add((at[2] * ny + at[1]) * nx + at[0]);
    }
  }
  return { certain, possible };
}

describe('brush', () => {
  test('sets what brute force over all voxels sets, on any slanted grid', () => {
    fc.assert(
      fc.property(slanted, inside, inside, fc.double({ min: 0.1, max: 7, noNaN: true }), fc.boolean(), (g, a, b, diameterMm, round) => {
        const fromLps = indexToLps(g, ...a);
        let toLps = indexToLps(g, ...b);
        const normal: Triple = [0.6, 0, 0.8];
        if (!round) {
          const lift = 0.6 * (toLps[0] - fromLps[0]) + 0.8 * (toLps[2] - fromLps[2]);
          toLps = [toLps[0] - 0.6 * lift, toLps[1], toLps[2] - 0.8 * lift];
        }
        const drawn = paint({ geometry: g, fromLps, toLps, diameterMm, shape: round ? 'sphere' : 'circle', planeNormalLps: normal });
        const { certain, possible } = bruteForce(g, fromLps, toLps, diameterMm / 2, round ? null : normal);
        for (const index of certain) expect(drawn.mask[index]).toBe(1);
        // A cell that the path clips by less than the sampling step may be missing from the oracle: it still touches the path.
        const [nx, ny] = g.dimensions;
        for (const index of drawn.set) {
          if (possible.has(index)) continue;
          const cell = [index % nx, Math.floor(index / nx) % ny, Math.floor(index / nx / ny)];
          let slack = Number.POSITIVE_INFINITY;
          for (let n = 0; n <= 4000; n++) {
            const at = lpsToIndex(g, ...(fromLps.map((v, m) => v + (n / 4000) * (toLps[m] - v)) as Triple));
            slack = Math.min(slack, Math.max(...at.map((v, m) => Math.abs(v - cell[m]))));
          }
          expect(slack).toBeLessThan(0.51);
        }
      }),
      { seed: 91, numRuns: 150 },
    );
  });

  test('row by row it sets exactly what its slow twin finds by asking every voxel', () => {
    fc.assert(
      fc.property(slanted, inside, inside, fc.double({ min: 0.1, max: 9, noNaN: true }), fc.boolean(), (g, a, b, diameterMm, round) => {
        const shape = round ? ('sphere' as const) : ('circle' as const);
        const normal: Triple = [0.36, 0.48, 0.8];
        const changes = {
          geometry: g,
          fromLps: indexToLps(g, ...a),
          toLps: indexToLps(g, ...b),
          diameterMm,
          shape,
          planeNormalLps: normal,
        };
        const { changed } = paint(changes);
        const twin = brushFootprint({ ...changes, mask: new Uint8Array(0), values: null, gateHu: null, value: 1, changed: [] });
        expect(changed.toSorted((m, n) => m - n)).toEqual(twin);
      }),
      { seed: 93, numRuns: 400 },
    );
  });

  test('[9.1-types] masking: only inside of one mask, never over another', () => {
    const only = new Uint8Array(20 * 18 * 16);
    const never = new Uint8Array(only.length);
    only.fill(1, 0, only.length / 2 + 200);
    never.fill(1, only.length / 2 + 100);
    const free = paint({});
    const { changed, counts } = paint({ only, never: [never] });
    expect(changed).toEqual(free.changed.filter((v) => only[v] === 1 && never[v] === 0));
    expect(counts.changed).toBe(changed.length);
    // The voxel under the pointer is asked more than once.
    expect(counts.blocked).toBeGreaterThanOrEqual(free.changed.length - changed.length);
    expect(free.changed.length).toBeGreaterThan(changed.length);
    // Inside of itself a segment can only be erased.
    const mask = free.mask;
    expect(paint({ mask, only: mask, diameterMm: 9 }).counts.changed).toBe(0);
    expect(paint({ mask, only: mask, diameterMm: 9, value: 0 }).counts.changed).toBe(free.changed.length);
    expect(() => paint({ only: new Uint8Array(3) })).toThrow(RangeError);
  });

  test('a path drawn in pieces sets the union', () => {
    fc.assert(
      fc.property(
        slanted,
        inside,
        inside,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
        fc.double({ min: 0.1, max: 5, noNaN: true }),
        (g, a, b, cuts, diameterMm) => {
          const from = indexToLps(g, ...a);
          const to = indexToLps(g, ...b);
          const whole = paint({ geometry: g, fromLps: from, toLps: to, diameterMm });
          const pieces = paint({ geometry: g, fromLps: from, toLps: from, diameterMm });
          let last = from;
          for (const t of [...cuts.sort((s, u) => s - u), 1]) {
            const next = from.map((v, n) => v + t * (to[n] - v)) as Triple;
            const counts = paintSegment({
              mask: pieces.mask,
              geometry: g,
              values: null,
              fromLps: last,
              toLps: next,
              diameterMm,
              shape: 'sphere',
              planeNormalLps: [0, 0, 1],
              gateHu: null,
              value: 1,
              changed: pieces.changed,
            });
            expect(counts.blocked).toBe(0);
            last = next;
          }
          expect(pieces.mask).toEqual(whole.mask);
          expect(new Set(pieces.changed).size).toBe(pieces.changed.length);
          expect(pieces.changed.length).toBe(whole.changed.length);
        },
      ),
      { seed: 92, numRuns: 300 },
    );
  });

  test('a circle on a plane of the grid takes one layer, also midway between two', () => {
    for (const z of [7.2, 7.5, 7.9]) {
      const { set, mask } = paint({ fromLps: [4, 9, z], toLps: [14, 9, z], shape: 'circle' });
      expect(new Set([...set].map((n) => Math.floor(n / 360)))).toEqual(new Set([Math.floor(z + 0.5)]));
      expect(mask.reduce((a, b) => a + b, 0)).toBe(11 * 7 + 2 * 11);
    }
    const turned = paint({ fromLps: [4, 9, 7.5], toLps: [14, 9, 7.5], shape: 'circle', planeNormalLps: [0, 0, -2] });
    expect(new Set([...turned.set].map((n) => Math.floor(n / 360)))).toEqual(new Set([8]));
  });

  test('a brush smaller than a voxel draws a line without gaps', () => {
    const { set, mask } = paint({ fromLps: [1.3, 2.4, 3.2], toLps: [16.8, 13.1, 12.7], diameterMm: 0.01 });
    expect(mask[(3 * 18 + 2) * 20 + 1]).toBe(1);
    expect(mask[(13 * 18 + 13) * 20 + 17]).toBe(1);
    const cells = [...set]
      .map((n) => [n % 20, Math.floor(n / 20) % 18, Math.floor(n / 360)])
      .sort((a, b) => a[0] + a[1] + a[2] - b[0] - b[1] - b[2]);
    for (let n = 1; n < cells.length; n++) expect(cells[n].reduce((sum, v, m) => sum + Math.abs(v - cells[n - 1][m]), 0)).toBe(1);
  });

  test('the gate blocks what lies outside its range, and the eraser takes away', () => {
    const values = new Int16Array(20 * 18 * 16).fill(100);
    values[(8 * 18 + 9) * 20 + 9] = 700;
    values[(8 * 18 + 9) * 20 + 10] = 701;
    const drawn = paint({ values, gateHu: [200, 700], diameterMm: 2 });
    expect(drawn.changed).toEqual([(8 * 18 + 9) * 20 + 9]);
    expect(drawn.counts).toEqual({ changed: 1, blocked: 6 });
    const erased = paint({ mask: drawn.mask, value: 0 });
    expect(erased.changed).toEqual(drawn.changed);
    expect(drawn.mask.every((v) => v === 0)).toBe(true);
    expect(paint({ values: new Float32Array(values.length).fill(Number.NaN), gateHu: [-1e9, 1e9] }).counts.changed).toBe(0);
  });

  test('refuses a brush without size, a gate without values and a stroke out of space', () => {
    expect(() => paint({ diameterMm: 0 })).toThrow(RangeError);
    expect(() => paint({ gateHu: [0, 1] })).toThrow(RangeError);
    expect(() => paint({ toLps: [Number.NaN, 0, 0] })).toThrow(RangeError);
    expect(() => paint({ shape: 'circle', planeNormalLps: [0, 0, 0] })).toThrow(RangeError);
  });

  test('a circle brings the end of its segment onto its plane', () => {
    const level = paint({ fromLps: [4, 9, 7], toLps: [14, 9, 7], shape: 'circle' });
    const lifted = paint({ fromLps: [4, 9, 7], toLps: [14, 9, 12], shape: 'circle' });
    expect(lifted.mask).toEqual(level.mask);
  });

  test('far outside the grid nothing changes', () => {
    expect(paint({ fromLps: [1e6, 0, 0], toLps: [1e6, 1e7, 0] }).counts).toEqual({ changed: 0, blocked: 0 });
  });
});
