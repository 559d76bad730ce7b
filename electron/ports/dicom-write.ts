import { createHash } from 'node:crypto';
import { signedVoxelVolumeMm3, type VolumeGeometry, voxelCount } from '../../kernels/volume/geometry.ts';

/** What a written CT series says of itself. Everything is given by the caller: no clock, no random number. */
export interface CtSeries {
  geometry: VolumeGeometry;
  /** HU, i fastest. */
  hu: Int16Array;
  /** All UIDs of the series come from this text: the same text, the same UIDs. */
  uidSeed: string;
  patientName: string;
  patientId: string;
  studyDescription: string;
  seriesDescription: string;
  /** DICOM DA and TM. */
  date: string;
  time: string;
  kernel: string;
  imageComments: string;
}

const syntax = '1.2.840.10008.1.2.1';
const ctImage = '1.2.840.10008.5.1.4.1.1.2';

/** A UID under 2.25 (PS3.5 B.2): the first 128 bits of a SHA-256, with the bits of a version 8 UUID set. */
export function uidFrom(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return `2.25.${BigInt(`0x${bytes.toString('hex')}`)}`;
}

type Value = string | number[] | Uint8Array;
/** Group and element as one number, the value representation, the value. */
type Element = [number, string, Value];

function bytesOf(vr: string, value: Value): Buffer {
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value === 'string') {
    const text = Buffer.from(value, 'latin1');
    return text.length % 2 === 0 ? text : Buffer.concat([text, Buffer.from(vr === 'UI' ? '\0' : ' ')]);
  }
  const bytes = Buffer.alloc(value.length * (vr === 'UL' ? 4 : 2));
  value.forEach((v, n) => {
    if (vr === 'UL') bytes.writeUInt32LE(v, n * 4);
    else bytes.writeUInt16LE(v, n * 2);
  });
  return bytes;
}

const longHeads = new Set(['OB', 'OW', 'UN', 'UT', 'SQ']);

/** Explicit VR little endian (PS3.5 7.1.2); the elements must come in ascending order. */
function encode(elements: Element[]): Buffer {
  const parts: Buffer[] = [];
  let last = -1;
  for (const [tag, vr, value] of elements) {
    if (tag <= last) throw new RangeError(`element ${tag.toString(16)} is out of order`);
    last = tag;
    const bytes = bytesOf(vr, value);
    const head = Buffer.alloc(longHeads.has(vr) ? 12 : 8);
    head.writeUInt16LE(tag >>> 16, 0);
    head.writeUInt16LE(tag & 0xffff, 2);
    head.write(vr, 4, 'latin1');
    if (longHeads.has(vr)) head.writeUInt32LE(bytes.length, 8);
    else if (bytes.length > 0xffff) throw new RangeError(`element ${tag.toString(16)} is too long`);
    else head.writeUInt16LE(bytes.length, 6);
    parts.push(head, bytes);
  }
  return Buffer.concat(parts);
}

/** A DS value: at most 16 letters, without losing more than that costs. */
export function decimal(value: number): string {
  for (let digits = 15; digits > 0; digits--) {
    const text = String(Number(value.toPrecision(digits)));
    if (text.length <= 16) return text;
  }
  throw new RangeError(`${value} does not fit into a decimal string`);
}

/**
 * One slice of a CT series as a DICOM file (PS3.3 A.3; explicit VR little endian, signed 16 bits, slope 1, intercept 0).
 * @param k the slice
 * @returns the file's bytes, the same for the same input
 * @throws RangeError where the values do not fill the grid, the grid is not right-handed and right-angled, or k is not a slice of it
 */
