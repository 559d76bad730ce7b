import { type Coded, Refusal } from '../../contract/errors.ts';
import type { Triple } from '../../kernels/volume/geometry.ts';
import { type NrrdFields, nrrdFault, nrrdFields } from './nrrd-fields.ts';
import { type Affine, gridOfAffine } from './volume-file-grid.ts';
import { type ElementType, longestTextHeader, shownText, type VolumeHeader, type VoxelPlace } from './volume-file-header.ts';
import { numberedNames } from './volume-file-names.ts';

const elements = new Map<string, ElementType>(
  (
    [
      ['int8', 'signed char', 'int8', 'int8_t', 'char'],
      ['uint8', 'uchar', 'unsigned char', 'uint8', 'uint8_t'],
      ['int16', 'short', 'short int', 'signed short', 'signed short int', 'int16', 'int16_t'],
      ['uint16', 'ushort', 'unsigned short', 'unsigned short int', 'uint16', 'uint16_t'],
      ['int32', 'int', 'signed int', 'int32', 'int32_t'],
      ['uint32', 'uint', 'unsigned int', 'uint32', 'uint32_t'],
      ['int64', 'longlong', 'long long', 'long long int', 'signed long long', 'signed long long int', 'int64', 'int64_t'],
      ['uint64', 'ulonglong', 'unsigned long long', 'unsigned long long int', 'uint64', 'uint64_t'],
      ['float32', 'float'],
      ['float64', 'double'],
    ] as [ElementType, ...string[]][]
  ).flatMap(([element, ...names]) => names.map((name): [string, ElementType] => [name, element])),
);

type Coding = Pick<VoxelPlace, 'encoding' | 'packing'>;
const codings = new Map<string, Coding>([
  ['raw', { encoding: 'raw', packing: 'none' }],
  ['gz', { encoding: 'raw', packing: 'unzip' }],
  ['gzip', { encoding: 'raw', packing: 'unzip' }],
  ['txt', { encoding: 'ascii', packing: 'none' }],
  ['text', { encoding: 'ascii', packing: 'none' }],
  ['ascii', { encoding: 'ascii', packing: 'none' }],
  ['hex', { encoding: 'hex', packing: 'none' }],
]);

/** Signs that turn the axes of a named space into left, posterior, superior. */
const spaces = new Map<string, Triple>([
  ['left-posterior-superior', [1, 1, 1]],
  ['lps', [1, 1, 1]],
  ['right-anterior-superior', [-1, -1, 1]],
  ['ras', [-1, -1, 1]],
  ['left-anterior-superior', [1, -1, 1]],
  ['las', [1, -1, 1]],
]);

const toMm = new Map([
  ['', 1],
  ['???', 1],
  ['mm', 1],
  ['millimeter', 1],
  ['millimeters', 1],
  ['um', 0.001],
  ['µm', 0.001],
  ['μm', 0.001],
  ['cm', 10],
  ['m', 1000],
]);

/** Kinds of an axis along which one walks through the patient; others hold components or moments. */
const spatialKinds = new Set(['', '???', 'none', 'domain', 'space', 'scalar', 'stub']);

const noFrame = () =>
  new Refusal(
    'MISSING_GEOMETRY',
    'The NRRD file does not state how its axes lie in the patient (space and space directions): left and right cannot be told. Export it with its geometry.',
  );

function required({ fields }: NrrdFields, name: string): string {
  const value = fields.get(name);
  if (value === undefined || value === '')
    throw new Refusal('MISSING_REQUIRED_TAG', `The NRRD header does not state its ${name}. Save the volume again.`);
  return value;
}

function vector(text: string): Triple {
  const parts = /^\(([^()]*)\)$/
    .exec(text.trim())?.[1]
    ?.split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (parts?.length !== 3) throw nrrdFault('a vector of space has not three numbers');
  return parts as Triple;
}

