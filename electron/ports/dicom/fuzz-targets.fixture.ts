import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { checkMesh } from '../../processes/tasks/check-mesh.ts';
import { renderScene } from '../../processes/tasks/generated-bytes.fixture.ts';
import type { Draw } from '../../processes/tasks/generated-draw.fixture.ts';
import { drawScene } from '../../processes/tasks/generated-scene.fixture.ts';
import { importSeries } from '../../processes/tasks/import.ts';
import { scan } from '../../processes/tasks/scan.ts';
import { sampleImport, sampleSegment, sampleStroke } from '../../service/cases/sample.ts';
import { metaImageFile, niftiFile, nrrdFile, small } from '../asymmetric.fixture.ts';
import { createCaseStore } from '../case-store.ts';
import { convolutionModel, identityModel } from '../onnx/onnx-writer.fixture.ts';
import { readModelPackage } from '../onnx/package.ts';
import { zip } from '../zip.fixture.ts';
import { decodeFrame } from './codecs.ts';
import { type ElementSpec, sequence, sliceFile } from './fixtures.ts';
import { frameBytes, frameValues } from './frames.ts';
import { codestreams } from './fuzz-codestreams.fixture.ts';
import { isImage, readImage } from './image.ts';
import { planVolumes } from './plan.ts';
import type { CodecName } from './syntaxes.ts';

/** What foreign bytes reach: whole inputs, and what is done with each damaged one. A Refusal is an answer; so is any other result. */
export interface FuzzTarget {
  samples: Uint8Array[];
  /** Returns a code, or 'read'. Refusals may be thrown. */
  run(bytes: Uint8Array): Promise<string> | string;
}

const quiet = { progress: () => undefined, throwIfCancelled: () => undefined };

/** Series of every uncompressed syntax and RLE, single and enhanced. */
function dicomSamples(): Uint8Array[] {
  const out: Uint8Array[] = [];
  const wanted = new Set(['explicitLittle', 'implicitLittle', 'explicitBig', 'deflated', 'rle']);
  for (let seed = 1; wanted.size > 0 || out.length < 12; seed++) {
    const scene = drawScene(seed);
    if (!wanted.delete(scene.syntax) && !scene.enhanced) continue;
    out.push((renderScene(scene, 'places').files[0] as { bytes: Uint8Array }).bytes);
  }
  return out;
}

function parse(folder: string): FuzzTarget {
  const path = join(folder, 'file');
  return {
    samples: dicomSamples(),
    run(bytes) {
      writeFileSync(path, bytes);
      const file = readImage(path);
      if (!isImage(file)) return file.reason.code;
      for (const plan of planVolumes([file])) if (plan.reasons[0]) return plan.reasons[0].code;
      if (file.fault) return file.fault.code;
      for (const frame of frameBytes(file)) frameValues(file, frame);
      return 'read';
    },
  };
}

/** A whole series of which one file is damaged. */
function series(folder: string): FuzzTarget {
  const scene = Array.from({ length: 200 }, (_, n) => drawScene(n)).find(
    (one) => one.faults.length === 0 && one.pictures.length >= 6 && !one.enhanced,
  );
  const { files } = renderScene(scene as ReturnType<typeof drawScene>, 'places');
  const input = join(folder, 'in');
  const into = join(folder, 'into');
  mkdirSync(input);
  mkdirSync(into);
  for (const { name, bytes } of files) writeFileSync(join(input, name), bytes);
  const damaged = files[2] as (typeof files)[number];
  return {
    samples: [damaged.bytes],
    async run(bytes) {
      writeFileSync(join(input, damaged.name), bytes);
      const { report } = await importSeries({ paths: [input], seriesInstanceUid: null, allow: [], into }, quiet);
      for (const entry of report.series) rmSync(entry.voxels.path);
      return report.reasons[0]?.code ?? report.warnings[0]?.code ?? 'read';
    },
  };
}

function codec(name: CodecName, samples: Uint8Array[], bits: number): FuzzTarget {
  const format = { rows: 16, columns: 20, bitsAllocated: bits > 8 ? 16 : 8, bitsStored: bits, highBit: bits - 1, signed: false };
  return {
    samples,
    run(bytes) {
      decodeFrame(name, bytes, format);
      return 'read';
    },
  };
}
const stream = (name: keyof typeof codestreams): Uint8Array => new Uint8Array(Buffer.from(codestreams[name], 'base64'));

