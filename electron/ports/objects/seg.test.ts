import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { Refusal } from '../../../contract/errors.ts';
import { packMask, unpackMask } from '../../../kernels/labels/bits.ts';
import { indexToLps, type Triple, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { dciodvfy, oraclesThere, runOracle } from '../../fixtures/oracles.fixture.ts';
import { ctSlice, uidFrom } from '../dicom-write.ts';
import { itemsOf, numberOf, readDataset, textOf } from './dicom-dataset-read.ts';
import { writeLabelmapSeg } from './labelmap-seg-write.ts';
import { grids, maskWhere, objectInput, sourceOn } from './object-input.fixture.ts';
import type { ObjectInput, ObjectTarget } from './object-input.ts';
import { readSeg } from './seg-read.ts';
import { packFrames, writeSeg } from './seg-write.ts';

const quiet = () => undefined;
const names = Object.keys(grids);
const gridOf = (name: string): VolumeGeometry => grids[name] as VolumeGeometry;
const bone = (g: VolumeGeometry) => maskWhere(g, (value) => value > 690 && value < 760);
const other = (g: VolumeGeometry) => maskWhere(g, (value) => value >= 640 && value < 700);
const targetOf = (input: ObjectInput): ObjectTarget => ({ ...input.series, source: input.source });
const file = (target: ObjectTarget) => ({ name: 'a.dcm', targets: [target] });

interface SeenSeg {
  type: string;
  patient: string;
  orientation: number[];
  spacing: number[];
  segments: { number: number; label: string; type: string; tracking: string; rgb: number[] }[];
  frames: { segment: number | null; position: Triple; source: string | null; pixels: number[] }[];
  volume: Triple[][] | null;
}
/** All that are looked at by one start of Python. */
function seenAll(files: Uint8Array[]): SeenSeg[] {
  const folder = mkdtempSync(join(tmpdir(), 'seg-'));
  const paths = files.map((bytes, n) => {
    writeFileSync(join(folder, `${n}.dcm`), bytes);
    return join(folder, `${n}.dcm`);
  });
  return runOracle<SeenSeg[]>('dicom_seg', ['read', ...paths]);
}
function faults(bytes: Uint8Array): string[] {
  const path = join(mkdtempSync(join(tmpdir(), 'seg-')), 'a.dcm');
  writeFileSync(path, bytes);
  return dciodvfy(path);
}

/** Centres of the voxels that are set, to a thousandth of a millimetre, in an order of their own. */
const centres = (g: VolumeGeometry, mask: Uint8Array): string[] => {
  const [nx, ny] = g.dimensions;
  return [...mask.keys()]
    .filter((n) => mask[n])
    .map((n) => words(indexToLps(g, n % nx, Math.floor(n / nx) % ny, Math.floor(n / nx / ny))))
    .sort();
};
const words = (p: readonly number[]) => p.map((v) => (Math.round(v * 1000) / 1000 + 0).toFixed(3)).join(' ');

describe('DICOM SEG that we write', () => {
  test.each(names)(
    '[9.1-interop] %s grid: our reader gives every voxel back, and the series, names and tracking with them',
    async (name) => {
      const g = gridOf(name);
      const input = objectInput(g, [bone(g), other(g)]);
      const { bytes, findings } = await writeSeg(input, quiet);
      expect(findings.length).toBe(1);
      expect(findings[0]).toContain('no whole number of bytes');
      const read = await readSeg(bytes, file(targetOf(input)), quiet);
      expect(read?.series).toBe(input.series.seriesInstanceUid);
      expect(read?.findings).toEqual([]);
      expect(read?.segments.map((one) => unpackMask(one.bits))).toEqual([bone(g), other(g)]);
      expect(read?.segments.map(({ name: label, number, trackingUid, type }) => [label, number, trackingUid, type?.meaning])).toEqual(
        input.segments.map((one) => [one.name, one.number, one.trackingUid, 'Bone']),
      );
      const again = await writeSeg(input, quiet);
      expect(Buffer.from(again.bytes).equals(Buffer.from(bytes))).toBe(true);
    },
  );

  test.each(names)('[9.1-interop] %s grid: dciodvfy finds no error, with and without images to cite', async (name) => {
    const g = gridOf(name);
    for (const change of [{}, { onSourceGrid: false }, { source: null, onSourceGrid: false }]) {
      const input = objectInput(g, [bone(g), other(g)], change);
      expect(faults((await writeSeg(input, quiet)).bytes)).toEqual([]);
    }
  });

  describe.skipIf(!oraclesThere)('as highdicom sees it', () => {
    const inputs = names.map((name) => objectInput(gridOf(name), [bone(gridOf(name)), other(gridOf(name))]));
    let all: SeenSeg[] = [];
    beforeAll(async () => {
      all = seenAll(await Promise.all(inputs.map(async (input) => (await writeSeg(input, quiet)).bytes)));
    });

    test.each([...names.entries()])('[9.1-interop] %i, %s grid: every voxel at its place, the images and the colours', (which, name) => {
      const g = gridOf(name);
      const input = inputs[which] as ObjectInput;
      const found = all[which] as SeenSeg;
      expect([found.type, found.patient]).toEqual(['BINARY', 'Grün^Ägidia']);
      expect(found.segments.map((one) => [one.number, one.label, one.type, one.tracking])).toEqual(
        input.segments.map((one) => [one.number, one.name, 'Bone', one.trackingUid]),
      );
      for (const [n, one] of found.segments.entries())
        for (const [c, v] of one.rgb.entries()) expect(Math.abs(v - (input.segments[n]?.rgb[c] ?? -99))).toBeLessThanOrEqual(2);
      const [row, column] = [found.orientation.slice(0, 3), found.orientation.slice(3)];
      const seenAt = [1, 2].map((segment) =>
        found.frames
          .filter((frame) => frame.segment === segment)
          .flatMap((frame) =>
            frame.pixels.flatMap((value, n) => {
              const [u, v] = [(n % g.dimensions[0]) * found.spacing[1]!, Math.floor(n / g.dimensions[0]) * found.spacing[0]!];
              return value ? [words(frame.position.map((at, axis) => at + u * row[axis]! + v * column[axis]!))] : [];
            }),
          )
          .sort(),
      );
      expect(seenAt).toEqual([centres(g, bone(g)), centres(g, other(g))]);
      for (const frame of found.frames) {
        const k = input.source!.instances.findIndex((one) => one.sopInstanceUid === frame.source);
        expect(words(frame.position)).toBe(words(indexToLps(g, 0, 0, k)));
        expect(frame.pixels.some((value) => value === 1)).toBe(true);
      }
      // A slanted stack is no volume for highdicom; its frames are right all the same.
      if (name === 'tilted') expect(found.volume).toBeNull();
      else expect(found.volume?.map((points) => points.map(words).sort())).toEqual([centres(g, bone(g)), centres(g, other(g))]);
    });
  });

  test('[9.1-interop] frames of a size that is no multiple of 8 are packed end to end', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 70 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(),
        (nx, ny, nz, seed) => {
          const mask = Uint8Array.from({ length: nx * ny * nz }, (_, n) => ((n * 2654435761 + seed) >>> 7) & 1);
          const bits = packMask(mask, [nx, ny, nz]);
          const packed = packFrames(
            Array.from({ length: nz }, (_, k) => ({ bits, k })),
            [nx, ny],
          );
          expect(packed.length).toBe(Math.ceil(mask.length / 8));
          expect(mask.every((value, n) => ((packed[n >> 3]! >> (n & 7)) & 1) === value)).toBe(true);
        },
      ),
    );
  });

  test('[9.1-interop] slices of whole bytes have nothing to be said of', async () => {
    const g: VolumeGeometry = { ...gridOf('turned'), dimensions: [16, 8, 5] };
    expect((await writeSeg(objectInput(g, [bone(g)]), quiet)).findings).toEqual([]);
  });

  test('[9.1-interop] overlap, gaps in the numbers and segments without a voxel are said; nothing at all is refused', async () => {
    const g = gridOf('turned');
    const input = objectInput(g, [bone(g), new Uint8Array(bone(g).length)]);
    input.segments[0]!.number = 4;
    const { bytes, findings } = await writeSeg({ ...input, segments: input.segments.toReversed() }, quiet);
    expect(findings.join(' ')).toContain('Bone 2 is 1, Bone is 2');
    expect(findings.join(' ')).toContain('Bone 2 holds no voxel');
    const { item } = readDataset(bytes);
    expect(itemsOf(item, 'SegmentSequence').map((one) => numberOf(one, 'SegmentNumber'))).toEqual([1, 2]);
    expect(textOf(item, 'SegmentsOverlap')).toBe('NO');
    expect(textOf(readDataset((await writeSeg(objectInput(g, [bone(g), bone(g)]), quiet)).bytes).item, 'SegmentsOverlap')).toBe('YES');
    await expect(writeSeg(objectInput(g, [new Uint8Array(bone(g).length)]), quiet)).rejects.toMatchObject({ code: 'EMPTY_SEGMENT' });
  });
});

