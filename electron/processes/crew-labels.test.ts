import { afterAll, expect, test } from 'vitest';
import { componentsOfBits, keepLargest } from '../../kernels/labels/components.ts';
import { fillHoles } from '../../kernels/labels/fill-holes.ts';
import { hysteresis } from '../../kernels/labels/hysteresis.ts';
import { thresholdBits } from '../../kernels/labels/threshold.ts';
import { inTurn, type RunParts, sharedArray } from '../../kernels/parts.ts';
import type { Triple } from '../../kernels/volume/geometry.ts';
import { startCrew } from './crew.ts';

const crew = startCrew(3);
afterAll(() => crew.end());

/** Shells, rods and noise, some four million voxels, so that there are several parts. */
const dimensions: Triple = [161, 160, 160];
const values = sharedArray(Int16Array, dimensions[0] * dimensions[1] * dimensions[2]);
for (let n = 0, k = 0; k < 160; k++)
  for (let j = 0; j < 160; j++)
    for (let i = 0; i < 161; i++, n++) {
      const shell = Math.round(Math.hypot(i - 80, j - 80, k - 80)) % 23 === 0;
      const noise = (Math.imul(n, 0x9e3779b1) >>> 20) % 300;
      values[n] = (shell ? 300 : -100) + noise + ((i + j) % 41 === 0 ? 150 : 0);
    }

async function all(run: RunParts) {
  const { bits, voxels } = await thresholdBits(values, dimensions, 190, null, run);
  const parts = await componentsOfBits(bits, 26, run);
  const kept = keepLargest(parts);
  const grown = await hysteresis(values, dimensions, { seedHu: 560, lowHu: 180, highHu: 900 }, 6, run);
  return { bits, voxels, parts, kept, filled: await fillHoles(kept.bits, 26, run), grown };
}

test('[13-ccl] threads threshold, label, fill and grow as one thread does, to the last bit', async () => {
  const alone = await all(inTurn);
  expect(alone.parts.count).toBeGreaterThan(10);
  expect(alone.filled.voxels).toBeGreaterThan(alone.kept.voxels);
  // The first rounds find the threads still coming up.
  for (let round = 0; round < 3; round++) expect(await all(crew.run)).toEqual(alone);
});
