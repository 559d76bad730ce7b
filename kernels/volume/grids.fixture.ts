import fc from 'fast-check';
import { indexToLps, type Nine, type Triple, type VolumeGeometry, voxelCount } from './geometry.ts';

/** Directions turned by three angles in degrees (about z, y, x). */
export function turned(a: number, b: number, c: number): Nine {
  const [ca, sa, cb, sb, cc, sc] = [a, b, c].flatMap((d) => [Math.cos((d * Math.PI) / 180), Math.sin((d * Math.PI) / 180)]);
  // Columns of Rz Ry Rx: where i, j and k run.
  return [
    ca * cb,
    sa * cb,
    -sb,
    ca * sb * sc - sa * cc,
    sa * sb * sc + ca * cc,
    cb * sc,
    ca * sb * cc + sa * sc,
    sa * sb * cc - ca * sc,
    cb * cc,
  ];
}

const angle = fc.integer({ min: -180, max: 180 });
const spacing = fc.integer({ min: 3, max: 30 }).map((n) => n / 10);
const side = (most: number) => fc.integer({ min: 1, max: most });

/** Grids of any size, spacing, place and direction, of both hands. */
export const anyGrid = (most = 9): fc.Arbitrary<VolumeGeometry> =>
  fc
    .record({
      dimensions: fc.tuple(side(most), side(most), side(most)),
      spacingMm: fc.tuple(spacing, spacing, spacing),
      originLps: fc.tuple(angle, angle, angle),
      angles: fc.oneof(fc.constantFrom<Triple>([0, 0, 0], [90, 0, 0], [0, 180, 0], [90, 0, 90]), fc.tuple(angle, angle, angle)),
      mirrored: fc.boolean(),
    })
    .map(({ dimensions, spacingMm, originLps, angles, mirrored }) => {
      const d = turned(angles[0], angles[1], angles[2]).map((v) => (Math.abs(v) < 1e-12 ? 0 : v)) as Nine;
      const directionLps = mirrored ? ([...d.slice(0, 6), ...d.slice(6).map((v) => -v + 0)] as Nine) : d;
      return { dimensions, spacingMm, originLps, directionLps };
    });

/** What a function of space reads at each voxel of a grid. */
export function sampled(g: VolumeGeometry, value: (pointLps: Triple) => number): Float32Array {
  const out = new Float32Array(voxelCount(g.dimensions));
  const [nx, ny, nz] = g.dimensions;
  for (let k = 0, at = 0; k < nz; k++) for (let j = 0; j < ny; j++) for (let i = 0; i < nx; i++) out[at++] = value(indexToLps(g, i, j, k));
  return out;
}

/** Not symmetric in anything, and linear. */
export const slope = ([x, y, z]: Triple): number => 3 * x - 5 * y + 7 * z + 11;
