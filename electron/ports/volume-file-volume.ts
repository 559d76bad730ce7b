import { basename } from 'node:path';
import { type Coded, type Finding, Refusal } from '../../contract/errors.ts';
import type { VolumeEntry } from '../../contract/volume.ts';
import type { Triple, VolumeGeometry } from '../../kernels/volume/geometry.ts';
import { cross } from '../../kernels/volume/stack.ts';
import { VolumeBuffer } from './dicom/pixels.ts';
import { straightVolume } from './straight-volume.ts';
import { type Beside, besideFile } from './volume-file-beside.ts';
import type { VolumeHeader } from './volume-file-header.ts';
import { openVolumeFile, refuseOverpacked } from './volume-file-open.ts';
import { readVoxels } from './volume-file-read.ts';
import { volumeFileUid } from './volume-file-uid.ts';
import type { StoredVoxels } from './volume-file-voxels.ts';

/** A volume in real units, as the importer hands it on. */
export interface ReadVolume {
  entry: VolumeEntry;
  values: Int16Array | Float32Array;
  units: string;
  warnings: Coded[];
  findings: Finding[];
}

/** What a list calls a volume file: its name, and what its header says of it. */
export function volumeDescription(name: string, { description }: VolumeHeader): string {
  return description ? `${basename(name)} (${description})` : basename(name);
}

function refuseBadVoxels(slice: StoredVoxels): void {
  if (!(slice instanceof Float32Array || slice instanceof Float64Array)) return;
  for (const value of slice) {
    if (!Number.isFinite(value))
      throw new Refusal('INVALID_VOXELS', 'Some voxels are not numbers (NaN or infinite). Correct the file: they cannot be segmented.');
  }
}

/** Counts that tell CT in HU from anything else: air near -1000 and bone above 300. */
class HuLikeness {
  private air = 0;
  private bone = 0;
  private all = 0;
  add(slice: StoredVoxels, slope: number, intercept: number): void {
    for (let n = 0; n < slice.length; n += 3) {
      const value = (slice[n] as number) * slope + intercept;
      if (value >= -1100 && value <= -900) this.air++;
      else if (value > 300) this.bone++;
    }
    this.all += Math.ceil(slice.length / 3);
  }
  get isHu(): boolean {
    return this.air > 0.01 * this.all && this.bone > 0.0001 * this.all;
  }
}

const notHu = (format: string): Coded => ({
  code: 'HU_NOT_CALIBRATED',
  message: `The values of the ${format} file do not look like HU (air near -1000, bone above 300). HU thresholds do not apply.`,
});

const excess = (bytes: number): Coded => ({
  code: 'EXCESS_PIXEL_DATA',
  message: `${bytes} bytes lie behind the voxels and were not read. If the header was written by hand, compare its size and type with the scan.`,
});

/** Refuses what a header alone shows to be no volume, or a slanted one without consent. */
export function volumeReasons(header: VolumeHeader): Coded[] {
  const out: Coded[] = [];
  const { dimensions } = header.geometry;
  if (dimensions.some((side) => side < 3))
    out.push({ code: 'TOO_FEW_SLICES', message: `${dimensions.join(' x ')} voxels make no volume; at least 3 are needed on each side.` });
  if (header.shearDegrees > 0) {
    out.push({
      code: 'GANTRY_TILT',
      message: `The slices are slanted by ${header.shearDegrees.toFixed(1)} degrees (the affine has a shear). Allow the volume to be straightened by resampling.`,
    });
  }
  return out;
}

/** What stands for a file where its path does not: its name in an archive, its UID where it is known, how it finds the files it names. */
export interface VolumeFileAs {
  name?: string;
  uid?: string;
  beside?: Beside;
}

/**
 * Reads a volume file (NIfTI-1, NRRD, MetaImage) in LPS mm and real units; axes stay in the file's order.
 * @param allow codes that the user consented to
 * @throws Refusal as `openVolumeFile`, `refuseOverpacked` and `readVoxels`, INVALID_VOXELS, TOO_FEW_SLICES, GANTRY_TILT without consent
 * Peak memory: the volume and one slice; 1.5 times the volume where values turn out not to be whole.
 */
