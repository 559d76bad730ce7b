import type { Triple } from '../volume/geometry.ts';
import { bilateralCells } from './bilateral-grid.ts';
import { type CrfBox, type CrfSettings, crf } from './crf.ts';

/** What one run may hold: some 25 bytes a voxel and 8 a cell of the grid, together below 1 GB. */
export interface CrfLimits {
  voxels: number;
  cells: number;
}
export const crfLimits: CrfLimits = { voxels: 24_000_000, cells: 48_000_000 };

interface Slab {
  /** Slices that are answered. */
  from: number;
  to: number;
  /** Slices that are looked at. */
  low: number;
  high: number;
}

/**
 * Runs of whole slices that a large box is worked through in: each looks three sigma further to both sides than it answers for.
 * Null where not even one slice with its surroundings stays below the limits: wider kernels in a smaller grid, or a smaller box.
 */
export function crfSlabs(dimensions: Triple, spacingMm: Triple, settings: CrfSettings, limits = crfLimits): Slab[] | null {
  const [nx, ny, nz] = dimensions;
  const halo = Math.ceil((3 * Math.max(settings.appearance.sigmaMm, settings.smoothness.sigmaMm)) / spacingMm[2]);
  const fits = (slices: number) =>
    nx * ny * slices <= limits.voxels &&
    (settings.appearance.weight === 0 ||
      bilateralCells([nx, ny, slices], spacingMm, { ...settings.appearance, rangeHu: settings.rangeHu }) <= limits.cells);
  if (fits(nz)) return [{ from: 0, to: nz, low: 0, high: nz }];
  let core = nz;
  while (core > 0 && !fits(Math.min(nz, core + 2 * halo))) core = core > 1 ? core >> 1 : 0;
  if (core === 0) return null;
  return Array.from({ length: Math.ceil(nz / core) }, (_, n) => {
    const from = n * core;
    const to = Math.min(nz, from + core);
    return { from, to, low: Math.max(0, from - halo), high: Math.min(nz, to + halo) };
  });
}

/**
 * `crf` in slabs, so that memory stays bounded whatever the box. Near where two slabs meet a voxel's say reaches less far than in one run.
 * @returns as `crf`; `updated` counts the slices that slabs share once for each
 * @throws RangeError where `crfSlabs` has no answer
 */
export function crfInSlabs(
  box: CrfBox,
  settings: CrfSettings,
  onStep: (done: number, steps: number) => void = () => {},
  limits = crfLimits,
): { probability: Float32Array; updated: number } {
  const [nx, ny] = box.dimensions;
  const slabs = crfSlabs(box.dimensions, box.spacingMm, settings, limits);
  if (slabs === null) throw new RangeError(`a slice of ${nx} x ${ny} with its surroundings is beyond the limits`);
  if (slabs.length === 1) return crf(box, settings, onStep);
  const area = nx * ny;
  const probability = new Float32Array(box.probability.length);
  let updated = 0;
  for (const [n, { from, to, low, high }] of slabs.entries()) {
    const part = crf(
      {
        dimensions: [nx, ny, high - low],
        spacingMm: box.spacingMm,
        hu: box.hu.subarray(low * area, high * area),
        probability: box.probability.subarray(low * area, high * area),
      },
      settings,
      (done, steps) => onStep(n * steps + done, slabs.length * steps),
    );
    probability.set(part.probability.subarray((from - low) * area, (to - low) * area), from * area);
    updated += part.updated;
  }
  return { probability, updated };
}