/** PS3.5 G by hand: two segments, runs and literals. */
function rleSample(): Uint8Array {
  const segment = Buffer.concat(
    Array.from({ length: 16 }, (_, row) => Buffer.from([237, row, 9, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 247, row])),
  ).subarray(0);
  const head = Buffer.alloc(64);
  head.writeUInt32LE(2, 0);
  head.writeUInt32LE(64, 4);
  head.writeUInt32LE(64 + segment.length, 8);
  return new Uint8Array(Buffer.concat([head, segment, segment]));
}

/** A medium's directory with a few records. */
function directory(folder: string): FuzzTarget {
  const record = (type: string, path: string): ElementSpec[] => [
    [0x00041400, 'UL', 0],
    [0x00041430, 'CS', type],
    [0x00041500, 'CS', path],
  ];
  const sample = sliceFile({
    position: [0, 0, 0],
    row: [1, 0, 0],
    column: [0, 1, 0],
    pixelSpacing: [1, 1],
    rows: 1,
    columns: 1,
    value: () => 0,
    without: [0x7fe00010, 0x00280010, 0x00280011, 0x00280030, 0x00200032, 0x00200037],
    extra: [
      [0x00080016, 'UI', '1.2.840.10008.1.3.10'],
      [
        0x00041220,
        'SQ',
        sequence([record('PATIENT', 'A\\B'), record('IMAGE', 'IMAGES\\I0001'), record('IMAGE', '..\\..\\OUTSIDE'), record('IMAGE', '')]),
      ],
    ],
  });
  const path = join(folder, 'DICOMDIR');
  return {
    samples: [sample],
    async run(bytes) {
      writeFileSync(path, bytes);
      const { reasons } = await scan({ paths: [folder] }, quiet);
      return reasons[0]?.code ?? 'read';
    },
  };
}

/** Three entries, one of them empty. */
function zipSample(store: boolean): Uint8Array {
  const bodies = [Buffer.from('first file'), Buffer.alloc(3000, 7), Buffer.alloc(0)];
  return new Uint8Array(zip(bodies.map((body, n) => ({ name: `study/im${n}`, body, store }))));
}

/** A file that is imported whole, under each of the names. */
function imported(folder: string, names: string[], samples: Uint8Array[]): FuzzTarget {
  const into = join(folder, 'into');
  mkdirSync(into);
  let count = 0;
  return {
    samples,
    async run(bytes) {
      const path = join(folder, names[count++ % names.length] as string);
      writeFileSync(path, bytes);
      const { report } = await importSeries({ paths: [path], seriesInstanceUid: null, allow: [], into }, quiet);
      for (const entry of report.series) rmSync(entry.voxels.path);
      rmSync(path);
      return report.reasons[0]?.code ?? report.warnings[0]?.code ?? 'read';
    },
  };
}

function stl(folder: string): FuzzTarget {
  const corners = [[0, 0, 0], [9, 0, 0], [0, 9, 0], [0, 0, 9]]; // biome-ignore format: one line
  const faces = [[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]]; // biome-ignore format: one line
  const binary = Buffer.alloc(84 + 50 * faces.length);
  binary.writeUInt32LE(faces.length, 80);
  faces.forEach((face, n) => {
    face.forEach((corner, c) => {
      corners[corner]?.forEach((value, axis) => {
        binary.writeFloatLE(value, 84 + 50 * n + 12 + 12 * c + 4 * axis);
      });
    });
  });
  const facet = (face: number[]) =>
    `facet normal 0 0 0\nouter loop\n${face.map((corner) => `vertex ${corners[corner]?.join(' ')}`).join('\n')}\nendloop\nendfacet`;
  const words = Buffer.from(`solid tetrahedron\n${faces.map(facet).join('\n')}\nendsolid\n`);
  const path = join(folder, 'mesh.stl');
  return {
    samples: [new Uint8Array(binary), new Uint8Array(words)],
    async run(bytes) {
      writeFileSync(path, bytes);
      const { reasons } = await checkMesh({ path, minimumWallMm: 0.5, buildMm: [250, 250, 250] }, quiet);
      return reasons[0]?.code ?? 'read';
    },
  };
}

