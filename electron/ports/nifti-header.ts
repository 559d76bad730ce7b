import { type Coded, Refusal } from '../../contract/errors.ts';
import type { Triple } from '../../kernels/volume/geometry.ts';
import { type Affine, gridOfAffine, isGrid, lean, length, turnedOver } from './volume-file-grid.ts';
import { type ElementType, shownText, type VolumeHeader } from './volume-file-header.ts';

export const niftiHeaderBytes = 348;

/** Whether bytes begin as a NIfTI header does, of version 1 or 2, in one file or two. */
export function isNifti(bytes: Uint8Array): boolean {
  if (bytes.length < niftiHeaderBytes) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 3));
  const size = [view.getInt32(0, true), view.getInt32(0, false)];
  if (size.includes(540)) return ['n+2', 'ni2'].includes(text(4));
  return size.includes(niftiHeaderBytes) && ['n+1', 'ni1'].includes(text(344));
}

const elements = new Map<number, ElementType>([
  [2, 'uint8'],
  [256, 'int8'],
  [4, 'int16'],
  [512, 'uint16'],
  [8, 'int32'],
  [768, 'uint32'],
  [16, 'float32'],
  [64, 'float64'],
  [1024, 'int64'],
  [1280, 'uint64'],
]);
const colours = new Set([128, 2304]);
const toMm = new Map([
  [0, 1],
  [1, 1000],
  [2, 1],
  [3, 0.001],
]);

/** Method 3 of the NIfTI-1 header: the rows of the affine. The result is in RAS mm, as all affines of this file. */
function sform(view: DataView, little: boolean, scale: number): Affine {
  const at = (row: number, column: number) => view.getFloat32(280 + row * 16 + column * 4, little) * scale;
  return [0, 1, 2, 3].map((column) => [at(0, column), at(1, column), at(2, column)] as Triple) as Affine;
}

/** The quaternion; half turns are stated only to single precision, so that `a` close to zero is zero (nifti1.h). */
function quaternion(view: DataView, little: boolean): [number, number, number, number] {
  const [b, c, d] = [256, 260, 264].map((at) => view.getFloat32(at, little)) as [number, number, number];
  const square = 1 - (b * b + c * c + d * d);
  if (square >= 1e-7) return [Math.sqrt(square), b, c, d];
  const unit = 1 / Math.sqrt(b * b + c * c + d * d);
  return [0, b * unit, c * unit, d * unit];
}

/** How far off, in radians, single precision may put a turn: the more, the nearer it is to a half turn. */
function quaternionSlack(view: DataView, little: boolean): number {
  return 1e-4 + Math.min(6e-4, 2.4e-7 / Math.max(quaternion(view, little)[0], 1e-9));
}

/** Method 2: a quaternion, the pixel sizes and the handedness. */
function qform(view: DataView, little: boolean, scale: number): Affine {
  const f = (at: number) => view.getFloat32(at, little);
  const [a, b, c, d] = quaternion(view, little);
  const handed = f(76) < 0 ? -1 : 1;
  const [sx, sy, sz] = [f(80) * scale, f(84) * scale, f(88) * scale * handed];
  const turn: Triple[] = [
    [a * a + b * b - c * c - d * d, 2 * (b * c + a * d), 2 * (b * d - a * c)],
    [2 * (b * c - a * d), a * a + c * c - b * b - d * d, 2 * (c * d + a * b)],
    [2 * (b * d + a * c), 2 * (c * d - a * b), a * a + d * d - c * c - b * b],
  ];
  const steps = turn.map((axis, n) => axis.map((value) => value * ([sx, sy, sz][n] as number)) as Triple);
  return [...steps, [f(268) * scale, f(272) * scale, f(276) * scale]] as Affine;
}

/** The largest distance between where two affines put a corner of the grid. */
function disagreementMm(a: Affine, b: Affine, dimensions: Triple): number {
  let most = 0;
  for (let corner = 0; corner < 8; corner++) {
    const index = dimensions.map((side, n) => ((corner >> n) & 1 ? side - 1 : 0)) as Triple;
    const put = (m: Affine, axis: 0 | 1 | 2) => m[0][axis] * index[0] + m[1][axis] * index[1] + m[2][axis] * index[2] + m[3][axis];
    most = Math.max(most, Math.hypot(put(a, 0) - put(b, 0), put(a, 1) - put(b, 1), put(a, 2) - put(b, 2)));
  }
  return most;
}

function chooseAffine(view: DataView, little: boolean, scale: number, dimensions: Triple): Affine {
  const hasQ = view.getInt16(252, little) > 0;
  const hasS = view.getInt16(254, little) > 0;
  if (!hasQ && !hasS) {
    throw new Refusal(
      'MISSING_GEOMETRY',
      'The NIfTI file states neither sform nor qform: left and right cannot be told. Export it with its affine.',
    );
  }
  const s = hasS ? sform(view, little, scale) : null;
  const q = hasQ ? qform(view, little, scale) : null;
  for (const affine of [s, q]) {
    if (affine && !isGrid(affine))
      throw new Refusal(
        'INVALID_GEOMETRY',
        'The affine of the NIfTI file is not a possible grid (zero or unreadable spacing). Save it again from the program that made it.',
      );
  }
  if (!s || !q) return (s ?? q) as Affine;
  // A slant cannot be written as a quaternion: then the sform alone can be right, and is judged as slanted.
  if (lean(s).degrees > 0) return s;
  const extent = Math.max(...dimensions.map((side, n) => side * length(s[n] as Triple)));
  const apart = disagreementMm(s, q, dimensions);
  if (apart > 0.02 + quaternionSlack(view, little) * extent) {
    const message = `sform and qform put the volume ${apart.toFixed(1)} mm apart. Neither is chosen for you: save the file again with one of them.`;
    throw new Refusal('SFORM_QFORM_CONFLICT', message);
  }
  return s;
}

