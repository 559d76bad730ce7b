import type { SeriesSummary } from '../../contract/volume.ts';
import { thumbnail } from './dicom/thumbnail.ts';
import type { Beside } from './volume-file-beside.ts';
import { openVolumeFile, refuseOverpacked } from './volume-file-open.ts';
import { readVoxels } from './volume-file-read.ts';
import { volumeDescription, volumeReasons } from './volume-file-volume.ts';
import type { StoredVoxels } from './volume-file-voxels.ts';

/**
 * A volume file as the picker shows it; reading stops at the middle slice, so that what its values mean is left to the import.
 * @param name the file's name, or its name in an archive
 * @param uid of `volumeFileUid`
 * @throws Refusal as `openVolumeFile`, `refuseOverpacked` and `readVoxels`
 */
export async function volumeFileSummary(path: string, name: string, uid: string, beside: Beside): Promise<SeriesSummary> {
  const opened = await openVolumeFile(path, beside);
  refuseOverpacked(opened);
  const { header } = opened;
  const { geometry, slope, intercept } = header;
  const [columns, rows, slices] = geometry.dimensions;
  const got: { middle: StoredVoxels | null } = { middle: null };
  await readVoxels(opened, (slice, k) => {
    if (k < slices >> 1) return true;
    got.middle = slice;
    return false;
  });
  const inPlaneMm: [number, number] = [geometry.spacingMm[0], geometry.spacingMm[1]];
  return {
    seriesInstanceUid: uid,
    kind: 'volume',
    modality: 'OT',
    description: volumeDescription(name, header),
    patientName: '',
    studyDate: '',
    dimensions: geometry.dimensions,
    spacingMm: geometry.spacingMm,
    reasons: volumeReasons(header),
    warnings: header.warnings,
    thumbnail: got.middle ? thumbnail({ stored: got.middle, columns, rows, slope, intercept, inPlaneMm, isHu: false }) : null,
  };
}