export function ctSlice(series: CtSeries, k: number): Uint8Array {
  const { geometry: g, hu } = series;
  const [nx, ny, nz] = g.dimensions;
  if (hu.length !== voxelCount(g.dimensions)) throw new RangeError('the values do not fill the grid');
  if (!Number.isInteger(k) || k < 0 || k >= nz) throw new RangeError(`slice ${k} of ${nz}`);
  const product = g.spacingMm[0] * g.spacingMm[1] * g.spacingMm[2];
  if (Math.abs(signedVoxelVolumeMm3(g) - product) > 1e-6 * product)
    throw new RangeError('a CT series needs a right-handed, right-angled grid');
  const d = g.directionLps;
  const along = k * g.spacingMm[2];
  const position = [0, 1, 2].map((n) => g.originLps[n]! + along * d[6 + n]!);
  const pixels = hu.slice(k * nx * ny, (k + 1) * nx * ny);
  const instance = uidFrom(`${series.uidSeed} image ${k}`);
  const depth = position[0]! * d[6] + position[1]! * d[7] + position[2]! * d[8];
  const body = encode([
    [0x00080005, 'CS', 'ISO_IR 100'],
    [0x00080008, 'CS', 'DERIVED\\PRIMARY\\AXIAL'],
    [0x00080016, 'UI', ctImage],
    [0x00080018, 'UI', instance],
    [0x00080020, 'DA', series.date],
    [0x00080021, 'DA', series.date],
    [0x00080022, 'DA', series.date],
    [0x00080023, 'DA', series.date],
    [0x00080030, 'TM', series.time],
    [0x00080031, 'TM', series.time],
    [0x00080032, 'TM', series.time],
    [0x00080033, 'TM', series.time],
    [0x00080050, 'SH', ''],
    [0x00080060, 'CS', 'CT'],
    [0x00080070, 'LO', 'Lamina'],
    [0x00080090, 'PN', ''],
    [0x00081030, 'LO', series.studyDescription],
    [0x0008103e, 'LO', series.seriesDescription],
    [0x00081090, 'LO', 'Synthetic head phantom'],
    [0x00100010, 'PN', series.patientName],
    [0x00100020, 'LO', series.patientId],
    [0x00100030, 'DA', ''],
    [0x00100040, 'CS', 'O'],
    [0x00180015, 'CS', 'HEAD'],
    [0x00180050, 'DS', decimal(g.spacingMm[2])],
    [0x00180060, 'DS', '120'],
    [0x00180088, 'DS', decimal(g.spacingMm[2])],
    [0x00180090, 'DS', decimal(nx * g.spacingMm[0])],
    [0x00181020, 'LO', 'phantom 1'],
    [0x00181030, 'LO', 'Synthetic head, no patient'],
    [0x00181100, 'DS', decimal(nx * g.spacingMm[0])],
    [0x00181120, 'DS', '0'],
    [0x00181150, 'IS', '1000'],
    [0x00181151, 'IS', '200'],
    [0x00181210, 'SH', series.kernel],
    [0x00185100, 'CS', 'HFS'],
    [0x0020000d, 'UI', uidFrom(`${series.uidSeed} study`)],
    [0x0020000e, 'UI', uidFrom(`${series.uidSeed} series`)],
    [0x00200010, 'SH', '1'],
    [0x00200011, 'IS', '1'],
    [0x00200012, 'IS', '1'],
    [0x00200013, 'IS', String(k + 1)],
    [0x00200032, 'DS', position.map(decimal).join('\\')],
    [0x00200037, 'DS', d.slice(0, 6).map(decimal).join('\\')],
    [0x00200052, 'UI', uidFrom(`${series.uidSeed} frame of reference`)],
    [0x00201040, 'LO', ''],
    [0x00201041, 'DS', decimal(depth)],
    [0x00204000, 'LT', series.imageComments],
    [0x00280002, 'US', [1]],
    [0x00280004, 'CS', 'MONOCHROME2'],
    [0x00280010, 'US', [ny]],
    [0x00280011, 'US', [nx]],
    [0x00280030, 'DS', `${decimal(g.spacingMm[1])}\\${decimal(g.spacingMm[0])}`],
    [0x00280100, 'US', [16]],
    [0x00280101, 'US', [16]],
    [0x00280102, 'US', [15]],
    [0x00280103, 'US', [1]],
    [0x00281050, 'DS', '400'],
    [0x00281051, 'DS', '2500'],
    [0x00281052, 'DS', '0'],
    [0x00281053, 'DS', '1'],
    [0x00281054, 'LO', 'HU'],
    [0x7fe00010, 'OW', new Uint8Array(pixels.buffer)],
  ]);
  const meta = encode([
    [0x00020001, 'OB', Uint8Array.of(0, 1)],
    [0x00020002, 'UI', ctImage],
    [0x00020003, 'UI', instance],
    [0x00020010, 'UI', syntax],
    [0x00020012, 'UI', uidFrom('Lamina implementation')],
    [0x00020013, 'SH', 'LAMINA_1'],
  ]);
  const length = encode([[0x00020000, 'UL', [meta.length]]]);
  return Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), length, meta, body]);
}
