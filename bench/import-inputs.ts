import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { dicomFile, type ElementSpec, joined } from '../electron/ports/dicom/fixtures.ts';

/** The same series in several transfer syntaxes, drawn once and kept: a head of two ellipsoids with the noise of a scanner in every voxel. */

type Codecs = typeof import('dcmjs-codecs');
const { NativeCodecs, Context } = createRequire(import.meta.url)('dcmjs-codecs') as Codecs;

export interface SeriesSpec {
  /** Pixels on a side. */
  side: number;
  slices: number;
  kind: Kind;
  series?: number;
}
const kinds = {
  native: { uid: '1.2.840.10008.1.2.1', encode: null },
  htj2k: { uid: '1.2.840.10008.1.2.4.201', encode: 'encodeHtJpeg2000' },
  'jpeg-ls': { uid: '1.2.840.10008.1.2.4.80', encode: 'encodeJpegLs' },
  'jpeg-lossless': { uid: '1.2.840.10008.1.2.4.70', encode: 'encodeJpeg' },
  'jpeg-2000': { uid: '1.2.840.10008.1.2.4.90', encode: 'encodeJpeg2000' },
} as const;
export type Kind = keyof typeof kinds;

/** Stored values (HU + 1024, 12 bits) of slice k: air, skin, brain and a skull of 3 mm, with noise of 15 HU. */
function drawn(side: number, k: number, of: number): Uint16Array {
  const out = new Uint16Array(side * side);
  const z = ((k + 0.5) / of - 0.5) * 2;
  for (let j = 0, n = 0; j < side; j++) {
    const y = ((j + 0.5) / side - 0.5) * 2;
    for (let i = 0; i < side; i++, n++) {
      const x = ((i + 0.5) / side - 0.5) * 2;
      const r = (x / 0.66) ** 2 + (y / 0.8) ** 2 + (z / 1.1) ** 2;
      const hu = r > 1 ? -1000 : r > 0.86 ? 45 : r > 0.78 ? 1150 : 35;
      let h = Math.imul(n + 1 + k * out.length, 0x9e3779b1);
      h = Math.imul(h ^ (h >>> 16), 0x7feb352d);
      h = Math.imul(h ^ (h >>> 15), 0x846ca68b);
      h ^= h >>> 16;
      const noise = (h & 255) + ((h >>> 8) & 255) + ((h >>> 16) & 255) + (h >>> 24) - 510;
      out[n] = Math.max(0, Math.min(4095, Math.round(hu + 1024 + noise * (15 / 147.8))));
    }
  }
  return out;
}

function item(bytes: Uint8Array): Uint8Array {
  const head = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
  head.writeUInt32LE(bytes.length + (bytes.length % 2), 4);
  return joined([head, bytes, new Uint8Array(bytes.length % 2)]);
}

/** One frame between the marks of encapsulated pixel data (PS3.5 A.4). */
function encapsulated(frame: Uint8Array): Uint8Array {
  const open = Uint8Array.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  return joined([open, item(new Uint8Array(0)), item(frame), Uint8Array.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0])]);
}

function encoded(stored: Uint16Array, side: number, kind: Kind): Uint8Array {
  const pixels = new Uint8Array(stored.buffer);
  const { encode } = kinds[kind];
  if (!encode) return pixels;
  const context = new Context({
    width: side,
    height: side,
    bitsAllocated: 16,
    bitsStored: 12,
    samplesPerPixel: 1,
    pixelRepresentation: 0,
    planarConfiguration: 0,
    photometricInterpretation: 'MONOCHROME2',
    decodedBuffer: pixels,
  });
  const result = NativeCodecs[encode](context, { lossy: false, ...(encode === 'encodeJpeg' ? { predictor: 1, pointTransform: 0 } : {}) });
  const frame = result.getEncodedBuffer();
  if (!frame) throw new Error(`${kind}: the encoder gave nothing`);
  return frame.slice();
}

