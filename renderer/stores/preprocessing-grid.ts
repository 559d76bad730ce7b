import type { PreprocessSettings } from '../../contract/preprocessing.ts';
import { gridWithSpacing } from '../../kernels/spacing/grid.ts';
import { boxToIndices } from '../../kernels/volume/crop.ts';
import { indexToLps, type Triple, type VolumeGeometry } from '../../kernels/volume/geometry.ts';
import { landmarkRegion } from '../../kernels/volume/landmark-region.ts';
import { polygonRegion } from '../../kernels/volume/polygon-region.ts';
import type { BoxLps } from './preprocessing.ts';

type RegionSettings = NonNullable<PreprocessSettings['region']>;

/** The box that a region keeps of a grid, LPS mm. Throws RangeError, with words, on marks that are exchanged. */
export function regionBox(region: RegionSettings, grid: VolumeGeometry): BoxLps {
  if (region.by === 'box') return region.boxLps;
  if (region.by === 'landmarks') return landmarkRegion(region, grid);
  return polygonRegion(region.plane, region.outlineLps, grid).box;
}

function cropped(grid: VolumeGeometry, region: RegionSettings): VolumeGeometry {
  const kept = boxToIndices(grid, regionBox(region, grid));
  if (!kept) throw new RangeError('The region lies outside of this series.');
  const dimensions = kept.to.map((last, a) => last - (kept.from[a] as number) + 1) as Triple;
  return { ...grid, dimensions, originLps: indexToLps(grid, ...kept.from) };
}

function bordered(grid: VolumeGeometry, { multiple, size }: NonNullable<PreprocessSettings['pad']>): VolumeGeometry {
  const dimensions = grid.dimensions.map((side, a) => {
    const least = Math.max(side, size?.[a] ?? 1);
    const step = multiple?.[a] ?? 1;
    return Math.ceil(least / step) * step;
  }) as Triple;
  const before = dimensions.map((side, a) => Math.floor((side - (grid.dimensions[a] as number)) / 2)) as Triple;
  return { ...grid, dimensions, originLps: indexToLps(grid, -before[0], -before[1], -before[2]) };
}

/**
 * The grid that a chain ends on, reckoned before it is run: the same steps as the service's, without voxels.
 * @param spacingMm what the interpolation's choice comes to
 * @param onto grid of the series that registration goes onto
 * @throws RangeError, with words, where a step cannot be done on this grid
 */
export function chainGrid(
  grid: VolumeGeometry,
  { region, interpolate, register, pad }: PreprocessSettings,
  spacingMm: number | null,
  onto: VolumeGeometry | null,
): VolumeGeometry {
  let now = region ? cropped(grid, region) : grid;
  if (register && onto) now = onto;
  if (interpolate && spacingMm !== null) now = gridWithSpacing(now, [spacingMm, spacingMm, interpolate.plane === '3d' ? spacingMm : null]);
  return pad ? bordered(now, pad) : now;
}

/** Where the preview's slice lies after the steps that a slab shows: no registration, no padding across the slices. */
export function previewGrid(grid: VolumeGeometry, settings: PreprocessSettings, spacingMm: number | null): VolumeGeometry {
  const pad = settings.pad && {
    ...settings.pad,
    ...(settings.pad.multiple ? { multiple: [settings.pad.multiple[0], settings.pad.multiple[1], 1] as Triple } : {}),
    ...(settings.pad.size ? { size: [settings.pad.size[0], settings.pad.size[1], 1] as Triple } : {}),
  };
  return chainGrid(grid, { ...settings, register: null, pad }, spacingMm, null);
}
