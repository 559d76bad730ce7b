import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import { decode as decodePng } from 'fast-png';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { meshSettings } from '../../contract/mesh.ts';
import { patchSettings } from '../../contract/patches.ts';
import type { VolumeGeometry } from '../../contract/volume.ts';
import type { Nine } from '../../kernels/volume/geometry.ts';
import { importSeries } from '../processes/tasks/import.ts';
import { mesh } from '../processes/tasks/mesh.ts';
import { patches } from '../processes/tasks/patches.ts';
import { readLabelmap } from '../processes/tasks/read-labelmap.ts';
import { writeNiftiFile } from '../processes/tasks/write-nifti.ts';
import { stlHeader } from '../service/modelling/mesh.ts';
import {
  lengthOf,
  metaImageFile,
  metaImageHeader,
  type NrrdSpace,
  niftiFile,
  nrrdFile,
  nrrdHeader,
  nrrdSpaces,
  type Point,
  phantom,
  pointOf,
  reordered,
  type Stored,
  small,
  valueAt,
  voxelsOf,
} from './asymmetric.fixture.ts';
import { dicomFile, type ElementSpec, joined, pixelBytes, type SliceSpec, sequence, sliceElements } from './dicom/fixtures.ts';
import { decodeNative } from './dicom/native-codecs.ts';
import { ctSlice } from './dicom-write.ts';
import { writtenByOthers } from './written-by-others.fixture.ts';
import { zip } from './zip.fixture.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-asymmetric-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));
const quiet = { progress: () => undefined, throwIfCancelled: () => undefined };
const bytesOf = (values: ArrayBufferView): Buffer => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** What the importer says of a grid, taken apart for this test's own arithmetic. */
function storedOf(g: VolumeGeometry): Stored {
  const step = (axis: 0 | 1 | 2): Point => [0, 1, 2].map((n) => (g.directionLps[3 * axis + n] as number) * g.spacingMm[axis]) as Point;
  return { sides: g.dimensions, steps: [step(0), step(1), step(2)], origin: g.originLps };
}

const corners = (grid: Stored): Point[] =>
  Array.from({ length: 8 }, (_, c) => pointOf(grid, ...(grid.sides.map((side, n) => ((c >> n) & 1 ? side - 1 : 0)) as Point)));

/** Every voxel has the value of the very point at which the import puts it, and the box is the true one. */
async function expectTheSame(paths: string[], truth = phantom): Promise<void> {
  const into = mkdtempSync(join(root, 'into-'));
  const { report } = await importSeries({ paths, seriesInstanceUid: null, allow: [], into }, quiet);
  expect(report.reasons).toEqual([]);
  expect(report.series).toHaveLength(1);
  const [entry] = report.series;
  if (!entry) throw new RangeError('nothing came in');
  expect(entry.voxels.dtype).toBe('int16');
  const file = readFileSync(entry.voxels.path);
  const values = new Int16Array(file.buffer, file.byteOffset, file.byteLength / 2);
  const grid = storedOf(entry);
  const [nx, ny, nz] = grid.sides;
  expect(values).toHaveLength(truth.sides[0] * truth.sides[1] * truth.sides[2]);
  let worst = 0;
  for (let k = 0, n = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++, n++) worst = Math.max(worst, Math.abs((values[n] as number) - valueAt(pointOf(grid, i, j, k))));
  // One step of rounding, where single precision moves a point.
  expect(worst).toBeLessThanOrEqual(1);
  const found = corners(grid);
  for (const corner of corners(truth)) {
    const nearest = Math.min(...found.map((other) => lengthOf([other[0] - corner[0], other[1] - corner[1], other[2] - corner[2]])));
    expect(nearest).toBeLessThan(0.001);
  }
}

function put(name: string, bytes: Uint8Array | string): string {
  const path = join(root, name);
  writeFileSync(path, bytes);
  return path;
}

