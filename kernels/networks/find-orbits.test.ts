import { expect, it } from 'vitest';
import { makeHead } from '../phantoms/head.ts';
import { indexToLps, type Triple, type VolumeGeometry, voxelCount } from '../volume/geometry.ts';
import { findOrbits, regionOf } from './find-orbits.ts';

const small = makeHead(7, 'small');

/** The same head stored the other way round: mirrored indices, same places. */
function reversed(g: VolumeGeometry, values: Int16Array): { g: VolumeGeometry; values: Int16Array } {
  const last = g.dimensions.map((n) => n - 1) as Triple;
  return {
    g: { ...g, originLps: indexToLps(g, ...last), directionLps: g.directionLps.map((v) => -v) as VolumeGeometry['directionLps'] },
    values: values.slice().reverse(),
  };
}

it('finds both orbits of a synthetic head: the thin walls of the truth lie in the region', () => {
  const orbits = findOrbits(small.hu, small.geometry);
  expect(orbits).not.toBeNull();
  const [x0, y0, z0, x1, y1, z1] = regionOf(orbits!);
  expect(orbits!.rightLps[0]).toBeLessThan(orbits!.leftLps[0]);
  expect(Math.abs(orbits!.leftLps[0] - orbits!.rightLps[0] - 62)).toBeLessThan(20);
  let thin = 0;
  let inside = 0;
  const [nx, ny] = small.geometry.dimensions;
  for (let n = 0; n < small.labels.length; n++) {
    if (small.labels[n] !== 3) continue;
    const [x, y, z] = indexToLps(small.geometry, n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny));
    thin++;
    if (x >= x0 && x <= x1 && y >= y0 && y <= y1 && z >= z0 && z <= z1) inside++;
  }
  expect(inside).toBeGreaterThan(0.8 * thin);
});

it('finds them in the same places when the grid is stored in the other direction', () => {
  const other = reversed(small.geometry, small.hu);
  const a = findOrbits(small.hu, small.geometry)!;
  const b = findOrbits(other.values, other.g)!;
  for (const side of ['rightLps', 'leftLps'] as const) expect(Math.hypot(...a[side].map((v, n) => v - b[side][n]!))).toBeLessThan(7);
});

it('finds none where there is no head: air, water, and noise', () => {
  const g: VolumeGeometry = {
    dimensions: [60, 60, 60],
    spacingMm: [2, 2, 2],
    originLps: [0, 0, 0],
    directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
  };
  const voxels = voxelCount(g.dimensions);
  expect(findOrbits(new Int16Array(voxels).fill(-1000), g)).toBeNull();
  expect(findOrbits(new Int16Array(voxels), g)).toBeNull();
  expect(
    findOrbits(
      Int16Array.from({ length: voxels }, (_, n) => ((n * 7919) % 2000) - 1000),
      g,
    ),
  ).toBeNull();
});
