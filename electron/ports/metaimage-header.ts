import { type Coded, Refusal } from '../../contract/errors.ts';
import type { Triple } from '../../kernels/volume/geometry.ts';
import { type MetaImageFields, metaImageFault, metaImageFields } from './metaimage-fields.ts';
import { type Affine, gridOfAffine, length } from './volume-file-grid.ts';
import { type ElementType, longestTextHeader, shownText, type VolumeHeader, type VoxelPlace } from './volume-file-header.ts';
import { numberedNames } from './volume-file-names.ts';

/** MET_LONG is four bytes wide in files, on every system. */
const elements = new Map<string, ElementType>([
  ['MET_CHAR', 'int8'],
  ['MET_ASCII_CHAR', 'int8'],
  ['MET_UCHAR', 'uint8'],
  ['MET_SHORT', 'int16'],
  ['MET_USHORT', 'uint16'],
  ['MET_INT', 'int32'],
  ['MET_UINT', 'uint32'],
  ['MET_LONG', 'int32'],
  ['MET_ULONG', 'uint32'],
  ['MET_LONG_LONG', 'int64'],
  ['MET_ULONG_LONG', 'uint64'],
  ['MET_FLOAT', 'float32'],
  ['MET_DOUBLE', 'float64'],
]);

type Fields = MetaImageFields['fields'];

function required(fields: Fields, key: string): string {
  const value = fields.get(key.toLowerCase());
  if (value === undefined || value === '')
    throw new Refusal('MISSING_REQUIRED_TAG', `The MetaImage header does not state ${key}. Save the volume again.`);
  return value;
}

function yes(fields: Fields, key: string, otherwise: boolean): boolean {
  const value = fields.get(key.toLowerCase());
  return value === undefined ? otherwise : /^(t|true|1|yes)$/i.test(value);
}

const numbersOf = (text: string): number[] => text.split(/\s+/).map((part) => (part === '' ? Number.NaN : Number(part)));

/** The numbers of a key that has several names. Throws Refusal INVALID_GEOMETRY where two of the names say different things. */
function numbers(fields: Fields, keys: string[], count: number): number[] | null {
  const found = keys.flatMap((key) => {
    const text = fields.get(key.toLowerCase());
    return text === undefined ? [] : [numbersOf(text)];
  });
  const [first, ...others] = found;
  if (!first) return null;
  if (first.length !== count || !first.every(Number.isFinite)) throw metaImageFault(`${keys[0]} has not ${count} numbers`);
  if (others.some((other) => other.length !== count || other.some((value, n) => value !== first[n])))
    throw new Refusal('INVALID_GEOMETRY', `The MetaImage header states ${keys.join(' and ')} differently. Save the volume again.`);
  return first;
}

function dimensionsOf(fields: Fields): { rank: number; dimensions: Triple } {
  const rank = Number(required(fields, 'NDims'));
  const sizes = numbersOf(required(fields, 'DimSize'));
  if (!(rank >= 1 && rank <= 10) || sizes.length !== rank || sizes.some((side) => !Number.isInteger(side) || side < 1 || side > 2 ** 31))
    throw new Refusal('UNSUPPORTED_DIMENSIONS', 'The MetaImage header states dimensions that are not possible. Save one 3D volume.');
  if (rank < 3) throw new Refusal('TOO_FEW_SLICES', `The file has ${rank} axes, no volume. Choose the file of the whole volume.`);
  const more = sizes.slice(3).reduce((a, b) => a * b, 1);
  if (more > 1) throw new Refusal('UNSUPPORTED_DIMENSIONS', `The file holds ${more} volumes. Save one volume.`);
  return { rank, dimensions: sizes.slice(0, 3) as Triple };
}

function elementOf(fields: Fields): ElementType {
  const name = required(fields, 'ElementType').toUpperCase();
  const channels = Number(fields.get('elementnumberofchannels') ?? 1);
  if (channels !== 1 || name.endsWith('_ARRAY')) {
    const element = elements.get(name.replace(/_ARRAY$/, ''));
    if (element === 'uint8' && (channels === 3 || channels === 4))
      throw new Refusal('COLOUR_IMAGE', 'A colour picture holds no intensity to segment.');
    throw new Refusal('UNSUPPORTED_DIMENSIONS', 'The file holds several components at each voxel. Save one of them as a volume.');
  }
  const element = elements.get(name);
  if (!element)
    throw new Refusal(
      'UNSUPPORTED_PIXEL_FORMAT',
      `MetaImage voxels of type ${shownText(name)} are not read. Save them as MET_SHORT or MET_FLOAT.`,
    );
  return element;
}

/** What programs disagree about is not chosen: most read lengths as mm and stored values as they are, whatever these keys say. */
function refuseDisputed(fields: Fields): void {
  const orders = ['BinaryDataByteOrderMSB', 'ElementByteOrderMSB'].filter((key) => fields.has(key.toLowerCase()));
  if (new Set(orders.map((key) => yes(fields, key, false))).size > 1) throw metaImageFault('it states two orders of its bytes');
  const unit = fields.get('distanceunits') ?? 'mm';
  if (!['mm', '?', ''].includes(unit.toLowerCase()))
    throw new Refusal(
      'INVALID_GEOMETRY',
      `The MetaImage file states lengths in ${shownText(unit)}, which most programs read as mm. Save it in mm.`,
    );
  const slope = Number(fields.get('elementtointensityfunctionslope') ?? 1);
  const offset = Number(fields.get('elementtointensityfunctionoffset') ?? 0);
  if (slope !== 1 || offset !== 0)
    throw new Refusal(
      'INVALID_RESCALE',
      'The MetaImage file states a scaling of its values, which most programs leave out. Save it with the values scaled.',
    );
}