const geometryOf = (grid: Stored): VolumeGeometry => ({
  dimensions: grid.sides,
  spacingMm: grid.steps.map(lengthOf) as Point,
  originLps: grid.origin,
  directionLps: grid.steps.flatMap((step) => step.map((mm) => mm / lengthOf(step))) as Nine,
});

test('the phantom itself tells every order and direction of its axes apart', () => {
  const first = voxelsOf(phantom);
  const orders: Point[] = [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ];
  for (const order of orders)
    for (let c = 0; c < 8; c++) {
      if (c === 0 && order.join() === '0,1,2') continue;
      const other = voxelsOf(reordered(phantom, order, [0, 1, 2].map((n) => ((c >> n) & 1 ? -1 : 1)) as Point));
      let differ = 0;
      other.forEach((value, n) => {
        if (Math.abs(value - (first[n] as number)) > 1) differ++;
      });
      // Turning one axis round leaves its middle plane.
      expect(differ).toBeGreaterThan(0.8 * first.length);
    }
});

const ras = reordered(phantom, [0, 1, 2], [-1, -1, 1]);
const las = reordered(phantom, [0, 1, 2], [1, -1, 1]);
const permuted = reordered(phantom, [2, 0, 1], [-1, 1, -1]);
const storages = [
  ['LPS', phantom],
  ['RAS', ras],
  ['LAS', las],
  ['permuted', permuted],
] as const;

