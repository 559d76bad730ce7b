import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lpsToIndex, type Nine, type Triple, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { along } from '../camera/plane-axes.ts';
import { type PixelPlane, planeGrid } from './plane-grid.ts';

const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** Unit axes turned by three angles; a mirror makes them left-handed. */
function turned(a: number, b: number, c: number, mirror: boolean): Nine {
  const [ca, sa, cb, sb, cc, sc] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b), Math.cos(c), Math.sin(c)];
  const m = mirror ? -1 : 1;
  return [
    ca * cb,
    sa * cb,
    -sb,
    ca * sb * sc - sa * cc,
    sa * sb * sc + ca * cc,
    cb * sc,
    ...[ca * sb * cc + sa * sc, sa * sb * cc - ca * sc, cb * cc].map((v) => v * m),
  ] as Nine;
}
const quarter = fc.integer({ min: 0, max: 3 }).map((n) => (n * Math.PI) / 2);
const angle = fc.oneof(quarter, number(-3, 3));
const spacing = number(0.3, 2);
const geometries: fc.Arbitrary<VolumeGeometry> = fc.record({
  dimensions: fc.tuple(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 })),
  spacingMm: fc.tuple(spacing, spacing, spacing),
  originLps: fc.tuple(number(-9, 9), number(-9, 9), number(-9, 9)),
  directionLps: fc.tuple(angle, angle, angle, fc.boolean()).map((a) => turned(...a)),
});

/** The nearest voxel, asked pixel by pixel; null where a pixel is so near a face between voxels that rounding decides. */
function slowOffset(g: VolumeGeometry, plane: PixelPlane, x: number, y: number): number | null {
  const at = lpsToIndex(g, ...along(along(plane.firstLps, plane.rightLps, x), plane.downLps, y));
  if (at.some((v) => Math.abs(v + 0.5 - Math.round(v + 0.5)) < 1e-6)) return null;
  const [i, j, k] = at.map((v) => Math.floor(v + 0.5)) as Triple;
  const [nx, ny, nz] = g.dimensions;
  return i < 0 || j < 0 || k < 0 || i >= nx || j >= ny || k >= nz ? -1 : i + nx * (j + ny * k);
}

test('each pixel shows the voxel nearest to it, for any orientation of the grid and of the view', () => {
  let compared = 0;
  fc.assert(
    fc.property(geometries, fc.tuple(number(-12, 4), number(-12, 4), number(-6, 6)), number(0.1, 1.2), quarter, (g, firstLps, mm, view) => {
      const [c, s] = [Math.cos(view), Math.sin(view)];
      const plane: PixelPlane = { firstLps, rightLps: [mm * c, mm * s, 0], downLps: [-mm * s, mm * c, 0] };
      const [width, height] = [17, 13];
      const grid = planeGrid(g, plane, width, height);
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const inside = x >= grid.left && x < grid.right && y >= grid.top && y < grid.bottom;
          const slow = slowOffset(g, plane, x, y);
          if (slow === null) continue;
          compared++;
          expect(inside ? grid.offsets[y * width + x] : -1).toBe(slow);
        }
      }
    }),
    { numRuns: 400 },
  );
  expect(compared).toBeGreaterThan(20_000);
});

test('a reused buffer gives the same answer as a fresh one', () => {
  const g: VolumeGeometry = {
    dimensions: [5, 6, 7],
    spacingMm: [1, 1, 1],
    originLps: [0, 0, 0],
    directionLps: turned(0.3, 0.2, 0.1, false),
  };
  const plane: PixelPlane = { firstLps: [-2, -2, 3], rightLps: [0.5, 0, 0], downLps: [0, 0.5, 0] };
  const fresh = planeGrid(g, plane, 20, 20);
  const used = planeGrid(g, plane, 20, 20, new Int32Array(400).fill(12345));
  expect(used.offsets).toEqual(fresh.offsets);
});
