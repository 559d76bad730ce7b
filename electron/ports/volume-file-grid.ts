import { Refusal } from '../../contract/errors.ts';
import type { Nine, Triple, VolumeGeometry } from '../../kernels/volume/geometry.ts';

/** Columns in mm: the step of i, of j and of k, and the centre of the first voxel. */
export type Affine = [Triple, Triple, Triple, Triple];

/** Angles below this come from single precision. */
const squareLimit = Math.sin((0.02 * Math.PI) / 180);
/** Steps and places beyond these are no patient's: under a tenth of a micron, over a kilometre. */
const leastStepMm = 1e-4;
const farthestMm = 1e6;

export const length = (v: Triple) => Math.hypot(...v);
const dot = (a: Triple, b: Triple) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** Between RAS and LPS, either way. */
export const turnedOver = (affine: Affine): Affine => affine.map(([x, y, z]) => [-x, -y, z] as Triple) as Affine;

/** Whether the columns are finite and span a volume. */
export function isGrid(affine: Affine): boolean {
  const [x, y, z] = affine;
  const volume = x[0] * (y[1] * z[2] - y[2] * z[1]) - x[1] * (y[0] * z[2] - y[2] * z[0]) + x[2] * (y[0] * z[1] - y[1] * z[0]);
  const bound = length(x) * length(y) * length(z);
  return (
    affine.flat().every((value) => Math.abs(value) <= farthestMm) &&
    affine.slice(0, 3).every((step) => length(step as Triple) >= leastStepMm) &&
    Math.abs(volume) > 1e-3 * bound
  );
}

/** How far the axes are from right angles: the cosine between i and j, and the slant of k in degrees (0 below single precision). */
export function lean(affine: Affine): { inPlane: number; degrees: number } {
  const unit = affine.slice(0, 3).map((axis) => axis.map((value) => value / length(axis as Triple)) as Triple) as [Triple, Triple, Triple];
  const k = Math.hypot(dot(unit[0], unit[2]), dot(unit[1], unit[2]));
  return { inPlane: Math.abs(dot(unit[0], unit[1])), degrees: k > squareLimit ? (Math.asin(Math.min(1, k)) * 180) / Math.PI : 0 };
}

/**
 * The grid of a file's affine; left-handed and permuted axes stay as they are stored.
 * @param lps columns in LPS mm
 * @throws Refusal INVALID_GEOMETRY where the columns span no volume, or rows and columns are not at right angles
 */
export function gridOfAffine(lps: Affine, dimensions: Triple, format: string): { geometry: VolumeGeometry; shearDegrees: number } {
  if (!isGrid(lps))
    throw new Refusal(
      'INVALID_GEOMETRY',
      `The affine of the ${format} file is not a possible grid (zero, unreadable or boundless steps). Save it again from the program that made it.`,
    );
  const { inPlane, degrees } = lean(lps);
  if (inPlane > squareLimit)
    throw new Refusal('INVALID_GEOMETRY', `Rows and columns of the ${format} file are not at right angles. Resample it before import.`);
  const spacingMm = lps.slice(0, 3).map((axis) => length(axis as Triple)) as Triple;
  const directionLps = [0, 1, 2].flatMap((n) => (lps[n] as Triple).map((value) => value / (spacingMm[n] as number))) as Nine;
  return { geometry: { dimensions, spacingMm, originLps: lps[3], directionLps }, shearDegrees: degrees };
}
