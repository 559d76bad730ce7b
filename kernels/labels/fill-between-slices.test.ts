import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Triple } from '../volume/geometry.ts';
import { bitAt, countBits, packMask, unpackMask } from './bits.ts';
import { componentsOfBits } from './components.ts';
import { fillBetweenSlices, gappedAxis } from './fill-between-slices.ts';

type Inside = (i: number, j: number, k: number) => boolean;
const draw = ([nx, ny, nz]: Triple, inside: Inside) =>
  packMask(
    Uint8Array.from({ length: nx * ny * nz }, (_, n) => (inside(n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny)) ? 1 : 0)),
    [nx, ny, nz],
  );
const disc = (i: number, j: number, x: number, y: number, r: number) => Math.hypot(i - x, j - y) <= r;

describe('fill between slices', () => {
  test('[M-combine] between two overlapping outlines: signed distances, worked out pixel by pixel, and a line between them', async () => {
    const cells = fc.array(fc.boolean(), { minLength: 30, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(cells, cells, fc.integer({ min: 2, max: 5 }), async (a, b, gap) => {
        // A row that is set in both joins nothing else: cells lie on rows of their own.
        const at = (of: boolean[], i: number, j: number) => i >= 0 && j >= 0 && i < 6 && j < 5 && (j === 2 || of[i + 6 * j]);
        const linked = (of: boolean[]) => (i: number, j: number) => at(of, i, j);
        const [from, to] = [linked(a), linked(b)];
        const signed = (inside: (i: number, j: number) => boolean, i: number, j: number) => {
          let best = Number.POSITIVE_INFINITY;
          for (let y = -1; y <= 5; y++)
            for (let x = -1; x <= 6; x++)
              if (inside(x, y) !== inside(i, j)) best = Math.min(best, Math.hypot((x - i) * 0.5, (y - j) * 0.8));
          return inside(i, j) ? -best : best;
        };
        const grid: Triple = [6, 5, gap + 1];
        const drawn = draw(grid, (i, j, k) => (k === 0 && from(i, j)) || (k === gap && to(i, j)));
        const filled = await fillBetweenSlices(drawn, 'k', [0.5, 0.8, 2]);
        // Every outline of one plane meets the other's middle row, or is an island of its own, which may only add to what is here.
        const whole = (await componentsOfBits(drawn, 26)).count === 2;
        for (let k = 1; k < gap; k++)
          for (let j = 0; j < 5; j++)
            for (let i = 0; i < 6; i++) {
              const mm = (1 - k / gap) * signed(from, i, j) + (k / gap) * signed(to, i, j);
              if (whole && Math.abs(mm) > 1e-4) expect(bitAt(filled, i, j, k)).toBe(mm < 0);
            }
        for (const k of [0, gap])
          for (let j = 0; j < 5; j++) for (let i = 0; i < 6; i++) expect(bitAt(filled, i, j, k)).toBe(bitAt(drawn, i, j, k));
      }),
      { numRuns: 100 },
    );
  });

  test('[M-combine] a cylinder and a cone drawn on every fifth slice come back along each axis; drawn slices stay', async () => {
    const size: Triple = [31, 31, 31];
    for (const axis of [0, 1, 2]) {
      const along = (p: Triple): Triple => [p[(axis + 1) % 3], p[(axis + 2) % 3], p[axis]];
      const cone: Inside = (...p) => {
        const [a, b, c] = along(p);
        return c >= 3 && c <= 28 && disc(a, b, 15, 15, 3.2 + c / 4);
      };
      const drawn = draw(size, (...p) => p[axis] % 5 === 3 && cone(...p));
      expect(gappedAxis(drawn)).toBe(axis);
      const filled = await fillBetweenSlices(drawn, 'auto', [0.4, 0.4, 0.4]);
      expect(filled).toEqual(await fillBetweenSlices(drawn, (['i', 'j', 'k'] as const)[axis], [0.4, 0.4, 0.4]));
      const truth = draw(size, cone);
      let wrong = 0;
      const [was, is, ought] = [unpackMask(drawn), unpackMask(filled), unpackMask(truth)];
      for (let n = 0; n < is.length; n++) {
        const p: Triple = [n % 31, Math.floor(n / 31) % 31, Math.floor(n / 961)];
        if (p[axis] % 5 === 3) expect(is[n]).toBe(was[n]);
        if (is[n] === ought[n]) continue;
        wrong++;
        // Only on the rim, by less than a voxel.
        const [a, b, c] = along(p);
        expect(Math.abs(Math.hypot(a - 15, b - 15) - 3.2 - c / 4)).toBeLessThan(1);
      }
      expect(wrong).toBeLessThan(0.09 * countBits(truth));
      expect(Math.abs(countBits(filled) / countBits(truth) - 1)).toBeLessThan(0.03);
    }
  });

  test('[M-combine] bodies branch, and shift beyond their own width, without a break; what has no fellow ends', async () => {
    const size: Triple = [40, 20, 9];
    const branch = draw(size, (i, j, k) =>
      k === 0 ? disc(i, j, 20, 10, 9) : k === 8 ? disc(i, j, 13, 10, 4) || disc(i, j, 27, 10, 4) : false,
    );
    const branched = await fillBetweenSlices(branch, 'auto', [1, 1, 1]);
    expect((await componentsOfBits(branched, 6)).count).toBe(1);
    expect(bitAt(branched, 20, 10, 1)).toBe(true);
    expect(bitAt(branched, 20, 10, 7)).toBe(false);
    const shift = draw(size, (i, j, k) => (k === 0 ? disc(i, j, 8, 8, 3) : k === 8 ? disc(i, j, 17, 10, 3) : false));
    const shifted = await fillBetweenSlices(shift, 'auto', [1, 1, 1]);
    const area = countBits(draw([40, 20, 1], (i, j) => disc(i, j, 8, 8, 3)));
    for (let k = 0; k < 9; k++) {
      const slice = unpackMask(shifted).subarray(k * 800, (k + 1) * 800);
      const on = [...slice.keys()].filter((n) => slice[n] === 1);
      expect(on).toHaveLength(area);
      expect(Math.abs(on.reduce((sum, n) => sum + (n % 40), 0) / area - (8 + (9 * k) / 8))).toBeLessThanOrEqual(0.5);
    }
    const far = draw(size, (i, j, k) => (k === 0 ? disc(i, j, 5, 10, 2) : k === 8 ? disc(i, j, 35, 10, 2) : false));
    expect(await fillBetweenSlices(far, 'auto', [1, 1, 1])).toEqual(far);
  });

  test('[M-combine] no gap, one slice, nothing drawn, full and 1 x N x M: as it was; a voxel that moves by one stays', async () => {
    const block = draw([5, 6, 7], (i, j, k) => i > 0 && j > 1 && k > 2);
    const cases = [block, draw([5, 6, 7], (_i, _j, k) => k === 3), packMask(new Uint8Array(8), [2, 2, 2]), draw([2, 2, 2], () => true)];
    for (const bits of cases) {
      expect(gappedAxis(bits)).toBe(null);
      for (const axis of ['auto', 'i', 'j', 'k'] as const) expect(await fillBetweenSlices(bits, axis, [1, 1, 1])).toEqual(bits);
    }
    const line = draw([1, 6, 3], (_i, j, k) => (k === 0 && j === 2) || (k === 2 && j === 3));
    expect(unpackMask(await fillBetweenSlices(line, 'k', [1, 1, 1])).subarray(6, 12)).toEqual(Uint8Array.of(0, 0, 0, 1, 0, 0));
    // Whole planes up to the border of the grid.
    expect(
      await fillBetweenSlices(
        draw([3, 3, 4], (_i, _j, k) => k % 3 === 0),
        'auto',
        [1, 1, 1],
      ),
    ).toEqual(draw([3, 3, 4], () => true));
  });
});