/**
 * Reads the header of a NIfTI-1 single file (nifti1.h): the grid in LPS mm, where and how the voxels lie.
 * @param bytes the first 348 bytes or more
 * @throws Refusal NOT_DICOM, UNSUPPORTED_CONTAINER, UNSUPPORTED_DIMENSIONS, UNSUPPORTED_PIXEL_FORMAT, COLOUR_IMAGE, MISSING_GEOMETRY,
 * INVALID_GEOMETRY, SFORM_QFORM_CONFLICT, TOO_FEW_SLICES
 */
export function readNiftiHeader(bytes: Uint8Array): VolumeHeader {
  if (bytes.length < niftiHeaderBytes)
    throw new Refusal('TRUNCATED_FILE', 'The file is shorter than a NIfTI header. Copy it again from its source.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = view.getInt32(0, true) === niftiHeaderBytes;
  const size = view.getInt32(0, little);
  if (size === 540 || view.getInt32(0, true) === 540)
    throw new Refusal('UNSUPPORTED_CONTAINER', 'NIfTI-2 is not read. Save the volume as NIfTI-1.');
  const magic = String.fromCharCode(...bytes.subarray(344, 347));
  if (size !== niftiHeaderBytes || (magic !== 'n+1' && magic !== 'ni1'))
    throw new Refusal('CORRUPT_FILE', 'The file is named NIfTI and is not one. Save it again from the program that made it.');
  if (magic === 'ni1')
    throw new Refusal('UNSUPPORTED_CONTAINER', 'A pair of .hdr and .img is not read. Save the volume as one .nii.gz file.');
  const rank = view.getInt16(40, little);
  const dim = Array.from({ length: 7 }, (_, n) => (n < rank ? view.getInt16(42 + n * 2, little) : 1));
  if (rank < 1 || rank > 7 || dim.some((side) => side < 1))
    throw new Refusal('UNSUPPORTED_DIMENSIONS', `Dimensions of ${dim.join(' x ')} are not possible. Save one 3D volume.`);
  if (dim.slice(3).some((side) => side > 1)) {
    throw new Refusal(
      'UNSUPPORTED_DIMENSIONS',
      `The file holds ${dim.slice(3).reduce((a, b) => a * b)} volumes or components. Save one volume.`,
    );
  }
  const dimensions = dim.slice(0, 3) as Triple;
  const datatype = view.getInt16(70, little);
  if (colours.has(datatype)) throw new Refusal('COLOUR_IMAGE', 'A colour picture holds no intensity to segment.');
  const element = elements.get(datatype);
  if (!element)
    throw new Refusal('UNSUPPORTED_PIXEL_FORMAT', `NIfTI voxels of type ${datatype} are not read. Save them as int16 or float32.`);
  const unit = view.getUint8(123) & 7;
  const scale = toMm.get(unit);
  if (scale === undefined) throw new Refusal('INVALID_GEOMETRY', `The unit of length ${unit} of the NIfTI file is unknown.`);
  const affine = chooseAffine(view, little, scale, dimensions);
  const { geometry, shearDegrees } = gridOfAffine(turnedOver(affine), dimensions, 'NIfTI');
  const warnings: Coded[] = [];
  const stated = [80, 84, 88].map((at) => Math.abs(view.getFloat32(at, little) * scale));
  if (geometry.spacingMm.some((mm, n) => Math.abs(mm - (stated[n] as number)) > 0.01 * mm)) {
    warnings.push({
      code: 'SPACING_TAGS_DISAGREE',
      message: `pixdim states ${stated.map((mm) => mm.toFixed(3)).join(' x ')} mm; the affine was followed.`,
    });
  }
  const slope = view.getFloat32(112, little);
  const intercept = view.getFloat32(116, little);
  const scaled = slope !== 0 && Number.isFinite(slope) && Number.isFinite(intercept);
  const voxelOffset = view.getFloat32(108, little);
  if (!(voxelOffset >= niftiHeaderBytes && voxelOffset <= 2 ** 31))
    throw new Refusal('CORRUPT_FILE', 'The NIfTI file does not state where its voxels begin. Save it again from the program that made it.');
  return {
    format: 'NIfTI',
    element,
    littleEndian: little,
    slope: scaled ? slope : 1,
    intercept: scaled ? intercept : 0,
    description: shownText(Buffer.from(bytes.subarray(148, 228)).toString('latin1').replace(/\0.*$/s, '')),
    geometry,
    shearDegrees,
    place: { names: null, encoding: 'raw', packing: 'none', start: 0, lineSkip: 0, skip: Math.trunc(voxelOffset) },
    warnings,
  };
}