/** The direction of each axis, null for `none`; null where the file states none at all. */
function directionsOf(found: NrrdFields, rank: number): (Triple | null)[] | null {
  const text = found.fields.get('spacedirections');
  if (text === undefined) return null;
  const parts = text.match(/\([^()]*\)|[^\s()]+/g) ?? [];
  if (parts.length !== rank) throw nrrdFault(`it has ${parts.length} space directions for ${rank} axes`);
  return parts.map((part) => (part === 'none' ? null : vector(part)));
}

interface Axes {
  sizes: number[];
  directions: Triple[] | null;
}

/** The three axes that lie in the patient. Axes of one sample that do not are passed over, longer ones refused. */
function axesOf(found: NrrdFields): Axes {
  const rank = Number(required(found, 'dimension'));
  const sizes = required(found, 'sizes').split(/\s+/).map(Number);
  if (!(rank >= 1 && rank <= 16) || sizes.length !== rank || sizes.some((side) => !Number.isInteger(side) || side < 1 || side > 2 ** 31))
    throw new Refusal('UNSUPPORTED_DIMENSIONS', 'The NRRD header states dimensions that are not possible. Save one 3D volume.');
  const kinds = (found.fields.get('kinds') ?? '').toLowerCase().split(/\s+/);
  const directions = directionsOf(found, rank);
  const kept: number[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const spatial = spatialKinds.has(kinds[axis] ?? '') && directions?.[axis] !== null;
    if (spatial) kept.push(axis);
    else if ((sizes[axis] as number) > 1) {
      if (/color/.test(kinds[axis] ?? '')) throw new Refusal('COLOUR_IMAGE', 'A colour picture holds no intensity to segment.');
      throw new Refusal(
        'UNSUPPORTED_DIMENSIONS',
        `The file holds ${sizes[axis]} components or moments at each voxel. Save one of them as a volume.`,
      );
    }
  }
  const used = kept.length > 3 && !directions ? kept.filter((axis) => (sizes[axis] as number) > 1) : kept;
  if (used.length > 3) throw new Refusal('UNSUPPORTED_DIMENSIONS', `The file has ${used.length} axes. Save one 3D volume.`);
  if (used.length < 3)
    throw new Refusal('TOO_FEW_SLICES', `The file has ${used.length} axes in space, no volume. Choose the file of the whole volume.`);
  return {
    sizes: used.map((axis) => sizes[axis] as number),
    directions: directions && used.map((axis) => directions[axis] as Triple),
  };
}