describe('label map SEG that we write', () => {
  test.each(names)('[9.1-interop] %s grid: 8 and 16 bits come back, the higher number wins where two overlap', async (name) => {
    const g = gridOf(name);
    const [a, b] = [bone(g), other(g)];
    for (const [low, high] of [
      [3, 200],
      [3, 60000],
    ] as const) {
      const input = objectInput(g, [a, b], { kind: 'labelmap-seg' });
      input.segments[0]!.number = low;
      input.segments[1]!.number = high;
      const { bytes, findings } = await writeLabelmapSeg(input, quiet);
      expect(numberOf(readDataset(bytes).item, 'BitsAllocated')).toBe(high > 255 ? 16 : 8);
      const shared = a.filter((value, n) => value === 1 && b[n] === 1).length;
      expect(shared).toBeGreaterThan(0);
      expect(findings.join(' ')).toContain(`${shared} voxels are in Bone and in Bone 2`);
      const read = await readSeg(bytes, file(targetOf(input)), quiet);
      expect(read?.findings).toEqual([]);
      expect(read?.segments.map((one) => one.number)).toEqual([low, high]);
      expect(read?.segments.map((one) => unpackMask(one.bits))).toEqual([a.map((value, n) => (b[n] ? 0 : value)), b]);
    }
  });

  test.skipIf(!oraclesThere)('[9.1-interop] highdicom sees every voxel at its place', async () => {
    const g = gridOf('turned');
    const [a, b] = [bone(g), other(g)];
    const found = seenAll([(await writeLabelmapSeg(objectInput(g, [a, b], { kind: 'labelmap-seg' }), quiet)).bytes])[0]!;
    expect(found.type).toBe('LABELMAP');
    expect(found.segments.map((one) => one.number)).toEqual([1, 2]);
    expect(found.volume?.map((points) => points.map(words).sort())).toEqual([
      centres(
        g,
        a.map((value, n) => (b[n] ? 0 : value)),
      ),
      centres(g, b),
    ]);
  });
});

