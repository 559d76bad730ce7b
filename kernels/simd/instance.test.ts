import { afterEach, expect, test, vi } from 'vitest';
import { inTurn } from '../parts.ts';
import type { Triple } from '../volume/geometry.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const dimensions: Triple = [77, 9, 3];
const values = Int16Array.from({ length: 77 * 27 }, (_, n) => (Math.imul(n, 40_503) % 700) - 100);

/** A threshold and its bytes packed again, by modules that find this runtime. */
async function worked() {
  vi.resetModules();
  const { simdKernels } = await import('./instance.ts');
  const { thresholdBits } = await import('../labels/threshold.ts');
  const { packMask, unpackMask } = await import('../labels/bits.ts');
  const { bits, voxels } = await thresholdBits(values, dimensions, 200, 400, inTurn);
  return { simd: simdKernels() !== null, bits, voxels, again: packMask(unpackMask(bits), dimensions) };
}

test('[M-threshold] a runtime without vector instructions, and a page that may not compile, give the same bits', async () => {
  const { simd, ...found } = await worked();
  expect(simd).toBe(true);
  expect(found.voxels).toBeGreaterThan(100);
  class Forbidden {
    constructor() {
      throw new EvalError('the policy of this page forbids it');
    }
  }
  for (const lacking of [undefined, { validate: () => false }, { validate: () => true, Module: Forbidden, Instance: Forbidden }]) {
    vi.stubGlobal('WebAssembly', lacking);
    expect(await worked()).toEqual({ simd: false, ...found });
  }
});