describe('every importer', () => {
  const slices = () => {
    const series = {
      geometry: geometryOf(phantom),
      hu: voxelsOf(phantom),
      uidSeed: 'asymmetric',
      patientName: 'Test^Phantom',
      patientId: 'T1',
      studyDescription: '',
      seriesDescription: '',
      date: '20260101',
      time: '120000',
      kernel: 'H70h',
      imageComments: '',
    };
    return Array.from({ length: phantom.sides[2] }, (_, k) => ctSlice(series, k));
  };
  const sequences: [string, number[]][] = [
    ['in order', [0, 1, 2, 3, 4, 5, 6]],
    ['reversed', [6, 5, 4, 3, 2, 1, 0]],
    ['shuffled', [3, 0, 6, 1, 5, 2, 4]],
  ];
  for (const [what, order] of sequences)
    test(`[7.2-dicom] DICOM slices, ${what}: nothing flips`, async () => {
      const files = slices();
      mkdirSync(join(root, 'in'));
      order.forEach((k, n) => {
        put(`in/im${n}`, files[k] as Uint8Array);
      });
      await expectTheSame([join(root, 'in')]);
    });

  test('[7.2-dicom] slices stored from head to foot and from left to right: nothing flips', async () => {
    const other = reordered(phantom, [0, 1, 2], [-1, 1, -1]);
    mkdirSync(join(root, 'in'));
    specs(other).forEach((spec, n) => {
      put(`in/im${n}`, dicomFile(sliceElements(spec)));
    });
    await expectTheSame([join(root, 'in')]);
  });

  function specs(grid: Stored): SliceSpec[] {
    const [row, column] = grid.steps.map((step) => step.map((mm) => mm / lengthOf(step)) as Point) as [Point, Point, Point];
    return Array.from({ length: grid.sides[2] }, (_, k) => ({
      position: pointOf(grid, 0, 0, k),
      row,
      column,
      pixelSpacing: [lengthOf(grid.steps[1]), lengthOf(grid.steps[0])],
      rows: grid.sides[1],
      columns: grid.sides[0],
      value: valueAt,
      instance: k + 1,
    }));
  }

  test('[7.2-dicom] enhanced multi-frame, frames out of order: nothing flips', async () => {
    const made = specs(phantom);
    const frames = [4, 0, 6, 2, 1, 5, 3].map((k) => made[k] as SliceSpec);
    const first = frames[0] as SliceSpec;
    const ds = (values: number[]) => values.map((value) => String(Number(value.toPrecision(14)))).join('\\');
    const shared: ElementSpec[] = [
      [0x00209116, 'SQ', sequence([[[0x00200037, 'DS', ds([...first.row, ...first.column])]]])],
      [0x00289110, 'SQ', sequence([[[0x00280030, 'DS', ds(first.pixelSpacing)]]])],
    ];
    const extra: ElementSpec[] = [
      [0x00280008, 'IS', String(frames.length)],
      [0x52009229, 'SQ', sequence([shared])],
      [
        0x52009230,
        'SQ',
        sequence(frames.map((spec): ElementSpec[] => [[0x00209113, 'SQ', sequence([[[0x00200032, 'DS', ds(spec.position)]]])]])),
      ],
      [0x7fe00010, 'OW', joined(frames.map(pixelBytes))],
    ];
    await expectTheSame([put('enhanced', dicomFile(sliceElements({ ...first, extra, without: [0x00200032, 0x00200037, 0x00280030] })))]);
  });

  test('[7.2-dicom] a zip archive of slices: nothing flips', async () => {
    const entries = slices().map((body, n): [string, Uint8Array] => [`study/${(n * 3) % 7}.dcm`, body]);
    await expectTheSame([put('study.zip', storedZip(entries))]);
  });

  for (const [what, grid] of [
    ['LPS', phantom],
    ['RAS', ras],
    ['LAS', las],
  ] as const)
    for (const [form, forms] of [
      ['sform', { sform: true }],
      ['qform', { qform: true }],
      ['both', { sform: true, qform: true }],
    ] as const)
      test(`[7.2-dicom] NIfTI stored ${what}, ${form}: nothing flips`, async () => {
        await expectTheSame([put('x.nii.gz', gzipSync(niftiFile(grid, forms)))]);
      });

  test('[7.2-dicom] NIfTI with its axes permuted: nothing flips', async () => {
    await expectTheSame([put('x.nii', niftiFile(permuted, { sform: true }))]);
  });

  for (const space of Object.keys(nrrdSpaces) as NrrdSpace[])
    for (const [what, grid] of storages)
      test(`[7.2-dicom] NRRD in ${space}, stored ${what}: nothing flips`, async () => {
        await expectTheSame([put('named-otherwise.bin', nrrdFile(grid, space))]);
      });

  test('[7.2-dicom] NRRD, detached, gzip: nothing flips, in a folder and in an archive', async () => {
    const header = nrrdHeader(las, 'RAS', { encoding: 'gzip', 'data file': 'scan.raw.gz' });
    const voxels = gzipSync(bytesOf(voxelsOf(las)));
    mkdirSync(join(root, 'in'));
    put('in/scan.nhdr', header);
    put('in/scan.raw.gz', voxels);
    await expectTheSame([join(root, 'in')]);
    await expectTheSame([join(root, 'in', 'scan.nhdr')]);
    await expectTheSame([
      put(
        'x.zip',
        storedZip([
          ['a/scan.raw.gz', voxels],
          ['a/scan.nhdr', Buffer.from(header)],
          ['scan.raw.gz', gzipSync(bytesOf(voxelsOf(phantom)))],
        ]),
      ),
    ]);
  });

  for (const [what, grid] of storages)
    test(`[7.2-dicom] MetaImage stored ${what}, attached and detached: nothing flips`, async () => {
      await expectTheSame([put('x.mha', metaImageFile(grid))]);
      const packed = deflateSync(bytesOf(voxelsOf(grid)));
      const more = { CompressedData: 'True', CompressedDataSize: String(packed.length), ElementDataFile: 'y.zraw' };
      put('y.zraw', packed);
      await expectTheSame([put('y.mhd', metaImageHeader(grid, more))]);
    });
});

describe('files of other programs', () => {
  for (const [name, base64] of writtenByOthers)
    test(`[7.2-dicom] ${name}: nothing flips`, async () => {
      await expectTheSame([put(name, Buffer.from(base64, 'base64'))], small);
    });
});