describe('DICOM SEG of other programs', () => {
  const g = gridOf('turned');
  const [nx, ny, nz] = g.dimensions;
  const seed = 'elsewhere';
  const whole = bone(g);
  const apart = other(g).map((value, n) => (whole[n] ? 0 : value));
  const kinds = [
    'BINARY:',
    'BINARY:implicit',
    'BINARY:deflated',
    'BINARY:reversed',
    'LABELMAP:',
    'LABELMAP:rle',
    'FRACTIONAL:',
    'FRACTIONAL:rle',
  ];
  const root = mkdtempSync(join(tmpdir(), 'seg-elsewhere-'));
  /** CT slices, masks, and the segmentations that highdicom makes of them. */
  beforeAll(() => {
    if (!oraclesThere) return;
    const folder = join(root, 'ct');
    mkdirSync(folder);
    const about = { uidSeed: seed, patientName: 'A^B', patientId: '1', studyDescription: '', seriesDescription: '', date: '20240101' };
    const series = { ...about, geometry: g, hu: new Int16Array(nx * ny * nz), time: '120000', kernel: 'B', imageComments: '' };
    for (let k = 0; k < nz; k++) writeFileSync(join(folder, `${String(k).padStart(3, '0')}.dcm`), ctSlice(series, k));
    const masks = [bone(g), apart].map((mask, n) => {
      writeFileSync(join(root, `${n}.u8`), mask);
      return join(root, `${n}.u8`);
    });
    runOracle('dicom_seg', ['write', folder, kinds.join(','), root, ...masks]);
  });
  const target: ObjectTarget = {
    ...g,
    seriesInstanceUid: uidFrom(`${seed} series`),
    source: { ...sourceOn(g), seriesInstanceUid: uidFrom(`${seed} series`), frameOfReferenceUid: uidFrom(`${seed} frame of reference`) },
  };

  test.skipIf(!oraclesThere).each(kinds.map((one) => one.split(':')))(
    '[9.1-interop] %s %s by highdicom is read voxel for voxel',
    async (kind, change) => {
      const read = await readSeg(readFileSync(join(root, `${kind}-${change}.dcm`)), file(target), quiet);
      expect(read?.segments.map((one) => unpackMask(one.bits))).toEqual([bone(g), apart]);
      expect(read?.segments.map((one) => [one.name, one.trackingUid, one.type?.value])).toEqual([
        ['Made elsewhere 1', '2.25.1', '272673000'],
        ['Made elsewhere 2', '2.25.2', '272673000'],
      ]);
      expect(read?.findings.length).toBe(kind === 'FRACTIONAL' ? 1 : 0);
    },
  );

  test('[9.1-interop] a turned index order of the same voxels is exact; another grid is looked up and said; another patient is refused', async () => {
    const input = objectInput(g, [bone(g)]);
    const { bytes } = await writeSeg(input, quiet);
    const turned: ObjectTarget = {
      ...targetOf(input),
      dimensions: [nz, ny, nx],
      spacingMm: [g.spacingMm[2], g.spacingMm[1], g.spacingMm[0]],
      originLps: indexToLps(g, nx - 1, 0, 0),
      directionLps: [...g.directionLps.slice(6), ...g.directionLps.slice(3, 6), ...g.directionLps.slice(0, 3).map((v) => -v)] as never,
    };
    const exact = await readSeg(bytes, file(turned), quiet);
    expect(exact?.findings).toEqual([]);
    expect(centres(turned, unpackMask(exact!.segments[0]!.bits))).toEqual(centres(g, bone(g)));

    const finer: ObjectTarget = {
      ...targetOf(input),
      dimensions: [nx * 2, ny * 2, nz],
      spacingMm: [g.spacingMm[0] / 2, g.spacingMm[1] / 2, g.spacingMm[2]],
      originLps: indexToLps(g, -0.25, -0.25, 0),
    };
    const looked = await readSeg(bytes, file(finer), quiet);
    expect(looked?.findings.join(' ')).toContain('another grid');
    const fine = unpackMask(looked!.segments[0]!.bits);
    const wanted = fine.map(
      (_, n) => bone(g)[(Math.floor(n / (4 * nx * ny)) * ny + ((Math.floor(n / (2 * nx)) % (2 * ny)) >> 1)) * nx + ((n % (2 * nx)) >> 1)]!,
    );
    expect(fine).toEqual(wanted);

    const elsewhere = {
      ...finer,
      seriesInstanceUid: '1.2.3',
      source: { ...sourceOn(g), seriesInstanceUid: '1.2.3', frameOfReferenceUid: '1.2.4' },
    };
    await expect(readSeg(bytes, file(elsewhere), quiet)).rejects.toMatchObject({ code: 'GRID_MISMATCH' });
    const sameGrid = { ...elsewhere, ...g };
    expect((await readSeg(bytes, file(sameGrid), quiet))?.findings.join(' ')).toContain('check it');
  });

  test('[9.1-interop] a number that two segments share is refused: frames of one would replace the other', async () => {
    const input = objectInput(g, [bone(g), other(g)]);
    const { bytes } = await writeSeg(input, quiet);
    // SegmentNumber (0062,0004) US of the second segment.
    const head = Buffer.from([0x62, 0, 4, 0, 0x55, 0x53, 2, 0]);
    const second = Buffer.from(bytes).indexOf(head, Buffer.from(bytes).indexOf(head) + 1);
    expect(second).toBeGreaterThan(0);
    const twice = Uint8Array.from(bytes);
    twice[second + head.length] = 1;
    await expect(readSeg(twice, file(targetOf(input)), quiet)).rejects.toMatchObject({
      code: 'INVALID_OBJECT',
      message: expect.stringContaining('two segments of the number 1'),
    });
  });

  test("[9.1-interop] damaged bytes are refused, never a crash; what is no segmentation is another reader's", async () => {
    const input = objectInput(g, [bone(g), other(g)]);
    for (const write of [writeSeg, writeLabelmapSeg]) {
      const { bytes } = await write(input, quiet);
      const refusedOrRead = async (damaged: Uint8Array) => {
        try {
          await readSeg(damaged, file(targetOf(input)), quiet);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
        }
      };
      for (let length = 0; length < bytes.length; length += 37) await refusedOrRead(bytes.subarray(0, length));
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), async (flips) => {
          const damaged = new Uint8Array(bytes);
          for (const [at, value] of flips) damaged[at] = value;
          await refusedOrRead(damaged);
        }),
        { numRuns: 300 },
      );
    }
    expect(await readSeg(new TextEncoder().encode('<xml/>'.repeat(100)), file(targetOf(input)), quiet)).toBeNull();
  });
});
