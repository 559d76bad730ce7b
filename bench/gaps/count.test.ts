import { describe, expect, it } from 'vitest';
import type { Triple } from '../../kernels/volume/geometry.ts';
import { countGaps, sumOfCounts } from './count.ts';

const dimensions: Triple = [40, 40, 9];
const spacingMm: Triple = [1, 1, 1.6];
const at = (i: number, j: number, k = 4) => i + 40 * (j + 40 * k);
/** A sheet one voxel thick, and squares of so many voxels cut out of it. */
function sheet(squares: [number, number, number][]) {
  const thin = new Uint8Array(40 * 40 * 9);
  thin.fill(1, at(0, 0), at(0, 0, 5));
  const mask = thin.slice();
  for (const [i, j, side] of squares) for (let n = 0; n < side; n++) mask.fill(0, at(i, j + n), at(i + side, j + n));
  return { thin, mask, dimensions, spacingMm };
}
const there = (of: { holes: { there: number }[] }) => of.holes.map((one) => one.there);
const found = (of: { holes: { found: number }[] }) => of.holes.map((one) => one.found);

describe('counting listed gaps against the truth', () => {
  it('[9.1-types] holes are told by size without their rim, and found where a listed place reaches them', async () => {
    // Half a diagonal is 1.07 mm, so that the outermost voxels go: 3, 5 and 9 across leave 1, 9 and 49 voxels of 0.89 mm2.
    const truth = sheet([
      [2, 2, 3],
      [10, 2, 5],
      [20, 20, 9],
    ]);
    const none = await countGaps([], truth);
    expect(none).toMatchObject({ listed: 0, onMissingBone: 0 });
    expect(there(none)).toEqual([0, 1, 1, 0]);
    expect(found(none)).toEqual([0, 0, 0, 0]);
    const one = await countGaps([{ index: at(12, 4), radiusMm: 2 }], truth);
    expect(found(one)).toEqual([0, 1, 0, 0]);
    expect(one).toMatchObject({ listed: 1, onMissingBone: 1 });
  });
  it('[9.1-types] a place on whole bone is no hit; one whose radius reaches a hole finds it though it lies on bone itself', async () => {
    const truth = sheet([[20, 20, 9]]);
    const far = await countGaps([{ index: at(5, 30), radiusMm: 3 }], truth);
    expect(far).toMatchObject({ listed: 1, onMissingBone: 0 });
    expect(found(far)).toEqual([0, 0, 0, 0]);
    const near = await countGaps([{ index: at(17, 24), radiusMm: 4 }], truth);
    expect(near.onMissingBone).toBe(0);
    expect(found(near)).toEqual([0, 0, 1, 0]);
  });
  it('[9.1-types] what is missing of bone that is not thin is no hole; places at the border and no bone at all are counted', async () => {
    const thick = { ...sheet([[20, 20, 9]]), thin: new Uint8Array(40 * 40 * 9) };
    const of = await countGaps([{ index: at(24, 24), radiusMm: 2 }], thick);
    expect(of).toMatchObject({ listed: 1, onMissingBone: 0 });
    expect(there(of)).toEqual([0, 0, 0, 0]);
    const border = await countGaps([{ index: at(39, 39, 8), radiusMm: 9 }], sheet([[30, 30, 10]]));
    expect(found(border)).toEqual([0, 0, 0, 1]);
    const nothing = { thin: new Uint8Array(8), mask: new Uint8Array(8), dimensions: [2, 2, 2] as Triple, spacingMm };
    expect(await countGaps([{ index: 0, radiusMm: 1 }], nothing)).toMatchObject({ listed: 1, onMissingBone: 0 });
  });
  it('[9.1-types] counts of several heads are added size by size', async () => {
    const one = await countGaps([{ index: at(12, 4), radiusMm: 2 }], sheet([[10, 2, 5]]));
    const other = await countGaps([], sheet([[20, 20, 9]]));
    const sum = sumOfCounts([one, other]);
    expect(sum).toMatchObject({ listed: 1, onMissingBone: 1 });
    expect(there(sum)).toEqual([0, 1, 1, 0]);
    expect(found(sum)).toEqual([0, 1, 0, 0]);
  });
});
