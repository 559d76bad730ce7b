import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withoutAir } from '../../kernels/networks/integrate.ts';
import { countDifference } from './differences.ts';
import { atLeast, countRun } from './network-counts.ts';
import type { LoadedVolume, ProbabilityField } from './viewer.ts';

const [nx, ny, nz] = [6, 5, 4];
const volumeOf = (values: Int16Array): LoadedVolume => ({
  seriesInstanceUid: '1.2.3',
  geometry: { dimensions: [nx, ny, nz], spacingMm: [1, 1, 1], originLps: [0, 0, 0], directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1] },
  values,
  units: 'HU',
});

it('[12-risk] counts of a run are those of its box: voxels at each probability, bone, and bone that no HU supports', async () => {
  const bytes = fc.uint8Array({ minLength: 3 * 2 * 2, maxLength: 3 * 2 * 2 });
  const hu = fc.array(fc.integer({ min: -1000, max: 400 }), { minLength: nx * ny * nz, maxLength: nx * ny * nz });
  const masks = fc.uint8Array({ minLength: nx * ny * nz, maxLength: nx * ny * nz });
  await fc.assert(
    fc.asyncProperty(bytes, hu, masks, async (part, numbers, noise) => {
      const mask = noise.map((v) => v & 1);
      const values = Int16Array.from(numbers);
      const field: ProbabilityField = {
        box: { offsetIjk: [2, 1, 1], dimensions: [3, 2, 2] },
        parts: [part],
        integration: null,
        airHu: -850,
      };
      const counts = await countRun(volumeOf(values), field, mask, () => true);
      const boxHu = new Int16Array(part.length);
      let bone = 0;
      let inferred = 0;
      for (let n = 0, k = 0; k < 2; k++)
        for (let j = 0; j < 2; j++)
          for (let i = 0; i < 3; i++, n++) {
            const at = 2 + i + nx * (1 + j + ny * (1 + k));
            boxHu[n] = values[at]!;
            bone += mask[at]!;
            if (mask[at] === 1 && values[at]! < 50) inferred++;
          }
      const believed = withoutAir(part, boxHu, -850);
      expect(counts).toMatchObject({ bone, inferred });
      for (const least of [0, 51, 128, 255]) expect(atLeast(counts!.histogram, least)).toBe(believed.filter((b) => b >= least).length);
    }),
    { numRuns: 40 },
  );
});

it('voxels that only one of two masks has, in a box', async () => {
  const one = Uint8Array.of(1, 1, 0, 0, 1, 1);
  const other = Uint8Array.of(1, 0, 1, 0, 0, 0);
  const whole = { offsetIjk: [0, 0, 0] as [number, number, number], dimensions: [3, 2, 1] as [number, number, number] };
  expect(await countDifference(one, other, [3, 2, 1], whole, () => true)).toEqual({ onlyOne: 3, onlyOther: 1, both: 1 });
  const column = { offsetIjk: [2, 0, 0] as [number, number, number], dimensions: [1, 2, 1] as [number, number, number] };
  expect(await countDifference(one, other, [3, 2, 1], column, () => true)).toEqual({ onlyOne: 1, onlyOther: 1, both: 0 });
  expect(await countDifference(one, other, [3, 2, 1], whole, () => false)).toBeNull();
});
