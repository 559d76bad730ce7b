import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { Refusal } from '../../../contract/errors.ts';
import { unpackMask } from '../../../kernels/labels/bits.ts';
import { indexToLps, type Triple, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { dciodvfy, oraclesThere, runOracle } from '../../fixtures/oracles.fixture.ts';
import { ctSlice, uidFrom } from '../dicom-write.ts';
import { fillContours } from './contours-onto-grid.ts';
import { type DicomItem, writeDataset } from './dicom-dataset.ts';
import { grids, maskWhere, objectInput, sourceOn } from './object-input.fixture.ts';
import type { ObjectInput, ObjectTarget } from './object-input.ts';
import { readRtstruct } from './rtstruct-read.ts';
import { writeRtstruct } from './rtstruct-write.ts';

const quiet = () => undefined;
const names = Object.keys(grids);
const gridOf = (name: string): VolumeGeometry => grids[name] as VolumeGeometry;
/** Two masks with holes and parts, none of them symmetric. */
const shell = (g: VolumeGeometry) => maskWhere(g, (value) => value > 690 && value < 760);
const holed = (g: VolumeGeometry) => {
  const [nx, ny, nz] = g.dimensions;
  return Uint8Array.from({ length: nx * ny * nz }, (_, n) => {
    const [i, j, k] = [n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny)];
    const [a, b] = [Math.abs(i - 4), Math.abs(j - 3)];
    return k === 0 || Math.max(a, b) > 3 ? 0 : Math.max(a, b) === 2 && i + j !== 9 ? 0 : 1;
  });
};
const targetOf = (input: ObjectInput): ObjectTarget => ({ ...input.series, source: input.source });
const file = (target: ObjectTarget) => ({ name: 'a.dcm', targets: [target] });
const nothing = { lengthMm: null, angleDeg: null, areaMm2: null, values: null };
const marksOn = (g: VolumeGeometry): ObjectInput['markups'] => {
  const at = (i: number, j: number, k: number) => indexToLps(g, i, j, k);
  const shared = { series: uidFrom('fixture series'), normalLps: null, segment: null, text: '', measures: nothing, trackingUid: '2.25.3' };
  return [
    { ...shared, id: 'a', kind: 'point', name: 'Fissure', pointsLps: [at(1, 2, 3)], text: 'Entry' },
    { ...shared, id: 'b', kind: 'polygon', name: 'Window', pointsLps: [at(1, 1, 2), at(5, 1, 2), at(4, 6, 2)], normalLps: [0, 0, 1] },
    { ...shared, id: 'c', kind: 'line', name: 'Width', pointsLps: [at(0, 0, 1), at(6, 3, 4)] },
    { ...shared, id: 'd', kind: 'ellipse', name: 'Rim', pointsLps: [at(1, 3, 2), at(7, 3, 2), at(4, 4, 2)], normalLps: [0, 0, 1] },
  ];
};
const inputOn = (g: VolumeGeometry, change: Partial<ObjectInput> = {}) =>
  objectInput(g, [shell(g), holed(g)], { kind: 'rtstruct', markups: marksOn(g), ...change });

interface Seen {
  patient: string;
  regions: {
    number: number;
    name: string;
    colour: number[];
    contours: { type: string; points: Triple[]; image: string | null }[];
    voxels: number[] | null;
  }[];
}
const voxelsOf = (mask: Uint8Array) => [...mask.keys()].filter((n) => mask[n]);
function written(bytes: Uint8Array): string {
  const path = join(mkdtempSync(join(tmpdir(), 'rtstruct-')), 'a.dcm');
  writeFileSync(path, bytes);
  return path;
}

