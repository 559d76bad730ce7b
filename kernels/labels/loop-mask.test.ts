import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { indexToLps, type Triple, type VolumeGeometry, voxelCount } from '../volume/geometry.ts';
import { anyGrid } from '../volume/grids.fixture.ts';
import { cross } from '../volume/stack.ts';
import { bitsAnd, bitsOr, bitsXor, countBits, packMask, unpackMask } from './bits.ts';
import { contoursOfSlice } from './contours-of.ts';
import { loopMask, type PlaneLoops } from './loop-mask.ts';
import { loopOracle } from './loop-oracle.ts';

const unit = (v: Triple): Triple => v.map((c) => c / Math.hypot(...v)) as Triple;
const number = (most: number) => fc.integer({ min: -most * 1000, max: most * 1000 }).map((n) => n / 1000);
const aside = fc.tuple(number(9), number(9));

/** Loops in a plane through a grid's middle: on an axis of the grid or any way round. */
const scenes = anyGrid(7).chain((g) => {
  const middle = indexToLps(g, ...(g.dimensions.map((side) => (side - 1) / 2) as Triple));
  const ways = [0, 3, 6].map((n) => g.directionLps.slice(n, n + 3) as Triple);
  return fc
    .record({
      normal: fc.oneof(
        fc.constantFrom(...ways),
        fc.tuple(number(1), number(1), number(1)).filter((v) => Math.hypot(...v) > 0.1),
      ),
      lift: number(3),
      loops: fc.array(fc.array(aside, { minLength: 3, maxLength: 9 }), { minLength: 1, maxLength: 3 }),
      eye: fc.option(fc.tuple(number(12), number(12), number(20))),
      depth: fc.constantFrom('slice' as const, 'through' as const),
    })
    .map(({ normal, lift, loops, eye, depth }) => {
      const n = unit(normal);
      const u = unit(cross(n, Math.abs(n[0]) < 0.8 ? [1, 0, 0] : [0, 1, 0]));
      const v = cross(n, u);
      const at = ([a, b]: readonly number[], c: number): Triple => middle.map((m, k) => m + a * u[k] + b * v[k] + c * n[k]) as Triple;
      const cut: PlaneLoops = {
        loopsLps: loops.map((loop) => loop.map((p) => at(p, lift))),
        normalLps: normal,
        depth,
        eyeLps: eye && Math.abs(eye[2] - lift) > 0.1 ? at(eye, eye[2]) : null,
      };
      return { g, cut };
    });
});

