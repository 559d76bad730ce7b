import { expect, test } from 'vitest';
import { packBox, packMask } from '../labels/bits.ts';
import { maskWhere } from '../mesh/mask-shapes.ts';
import type { Triple } from '../volume/geometry.ts';
import { thinWallRecall } from './thin-walls.ts';

const dimensions: Triple = [40, 9, 8];
/** Cortical 1 in the first slices, trabecular 2 above, a thin wall 3 at i = 20. */
const labels = maskWhere(dimensions, () => false).map((_, at) => {
  const [i, k] = [at % 40, Math.floor(at / 360)];
  return i === 20 ? 3 : i < 5 ? (k < 3 ? 1 : 2) : 0;
});
const thin = packMask(labels, dimensions, 3);
const wallAt = (i: number, from = 0) =>
  packMask(
    maskWhere(dimensions, (x, y) => x === i && y >= from),
    dimensions,
  );

test('[11.2-metrics] recall of true thin walls counts voxels of label 3 alone', () => {
  expect(thinWallRecall(thin, packMask(labels, dimensions), [1, 1, 1], null)).toMatchObject({ voxels: 72, exact: 1, near: 1 });
  expect(thinWallRecall(thin, packMask(labels, dimensions, 1), [1, 1, 1], null)).toMatchObject({ voxels: 72, exact: 0, near: 0 });
});

test('[11.2-metrics] a gap in the wall is missed exactly; its rim is still near', () => {
  const found = thinWallRecall(thin, wallAt(20, 4), [1, 1, 1], null);
  expect(found.exact).toBe(5 / 9);
  expect(found.near).toBe(6 / 9);
});

test('[11.2-metrics] a wall one voxel aside is near; two aside it is not; on a fine row two are', () => {
  expect(thinWallRecall(thin, wallAt(21), [1, 1, 1], null)).toMatchObject({ exact: 0, near: 1 });
  expect(thinWallRecall(thin, wallAt(22), [1, 1, 1], null)).toMatchObject({ exact: 0, near: 0 });
  // Half a diagonal of 0.4 x 0.4 x 3 mm is 1.53 mm: the box of the fourth voxel begins at 1.4 mm, that of the fifth at 1.8.
  expect(thinWallRecall(thin, wallAt(24), [0.4, 0.4, 3], null)).toMatchObject({ exact: 0, near: 1 });
  expect(thinWallRecall(thin, wallAt(25), [0.4, 0.4, 3], null)).toMatchObject({ exact: 0, near: 0 });
});

test('[11.2-metrics] a region of interest bounds which thin voxels count; without any the share is undefined', () => {
  const roi = packBox(dimensions, [0, 0, 0], [40, 4, 8]);
  expect(thinWallRecall(thin, wallAt(20, 4), [1, 1, 1], roi)).toMatchObject({ voxels: 32, exact: 0, near: 1 / 4 });
  expect(thinWallRecall(packMask(labels, dimensions, 4), wallAt(20), [1, 1, 1], null)).toMatchObject({
    voxels: 0,
    exact: null,
    near: null,
  });
});
