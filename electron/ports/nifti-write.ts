import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { createGzip } from 'node:zlib';
import { signedVoxelVolumeMm3, type Triple, type VolumeGeometry, voxelCount } from '../../kernels/volume/geometry.ts';

const headerBytes = 352;
const pieceBytes = 4 * 1024 * 1024;

export interface WrittenFile {
  path: string;
  sha256: string;
  bytes: number;
}

export type NiftiValues = Uint8Array | Int16Array | Uint16Array | Float32Array;
/** NIFTI_INTENT_LABEL: every value is an index into a set of labels (nifti1.h). */
const intentLabel = 1002;

function datatypeOf(values: NiftiValues): [number, number] {
  if (values instanceof Uint8Array) return [2, 8];
  if (values instanceof Uint16Array) return [512, 16];
  return values instanceof Int16Array ? [4, 16] : [16, 32];
}

/** Unit axes in RAS, as columns. */
function axesRas(geometry: VolumeGeometry): [Triple, Triple, Triple] {
  const d = geometry.directionLps;
  return [
    [-d[0], -d[1], d[2]],
    [-d[3], -d[4], d[5]],
    [-d[6], -d[7], d[8]],
  ];
}

const dot = (a: Triple, b: Triple) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** The quaternion (b, c, d) of a rotation given by its columns; a is then not negative. */
function quaternion([x, y, z]: [Triple, Triple, Triple]): Triple {
  const trace = x[0] + y[1] + z[2];
  let a: number;
  let q: Triple;
  if (trace > 0) {
    a = Math.sqrt(1 + trace) / 2;
    q = [(y[2] - z[1]) / (4 * a), (z[0] - x[2]) / (4 * a), (x[1] - y[0]) / (4 * a)];
  } else {
    const squares = [1 + x[0] - y[1] - z[2], 1 - x[0] + y[1] - z[2], 1 - x[0] - y[1] + z[2]].map((value) => Math.max(0, value));
    const largest = squares.indexOf(Math.max(...squares));
    const root = Math.sqrt(squares[largest] as number) / 2;
    const xy = (x[1] + y[0]) / (4 * root);
    const xz = (x[2] + z[0]) / (4 * root);
    const yz = (y[2] + z[1]) / (4 * root);
    if (largest === 0) {
      a = (y[2] - z[1]) / (4 * root);
      q = [root, xy, xz];
    } else if (largest === 1) {
      a = (z[0] - x[2]) / (4 * root);
      q = [xy, root, yz];
    } else {
      a = (x[1] - y[0]) / (4 * root);
      q = [xz, yz, root];
    }
  }
  return a < 0 ? [-q[0], -q[1], -q[2]] : q;
}

/**
 * The 352 bytes before the voxels of a NIfTI-1 file: the grid in RAS, sform and, where it is not slanted, qform.
 * @param values of the type that follows
 * @param labels whether the values are labels and the header says so
 * @param description in ASCII; beyond 79 letters it is cut
 */
export function niftiHeader(geometry: VolumeGeometry, values: NiftiValues, labels = false, description = 'Lamina'): Uint8Array {
  const bytes = new Uint8Array(headerBytes);
  const view = new DataView(bytes.buffer);
  const [datatype, bits] = datatypeOf(values);
  const axes = axesRas(geometry);
  const [sx, sy, sz] = geometry.spacingMm;
  const [ox, oy, oz] = geometry.originLps;
  const origin: Triple = [-ox, -oy, oz];
  view.setInt32(0, 348, true);
  view.setUint8(39, 0);
  [3, ...geometry.dimensions, 1, 1, 1, 1].forEach((side, n) => {
    view.setInt16(40 + n * 2, side, true);
  });
  if (labels) view.setInt16(68, intentLabel, true);
  view.setInt16(70, datatype, true);
  view.setInt16(72, bits, true);
  const mirrored = signedVoxelVolumeMm3(geometry) < 0;
  [mirrored ? -1 : 1, sx, sy, sz].forEach((value, n) => {
    view.setFloat32(76 + n * 4, value, true);
  });
  view.setFloat32(108, headerBytes, true);
  view.setFloat32(112, 1, true);
  view.setUint8(123, 2);
  bytes.set(new TextEncoder().encode(description).subarray(0, 79), 148);
  // A slanted grid has no quaternion: the sform alone is written, so that no reader can pick a wrong one.
  const square = Math.max(Math.abs(dot(axes[0], axes[1])), Math.abs(dot(axes[0], axes[2])), Math.abs(dot(axes[1], axes[2]))) < 1e-5;
  view.setInt16(252, square ? 1 : 0, true);
  view.setInt16(254, 1, true);
  if (square) {
    const flip = (axis: Triple): Triple => (mirrored ? [-axis[0], -axis[1], -axis[2]] : axis);
    [...quaternion([axes[0], axes[1], flip(axes[2])]), ...origin].forEach((value, n) => {
      view.setFloat32(256 + n * 4, value, true);
    });
  }
  for (const row of [0, 1, 2] as const) {
    [axes[0][row] * sx, axes[1][row] * sy, axes[2][row] * sz, origin[row]].forEach((value, n) => {
      view.setFloat32(280 + row * 16 + n * 4, value, true);
    });
  }
  bytes.set(new TextEncoder().encode('n+1'), 344);
  return bytes;
}

/**
 * Writes a volume or mask as NIfTI-1 on its own grid: LPS to RAS, sform and, where the grid is not slanted, qform.
 * @param path a file that does not exist yet; one that ends in .nii is plain, all others are gzipped
 * @param values i fastest; uint8, int16, uint16 or float32
 * @throws RangeError where the values do not fill the grid or a side is beyond what NIfTI-1 can state; the file system's own errors, after
 * which nothing is left behind
 */
export async function writeNifti(
  path: string,
  volume: { geometry: VolumeGeometry; values: NiftiValues; description?: string },
): Promise<WrittenFile> {
  const { geometry, values, description } = volume;
  if (voxelCount(geometry.dimensions) !== values.length) throw new RangeError('the values do not fill the grid');
  if (geometry.dimensions.some((side) => side > 32767)) throw new RangeError('NIfTI-1 states no more than 32767 voxels a side');
  const file = await open(path, 'wx');
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    const gzip = /\.nii$/i.test(path) ? new PassThrough() : createGzip({ level: 6 });
    const writing = (async () => {
      for await (const piece of gzip) {
        const part = piece as Uint8Array;
        hash.update(part);
        bytes += part.length;
        for (let done = 0; done < part.length; ) done += (await file.write(part, done, part.length - done, null)).bytesWritten;
      }
    })();
    const feeding = (async () => {
      const feed = (part: Uint8Array) =>
        new Promise<void>((resolve, reject) => gzip.write(part, (error) => (error ? reject(error) : resolve())));
      await feed(niftiHeader(geometry, values, false, description));
      const raw = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      for (let at = 0; at < raw.length; at += pieceBytes) await feed(raw.subarray(at, at + pieceBytes));
      gzip.end();
    })();
    try {
      await Promise.all([writing, feeding]);
    } finally {
      gzip.destroy();
    }
    await file.sync();
    await file.close();
    return { path, sha256: hash.digest('hex'), bytes };
  } catch (error) {
    await file.close().catch(() => undefined);
    await rm(path, { force: true });
    throw error;
  }
}
