import { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { Refusal } from '../../../contract/errors.ts';
import { type BitGrid, countBits } from '../../../kernels/labels/bits.ts';
import { voxelCount } from '../../../kernels/volume/geometry.ts';
import { niftiHeader } from '../nifti-write.ts';
import { labelFileDescription } from './network-wording.ts';
import { withTracking } from './nifti-tracking.ts';
import type { ObjectSegment, ObjectWriter } from './object-input.ts';

const longestSide = 32767;
const pieceBytes = 4 * 1024 * 1024;

/** What each segment's voxels are called: the values of the label table where they tell the segments apart, else their numbers. */
function valuesOf(segments: ObjectSegment[]): number[] {
  const values = segments.map(({ label }) => label.value);
  return new Set(values).size === values.length ? values : segments.map(({ number }) => number);
}

/** Gives the voxels of a mask a value; answers how many had another one. */
function paint({ dimensions: [nx], wordsPerRow, words }: BitGrid, value: number, into: Uint8Array | Uint16Array): number {
  let twice = 0;
  for (let at = 0; at < words.length; at++) {
    let word = words[at] as number;
    if (word === 0) continue;
    const row = Math.floor(at / wordsPerRow);
    const first = row * nx + (at - row * wordsPerRow) * 32;
    while (word !== 0) {
      const voxel = first + 31 - Math.clz32(word & -word);
      word &= word - 1;
      if (into[voxel] !== 0) twice++;
      into[voxel] = value;
    }
  }
  return twice;
}

function* piecesOf(header: Uint8Array, values: Uint8Array | Uint16Array, tick: () => void): Generator<Uint8Array> {
  yield header;
  const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  for (let at = 0; at < raw.length; at += pieceBytes) {
    tick();
    yield raw.subarray(at, at + pieceBytes);
  }
}

async function packed(pieces: Iterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const gzip = createGzip({ level: 6 });
  const source = Readable.from(pieces);
  source.on('error', (error) => gzip.destroy(error));
  for await (const part of source.pipe(gzip)) parts.push(part as Uint8Array);
  return Buffer.concat(parts);
}

/**
 * P-export: segments as one NIfTI-1 label file on their own grid, LPS to RAS; packed where the name ends in .gz. It names no patient. Voxels
 * of several segments get the value of the last of them, and a finding says how many. Throws Refusal TOO_LARGE beyond 32767 voxels a side.
 */
export const writeNifti: ObjectWriter = async ({ series, segments, path }, tick) => {
  const side = Math.max(...series.dimensions);
  if (side > longestSide)
    throw new Refusal(
      'TOO_LARGE',
      `NIfTI-1 states no more than ${longestSide} voxels a side; this series has ${side}. Export it as DICOM SEG.`,
    );
  const values = valuesOf(segments);
  const voxels = voxelCount(series.dimensions);
  const painted = Math.max(0, ...values) > 255 ? new Uint16Array(voxels) : new Uint8Array(voxels);
  const findings: string[] = [];
  let twice = 0;
  for (const [n, { bits, name }] of segments.entries()) {
    tick();
    twice += paint(bits, values[n] as number, painted);
    if (countBits(bits) === 0) findings.push(`${name} is empty: no voxel of the file has its value ${values[n]}.`);
  }
  if (twice > 0)
    findings.push(
      `${twice} voxels lie in several segments. A NIfTI label file holds one value a voxel: they have that of the last segment.`,
    );
  if (segments.length > 1)
    findings.push(`NIfTI holds no names. Values: ${segments.map(({ name }, n) => `${values[n]} ${name}`).join(', ')}.`);
  const tracked = segments.map(({ trackingUid }, n) => ({ value: values[n] as number, trackingUid }));
  const wording = segments.find((one) => one.networkWording !== null)?.networkWording ?? null;
  const header = niftiHeader(series, painted, true, labelFileDescription(wording));
  const pieces = piecesOf(withTracking(header, tracked), painted, tick);
  return { bytes: /\.gz$/i.test(path) ? await packed(pieces) : Buffer.concat([...pieces]), findings };
};
