import { Readable } from 'node:stream';
import { constants, createUnzip, gunzipSync } from 'node:zlib';
import { Refusal } from '../../../contract/errors.ts';
import { type BitGrid, emptyBits, packSlice } from '../../../kernels/labels/bits.ts';
import { reorderBits } from '../../../kernels/metrics/reorder-bits.ts';
import { type AxisOrder, closestOrder, isSameOrder } from '../../../kernels/volume/axis-order.ts';
import { voxelCount } from '../../../kernels/volume/geometry.ts';
import { isNifti, niftiHeaderBytes, readNiftiHeader } from '../nifti-header.ts';
import { wholeNumbers } from '../nifti-labels.ts';
import { isGzip } from '../volume-file-bytes.ts';
import { asRefusal } from '../volume-file-fault.ts';
import { bytesOfElement, type VolumeHeader } from '../volume-file-header.ts';
import { typedVoxels } from '../volume-file-voxels.ts';
import { networkWordingIn } from './network-wording.ts';
import { trackingOfValues } from './nifti-tracking.ts';
import type { ObjectReader, ObjectTarget } from './object-input.ts';

/** A file of more values than this is an image; a mask for each of them would fill the memory. */
const mostLabels = 255;
const mostMaskBytes = 2 ** 31;
/** Grids of the same scan written by other programs differ by the last digits of single precision. */
const sameGridMm = 0.01;
/** A quaternion in single precision is off by more than that near half turns (nifti1.h, method 2). */
const quaternionVoxels = 0.05;
const pieceBytes = 1024 * 1024;
/** What we write for 255 segments is 15 KiB; longer extensions are others'. */
const mostHeadBytes = 64 * 1024;

/** The first bytes of a NIfTI file, unpacked where it is packed; null: it is none. */
function headOf(bytes: Uint8Array): Uint8Array | null {
  if (!isGzip(bytes)) return isNifti(bytes) ? bytes.subarray(0, niftiHeaderBytes) : null;
  try {
    // Of a KiB no more than a MiB can come.
    const head = gunzipSync(bytes.subarray(0, 1024), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 2 * 1024 * 1024 });
    return isNifti(head) ? head : null;
  } catch {
    return null;
  }
}

interface Fit {
  target: ObjectTarget;
  order: AxisOrder;
  apartMm: number;
}

/** The target whose voxels are the file's, in whatever order it stores them. Throws Refusal GRID_MISMATCH. */
function fitOf(header: VolumeHeader, targets: ObjectTarget[], byQuaternion: boolean): Fit {
  const { geometry } = header;
  const size = (sides: readonly number[]) => sides.join(' x ');
  const fits = targets.map((target): Fit => ({ target, ...closestOrder(geometry, target) }));
  const [best] = fits.sort((a, b) => a.apartMm - b.apartMm);
  const at = `The label file has ${size(geometry.dimensions)} voxels of ${size(geometry.spacingMm.map((mm) => Number(mm.toFixed(3))))} mm`;
  if (!best) throw new Refusal('GRID_MISMATCH', 'There is no series that labels could lie on. Import the scan first.');
  if (best.apartMm === Number.POSITIVE_INFINITY)
    throw new Refusal(
      'GRID_MISMATCH',
      `${at}; the series has ${targets.map(({ dimensions }) => size(dimensions)).join(', or ')}. Resample it onto the series' grid first.`,
    );
  const most = byQuaternion ? Math.max(sameGridMm, quaternionVoxels * Math.min(...best.target.spacingMm)) : sameGridMm;
  if (best.apartMm > most)
    throw new Refusal(
      'GRID_MISMATCH',
      `${at} as the series has, but its voxels lie up to ${best.apartMm.toFixed(3)} mm from the series'. Resample it onto the series' grid first.`,
    );
  return best;
}

function* pieces(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
}

type Pieces = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
const unpacked = (bytes: Uint8Array): Pieces =>
  isGzip(bytes) ? Readable.from(pieces(bytes)).pipe(createUnzip({ chunkSize: pieceBytes })) : pieces(bytes);

/** What lies before the voxels, as far as it may be ours. */
async function beforeVoxels(bytes: Uint8Array, header: VolumeHeader): Promise<Uint8Array> {
  const wanted = Math.min(header.place.skip, mostHeadBytes);
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const piece of unpacked(bytes)) {
    // A piece may lie in a buffer that is used again.
    parts.push(Uint8Array.from(piece.subarray(0, wanted - length)));
    length += piece.length;
    if (length >= wanted) break;
  }
  return Buffer.concat(parts);
}

