import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lpsToIndex, type Triple, type VolumeGeometry, voxelCount } from '../volume/geometry.ts';
import { anyGrid } from '../volume/grids.fixture.ts';
import { type BitGrid, bitAt, emptyBits, packMask } from './bits.ts';
import { contoursOfSlice } from './contours-of.ts';

type Flat = [number, number];
const axes = [0, 1, 2] as const;

/** Contours in cells of the slice, and the coordinate across it. */
function flat(bits: BitGrid, g: VolumeGeometry, axis: 0 | 1 | 2, index: number): { loops: Flat[][]; across: number[] } {
  const across: number[] = [];
  const loops = contoursOfSlice(bits, g, axis, index).map((loop) =>
    loop.map((p): Flat => {
      const at = lpsToIndex(g, ...p);
      across.push(at[axis]);
      return [at[(axis + 1) % 3], at[(axis + 2) % 3]].map((c) => Math.round((c + 0.5) * 1e6) / 1e6 - 0.5) as Flat;
    }),
  );
  return { loops, across };
}

/** The even-odd rule, edge by edge. */
const inside = (loops: Flat[][], u: number, v: number): boolean => {
  let odd = false;
  for (const loop of loops)
    for (const [n, [u1, v1]] of loop.entries()) {
      const [u2, v2] = loop[(n + 1) % loop.length];
      if (v1 > v !== v2 > v && u < u1 + ((v - v1) / (v2 - v1)) * (u2 - u1)) odd = !odd;
    }
  return odd;
};
const signedArea = (loop: Flat[]): number =>
  loop.reduce((sum, [u1, v1], n) => {
    const [u2, v2] = loop[(n + 1) % loop.length];
    return sum + (u1 * v2 - u2 * v1) / 2;
  }, 0);
const marked = ([a, b, c]: Triple, axis: 0 | 1 | 2, index: number, u: number, v: number): Triple => {
  const at: Triple = [a, b, c];
  at[axis] = index;
  at[(axis + 1) % 3] = u;
  at[(axis + 2) % 3] = v;
  return at;
};

const masks = anyGrid(8).chain((g) => {
  const length = voxelCount(g.dimensions);
  return fc.record({
    g: fc.constant(g),
    mask: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: length, maxLength: length }).map((v) => Uint8Array.from(v)),
  });
});

test('[9.1-types] contours of a slice, filled by the even-odd rule, give it again voxel for voxel, and their area is its area', () => {
  fc.assert(
    fc.property(masks, fc.constantFrom(...axes), fc.nat(), ({ g, mask }, axis, n) => {
      const bits = packMask(mask, g.dimensions);
      const index = n % g.dimensions[axis];
      const { loops, across } = flat(bits, g, axis, index);
      for (const one of across) expect(one).toBeCloseTo(index, 6);
      let set = 0;
      for (let v = -1; v <= g.dimensions[(axis + 2) % 3]; v++)
        for (let u = -1; u <= g.dimensions[(axis + 1) % 3]; u++) {
          const wanted = bitAt(bits, ...marked([0, 0, 0], axis, index, u, v));
          if (wanted) set++;
          expect(inside(loops, u, v)).toBe(wanted);
        }
      expect(loops.reduce((sum, loop) => sum + signedArea(loop), 0)).toBeCloseTo(set, 6);
    }),
    { numRuns: 300 },
  );
});

test('[9.1-types] every point of a contour is a turn of a right angle on a corner of voxels, and none comes twice', () => {
  fc.assert(
    fc.property(masks, fc.constantFrom(...axes), ({ g, mask }, axis) => {
      const { loops } = flat(packMask(mask, g.dimensions), g, axis, 0);
      for (const loop of loops) {
        expect(loop.length).toBeGreaterThanOrEqual(4);
        expect(new Set(loop.map(String)).size).toBe(loop.length);
        for (const [n, [u, v]] of loop.entries()) {
          expect([u + 0.5, v + 0.5].every(Number.isInteger)).toBe(true);
          const [[a, b], [c, d]] = [loop.at(n - 1)!, loop[(n + 1) % loop.length]];
          expect(Math.abs((u - a) * (c - u) + (v - b) * (d - v))).toBe(0);
          expect(Math.abs((u - a) * (d - v) - (v - b) * (c - u))).toBeGreaterThan(0);
        }
      }
    }),
    { numRuns: 200 },
  );
});

const plain = (dimensions: Triple): VolumeGeometry => ({
  dimensions,
  spacingMm: [0.5, 0.25, 2],
  originLps: [10, -20, 30],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
});
const drawn = (rows: string[]): BitGrid =>
  packMask(
    Uint8Array.from(rows.join(''), (c) => (c === '#' ? 1 : 0)),
    [rows[0].length, rows.length, 1],
  );

test('[9.1-types] one voxel is the rectangle of its faces in LPS; a ring is an outline and a hole the other way round', () => {
  const one = drawn(['...', '..#']);
  expect(contoursOfSlice(one, plain(one.dimensions), 2, 0)).toEqual([
    [
      [10.75, -19.875, 30],
      [11.25, -19.875, 30],
      [11.25, -19.625, 30],
      [10.75, -19.625, 30],
    ],
  ]);
  const ring = drawn(['####', '#..#', '####']);
  expect(flat(ring, plain(ring.dimensions), 2, 0).loops.map(signedArea)).toEqual([12, -2]);
});

test('[9.1-types] what touches at a corner alone has contours of its own, also where a ring closes there', () => {
  const two = drawn(['#.', '.#']);
  expect(flat(two, plain(two.dimensions), 2, 0).loops.map(signedArea)).toEqual([1, 1]);
  const ring = drawn(['###', '#.#', '##.']);
  expect(
    flat(ring, plain(ring.dimensions), 2, 0)
      .loops.map(signedArea)
      .sort((a, b) => a - b),
  ).toEqual([-1, 8]);
});

test('[9.1-types] an empty slice has no contour, a full one a single one; what is no slice of the grid is a mistake', () => {
  const g = plain([4, 3, 2]);
  expect(contoursOfSlice(emptyBits([4, 3, 2]), g, 2, 1)).toEqual([]);
  const full = packMask(new Uint8Array(24).fill(1), [4, 3, 2]);
  for (const axis of axes) expect(flat(full, g, axis, 1).loops.map((loop) => loop.length)).toEqual([4]);
  for (const index of [-1, 2, 0.5, Number.NaN]) expect(() => contoursOfSlice(full, g, 2, index)).toThrow(RangeError);
  expect(() => contoursOfSlice(emptyBits([4, 3, 1]), g, 2, 0)).toThrow(RangeError);
});
