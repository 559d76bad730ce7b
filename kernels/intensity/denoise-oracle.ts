import type { Triple } from '../volume/geometry.ts';
import type { Values } from '../volume/values.ts';
import type { NonLocalMeansOptions } from './non-local-means.ts';

/** Slow twins of the denoisers, by their definitions. For tests. */
const clamp = (at: number, length: number): number => Math.max(0, Math.min(length - 1, at));

function forEachVoxel([nx, ny, nz]: Triple, each: (i: number, j: number, k: number, n: number) => void): void {
  for (let k = 0, n = 0; k < nz; k++) for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++, n++) each(i, j, k, n);
}

export function gaussianOracle(values: Values, dimensions: Triple, spacingMm: Triple, sigmaMm: number): number[] {
  const [nx, ny] = dimensions;
  const out: number[] = [];
  const reach = spacingMm.map((mm) => Math.ceil((4 * sigmaMm) / mm));
  forEachVoxel(dimensions, (i, j, k, n) => {
    let sum = 0;
    let share = 0;
    forEachVoxel(dimensions, (x, y, z) => {
      if (Math.abs(x - i) > reach[0]! || Math.abs(y - j) > reach[1]! || Math.abs(z - k) > reach[2]!) return;
      const square = ((x - i) * spacingMm[0]) ** 2 + ((y - j) * spacingMm[1]) ** 2 + ((z - k) * spacingMm[2]) ** 2;
      const weight = Math.exp(-square / (2 * sigmaMm ** 2));
      sum += weight * values[(z * ny + y) * nx + x];
      share += weight;
    });
    out[n] = sum / share;
  });
  return out;
}

export function medianOracle(values: Values, dimensions: Triple, radius: number, deep: number): number[] {
  const [nx, ny, nz] = dimensions;
  const out: number[] = [];
  forEachVoxel(dimensions, (i, j, k, n) => {
    const window: number[] = [];
    for (let z = k - deep; z <= k + deep; z++)
      for (let y = j - radius; y <= j + radius; y++)
        for (let x = i - radius; x <= i + radius; x++) window.push(values[(clamp(z, nz) * ny + clamp(y, ny)) * nx + clamp(x, nx)]);
    out[n] = window.sort((a, b) => a - b)[window.length >> 1]!;
  });
  return out;
}

export function nonLocalMeansOracle(values: Values, dimensions: Triple, options: NonLocalMeansOptions): number[] {
  const { strengthHu, searchRadius, patchRadius } = options;
  const deep = options.plane === '3d' ? 1 : 0;
  const [nx, ny, nz] = dimensions;
  const inside = (x: number, y: number, z: number) => x >= 0 && y >= 0 && z >= 0 && x < nx && y < ny && z < nz;
  const at = (x: number, y: number, z: number) => values[(z * ny + y) * nx + x];
  const out: number[] = [];
  forEachVoxel(dimensions, (i, j, k, n) => {
    let sum = 0;
    let share = 0;
    for (let z = k - searchRadius * deep; z <= k + searchRadius * deep; z++)
      for (let y = j - searchRadius; y <= j + searchRadius; y++)
        for (let x = i - searchRadius; x <= i + searchRadius; x++) {
          if (!inside(x, y, z)) continue;
          let squares = 0;
          let count = 0;
          for (let c = -patchRadius * deep; c <= patchRadius * deep; c++)
            for (let b = -patchRadius; b <= patchRadius; b++)
              for (let a = -patchRadius; a <= patchRadius; a++) {
                if (!inside(i + a, j + b, k + c) || !inside(x + a, y + b, z + c)) continue;
                squares += (at(i + a, j + b, k + c) - at(x + a, y + b, z + c)) ** 2;
                count++;
              }
          const weight = Math.exp(-squares / count / strengthHu ** 2);
          sum += weight * at(x, y, z);
          share += weight;
        }
    out[n] = sum / share;
  });
  return out;
}