/** A case of a few acts, of which one file is damaged at a time: journal, head or identity. */
async function project(folder: string): Promise<FuzzTarget> {
  const store = createCaseStore({ now: () => new Date().toISOString(), who: 'fuzz' });
  const path = join(folder, 'fuzz.lamina');
  const made = await store.create(path, { name: 'Fuzz' });
  const voxels = await made.putBlob(new TextEncoder().encode('voxels'));
  await made.append(sampleImport(voxels));
  await made.append(sampleSegment(await made.putBlob(new TextEncoder().encode('mask')), voxels, 1000));
  const segment = made.state().segments[0];
  if (!segment) throw new TypeError('the sample has no segment');
  for (let n = 0; n < 3; n++) await made.append(sampleStroke(segment, 1, 5));
  await made.close();
  const names = ['journal.ndjson', 'journal.head', 'case.json'];
  const whole = names.map((name) => new Uint8Array(readFileSync(join(path, name))));
  return {
    samples: whole,
    async run(bytes) {
      // The sample nearest in length is the one that was damaged.
      const at = whole.reduce(
        (best, one, n) => (Math.abs(one.length - bytes.length) < Math.abs((whole[best] as Uint8Array).length - bytes.length) ? n : best),
        0,
      );
      const file = join(path, names[at] as string);
      writeFileSync(file, bytes);
      try {
        const opened = await store.open(path);
        const { readOnly } = opened;
        opened.state();
        await opened.close();
        return readOnly ? 'read-only' : 'read';
      } finally {
        names.forEach((name, n) => {
          writeFileSync(join(path, name), whole[n] as Uint8Array);
        });
      }
    },
  };
}

function model(folder: string): FuzzTarget {
  const path = join(folder, 'model.onnx');
  return {
    samples: [identityModel(), convolutionModel()],
    async run(bytes) {
      writeFileSync(path, bytes);
      await readModelPackage(path);
      return 'read';
    },
  };
}

/** The manifest of a package that the product brings; its model is left as it is. */
function manifest(folder: string, models: string): FuzzTarget {
  const into = join(folder, 'orbit');
  mkdirSync(into);
  // A small model stands in, which the card does not fit: the reading of the card is what is tried.
  writeFileSync(join(into, 'model.onnx'), identityModel());
  const card = new Uint8Array(readFileSync(join(models, 'orbit', 'card.json')));
  return {
    samples: [card],
    async run(bytes) {
      writeFileSync(join(into, 'card.json'), bytes);
      await readModelPackage(into);
      return 'read';
    },
  };
}

/** Builds a target in a folder of its own. */
export const fuzzTargets: Record<string, (folder: string, models: string) => FuzzTarget | Promise<FuzzTarget>> = {
  parse,
  series,
  rle: () => codec('rle', [rleSample()], 16),
  jpeg: () => codec('jpeg', [stream('jpeg-8')], 8),
  'jpeg-lossless': () => codec('jpeg', [stream('jpeg-lossless')], 12),
  'jpeg-ls': () => codec('jpeg-ls', [stream('jpeg-ls')], 12),
  'jpeg-2000': () => codec('jpeg-2000', [stream('jpeg-2000')], 12),
  htj2k: () => codec('htj2k', [stream('htj2k')], 12),
  dicomdir: directory,
  zip: (folder) => imported(folder, ['a.zip'], [zipSample(true), zipSample(false)]),
  'volume-files': (folder) =>
    imported(
      folder,
      ['a.nii', 'a.nii.gz', 'a.nrrd', 'a.mha'],
      [
        niftiFile(small, { sform: true, qform: true }),
        new Uint8Array(gzipSync(niftiFile(small, { sform: true }))),
        nrrdFile(small),
        metaImageFile(small),
      ],
    ),
  stl,
  project,
  model,
  manifest,
};

/** A damaged copy: bytes set, flipped, made extreme, cut, doubled, moved or put in. */
export function damaged(sample: Uint8Array, draw: Draw): Uint8Array {
  let bytes = Buffer.from(sample);
  for (let n = draw.pick([1, 1, 1, 2, 3, 8]); n > 0 && bytes.length > 0; n--) {
    const at = draw.whole(0, bytes.length - 1);
    const length = Math.min(bytes.length - at, Math.ceil(draw.logarithmic(1, 64)));
    switch (draw.weighted({ set: 30, bit: 20, extreme: 20, word: 10, cut: 5, remove: 7, double: 5, insert: 3 })) {
      case 'set':
        bytes[at] = draw.whole(0, 255);
        break;
      case 'bit':
        bytes[at] = (bytes[at] as number) ^ (1 << draw.whole(0, 7));
        break;
      case 'extreme':
        bytes[at] = draw.pick([0, 1, 0x7f, 0x80, 0xff]);
        break;
      case 'word':
        if (at + 4 <= bytes.length) bytes.writeUInt32LE(draw.pick([0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe, 0xffff]), at);
        break;
      case 'cut':
        bytes = bytes.subarray(0, at);
        break;
      case 'remove':
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]);
        break;
      case 'double':
        bytes = Buffer.concat([bytes.subarray(0, at + length), bytes.subarray(at)]);
        break;
      default:
        bytes = Buffer.concat([bytes.subarray(0, at), Buffer.from(Array.from({ length }, () => draw.whole(0, 255))), bytes.subarray(at)]);
    }
  }
  return new Uint8Array(bytes);
}