/** The voxels' bytes slice by slice; each takes the place of the one before. Throws Refusal TRUNCATED_PIXEL_DATA. */
async function* slabs(bytes: Uint8Array, header: VolumeHeader, tick: () => void): AsyncGenerator<Uint8Array> {
  const [nx, ny, nz] = header.geometry.dimensions;
  const slab = new Uint8Array(nx * ny * bytesOfElement[header.element]);
  let { skip } = header.place;
  let filled = 0;
  let k = 0;
  for await (const piece of unpacked(bytes)) {
    tick();
    let at = Math.min(skip, piece.length);
    skip -= at;
    while (at < piece.length && k < nz) {
      const step = Math.min(slab.length - filled, piece.length - at);
      slab.set(piece.subarray(at, at + step), filled);
      filled += step;
      at += step;
      if (filled < slab.length) continue;
      filled = 0;
      k++;
      yield slab;
    }
    if (k === nz) return;
  }
  throw new Refusal('TRUNCATED_PIXEL_DATA', 'The label file holds fewer voxels than its header states. Copy it again.');
}

/** A mask for each value that is not zero. */
async function masksOf(bytes: Uint8Array, header: VolumeHeader, tick: () => void): Promise<Map<number, BitGrid>> {
  const { dimensions } = header.geometry;
  const masks = new Map<number, BitGrid>();
  let k = 0;
  for await (const slab of slabs(bytes, header, tick)) {
    const labels = wholeNumbers(typedVoxels(slab, header.element, header.littleEndian), header);
    const seen = new Set<number>();
    let last = 0;
    for (let n = 0; n < labels.length; n++) {
      const value = labels[n] as number;
      if (value === last) continue;
      last = value;
      seen.add(value);
      if (seen.size > mostLabels + 1) break;
    }
    seen.delete(0);
    for (const value of seen) {
      if (value < 0 || value > 65535)
        throw new Refusal(
          'INVALID_OBJECT',
          `A label of ${value} cannot be kept: labels are 1 to 65535. Number them anew, or import the file as a scan.`,
        );
      let mask = masks.get(value);
      if (!mask) {
        if (masks.size >= mostLabels || ((masks.size + 1) * voxelCount(dimensions)) / 8 > mostMaskBytes)
          throw new Refusal(
            'INVALID_OBJECT',
            `The file holds more than ${masks.size} values: it looks like an image. Import it as a scan, or save fewer labels.`,
          );
        mask = emptyBits(dimensions);
        masks.set(value, mask);
      }
      packSlice(mask, k, labels, value);
    }
    k++;
  }
  return masks;
}

/**
 * 9.1-interop: a NIfTI-1 label file of any program, each value a segment, on the grid of the series whose voxels are the same, however their
 * axes are ordered. Throws Refusal as `readNiftiHeader`, and GRID_MISMATCH, INVALID_OBJECT, INVALID_VOXELS, TRUNCATED_PIXEL_DATA,
 * TRUNCATED_FILE, CORRUPT_FILE. Cost: a slice of the file, and an eighth of a byte a voxel for each label.
 */
export const readNiftiLabels: ObjectReader = async (bytes, { name, targets }, tick) => {
  const head = headOf(bytes);
  if (!head) return null;
  const header = readNiftiHeader(head);
  // sform_code: without it the grid came from the quaternion alone.
  const byQuaternion = new DataView(head.buffer, head.byteOffset).getInt16(254, header.littleEndian) <= 0;
  const { target, order, apartMm } = fitOf(header, targets, byQuaternion);
  let masks: Map<number, BitGrid>;
  let tracking: Map<number, string>;
  try {
    tracking = trackingOfValues(await beforeVoxels(bytes, header), header.littleEndian);
    masks = await masksOf(bytes, header, tick);
  } catch (error) {
    throw asRefusal(error);
  }
  const base = name.replace(/\.nii(\.gz)?$/i, '').slice(0, 64) || 'Labels';
  const findings = masks.size === 0 ? ['The label file holds no label: every voxel is 0.'] : [];
  if (apartMm > sameGridMm)
    findings.push(`Its grid is stated by a quaternion alone and lies ${apartMm.toFixed(3)} mm off; voxel for voxel was followed.`);
  if (!isSameOrder(order)) findings.push('Its axes run otherwise than those of the series; they were turned, and no voxel moved.');
  const segments = [...masks]
    .sort(([a], [b]) => a - b)
    .map(([value, bits]) => ({
      bits: isSameOrder(order) ? bits : reorderBits(bits, order),
      name: masks.size === 1 ? base : `Label ${value}`,
      number: value,
      label: null,
      type: null,
      trackingUid: tracking.get(value) ?? null,
      // The file says it of all that it holds: of several masks it may be too many, never too few.
      networkWording: networkWordingIn(header.description),
    }));
  const empty = [...tracking]
    .filter(([value]) => !masks.has(value))
    .map(([value, trackingUid]) => ({ name: `Label ${value}`, number: value, trackingUid, certain: false }));
  return { kind: 'NIfTI labels', series: target.seriesInstanceUid, segments, empty, markups: [], findings };
};