export async function readVolumeFile(
  path: string,
  allow: string[],
  step: (fraction: number) => void,
  as: VolumeFileAs = {},
): Promise<ReadVolume> {
  const opened = await openVolumeFile(path, as.beside ?? besideFile(path));
  refuseOverpacked(opened);
  const { header } = opened;
  const reasons = volumeReasons(header).filter((item) => !allow.includes(item.code));
  if (reasons[0]) throw new Refusal(reasons[0].code, reasons[0].message, { reasons });
  const { geometry, shearDegrees, slope, intercept } = header;
  const [nx, ny, nz] = geometry.dimensions;
  const buffer = new VolumeBuffer(nx * ny * nz);
  const likeness = new HuLikeness();
  await readVoxels(opened, (slice, k) => {
    refuseBadVoxels(slice);
    buffer.append(slice, slope, intercept);
    likeness.add(slice, slope, intercept);
    step((k + 1) / nz);
    return true;
  });
  const { isHu } = likeness;
  const warnings = [
    ...header.warnings,
    ...(opened.excessBytes > 0 ? [excess(opened.excessBytes)] : []),
    ...(isHu ? [] : [notHu(header.format)]),
  ];
  const d = geometry.directionLps;
  const along = geometry.originLps[0] * d[6] + geometry.originLps[1] * d[7] + geometry.originLps[2] * d[8];
  const entry = {
    seriesInstanceUid: as.uid ?? (await volumeFileUid(path, [path, ...opened.sources.map((source) => source.path)])),
    patientName: '',
    modality: isHu ? 'CT' : 'OT',
    description: volumeDescription(as.name ?? path, header),
    slicePositionsMm: Array.from({ length: nz }, (_, k) => along + k * geometry.spacingMm[2]),
  };
  const meaning = { units: isHu ? 'HU' : 'intensity', warnings };
  if (shearDegrees === 0) {
    return { ...meaning, entry: { ...entry, ...geometry, resampled: false }, values: buffer.values, findings: [] };
  }
  const straight = straightVolume(slantedStack(geometry, buffer));
  const { values, finding, ...grid } = straight;
  const tilt: Coded = {
    code: 'GANTRY_TILT',
    message: `The slices were slanted by ${shearDegrees.toFixed(1)} degrees. The volume was straightened with consent; true positions are kept.`,
  };
  return {
    ...meaning,
    warnings: [...warnings, tilt],
    entry: { ...entry, ...grid, resampled: true },
    values,
    findings: [{ ...finding, path }],
  };
}

/** The file's slices as planes along their own normal; where k runs against it, column direction and normal keep the file's order. */
function slantedStack(geometry: VolumeGeometry, buffer: VolumeBuffer) {
  const d = geometry.directionLps;
  const row: Triple = [d[0], d[1], d[2]];
  const column: Triple = [d[3], d[4], d[5]];
  const step: Triple = [d[6], d[7], d[8]];
  const dot = (a: Triple, b: Triple) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const up = dot(cross(row, column), step);
  if (up < 0)
    throw new Refusal('INVALID_GEOMETRY', 'A slanted, left-handed grid is not straightened. Save it with its slices in the other order.');
  const perSlice = up * geometry.spacingMm[2];
  const start = dot(cross(row, column), geometry.originLps);
  return {
    values: buffer.values,
    dimensions: geometry.dimensions,
    originLps: geometry.originLps,
    rowDirection: row,
    columnDirection: column,
    inPlaneMm: [geometry.spacingMm[0], geometry.spacingMm[1]] as [number, number],
    positionsMm: Array.from({ length: geometry.dimensions[2] }, (_, k) => start + k * perSlice),
    shear: [dot(row, step) / up, dot(column, step) / up] as [number, number],
    spacingMm: perSlice,
    outside: buffer.minimum,
  };
}
