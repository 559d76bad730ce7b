import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { Refusal } from '../../../contract/errors.ts';
import type { PatchSettings } from '../../../contract/patches.ts';
import { toEightBit } from '../../../kernels/intensity/eight-bit.ts';
import { cutPatch } from '../../../kernels/patches/cut.ts';
import { type PlaneAxes, pixelLps, planeAxes, planeSize, voxelUnder } from '../../../kernels/patches/plane.ts';
import { patchStarts } from '../../../kernels/patches/windows.ts';
import type { Triple, VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { encodeJpeg } from '../../ports/dicom/native-codecs.ts';
import type { Task } from '../protocol.ts';
import { readMask, readVoxels } from './masks.ts';
import { writeNewFolder } from './new-folder.ts';

/** More would be a slip of the keyboard, and a folder that no file browser opens. */
const mostPatches = 100_000;

interface PatchLine {
  name: string;
  slice: number;
  row: number;
  column: number;
  /** Pixels of the patch that lie inside the picture; the rest repeats its edge. */
  inside: { rows: number; columns: number };
  /** Centre of the first pixel. */
  originLps: Triple;
  bonePixels: number;
  image: { bytes: number; sha256: string };
  mask: { bytes: number; sha256: string };
}

const digits = (value: number, most: number): string => String(value).padStart(String(most).length, '0');

async function put(path: string, bytes: Uint8Array): Promise<{ bytes: number; sha256: string }> {
  await writeFile(path, bytes, { flag: 'wx' });
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** The whole of the geometry that all patches share; each patch adds its origin. */
function planeText(geometry: VolumeGeometry, axes: PlaneAxes, settings: PatchSettings) {
  const origin = pixelLps(geometry, axes, 0, 0, 0);
  const step = (at: Triple): Triple => at.map((v, n) => Number((v - origin[n]!).toFixed(9))) as Triple;
  return {
    plane: settings.plane,
    ...planeSize(geometry, axes),
    columnStepLps: step(pixelLps(geometry, axes, 0, 0, 1)),
    rowStepLps: step(pixelLps(geometry, axes, 0, 1, 0)),
    sliceStepLps: step(pixelLps(geometry, axes, 1, 0, 0)),
    words:
      'The centre of the pixel (row r, column c) of a patch lies at its originLps + r rowStepLps + c columnStepLps, LPS mm. Beyond `inside` the edge is repeated.',
  };
}

function text(head: Record<string, unknown>, patches: readonly PatchLine[]): string {
  const opening = JSON.stringify(head, null, 2).replace(/\n\}$/, '');
  return `${opening},\n  "patches": [\n${patches.map((patch) => `    ${JSON.stringify(patch)}`).join(',\n')}\n  ]\n}\n`;
}

/**
 * 10.2: writes image patches (8-bit JPEG) and mask patches (8-bit PNG, lossless) of one volume, and patches.json with their geometry.
 * @throws Refusal EMPTY_SEGMENT where no patch would hold bone, TOO_LARGE where there would be too many, OUTPUT_NOT_WRITABLE, DISK_FULL
 */
export const patches: Task<'patches'> = async ({ volume, mask, settings, source, staging, out }, context) => {
  context.progress(0, 'Reading the volume');
  const axes = planeAxes(volume, settings.plane);
  const { columns, rows, slices } = planeSize(volume, axes);
  const { size, stride } = settings;
  const starts = { rows: patchStarts(rows, size, stride), columns: patchStarts(columns, size, stride) };
  const count = slices * starts.rows.length * starts.columns.length;
  if (count > mostPatches)
    throw new Refusal(
      'TOO_LARGE',
      `A stride of ${stride} makes ${count} patches of this volume; at most ${mostPatches} are written. Choose a larger stride.`,
    );
  const hu = await readVoxels(volume);
  const bone = await readMask(mask, volume.dimensions);
  let maskVoxels = 0;
  for (const value of bone) maskVoxels += value;
  if (!maskVoxels && settings.skipEmpty)
    throw new Refusal('EMPTY_SEGMENT', 'The segment is empty: there is no patch with bone in it. Segment first, or set skipEmpty=false.');
  const covered = new Uint8Array(bone.length);
  const on = settings.maskValues === 'binary' ? 255 : 1;
  const image = hu instanceof Int16Array ? new Int16Array(size * size) : new Float32Array(size * size);
  const cut = new Uint8Array(size * size);
  const [nx, ny] = volume.dimensions;

  return writeNewFolder(out, staging, async (folder) => {
    await mkdir(join(folder, 'images'));
    await mkdir(join(folder, 'masks'));
    const lines: PatchLine[] = [];
    let bytes = 0;
    let maskVoxelsCovered = 0;
    for (let slice = 0; slice < slices; slice++) {
      context.throwIfCancelled();
      context.progress(slice / slices, `Slice ${slice + 1} of ${slices}`);
      for (const row of starts.rows) {
        for (const column of starts.columns) {
          cutPatch(bone, volume, axes, { slice, row, column, size }, cut);
          const inside = { rows: Math.min(size, rows - row), columns: Math.min(size, columns - column) };
          let bonePixels = 0;
          for (let n = 0; n < cut.length; n++) {
            if (!cut[n] || Math.floor(n / size) >= inside.rows || n % size >= inside.columns) continue;
            bonePixels++;
            const [i, j, k] = voxelUnder(volume, axes, slice, row + Math.floor(n / size), column + (n % size));
            const voxel = i + nx * (j + ny * k);
            if (covered[voxel]) continue;
            covered[voxel] = 1;
            maskVoxelsCovered++;
          }
          if (settings.skipEmpty && !bonePixels) continue;
          cutPatch(hu, volume, axes, { slice, row, column, size }, image);
          const name = `${settings.plane}-${digits(slice, slices)}-r${digits(row, rows)}-c${digits(column, columns)}`;
          const jpeg = encodeJpeg(
            toEightBit(image, settings.windowLowHu, settings.windowHighHu),
            { rows: size, columns: size },
            settings.quality,
          );
          const png = encode({ width: size, height: size, data: cut.map((v) => v * on), channels: 1, depth: 8 });
          const line: PatchLine = {
            name,
            slice,
            row,
            column,
            inside,
            originLps: pixelLps(volume, axes, slice, row, column),
            bonePixels,
            image: await put(join(folder, 'images', `${name}.jpg`), jpeg),
            mask: await put(join(folder, 'masks', `${name}.png`), png),
          };
          bytes += line.image.bytes + line.mask.bytes;
          lines.push(line);
        }
      }
    }
    const counts = { patches: lines.length, skippedEmpty: count - lines.length, slices, maskVoxels, maskVoxelsCovered };
    const { dimensions, spacingMm, originLps, directionLps } = volume;
    const head = {
      schema: 1,
      clause: '10.2',
      words:
        'Image patches and mask patches of one series. No name of a patient is in here: the series is named by the hash of its UID. The image itself may still tell who it is.',
      source: { ...source, geometry: { dimensions, spacingMm, originLps, directionLps } },
      maskSha256: createHash('sha256').update(bone).digest('hex'),
      settings,
      files: {
        images: 'images/NAME.jpg: 8-bit grey, baseline JPEG, formula (1) of 8.2 over windowLowHu to windowHighHu',
        masks: `masks/NAME.png: 8-bit grey, lossless, 0 and ${on}`,
      },
      geometry: planeText(volume, axes, settings),
      counts,
    };
    const written = await put(join(folder, 'patches.json'), new TextEncoder().encode(text(head, lines)));
    context.progress(1, `${lines.length} patches written`);
    return { ...counts, path: out, bytes: bytes + written.bytes, sha256: written.sha256 };
  });
};