describe('loops', () => {
  test('[9.1-types] every voxel as its centre is seen: any grid, any plane, loops that cross, on a slice, through, from an eye inside and outside of the volume', () => {
    let told = 0;
    fc.assert(
      fc.property(scenes, ({ g, cut }) => {
        const mask = unpackMask(loopMask(g, cut));
        for (const [n, wanted] of loopOracle(g, cut).entries()) {
          if (wanted === null) continue;
          told += wanted;
          if (mask[n] !== wanted) expect({ voxel: n, is: mask[n] }).toEqual({ voxel: n, is: wanted });
        }
      }),
      { numRuns: 600 },
    );
    expect(told).toBeGreaterThan(400);
  });

  test('[9.1-types] contours of every slice, filled, give the mask again voxel for voxel: also on slanted and turned grids, from three sides', () => {
    const masks = anyGrid(7).chain((g) => {
      const length = voxelCount(g.dimensions);
      return fc.record({
        g: fc.constant(g),
        slant: fc.boolean(),
        axis: fc.constantFrom(0 as const, 1 as const, 2 as const),
        mask: fc.array(fc.integer({ min: 0, max: 1 }), { minLength: length, maxLength: length }).map((v) => Uint8Array.from(v)),
      });
    });
    fc.assert(
      fc.property(masks, ({ g: straight, slant, axis, mask }) => {
        const g = slant ? slanted(straight) : straight;
        const bits = packMask(mask, g.dimensions);
        const columns = [0, 3, 6].map((n) => g.directionLps.slice(n, n + 3) as Triple);
        const normalLps = cross(columns[(axis + 1) % 3], columns[(axis + 2) % 3]);
        let again = packMask(new Uint8Array(mask.length), g.dimensions);
        for (let index = 0; index < g.dimensions[axis]; index++) {
          const loopsLps = contoursOfSlice(bits, g, axis, index);
          const part = loopMask(g, { loopsLps, normalLps, depth: 'slice', eyeLps: null });
          expect(countBits(bitsAnd(again, part))).toBe(0);
          again = bitsOr(again, part);
        }
        expect(countBits(bitsXor(again, bits))).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});

/** A grid whose k runs aslant, as that of a tilted gantry. */
function slanted(g: VolumeGeometry): VolumeGeometry {
  const d = g.directionLps;
  const k = unit([0, 1, 2].map((n) => d[6 + n] + 0.4 * d[3 + n]) as Triple);
  return { ...g, directionLps: [d[0], d[1], d[2], d[3], d[4], d[5], ...k] };
}

const plain: VolumeGeometry = {
  dimensions: [6, 5, 4],
  spacingMm: [1, 1, 2],
  originLps: [0, 0, 0],
  directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
};
const rectangle = (x0: number, y0: number, x1: number, y1: number, z: number): Triple[] => [
  [x0, y0, z],
  [x1, y0, z],
  [x1, y1, z],
  [x0, y1, z],
];
const cut = (over: Partial<PlaneLoops>): PlaneLoops => ({ loopsLps: [], normalLps: [0, 0, 1], depth: 'slice', eyeLps: null, ...over });
const set = (over: Partial<PlaneLoops>): number[] =>
  [...unpackMask(loopMask(plain, cut(over))).entries()].flatMap(([n, v]) => (v ? [n] : []));

test('[9.1-types] a plane midway between two slices gives the loop to one of them, the same whichever way the normal points', () => {
  const loopsLps = [rectangle(0.5, 0.5, 2.5, 1.5, 1)];
  const one = [1 + 6 * 1 + 30, 2 + 6 * 1 + 30];
  expect(set({ loopsLps })).toEqual(one);
  expect(set({ loopsLps, normalLps: [0, 0, -3] })).toEqual(one);
});

test('[9.1-types] of loops that share a line every centre on it goes to one, none to both; doubled lines and repeated points change nothing', () => {
  const [left, right, both] = [rectangle(0, 0, 3, 4, 0), rectangle(3, 0, 5, 4, 0), rectangle(0, 0, 5, 4, 0)].map((loop) =>
    set({ loopsLps: [loop] }),
  );
  expect([...left, ...right].sort((a, b) => a - b)).toEqual(both);
  const hole = rectangle(1.5, 1.5, 2.5, 2.5, 0);
  const outline = rectangle(-0.5, -0.5, 4.5, 3.5, 0);
  const holed = set({ loopsLps: [outline, hole] });
  expect(holed).not.toContain(2 + 6 * 2);
  expect(holed.length).toBe(5 * 4 - 1);
  const keyhole = [...outline, outline[0], hole[0], ...hole.slice(1), hole[0], hole[0]];
  expect(set({ loopsLps: [keyhole] })).toEqual(holed);
});

test('[9.1-types] in perspective a loop cuts a cone, and nothing behind the eye', () => {
  const deep: VolumeGeometry = { ...plain, dimensions: [21, 21, 40], originLps: [-10, -10, -19.5], spacingMm: [1, 1, 1] };
  const loopsLps = [rectangle(-1.05, -1.05, 1.05, 1.05, 2)];
  const mask = unpackMask(loopMask(deep, cut({ loopsLps, depth: 'through', eyeLps: [0, 0, 0] })));
  for (const [n, is] of mask.entries()) {
    const [x, y, z] = [(n % 21) - 10, (Math.floor(n / 21) % 21) - 10, Math.floor(n / 441) - 19.5];
    expect(is).toBe(z > 0 && Math.max(Math.abs(x), Math.abs(y)) < (z * 1.05) / 2 ? 1 : 0);
  }
});

test('[9.1-types] what encloses no centre gives nothing; what is no loop of a plane is a mistake', () => {
  expect(set({ loopsLps: [] })).toEqual([]);
  expect(set({ loopsLps: [rectangle(0.2, 0.2, 0.8, 0.8, 0)] })).toEqual([]);
  expect(
    set({
      loopsLps: [
        [
          [0, 0, 0],
          [3, 3, 0],
          [5, 5, 0],
        ],
      ],
    }),
  ).toEqual([]);
  expect(set({ loopsLps: [rectangle(0, 0, 5, 4, 40)] })).toEqual([]);
  const bad: Partial<PlaneLoops>[] = [
    {
      loopsLps: [
        [
          [0, 0, 0],
          [3, 0, 0],
        ],
      ],
    },
    { loopsLps: [[...rectangle(0, 0, 3, 3, 0), [1, 1, 0.2]]] },
    { loopsLps: [rectangle(0, 0, 3, Number.NaN, 0)] },
    { loopsLps: [rectangle(0, 0, 3, 3, 0)], normalLps: [0, 0, 0] },
    { loopsLps: [rectangle(0, 0, 3, 3, 0)], eyeLps: [1, 1, 0] },
    { loopsLps: [rectangle(0, 0, 3, 3, 0)], eyeLps: [1, 1, Number.POSITIVE_INFINITY] },
  ];
  for (const over of bad) expect(() => set(over)).toThrow(RangeError);
});
