import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integrateProbabilities, thresholdByte } from '../../../kernels/networks/integrate.ts';
import type { Heat, ProbabilityField } from '../../stores/viewer.ts';
import { boxOffsets } from './box-offsets.ts';
import { heatColours, layHeat, levelOf, nearWidth } from './heat.ts';
import { classifyInferred, layHatched, supportedFromHu } from './inferred.ts';
import type { PlaneGrid } from './plane-grid.ts';
import { classifyProbability, sampleProbability } from './probability.ts';

const dimensions = [7, 6, 5] as const;
const voxels = 7 * 6 * 5;
const triple = (most: readonly number[]) =>
  fc.tuple(...(most.map((n) => fc.nat(n - 1)) as [fc.Arbitrary<number>, fc.Arbitrary<number>, fc.Arbitrary<number>]));
const boxes = fc.tuple(triple(dimensions), triple(dimensions)).map(([a, b]) => ({
  offsetIjk: a.map((v, n) => Math.min(v, b[n]!)) as [number, number, number],
  dimensions: a.map((v, n) => Math.abs(v - b[n]!) + 1) as [number, number, number],
}));
/** A view whose pixels show any voxels, in any order, some of them none. */
const views = fc
  .array(fc.integer({ min: -1, max: voxels - 1 }), { minLength: 24, maxLength: 24 })
  .map((offsets): PlaneGrid => ({ width: 6, height: 4, offsets: Int32Array.from(offsets), left: 1, top: 0, right: 5, bottom: 4 }));
const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const values = fc.array(fc.integer({ min: -1000, max: 1500 }), { minLength: voxels, maxLength: voxels }).map((v) => Int16Array.from(v));

interface Box {
  offsetIjk: [number, number, number];
  dimensions: [number, number, number];
}
/** Slow twin: where a voxel lies in a box, by its three indices. */
function inBox(at: number, { offsetIjk: [oi, oj, ok], dimensions: [ni, nj, nk] }: Box): number {
  if (at < 0) return -1;
  const i = (at % 7) - oi;
  const j = (Math.floor(at / 7) % 6) - oj;
  const k = Math.floor(at / 42) - ok;
  return i >= 0 && j >= 0 && k >= 0 && i < ni && j < nj && k < nk ? i + ni * (j + nj * k) : -1;
}
const inside = (grid: PlaneGrid): number[] => {
  const pixels: number[] = [];
  for (let r = grid.top; r < grid.bottom; r++) for (let c = grid.left; c < grid.right; c++) pixels.push(r * grid.width + c);
  return pixels;
};

describe('maps of a network run on a view', () => {
  it('every pixel finds its voxel of the box, and none outside of it', () => {
    fc.assert(
      fc.property(views, boxes, (grid, box) => {
        const offsets = boxOffsets(grid, dimensions, box);
        for (const p of inside(grid)) expect(offsets[p]).toBe(inBox(grid.offsets[p]!, box));
        expect(boxOffsets(grid, dimensions, { ...box })).toBe(offsets);
      }),
    );
  });

  it('[M-multi-unet] two networks joined for a view are the two joined for the volume', () => {
    const weights = fc.record({ corticalWeight: fc.constantFrom(0, 0.3, 0.5, 1), overlapHu: fc.constant<[number, number]>([200, 300]) });
    const cases = fc.tuple(views, boxes, values, weights).chain(([grid, box, hu, integration]) => {
      const n = box.dimensions[0] * box.dimensions[1] * box.dimensions[2];
      return fc.tuple(fc.constant({ grid, box, hu, integration }), bytesOf(n), bytesOf(n));
    });
    fc.assert(
      fc.property(
        cases,
        fc.double({ min: 0.02, max: 0.98, noNaN: true }),
        ([{ grid, box, hu, integration }, cortical, thin], probability) => {
          const boxHu = new Int16Array(cortical.length);
          hu.forEach((v, at) => {
            const b = inBox(at, box);
            if (b >= 0) boxHu[b] = v;
          });
          const whole = integrateProbabilities(cortical, thin, boxHu, integration);
          const field: ProbabilityField = { box, parts: [cortical, thin], integration, airHu: null };
          const sampled = new Uint8Array(24);
          const offsets = boxOffsets(grid, dimensions, box);
          sampleProbability(grid, offsets, field, hu, sampled);
          for (const p of inside(grid)) expect(sampled[p]).toBe(offsets[p]! < 0 ? 0 : whole[offsets[p]!]);
          const least = thresholdByte(probability);
          const expected = inside(grid).filter((p) => offsets[p]! >= 0 && whole[offsets[p]!]! >= least).length;
          expect(classifyProbability(grid, probability, sampled)).toBe(expected);
        },
      ),
    );
  });

  it('[12-risk] inferred is mask, inside the box, below the HU that supports bone: nothing else', () => {
    fc.assert(
      fc.property(views, boxes, values, bytesOf(voxels), (grid, box, hu, noise) => {
        const mask = noise.map((v) => v & 1);
        const classes = new Uint8Array(24);
        const offsets = boxOffsets(grid, dimensions, box);
        const found = classifyInferred(grid, offsets, mask, hu, classes);
        const expected = inside(grid).filter((p) => {
          const at = grid.offsets[p]!;
          return inBox(at, box) >= 0 && mask[at] === 1 && hu[at]! < supportedFromHu;
        });
        expect(found).toBe(expected.length);
        const picture = new Uint32Array(24);
        layHatched(grid, classes, [244, 224, 77], 2, false, picture);
        expect(inside(grid).filter((p) => picture[p] !== 0)).toEqual(expected);
      }),
    );
  });

  it('clear air counts as sure of no bone where the method says so', () => {
    const grid: PlaneGrid = { width: 2, height: 1, offsets: Int32Array.from([0, 1]), left: 0, top: 0, right: 2, bottom: 1 };
    const box = { offsetIjk: [0, 0, 0] as [number, number, number], dimensions: [2, 1, 1] as [number, number, number] };
    const field: ProbabilityField = { box, parts: [Uint8Array.of(200, 200)], integration: null, airHu: -850 };
    const sampled = new Uint8Array(2);
    sampleProbability(grid, boxOffsets(grid, [2, 1, 1], box), field, Int16Array.of(-851, -850), sampled);
    expect([...sampled]).toEqual([0, 200]);
  });

  it('the map near the threshold is at its end on it, and draws nothing where the network is sure', () => {
    expect(levelOf('near', 102, 0.4)).toBeCloseTo(1, 6);
    expect(levelOf('near', Math.round(255 * (0.4 + nearWidth)), 0.4)).toBeCloseTo(0, 2);
    const colours = heatColours('near', 0.4);
    expect(colours[255]).toBe(0);
    expect(colours[0]).toBe(0);
    expect(colours[102]! >>> 24).toBeGreaterThan(150);
  });

  it('a map is drawn inside the box only', () => {
    fc.assert(
      fc.property(views, boxes, (grid, box) => {
        const n = box.dimensions[0] * box.dimensions[1] * box.dimensions[2];
        const field: ProbabilityField = { box, parts: [new Uint8Array(n)], integration: null, airHu: null };
        const heat: Heat = { kind: 'spread', field, spread: new Uint8Array(n).fill(127), probability: 0.5 };
        const picture = new Uint32Array(24);
        layHeat(grid, boxOffsets(grid, dimensions, box), heat, new Int16Array(voxels), new Uint8Array(24), picture);
        for (const p of inside(grid)) expect(picture[p] !== 0).toBe(inBox(grid.offsets[p]!, box) >= 0);
      }),
    );
  });
});