describe('RTSTRUCT that we write', () => {
  test.each(names)('[9.1-interop] %s grid: our reader gives every voxel and markup back', async (name) => {
    const g = gridOf(name);
    const input = inputOn(g);
    const { bytes, findings } = await writeRtstruct(input, quiet);
    expect(findings.join(' ')).toContain('Rim');
    const read = await readRtstruct(bytes, file(targetOf(input)), quiet);
    expect(read?.findings).toEqual([]);
    expect(read?.segments.map((one) => [one.name, one.number, one.type?.meaning])).toEqual([
      ['Bone', 1, 'Bone'],
      ['Bone 2', 2, 'Bone'],
    ]);
    expect(read?.segments.map((one) => unpackMask(one.bits))).toEqual([shell(g), holed(g)]);
    expect(read?.segments.map((one) => one.trackingUid)).toEqual(input.segments.map((one) => one.trackingUid));
    expect(read?.markups.map((one) => one.trackingUid)).toEqual(input.markups.map((one) => one.trackingUid));
    expect(read?.markups.map((one) => [one.kind, one.name, one.text])).toEqual([
      ['point', 'Fissure', 'Entry'],
      ['polygon', 'Window', ''],
      ['line', 'Width', ''],
      ['freehand', 'Rim', ''],
    ]);
    for (const n of [0, 1, 2])
      for (const [m, point] of (read?.markups[n]?.pointsLps ?? []).entries())
        expect(Math.hypot(...point.map((v, a) => v - (input.markups[n]?.pointsLps[m]?.[a] ?? 99)))).toBeLessThan(1e-3);
    expect(Buffer.from((await writeRtstruct(input, quiet)).bytes).equals(Buffer.from(bytes))).toBe(true);
  });

  test.each(names)('[9.1-interop] %s grid: dciodvfy finds no error, with and without images to cite', async (name) => {
    for (const change of [{}, { onSourceGrid: false }, { source: null, onSourceGrid: false }])
      expect(dciodvfy(written((await writeRtstruct(inputOn(gridOf(name), change), quiet)).bytes))).toEqual([]);
  });

  describe.skipIf(!oraclesThere)('as pydicom sees it', () => {
    const inputs = names.map((name) => inputOn(gridOf(name)));
    let all: Seen[] = [];
    beforeAll(async () => {
      const files = await Promise.all(inputs.map(async (input) => written((await writeRtstruct(input, quiet)).bytes)));
      const asked = files.flatMap((path, n) => {
        const { dimensions, spacingMm, originLps, directionLps } = (inputs[n] as ObjectInput).series;
        return [path, JSON.stringify({ dimensions, spacingMm, originLps, directionLps })];
      });
      all = runOracle<Seen[]>('dicom_rtstruct', ['read', ...asked]);
    });

    test.each([...names.entries()])(
      '[9.1-interop] %i, %s grid: filled by another hand, every voxel; every contour names its slice',
      (which, name) => {
        const g = gridOf(name);
        const input = inputs[which] as ObjectInput;
        const found = all[which] as Seen;
        expect(found.patient).toBe('Grün^Ägidia');
        expect(found.regions.map((one) => one.name)).toEqual(['Bone', 'Bone 2', 'Fissure', 'Window', 'Width', 'Rim']);
        expect(found.regions.slice(0, 2).map((one) => one.voxels)).toEqual([voxelsOf(shell(g)), voxelsOf(holed(g))]);
        expect(found.regions.slice(0, 2).map((one) => one.colour)).toEqual(input.segments.map((one) => one.rgb));
        expect(found.regions.slice(2).map((one) => one.contours.map((contour) => contour.type))).toEqual([
          ['POINT'],
          ['CLOSED_PLANAR'],
          ['OPEN_NONPLANAR'],
          ['CLOSED_PLANAR'],
        ]);
        for (const { contours } of found.regions.slice(0, 2))
          for (const { image, points } of contours) {
            const k = input.source!.instances.findIndex((one) => one.sopInstanceUid === image);
            const [i, j] = [-0.5, -0.5];
            const corner = indexToLps(g, i, j, k);
            const d = g.directionLps;
            const normal = [d[1] * d[5] - d[2] * d[4], d[2] * d[3] - d[0] * d[5], d[0] * d[4] - d[1] * d[3]];
            for (const point of points)
              expect(Math.abs(point.reduce((sum, v, a) => sum + (v - corner[a]!) * normal[a]!, 0))).toBeLessThan(0.001);
          }
      },
    );
  });

  test('[9.1-interop] a contour longer than an explicit header can state is written and read', async () => {
    const side = 100;
    const g: VolumeGeometry = {
      dimensions: [side, side, 3],
      spacingMm: [0.3331, 0.3331, 1],
      originLps: [-123.4567, 98.7654, -45.678],
      directionLps: [1, 0, 0, 0, 1, 0, 0, 0, 1],
    };
    const comb = Uint8Array.from({ length: side * side * 3 }, (_, n) => ((n % side) % 2 === 0 || Math.floor(n / side) % 2 === 0 ? 1 : 0));
    const input = objectInput(g, [comb], { kind: 'rtstruct' });
    const { bytes } = await writeRtstruct(input, quiet);
    expect(bytes.length).toBeGreaterThan(3 * 65536);
    expect(unpackMask((await readRtstruct(bytes, file(targetOf(input)), quiet))!.segments[0]!.bits)).toEqual(comb);
  });

  test('[9.1-interop] more outlines than there can be masks come back as markups: they are not counted as masks', async () => {
    const g = gridOf('turned');
    const [, polygon] = marksOn(g);
    const markups = Array.from({ length: 1100 }, (_, n) => ({ ...polygon!, id: `m${n}`, name: `Bone slice ${n}` }));
    const input = objectInput(g, [shell(g)], { kind: 'rtstruct', markups });
    const read = await readRtstruct((await writeRtstruct(input, quiet)).bytes, file(targetOf(input)), quiet);
    expect(read?.segments.map((one) => unpackMask(one.bits))).toEqual([shell(g)]);
    expect(read?.markups.map((one) => [one.kind, one.name])).toEqual(markups.map((one) => ['polygon', one.name]));
  });

  test('[9.1-interop] nothing to write is refused, one empty segment among others is said', async () => {
    const g = gridOf('turned');
    const none = new Uint8Array(shell(g).length);
    await expect(writeRtstruct(objectInput(g, [none], { kind: 'rtstruct' }), quiet)).rejects.toMatchObject({ code: 'EMPTY_SEGMENT' });
    expect((await writeRtstruct(objectInput(g, [shell(g), none], { kind: 'rtstruct' }), quiet)).findings.join(' ')).toContain(
      'Bone 2 holds no voxel',
    );
  });
});

