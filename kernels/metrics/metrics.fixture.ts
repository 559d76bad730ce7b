import fc from 'fast-check';
import type { Triple } from '../volume/geometry.ts';

/** Grids and masks for the tests of this room. */

export interface TwoMasks {
  dimensions: Triple;
  spacingMm: Triple;
  truth: Uint8Array;
  result: Uint8Array;
}

const side = fc.oneof(fc.integer({ min: 1, max: 7 }), fc.constantFrom(31, 32, 33, 65));
const spacing = fc.double({ min: 0.3, max: 3, noNaN: true });

/** Two masks on one anisotropic grid: from almost empty to almost full, with single voxels and whole blocks. */
export const twoMasks: fc.Arbitrary<TwoMasks> = fc
  .tuple(side, fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 9 }), spacing, spacing, spacing)
  .chain(([nx, ny, nz, sx, sy, sz]) => {
    const voxels = nx * ny * nz;
    const mask = fc
      .tuple(
        fc.array(fc.nat(voxels - 1), { maxLength: 6 }),
        fc.array(fc.tuple(fc.nat(nx - 1), fc.nat(ny - 1), fc.nat(nz - 1), fc.nat(nx), fc.nat(ny), fc.nat(nz)), { maxLength: 2 }),
      )
      .map(([single, blocks]) => {
        const bytes = new Uint8Array(voxels);
        for (const at of single) bytes[at] = 1;
        for (const [i0, j0, k0, di, dj, dk] of blocks) {
          for (let k = k0; k < Math.min(nz, k0 + dk); k++)
            for (let j = j0; j < Math.min(ny, j0 + dj); j++)
              for (let i = i0; i < Math.min(nx, i0 + di); i++) bytes[i + nx * (j + ny * k)] = 1 - bytes[i + nx * (j + ny * k)];
        }
        return bytes;
      });
    return fc.record({
      dimensions: fc.constant<Triple>([nx, ny, nz]),
      spacingMm: fc.constant<Triple>([sx, sy, sz]),
      truth: mask,
      result: mask,
    });
  });

/** The mask mirrored along one axis. */
export function mirrored(mask: Uint8Array, [nx, ny, nz]: Triple, axis: 0 | 1 | 2): Uint8Array {
  return mask.map((_, at) => {
    const index = [at % nx, Math.floor(at / nx) % ny, Math.floor(at / (nx * ny))];
    index[axis] = [nx, ny, nz][axis] - 1 - index[axis];
    return mask[index[0] + nx * (index[1] + ny * index[2])];
  });
}

/** The mask inside a larger grid, its first voxel at `offset`. */
export function placed(mask: Uint8Array, [nx, ny, nz]: Triple, into: Triple, offset: Triple): Uint8Array {
  const out = new Uint8Array(into[0] * into[1] * into[2]);
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) out[i + offset[0] + into[0] * (j + offset[1] + into[1] * (k + offset[2]))] = mask[i + nx * (j + ny * k)];
  return out;
}
