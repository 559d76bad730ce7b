import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitAt, ones, packMask } from '../labels/bits.ts';
import { axisOrders } from '../volume/axis-order.ts';
import type { Triple } from '../volume/geometry.ts';
import { reorderBits } from './reorder-bits.ts';

test('[11.2-metrics] a mask in each of the 48 orders holds the voxels of the mask, and no bit beside them', () => {
  const side = fc.integer({ min: 1, max: 70 });
  fc.assert(
    fc.property(fc.tuple(side, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 40 })), fc.nat(), (dimensions, seed) => {
      const [nx, ny, nz] = dimensions;
      const mask = Uint8Array.from({ length: nx * ny * nz }, (_, n) => (Math.imul(n + seed, 0x9e3779b1) >>> 30 === 0 ? 1 : 0));
      const bits = packMask(mask, dimensions);
      for (const order of axisOrders) {
        const out = reorderBits(bits, order);
        expect(out.dimensions).toEqual(order.axes.map((axis) => dimensions[axis]));
        let wrong = 0;
        for (let n = 0; n < mask.length; n++) {
          const at: Triple = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / (nx * ny))];
          const to = order.axes.map((axis, m) => (order.flips[m] ? dimensions[axis]! - 1 - at[axis]! : at[axis]!)) as Triple;
          if (bitAt(out, ...to) !== (mask[n] === 1)) wrong++;
        }
        expect(wrong, JSON.stringify(order)).toBe(0);
        expect(out.words.reduce((sum, word) => sum + ones(word), 0)).toBe(mask.reduce((sum, v) => sum + v, 0));
      }
    }),
    { numRuns: 12 },
  );
});