describe('RTSTRUCT of other programs', () => {
  const turned = gridOf('turned').directionLps;
  const g: VolumeGeometry = { dimensions: [14, 14, 6], spacingMm: [0.7, 0.7, 1.9], originLps: [-30, 20, 100], directionLps: turned };
  const mask = shell(g);
  const many = holed(g);
  const target: ObjectTarget = {
    ...g,
    seriesInstanceUid: uidFrom('rt series'),
    source: { ...sourceOn(g), seriesInstanceUid: uidFrom('rt series'), frameOfReferenceUid: uidFrom('rt frame of reference') },
  };

  describe.skipIf(!oraclesThere)('rt-utils', () => {
    const root = mkdtempSync(join(tmpdir(), 'rt-utils-'));
    let seen: Record<string, number[]> = {};
    beforeAll(async () => {
      const folder = join(root, 'ct');
      mkdirSync(folder);
      const about = { uidSeed: 'rt', patientName: 'A^B', patientId: '1', studyDescription: '', seriesDescription: '', date: '20240101' };
      const series = { ...about, geometry: g, hu: new Int16Array(mask.length), time: '120000', kernel: 'B', imageComments: '' };
      const source = { ...sourceOn(g), seriesInstanceUid: uidFrom('rt series'), frameOfReferenceUid: uidFrom('rt frame of reference') };
      for (let k = 0; k < g.dimensions[2]; k++) {
        writeFileSync(join(folder, `${k}.dcm`), ctSlice(series, k));
        source.instances[k]!.sopInstanceUid = uidFrom(`rt image ${k}`);
      }
      const ours = await writeRtstruct(objectInput(g, [mask, many], { kind: 'rtstruct', source }), quiet);
      writeFileSync(join(root, 'ours.dcm'), ours.bytes);
      for (const [n, one] of [mask, many].entries()) writeFileSync(join(root, `${n}.u8`), one);
      seen = runOracle('dicom_rtstruct', [
        'rt-utils',
        folder,
        join(root, 'ours.dcm'),
        join(root, 'theirs.dcm'),
        join(root, '0.u8'),
        join(root, '1.u8'),
      ]);
    });

    test('[9.1-interop] what it writes, along voxel centres, comes back voxel for voxel, holes and parts too', async () => {
      const read = await readRtstruct(readFileSync(join(root, 'theirs.dcm')), file(target), quiet);
      expect(read?.segments.map((one) => one.name)).toEqual(['Made elsewhere 1', 'Made elsewhere 2']);
      expect(read?.segments.map((one) => unpackMask(one.bits))).toEqual([mask, many]);
      expect(read?.findings.join(' ')).toContain('voxel centres');
    });

    test('[9.1-interop] it sees ours, by its own rule of corners that are rounded to pixels: all voxels, and none farther than the next', () => {
      const [nx, ny] = g.dimensions;
      for (const [name, own] of [
        ['Bone', mask],
        ['Bone 2', many],
      ] as const) {
        const found = new Set(seen[name]);
        expect(voxelsOf(own).every((n) => found.has(n))).toBe(true);
        for (const n of found) {
          const near = [-1, 0, 1].some((b) =>
            [-1, 0, 1].some((a) => own[n + a + b * nx] === 1 && Math.abs((n % nx) - ((n + a + b * nx) % nx)) <= 1),
          );
          expect(near && n < nx * ny * g.dimensions[2]).toBe(true);
        }
      }
    });
  });

  /** A structure set as another program may write it: contours by index, whatever they are. */
  function setOf(contours: [string, [number, number, number][]][], change: DicomItem = {}): Uint8Array {
    return writeDataset({
      SOPClassUID: '1.2.840.10008.5.1.4.1.1.481.3',
      SOPInstanceUID: '1.2.3',
      ReferencedFrameOfReferenceSequence: [{ FrameOfReferenceUID: target.source?.frameOfReferenceUid }],
      StructureSetROISequence: [{ ROINumber: 9, ROIName: 'R' }],
      ROIContourSequence: [
        {
          ReferencedROINumber: 9,
          ContourSequence: contours.map(([type, at]) => ({
            ContourGeometricType: type,
            NumberOfContourPoints: at.length,
            ContourData: at.flatMap((p) => indexToLps(g, ...p)),
          })),
        },
      ],
      ...change,
    });
  }
  const square = (k: number, low: number, high: number): [number, number, number][] => [
    [low - 0.4, low - 0.4, k],
    [high + 0.4, low - 0.4, k],
    [high + 0.4, high + 0.4, k],
    [low - 0.4, high + 0.4, k],
  ];
  const count = async (bytes: Uint8Array) => {
    const read = await readRtstruct(bytes, file(target), quiet);
    return { voxels: voxelsOf(unpackMask(read!.segments[0]!.bits)).length, findings: read!.findings.join(' ') };
  };

  test('[9.1-interop] a hole drawn as a second contour is a hole; planes between slices, beyond them and far apart are said', async () => {
    expect(
      await count(
        setOf([
          ['CLOSED_PLANAR', square(2, 2, 8)],
          ['CLOSED_PLANAR', square(2, 4, 5)],
        ]),
      ),
    ).toEqual({ voxels: 49 - 4, findings: '' });
    const between = await count(
      setOf([
        ['CLOSED_PLANAR', square(2.3, 2, 4)],
        ['CLOSED_PLANAR', square(9, 2, 4)],
      ]),
    );
    expect(between.voxels).toBe(9);
    expect(between.findings).toMatch(/between slices.*outside of the series/);
    const apart = await count(setOf([0, 2, 4].map((k) => ['CLOSED_PLANAR', square(k, 2, 4)])));
    expect(apart.voxels).toBe(27);
    expect(apart.findings).toContain('every 2th slice');
  });

  test('[9.1-interop] contours that cross partly are told of; holes, neighbours, keyholes and XOR are not', async () => {
    const moved = (k: number, low: number, high: number, by: number) =>
      square(k, low, high).map(([i, j]): [number, number, number] => [i + by, j, k]);
    const crossed = await count(
      setOf([
        ['CLOSED_PLANAR', square(2, 2, 5)],
        ['CLOSED_PLANAR', moved(2, 2, 5, 2)],
        ['CLOSED_PLANAR', square(1, 2, 5)],
      ]),
    );
    expect(crossed).toEqual({
      voxels: 2 * 8 + 16,
      findings:
        'R: on 1 plane contours cross, and what two of them enclose counts as outside, as a hole does. Join them in the program that drew them where it is inside.',
    });
    const xor = await count(
      setOf([
        ['CLOSEDPLANAR_XOR', square(2, 2, 5)],
        ['CLOSEDPLANAR_XOR', moved(2, 2, 5, 2)],
      ]),
    );
    expect(xor).toEqual({ voxels: 16, findings: '' });
    const beside = await count(
      setOf([
        ['CLOSED_PLANAR', square(2, 1, 3)],
        // Their lines cross, and no voxel lies in both.
        ['CLOSED_PLANAR', moved(2, 1, 3, 2.7)],
      ]),
    );
    expect(beside.findings).toBe('');
    const many = await count(setOf(Array.from({ length: 257 }, (_, n) => ['CLOSED_PLANAR', moved(2, 2, 5, n / 1000)])));
    expect(many.findings).toContain('R: on 1 plane there are so many contours');
  });

  test('[9.1-interop] a hole between slices is a hole though decimals part its plane; an outline that is there twice counts once', async () => {
    for (const apart of [0.0002, 0.03, -0.03]) {
      const between = await count(
        setOf([
          ['CLOSED_PLANAR', square(2.145, 2, 8)],
          ['CLOSED_PLANAR', square(2.145 + apart, 4, 5)],
        ]),
      );
      expect(between.voxels).toBe(49 - 4);
      expect(between.findings).toContain('1 planes of contours lie between slices');
    }
    const twice = await count(setOf([0, 1, 2, 3].map(() => ['CLOSED_PLANAR', square(2, 2, 8)])));
    expect(twice).toEqual({ voxels: 49, findings: 'R: 3 contours repeat others and count once.' });
    const parted = setOf([
      ['CLOSEDPLANAR_XOR', square(2, 2, 8)],
      ['CLOSEDPLANAR_XOR', square(2, 2, 8)],
    ]);
    await expect(readRtstruct(parted, file(target), quiet)).rejects.toMatchObject({ code: 'EMPTY_SEGMENT' });
  });

  test('[9.1-interop] regions of another frame of reference, and those without contours, are left out by name; one number for two is refused', async () => {
    const contour = { ContourGeometricType: 'CLOSED_PLANAR', ContourData: square(2, 2, 8).flatMap((p) => indexToLps(g, ...p)) };
    const frames = ['1.2.99', target.source!.frameOfReferenceUid, ''];
    const regions = (change: { roi?: number; contour?: number }) =>
      setOf([], {
        StructureSetROISequence: frames.map((uid, n) => ({
          ROINumber: n === 1 ? (change.roi ?? 1) : n,
          ROIName: `R${n}`,
          ReferencedFrameOfReferenceUID: uid,
        })),
        ROIContourSequence: [0, 1].map((n) => ({ ReferencedROINumber: n === 1 ? (change.contour ?? 1) : n, ContourSequence: [contour] })),
      });
    const read = await readRtstruct(regions({}), file(target), quiet);
    expect(read?.segments.map((one) => one.name)).toEqual(['R1']);
    expect(read?.findings).toEqual([
      'Left out, since no contour is drawn of them: R2.',
      'Left out, since they are drawn in another frame of reference: R0.',
    ]);
    for (const twice of [{ roi: 0 }, { contour: 0 }])
      await expect(readRtstruct(regions(twice), file(target), quiet)).rejects.toMatchObject({
        code: 'INVALID_OBJECT',
        message: expect.stringContaining('the number 0'),
      });
  });

  test('[9.1-interop] more regions to fill than can be held are refused, and more lines than can be kept', async () => {
    const numbers = Array.from({ length: 1025 }, (_, n) => n + 1);
    const contour = { ContourGeometricType: 'CLOSED_PLANAR', ContourData: square(2, 2, 4).flatMap((p) => indexToLps(g, ...p)) };
    const regions = setOf([], {
      StructureSetROISequence: numbers.map((n) => ({ ROINumber: n, ROIName: 'R' })),
      ROIContourSequence: numbers.map((n) => ({ ReferencedROINumber: n, ContourSequence: [contour] })),
    });
    await expect(readRtstruct(regions, file(target), quiet)).rejects.toMatchObject({ code: 'TOO_LARGE' });
    const places = Array.from({ length: 20_001 }, (): [string, [number, number, number][]] => ['POINT', [[1, 2, 3]]]);
    await expect(readRtstruct(setOf(places), file(target), quiet)).rejects.toMatchObject({ code: 'TOO_LARGE' });
  });

  test('[9.1-interop] a contour across the slices is filled near its plane, and said; points and lines become markups', async () => {
    const upright: [number, number, number][] = [
      [2.6, 0.6, 0.6],
      [2.6, 9.4, 0.6],
      [2.6, 9.4, 4.4],
      [2.6, 0.6, 4.4],
    ];
    const { voxels, findings } = await count(setOf([['CLOSED_PLANAR', upright]]));
    expect(voxels).toBe(9 * 4);
    expect(findings).toContain('cross the slices');
    const read = await readRtstruct(
      setOf([
        ['POINT', [[1, 2, 3]]],
        [
          'OPEN_PLANAR',
          [
            [1, 2, 3],
            [2, 3, 3],
            [5, 5, 3],
          ],
        ],
      ]),
      file(target),
      quiet,
    );
    expect(read?.segments).toEqual([]);
    expect(read?.markups.map((one) => [one.kind, one.name])).toEqual([
      ['point', 'R 1'],
      ['polyline', 'R 2'],
    ]);
  });

  test('[9.1-interop] a set that is empty or of another patient is refused', async () => {
    await expect(readRtstruct(setOf([]), file(target), quiet)).rejects.toMatchObject({ code: 'EMPTY_SEGMENT' });
    const away = { ...target, originLps: [900, 900, 900] as Triple, source: { ...target.source!, frameOfReferenceUid: '1.2.9' } };
    await expect(readRtstruct(setOf([['CLOSED_PLANAR', square(2, 2, 8)]]), file(away), quiet)).rejects.toMatchObject({
      code: 'GRID_MISMATCH',
    });
    expect(await readRtstruct(new Uint8Array(500), file(target), quiet)).toBeNull();
  });

  test('[9.1-interop] contours through voxel centres hold the voxels on their line, single ones too', () => {
    const at = (i: number, j: number) => indexToLps(g, i, j, 1);
    const { bits, findings } = fillContours([[at(2, 2), at(5, 2), at(5, 4), at(2, 4)], [at(9, 9)], [at(11, 3), at(12, 4)]], g, quiet);
    expect(voxelsOf(unpackMask(bits)).length).toBe(12 + 1 + 2);
    expect(findings.join(' ')).toContain('voxel centres');
  });

  test('[9.1-interop] damaged bytes are refused, never a crash', async () => {
    const input = inputOn(gridOf('turned'));
    const { bytes } = await writeRtstruct(input, quiet);
    const refusedOrRead = async (damaged: Uint8Array) => {
      try {
        await readRtstruct(damaged, file(targetOf(input)), quiet);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
    };
    for (let length = 0; length < bytes.length; length += 53) await refusedOrRead(bytes.subarray(0, length));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), async (flips) => {
        const damaged = new Uint8Array(bytes);
        for (const [at, value] of flips) damaged[at] = value;
        await refusedOrRead(damaged);
      }),
      { numRuns: 300 },
    );
  });
});