function scalesOf(found: NrrdFields): Triple {
  const text = found.fields.get('spaceunits');
  if (text === undefined) return [1, 1, 1];
  const units = (text.match(/"[^"]*"|\S+/g) ?? []).map((unit) => unit.replaceAll('"', '').trim().toLowerCase());
  const scales = units.map((unit) => toMm.get(unit));
  if (scales.length !== 3 || scales.includes(undefined))
    throw new Refusal('INVALID_GEOMETRY', 'The unit of length of the NRRD file is unknown. Save it in mm.');
  return scales as Triple;
}

function gridOf(found: NrrdFields, { sizes, directions }: Axes, warnings: Coded[]) {
  const space = found.fields.get('space')?.toLowerCase();
  if (space && /time$/.test(space))
    throw new Refusal('UNSUPPORTED_DIMENSIONS', 'The file lies in space and time. Save one moment as a volume.');
  const signs = space === undefined ? undefined : spaces.get(space);
  if (!signs || !directions) throw noFrame();
  const scales = scalesOf(found);
  const lps = (v: Triple): Triple => [v[0] * signs[0] * scales[0], v[1] * signs[1] * scales[1], v[2] * signs[2] * scales[2]];
  const origin = found.fields.get('spaceorigin');
  if (origin === undefined) {
    warnings.push({
      code: 'MISSING_GEOMETRY',
      message: 'The NRRD file does not state where its first voxel lies; 0, 0, 0 was taken. It does not line up with other series.',
    });
  }
  const affine: Affine = [
    lps(directions[0] as Triple),
    lps(directions[1] as Triple),
    lps(directions[2] as Triple),
    lps(origin === undefined ? [0, 0, 0] : vector(origin)),
  ];
  return gridOfAffine(affine, sizes as Triple, 'NRRD');
}

function codingOf(found: NrrdFields): Coding {
  const name = required(found, 'encoding').toLowerCase();
  const coding = codings.get(name);
  if (!coding)
    throw new Refusal(
      'UNSUPPORTED_CONTAINER',
      `NRRD encoding ${shownText(name)} is not unpacked. Save the volume with gzip or raw encoding.`,
    );
  return coding;
}

function skipOf(found: NrrdFields, name: 'lineskip' | 'byteskip', least: number): number {
  const value = Number(found.fields.get(name) ?? 0);
  if (!Number.isInteger(value) || value < least || value > 2 ** 31) throw nrrdFault(`its ${name} is not possible`);
  return value;
}

function placeOf(found: NrrdFields): VoxelPlace {
  const coding = codingOf(found);
  const stated = found.fields.get('datafile');
  const listed = stated !== undefined && /^LIST\b/.test(stated);
  const names = stated === undefined ? null : listed ? found.listed : (numberedNames(stated) ?? [stated]);
  if (names?.length === 0) throw nrrdFault('it lists no file');
  const byteSkip = skipOf(found, 'byteskip', -1);
  if (byteSkip === -1 && (coding.packing !== 'none' || coding.encoding !== 'raw'))
    throw nrrdFault('a byte skip of -1 is for raw voxels alone');
  return {
    names,
    ...coding,
    start: byteSkip === -1 ? 'end' : names ? 0 : found.end,
    lineSkip: byteSkip === -1 ? 0 : skipOf(found, 'lineskip', 0),
    skip: Math.max(0, byteSkip),
  };
}

/**
 * Reads the header of a NRRD file, attached or detached (format definition at teem.sourceforge.net/nrrd, versions 1 to 5): the grid in LPS mm, where
 * and how the voxels lie. The measurement frame and key/value pairs decide nothing.
 * @param bytes the file's first `longestTextHeader` bytes, or all where it is shorter
 * @throws Refusal UNSUPPORTED_CONTAINER, CORRUPT_FILE, MISSING_REQUIRED_TAG, UNSUPPORTED_DIMENSIONS, COLOUR_IMAGE, TOO_FEW_SLICES,
 * UNSUPPORTED_PIXEL_FORMAT, MISSING_GEOMETRY, INVALID_GEOMETRY
 */
export function readNrrdHeader(bytes: Uint8Array): VolumeHeader {
  const found = nrrdFields(bytes, bytes.length < longestTextHeader);
  const type = required(found, 'type').toLowerCase().replace(/\s+/g, ' ');
  const element = elements.get(type);
  if (!element)
    throw new Refusal('UNSUPPORTED_PIXEL_FORMAT', `NRRD voxels of type ${shownText(type)} are not read. Save them as int16 or float32.`);
  const axes = axesOf(found);
  const place = placeOf(found);
  const endian = found.fields.get('endian')?.toLowerCase();
  const matters = place.encoding !== 'ascii' && element !== 'int8' && element !== 'uint8';
  if (matters && endian !== 'little' && endian !== 'big')
    throw new Refusal('MISSING_REQUIRED_TAG', 'The NRRD header does not state the order of its bytes (endian). Save the volume again.');
  const warnings: Coded[] = [];
  const { geometry, shearDegrees } = gridOf(found, axes, warnings);
  return {
    format: 'NRRD',
    element,
    littleEndian: endian !== 'big',
    slope: 1,
    intercept: 0,
    description: shownText(found.fields.get('content') ?? ''),
    geometry,
    shearDegrees,
    place,
    warnings,
  };
}
