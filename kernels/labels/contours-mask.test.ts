import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexToLps, type Triple, type VolumeGeometry, voxelCount } from '../volume/geometry.ts';
import { anyGrid } from '../volume/grids.fixture.ts';
import { bitsOr, bitsXor, countBits, packMask, unpackMask } from './bits.ts';
import { contoursMask } from './contours-mask.ts';
import { contoursOfSlice } from './contours-of.ts';
import { loopMask } from './loop-mask.ts';

const masks = anyGrid(7).chain((g) => {
  const length = voxelCount(g.dimensions);
  return fc.record({
    g: fc.constant(g),
    axis: fc.constantFrom(0 as const, 1 as const, 2 as const),
    seed: fc.integer(),
    mask: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: length, maxLength: length }).map((v) => Uint8Array.from(v)),
  });
});
const all = (g: VolumeGeometry, mask: Uint8Array, axis: 0 | 1 | 2): Triple[][] =>
  Array.from({ length: g.dimensions[axis] }, (_, n) => contoursOfSlice(packMask(mask, g.dimensions), g, axis, n)).flat();

test('[9.1-interop] the contours of all slices in any order, rounded as a file rounds them, with and without a normal, give the mask again', () => {
  fc.assert(
    fc.property(masks, fc.boolean(), ({ g, axis, seed, mask }, told) => {
      const contours = all(g, mask, axis).map((loop) => loop.map((p) => p.map((mm) => Math.round(mm * 100) / 100) as Triple));
      contours.sort((a, b) => ((a[0][0] * seed) % 7) - ((b[0][0] * seed) % 7));
      const n = (axis + 2) % 3;
      const m = (axis + 1) % 3;
      const [u, v] = [g.directionLps.slice(3 * m, 3 * m + 3), g.directionLps.slice(3 * n, 3 * n + 3)] as [Triple, Triple];
      const normal: Triple = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
      const again = contoursMask(g, contours, told ? normal : null);
      expect(countBits(bitsXor(again, packMask(mask, g.dimensions)))).toBe(0);
    }),
    { numRuns: 200 },
  );
});

const g: VolumeGeometry = { dimensions: [8, 7, 6], spacingMm: [1, 1, 2], originLps: [0, 0, 0], directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] };
const axial = (x0: number, y0: number, x1: number, y1: number, z: number): Triple[] => [
  [x0, y0, z],
  [x1, y0, z],
  [x1, y1, z],
  [x0, y1, z],
];
const count = (...loops: Triple[][]): number => countBits(contoursMask(g, loops));

test('[9.1-types] on one slice a contour within another is a hole, also where their planes differ a little; on two slices both are filled', () => {
  const outer = axial(0.5, 0.5, 6.5, 5.5, 4);
  const inner = axial(2.5, 2.5, 3.5, 3.5, 4.3);
  expect(count(outer, inner)).toBe(29);
  expect(count(outer, outer)).toBe(0);
  expect(count(outer, axial(2.5, 2.5, 3.5, 3.5, 5.3))).toBe(31);
  // Midway between slices 2 and 3: the higher one.
  expect([...unpackMask(contoursMask(g, [axial(0.5, 0.5, 1.5, 1.5, 5)]))].indexOf(1)).toBe(3 * 56 + 9);
});

test('[9.1-types] contours of planes that cross are both filled where they cross, and one on an oblique plane is as a loop there', () => {
  const outer = axial(0.5, 0.5, 6.5, 5.5, 4);
  const upright: Triple[] = [
    [3, 0.5, 2.5],
    [3, 5.5, 2.5],
    [3, 5.5, 9],
    [3, 0.5, 9],
  ];
  expect(count(outer, upright)).toBe(count(outer) + count(upright) - 5);
  const oblique: Triple[] = [
    [0, 0, 0],
    [6, 0, 5],
    [6, 6, 5],
    [0, 6, 0],
  ];
  const loop = (loopsLps: Triple[][]) => loopMask(g, { loopsLps, normalLps: [-5, 0, 6], depth: 'slice', eyeLps: null });
  expect(countBits(bitsXor(contoursMask(g, [oblique]), loop([oblique])))).toBe(0);
  expect(count(oblique)).toBeGreaterThan(20);
  const moved = oblique.map((p) => [p[0] - 5, p[1], p[2] + 6] as Triple);
  expect(count(oblique, moved)).toBe(countBits(bitsOr(loop([oblique]), loop([moved]))));
  const inner = [0.4, 0.4, 0.6, 0.6].map((t, n) => [6 * t, n % 3 === 0 ? 2 : 4, 5 * t] as Triple);
  expect(count(oblique, inner)).toBe(countBits(loop([oblique, inner])));
});

test('[9.1-types] a contour on a line, or without a centre inside, gives nothing; what is none is a mistake', () => {
  expect(count()).toBe(0);
  expect(
    count([
      [0, 0, 0],
      [1, 1, 2],
      [3, 3, 6],
    ]),
  ).toBe(0);
  expect(
    count([
      [1, 1, 1],
      [1, 1, 1],
      [1, 1, 1],
    ]),
  ).toBe(0);
  expect(count(axial(0.1, 0.1, 0.9, 0.9, 0))).toBe(0);
  expect(count(axial(0.5, 0.5, 3.5, 3.5, -40))).toBe(0);
  const bad: Triple[][] = [
    [
      [0, 0, 0],
      [1, 0, 0],
    ],
    [...axial(0, 0, 3, 3, 0), [1, 1, 0.5]],
    axial(0, 0, 3, Number.POSITIVE_INFINITY, 0),
  ];
  for (const loop of bad) expect(() => count(loop)).toThrow(RangeError);
  expect(() => contoursMask(g, [axial(0, 0, 3, 3, 0)], [1, 0, 0])).toThrow(RangeError);
  expect(() => contoursMask(g, [axial(0, 0, 3, 3, 0)], [0, 0, 0])).toThrow(RangeError);
});

test('[9.1-interop] the slice of a contour is that of the image: one drawn at a voxel is filled there', () => {
  const tilted: VolumeGeometry = { ...g, directionLps: [1, 0, 0, 0, 0.8, 0.6, 0, -0.6, 0.8] };
  const square = [
    [-0.4, -0.4],
    [0.4, -0.4],
    [0.4, 0.4],
    [-0.4, 0.4],
  ].map(([a, b]) => indexToLps(tilted, 5 + a, 2 + b, 4));
  expect([...unpackMask(contoursMask(tilted, [square])).entries()].filter(([, v]) => v)).toEqual([[5 + 8 * 2 + 56 * 4, 1]]);
});