function file({ side, slices, kind, series = 0 }: SeriesSpec, k: number, pixels: Uint8Array): Uint8Array {
  const spacing = (230 / side).toFixed(4);
  const elements: ElementSpec[] = [
    [0x00080008, 'CS', 'ORIGINAL\\PRIMARY\\AXIAL'],
    [0x00080016, 'UI', '1.2.840.10008.5.1.4.1.1.2'],
    [0x00080018, 'UI', `2.25.3532.1.${series}.${k + 1}`],
    [0x00080020, 'DA', '20240101'],
    [0x00080030, 'TM', '120000'],
    [0x00080060, 'CS', 'CT'],
    [0x00080070, 'LO', 'Drawn'],
    [0x0008103e, 'LO', `Series ${series}, ${kind}`],
    [0x00100010, 'PN', 'BENCH^HEAD'],
    [0x00100020, 'LO', 'BENCH'],
    [0x00180050, 'DS', '0.8'],
    [0x00180060, 'DS', '120'],
    [0x00181120, 'DS', '0'],
    [0x00181210, 'SH', 'H60s'],
    [0x00185100, 'CS', 'HFS'],
    [0x0020000d, 'UI', '2.25.3532.2'],
    [0x0020000e, 'UI', `2.25.3532.3.${series}`],
    [0x00200012, 'IS', '1'],
    [0x00200013, 'IS', String(k + 1)],
    [0x00200032, 'DS', `-115\\-115\\${(k * 0.8).toFixed(1)}`],
    [0x00200037, 'DS', '1\\0\\0\\0\\1\\0'],
    [0x00200052, 'UI', '2.25.3532.4'],
    [0x00280002, 'US', 1],
    [0x00280004, 'CS', 'MONOCHROME2'],
    [0x00280010, 'US', side],
    [0x00280011, 'US', side],
    [0x00280030, 'DS', `${spacing}\\${spacing}`],
    [0x00280100, 'US', 16],
    [0x00280101, 'US', 12],
    [0x00280102, 'US', 11],
    [0x00280103, 'US', 0],
    [0x00281052, 'DS', '-1024'],
    [0x00281053, 'DS', '1'],
    [0x00281054, 'LO', 'HU'],
    // A scanner's private block: headers of real series are some KiB long.
    [0x00290010, 'LO', 'BENCH'],
    [0x00291010, 'OB', new Uint8Array(3000)],
  ];
  if (kind === 'native') return dicomFile([...elements, [0x7fe00010, 'OW', pixels]], kinds.native.uid);
  if (slices < 1) throw new RangeError('a series needs slices');
  return joined([dicomFile(elements, kinds[kind].uid), encapsulated(pixels)]);
}

async function once(folder: string, make: () => Promise<void>): Promise<string> {
  const ready = `${folder}.made`;
  if (existsSync(ready)) return folder;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await make();
  writeFileSync(ready, '');
  return folder;
}

/** The folder of a series; made where it is not there yet. */
export function madeSeries(root: string, spec: SeriesSpec): Promise<string> {
  return once(path.join(root, `${spec.kind}-${spec.side}-${spec.slices}`), async () => {
    await NativeCodecs.initializeAsync();
    const folder = path.join(root, `${spec.kind}-${spec.side}-${spec.slices}`);
    for (let k = 0; k < spec.slices; k++) {
      const pixels = encoded(drawn(spec.side, k, spec.slices), spec.side, spec.kind);
      writeFileSync(path.join(folder, `${String(k).padStart(4, '0')}.dcm`), file(spec, k, pixels));
    }
  });
}

/** A medium of many series in folders of their own, 128 x 128 so that it stays in the page cache. */
export function madeMedium(root: string, series: number, slices: number): Promise<string> {
  const folder = path.join(root, `medium-${series}-${slices}`);
  return once(folder, async () => {
    const side = 128;
    const pixels = Array.from({ length: slices }, (_, k) => new Uint8Array(drawn(side, k, slices).buffer));
    for (let n = 0; n < series; n++) {
      const room = path.join(folder, `S${String(n).padStart(3, '0')}`);
      mkdirSync(room);
      pixels.forEach((bytes, k) => {
        writeFileSync(path.join(room, `I${String(k).padStart(3, '0')}`), file({ side, slices, kind: 'native', series: n }, k, bytes));
      });
    }
  });
}

/** Reads every file once, so that the page cache holds it. Returns the bytes. */
export function warmed(paths: string[]): number {
  let bytes = 0;
  for (const one of paths) bytes += readFileSync(one).length;
  return bytes;
}