function gridOf(fields: Fields, warnings: Coded[]) {
  const { rank, dimensions } = dimensionsOf(fields);
  const spacing = numbers(fields, ['ElementSpacing'], rank);
  const size = numbers(fields, ['ElementSize'], rank);
  const steps = spacing ?? size;
  if (!steps)
    throw new Refusal(
      'MISSING_GEOMETRY',
      'The MetaImage file does not state its voxel spacing (ElementSpacing): nothing can be measured. Export it with its geometry.',
    );
  if (steps.slice(0, 3).some((mm) => !(mm > 0)))
    throw new Refusal('INVALID_GEOMETRY', 'The MetaImage file states a spacing that is not above zero. Save it with its true spacing.');
  if (spacing && size && [0, 1, 2].some((n) => Math.abs((size[n] as number) - (spacing[n] as number)) > 0.01 * (spacing[n] as number)))
    warnings.push({ code: 'SPACING_TAGS_DISAGREE', message: `ElementSize states ${size.join(' x ')} mm; ElementSpacing was followed.` });
  const matrix = numbers(fields, ['TransformMatrix', 'Rotation', 'Orientation'], rank * rank);
  if (!matrix) {
    warnings.push({
      code: 'MISSING_GEOMETRY',
      message:
        'The MetaImage file does not state how its axes lie; the default of the format was taken: to the left, to the back, to the head. Compare left and right with another source.',
    });
  }
  const origin = numbers(fields, ['Offset', 'Position', 'Origin'], rank);
  if (!origin) {
    warnings.push({
      code: 'MISSING_GEOMETRY',
      message: 'The MetaImage file does not state where its first voxel lies; 0, 0, 0 was taken. It does not line up with other series.',
    });
  }
  const stepOf = (axis: 0 | 1 | 2): Triple => {
    // One axis after the other, each as it runs through the patient.
    const along = matrix ? (matrix.slice(axis * rank, axis * rank + 3) as Triple) : ([0, 1, 2].map((n) => (n === axis ? 1 : 0)) as Triple);
    const unit = length(along);
    if (Math.abs(unit - 1) > 1e-3)
      throw new Refusal(
        'INVALID_GEOMETRY',
        'The axes of the MetaImage file are no unit vectors. Save it with its scale in ElementSpacing.',
      );
    return along.map((value) => (value / unit) * (steps[axis] as number)) as Triple;
  };
  const affine: Affine = [stepOf(0), stepOf(1), stepOf(2), (origin ?? [0, 0, 0]).slice(0, 3) as Triple];
  return gridOfAffine(affine, dimensions, 'MetaImage');
}

function placeOf({ fields, listed, end }: MetaImageFields): VoxelPlace {
  const packed = yes(fields, 'CompressedData', false);
  const binary = yes(fields, 'BinaryData', true);
  const file = required(fields, 'ElementDataFile');
  const names = /^LIST\b/i.test(file) ? listed : /^local$/i.test(file) ? null : (numberedNames(file) ?? [file]);
  if (names?.length === 0) throw metaImageFault('it lists no file');
  const headerSize = Number(fields.get('headersize') ?? 0);
  if (!Number.isInteger(headerSize) || headerSize < -1 || headerSize > 2 ** 31) throw metaImageFault('its HeaderSize is not possible');
  if (headerSize === -1 && (packed || !binary)) throw metaImageFault('a HeaderSize of -1 is for raw voxels alone');
  return {
    names,
    encoding: binary ? 'raw' : 'ascii',
    packing: packed ? 'unzip' : 'none',
    start: headerSize === -1 ? 'end' : headerSize > 0 ? headerSize : names ? 0 : end,
    lineSkip: 0,
    skip: 0,
  };
}

/**
 * Reads a MetaImage header (.mha, .mhd): the grid in LPS mm, where and how the voxels lie. TransformMatrix holds one axis after the other,
 * each in LPS, as ITK writes and reads it; AnatomicalOrientation is a remark and decides nothing.
 * @param bytes the file's first `longestTextHeader` bytes, or all where it is shorter
 * @throws Refusal CORRUPT_FILE, MISSING_REQUIRED_TAG, NOT_AN_IMAGE, UNSUPPORTED_DIMENSIONS, COLOUR_IMAGE, TOO_FEW_SLICES,
 * UNSUPPORTED_PIXEL_FORMAT, MISSING_GEOMETRY, INVALID_GEOMETRY, INVALID_RESCALE
 */
export function readMetaImageHeader(bytes: Uint8Array): VolumeHeader {
  const found = metaImageFields(bytes.subarray(0, longestTextHeader));
  const { fields } = found;
  const kind = fields.get('objecttype') ?? 'Image';
  if (kind.toLowerCase() !== 'image')
    throw new Refusal('NOT_AN_IMAGE', `The file holds a ${shownText(kind)}, no image. Choose the image of the scan.`);
  const element = elementOf(fields);
  refuseDisputed(fields);
  const warnings: Coded[] = [];
  const { geometry, shearDegrees } = gridOf(fields, warnings);
  return {
    format: 'MetaImage',
    element,
    littleEndian: !(yes(fields, 'BinaryDataByteOrderMSB', false) || yes(fields, 'ElementByteOrderMSB', false)),
    slope: 1,
    intercept: 0,
    description: shownText(fields.get('comment') ?? fields.get('name') ?? ''),
    geometry,
    shearDegrees,
    place: placeOf(found),
    warnings,
  };
}