describe('every exporter, and back in', () => {
  const apart = (a: Point, b: Point) => lengthOf([a[0] - b[0], a[1] - b[1], a[2] - b[2]]);
  /** A block in one corner: no other turn or mirror of the grid puts it there. */
  const marker: Point[] = [8, 9, 10, 11].flatMap((i) => [1, 2].flatMap((j) => [4, 5].map((k) => pointOf(phantom, i, j, k))));
  const markerLps = pointOf(phantom, 9.5, 1.5, 4.5);
  const maskOf = (grid: Stored) => {
    const [nx, ny, nz] = grid.sides;
    const out = new Uint8Array(nx * ny * nz);
    for (let k = 0, n = 0; k < nz; k++)
      for (let j = 0; j < ny; j++)
        for (let i = 0; i < nx; i++, n++) out[n] = marker.some((at) => apart(at, pointOf(grid, i, j, k)) < 0.01) ? 1 : 0;
    return out;
  };
  const maskFile = (grid: Stored) => ({ base: put('mask.raw', maskOf(grid)), deltas: [] });
  const centroid = (points: Point[]): Point =>
    [0, 1, 2].map((n) => points.reduce((sum, p) => sum + (p[n] as number), 0) / points.length) as Point;

  for (const [what, grid] of storages)
    test(`[7.2-dicom] a labelmap of a grid stored ${what} as NIfTI: sform and qform put the marker where it is, and it comes back`, async () => {
      const path = join(root, 'out.nii.gz');
      await writeNiftiFile({ mask: maskFile(grid), geometry: geometryOf(grid), path }, quiet);
      const bytes = gunzipSync(readFileSync(path));
      const f = (at: number) => bytes.readFloatLE(at);
      const sides = [42, 44, 46].map((at) => bytes.readInt16LE(at)) as Point;
      const [b, c, d] = [f(256), f(260), f(264)];
      const a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
      const rotation = [
        [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
        [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
        [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - c * c - b * b],
      ];
      const handed = f(76) < 0 ? -1 : 1;
      const bySform = (p: Point): Point =>
        [0, 1, 2].map((row) => p.reduce((sum, v, n) => sum + v * f(280 + 16 * row + 4 * n), f(292 + 16 * row))) as Point;
      const byQform = (p: Point): Point =>
        [0, 1, 2].map((row) =>
          p.reduce(
            (sum, v, n) => sum + ((rotation[row] as number[])[n] as number) * v * f(80 + 4 * n) * (n === 2 ? handed : 1),
            f(268 + 4 * row),
          ),
        ) as Point;
      for (const form of [bySform, byQform]) {
        const points: Point[] = [];
        for (let k = 0, n = 352; k < sides[2]; k++)
          for (let j = 0; j < sides[1]; j++)
            for (let i = 0; i < sides[0]; i++, n++) {
              if (bytes[n] !== 1) continue;
              const [x, y, z] = form([i, j, k]);
              points.push([-x, -y, z]);
            }
        expect(points).toHaveLength(16);
        expect(apart(centroid(points), markerLps)).toBeLessThan(0.001);
      }
      const back = await readLabelmap({ path, into: root }, quiet);
      expect(new Uint8Array(readFileSync(back.mask.path))).toEqual(maskOf(grid));
      corners(storedOf(back.geometry)).forEach((corner, n) => {
        expect(apart(corner, corners(grid)[n] as Point)).toBeLessThan(0.001);
      });
    });

  for (const [what, grid] of storages)
    test(`[P-export] an STL of a grid stored ${what}: the marker lies where it is in LPS, not inside out, and the file says its frame`, async () => {
      const settings = meshSettings.parse({ surface: 'mask', smoothIterations: 0 });
      const { stl } = await mesh(
        { mask: maskFile(grid), volume: null, geometry: geometryOf(grid), settings, into: root, header: stlHeader },
        quiet,
      );
      const bytes = readFileSync(stl.path);
      expect(bytes.subarray(0, 80).toString('latin1')).toMatch(/LPS/);
      const count = bytes.readUInt32LE(80);
      let volume = 0;
      const sum: Point = [0, 0, 0];
      for (let triangle = 0; triangle < count; triangle++) {
        const [p, q, r] = [12, 24, 36].map((at) => [0, 4, 8].map((n) => bytes.readFloatLE(84 + 50 * triangle + at + n))) as [
          Point,
          Point,
          Point,
        ];
        const six = p[0] * (q[1] * r[2] - q[2] * r[1]) - p[1] * (q[0] * r[2] - q[2] * r[0]) + p[2] * (q[0] * r[1] - q[1] * r[0]);
        volume += six / 6;
        for (const n of [0, 1, 2] as const) sum[n] += (six / 24) * (p[n] + q[n] + r[n]);
      }
      // The surface lies half-way between voxels, its corners cut: at most the block's box.
      const box = 4 * 0.7 * 2 * 1.1 * 2 * 1.9;
      expect(volume).toBeGreaterThan(0.7 * box);
      expect(volume).toBeLessThan(1.001 * box);
      expect(apart(sum.map((value) => value / volume) as Point, markerLps)).toBeLessThan(0.01);
    });

  for (const [what, grid] of storages)
    for (const plane of ['axial', 'coronal', 'sagittal'] as const)
      test(`[10.2-patch] ${plane} patches of a grid stored ${what}: every pixel has the value of its point, image and mask`, async () => {
        const out = join(root, 'patches');
        const settings = patchSettings.parse({
          size: 16,
          stride: 16,
          plane,
          quality: 100,
          windowLowHu: -500,
          windowHighHu: 2000,
          skipEmpty: false,
        });
        const volume = { ...geometryOf(grid), path: put('hu.raw', bytesOf(voxelsOf(grid))), dtype: 'int16' as const };
        await patches({ volume, mask: maskFile(grid), settings, source: {}, staging: `${out}.tmp`, out }, quiet);
        const { geometry: g, patches: lines } = JSON.parse(readFileSync(join(out, 'patches.json'), 'utf8')) as {
          geometry: { columnStepLps: Point; rowStepLps: Point };
          patches: { name: string; originLps: Point; inside: { rows: number; columns: number } }[];
        };
        const marked: Point[] = [];
        let pixels = 0;
        let error = 0;
        for (const line of lines) {
          const jpeg = readFileSync(join(out, 'images', `${line.name}.jpg`));
          const grey = decodeNative('DecodeJpeg', jpeg, { rows: 16, columns: 16, bitsAllocated: 8, bitsStored: 8, signed: false }).bytes;
          const { data } = decodePng(readFileSync(join(out, 'masks', `${line.name}.png`)));
          for (let row = 0; row < line.inside.rows; row++)
            for (let column = 0; column < line.inside.columns; column++) {
              const p = line.originLps.map(
                (mm, n) => mm + row * (g.rowStepLps[n] as number) + column * (g.columnStepLps[n] as number),
              ) as Point;
              const wanted = (255 * (valueAt(p) + 500)) / 2500;
              error += Math.abs((grey[row * 16 + column] as number) - Math.min(255, Math.max(0, wanted)));
              pixels++;
              if (data[row * 16 + column]) marked.push(p);
            }
        }
        expect(pixels).toBe(13 * 9 * 7);
        // JPEG is lossy; a flipped picture is off by tens.
        expect(error / pixels).toBeLessThan(2);
        expect(marked).toHaveLength(16);
        expect(apart(centroid(marked), markerLps)).toBeLessThan(0.001);
      });
});

/** Entries as they are, unpacked. */
const storedZip = (items: [name: string, body: Uint8Array][]): Buffer => zip(items.map(([name, body]) => ({ name, body, store: true })));
