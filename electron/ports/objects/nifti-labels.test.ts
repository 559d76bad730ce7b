import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Refusal } from '../../../contract/errors.ts';
import { boneLabel } from '../../../contract/labels.ts';
import { unpackMask } from '../../../kernels/labels/bits.ts';
import { indexToLps, type Triple, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { oraclesThere, runOracle } from '../../fixtures/oracles.fixture.ts';
import { uidFrom } from '../dicom-write.ts';
import { writeNifti as writeOneMask } from '../nifti-write.ts';
import { readNiftiLabels } from './nifti-labels-read.ts';
import { writeNifti } from './nifti-labels-write.ts';
import { grids, maskWhere, objectInput } from './object-input.fixture.ts';
import type { ObjectInput, ObjectTarget } from './object-input.ts';

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-nifti-labels-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const quiet = () => undefined;
const turnedGrid = grids.turned as VolumeGeometry;
const targetOf = (geometry: VolumeGeometry, uid = '1.2.3'): ObjectTarget => ({
  ...geometry,
  seriesInstanceUid: uid,
  source: null,
});
const low = maskWhere(turnedGrid, (value) => value > 650 && value < 720);
const high = maskWhere(turnedGrid, (value) => value >= 720);
const labelled = (n: number) => ({ ...boneLabel, key: `label-${n}`, value: n });
function inputOf(geometry: VolumeGeometry, masks: Uint8Array[], values: number[], name = 'out.nii'): ObjectInput {
  const input = objectInput(geometry, masks, { kind: 'nifti', path: join(root, name) });
  for (const [n, segment] of input.segments.entries()) segment.label = labelled(values[n] as number);
  return input;
}
const read = (bytes: Uint8Array, targets: ObjectTarget[], name = 'some.nii') => readNiftiLabels(bytes, { name, targets }, quiet);
const codeOf = async (made: Promise<unknown>) => {
  try {
    await made;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return null;
};

describe('NIfTI labels', () => {
  for (const [name, geometry] of Object.entries(grids))
    test(`[9.1-interop] two segments on the ${name} grid come back voxel for voxel, plain and packed`, async () => {
      const masks = [maskWhere(geometry, (value) => value < 700), maskWhere(geometry, (value) => value > 760)];
      for (const file of ['a.nii', 'a.nii.gz']) {
        const { bytes, findings } = await writeNifti(inputOf(geometry, masks, [3, 9], file), quiet);
        expect(bytes[0] === 0x1f).toBe(file.endsWith('.gz'));
        expect(findings).toEqual(['NIfTI holds no names. Values: 3 Bone, 9 Bone 2.']);
        const back = await read(bytes, [targetOf(geometry)]);
        expect(back?.segments.map((one) => [one.number, one.name])).toEqual([
          [3, 'Label 3'],
          [9, 'Label 9'],
        ]);
        expect(back?.segments.map(({ bits }) => unpackMask(bits))).toEqual(masks);
        expect(back?.findings).toEqual([]);
        expect(back?.segments.map((one) => one.trackingUid)).toEqual([uidFrom('fixture segment 0'), uidFrom('fixture segment 1')]);
      }
    });

  test('[P-export] one bone segment is what it was before: the same bytes, value 1, but for saying that they are labels and whose', async () => {
    const path = join(root, 'before.nii.gz');
    await writeOneMask(path, { geometry: turnedGrid, values: high });
    const before = gunzipSync(readFileSync(path));
    before.writeInt16LE(1002, 68);
    const { bytes } = await writeNifti(inputOf(turnedGrid, [high], [1], 'bone.nii.gz'), quiet);
    const now = gunzipSync(bytes);
    const voxels = now.readFloatLE(108);
    expect([voxels % 16, now.readInt32LE(352), now.readInt32LE(356)]).toEqual([0, voxels - 352, 6]);
    before.writeFloatLE(voxels, 108);
    before[348] = 1;
    expect(Buffer.concat([now.subarray(0, 352), now.subarray(voxels)])).toEqual(before);
  });

  test('[P-export] values are those of the label table where they differ, else the numbers; voxels of two segments are told', async () => {
    const same = await writeNifti(inputOf(turnedGrid, [low, high], [1, 1]), quiet);
    expect([...new Set(same.bytes.subarray(-low.length))].sort()).toEqual([0, 1, 2]);
    const wide = await writeNifti(inputOf(turnedGrid, [low, high], [300, 7]), quiet);
    const back = await read(wide.bytes, [targetOf(turnedGrid)]);
    expect(back?.segments.map(({ number }) => number)).toEqual([7, 300]);
    expect(unpackMask(back!.segments[1]!.bits)).toEqual(low);
    const all = maskWhere(turnedGrid, (value) => value > 650);
    const over = await writeNifti(inputOf(turnedGrid, [all, high], [1, 2]), quiet);
    const twice = high.reduce((sum, value) => sum + value, 0);
    expect(over.findings[0]).toBe(
      `${twice} voxels lie in several segments. A NIfTI label file holds one value a voxel: they have that of the last segment.`,
    );
    expect((await read(over.bytes, [targetOf(turnedGrid)]))?.segments.map(({ bits }) => unpackMask(bits))).toEqual([low, high]);
    const none = await writeNifti(inputOf(turnedGrid, [new Uint8Array(low.length)], [1]), quiet);
    expect(none.findings).toEqual(['Bone is empty: no voxel of the file has its value 1.']);
    expect(await read(none.bytes, [targetOf(turnedGrid)])).toMatchObject({ segments: [], findings: [expect.stringContaining('no label')] });
  });

  test('[9.1-interop] a grid of another size, moved or turned is refused in words; the series whose voxels they are is found', async () => {
    const { bytes } = await writeNifti(inputOf(turnedGrid, [high], [1]), quiet);
    const moved = (mm: number) => ({ ...turnedGrid, originLps: turnedGrid.originLps.map((v, n) => (n === 1 ? v + mm : v)) as Triple });
    expect(await codeOf(read(bytes, [targetOf(grids.tilted as VolumeGeometry)]))).toBe('GRID_MISMATCH');
    expect(await codeOf(read(bytes, [targetOf(moved(0.02))]))).toBe('GRID_MISMATCH');
    expect(await codeOf(read(bytes, []))).toBe('GRID_MISMATCH');
    await expect(read(bytes, [targetOf(moved(0.5))])).rejects.toThrow(
      /13 x 9 x 7 voxels of 0.7 x 1.1 x 1.9 mm .* 0.500 mm from the series/,
    );
    const found = await read(bytes, [targetOf(moved(0.02), '1.1'), targetOf(turnedGrid, '1.2'), targetOf(moved(1), '1.3')], 'jaw.nii.gz');
    expect(found).toMatchObject({ series: '1.2', segments: [{ name: 'jaw', number: 1 }] });
  });

  test('[9.1-interop] extensions of others, or broken ones, name no segment of ours', async () => {
    const plain = (await writeNifti(inputOf(turnedGrid, [high], [1]), quiet)).bytes;
    const uidsOf = async (change: (bytes: Buffer) => void) => {
      const bytes = Buffer.from(plain);
      change(bytes);
      return (await read(bytes, [targetOf(turnedGrid)]))?.segments.map((one) => one.trackingUid);
    };
    expect(await uidsOf(() => {})).toEqual([uidFrom('fixture segment 0')]);
    for (const size of [-16, 0, 8, 2 ** 31 - 1]) expect(await uidsOf((bytes) => bytes.writeInt32LE(size, 352))).toEqual([null]);
    expect(await uidsOf((bytes) => bytes.writeInt32LE(4, 356))).toEqual([null]);
    expect(await uidsOf((bytes) => bytes.write('Other', 360))).toEqual([null]);
    expect(await uidsOf((bytes) => bytes.fill(0, 348, 352))).toEqual([null]);
  });

  test('[9.1-interop] an image is no label file, and a file of another kind is none of ours', async () => {
    const values = new Uint16Array(13 * 9 * 7).map((_, n) => n);
    const path = join(root, 'image.nii.gz');
    await writeOneMask(path, { geometry: turnedGrid, values });
    await expect(read(readFileSync(path), [targetOf(turnedGrid)])).rejects.toThrow(/looks like an image/);
    await writeOneMask(join(root, 'f.nii.gz'), { geometry: turnedGrid, values: new Float32Array(values.length).fill(0.5) });
    expect(await codeOf(read(readFileSync(join(root, 'f.nii.gz')), [targetOf(turnedGrid)]))).toBe('INVALID_VOXELS');
    await writeOneMask(join(root, 'n.nii.gz'), { geometry: turnedGrid, values: new Int16Array(values.length).fill(-3) });
    expect(await codeOf(read(readFileSync(join(root, 'n.nii.gz')), [targetOf(turnedGrid)]))).toBe('INVALID_OBJECT');
    for (const other of [new Uint8Array(0), Buffer.from('<xml/>'), gzipSync(Buffer.from('hello')), new Uint8Array(4000)])
      expect(await read(other, [targetOf(turnedGrid)])).toBeNull();
    const { bytes } = await writeNifti(inputOf({ ...turnedGrid, dimensions: [1, 1, 1] }, [Uint8Array.of(1)], [1]), quiet);
    expect((await read(bytes, [targetOf({ ...turnedGrid, dimensions: [1, 1, 1] })]))?.segments).toHaveLength(1);
  });

  test('[9.1-interop] cut short or with bytes flipped it is refused or read, and never a crash', async () => {
    const plain = (await writeNifti(inputOf(turnedGrid, [high], [1]), quiet)).bytes;
    const packed = (await writeNifti(inputOf(turnedGrid, [high], [1], 'x.nii.gz'), quiet)).bytes;
    await fc.assert(
      fc.asyncProperty(
        fc.boolean(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.array(fc.tuple(fc.nat(420), fc.integer({ min: 1, max: 255 })), { maxLength: 4 }),
        async (zipped, share, flips) => {
          const bytes = Uint8Array.from(zipped ? packed : plain);
          for (const [at, mask] of flips) if (at < bytes.length) bytes[at]! ^= mask;
          await codeOf(read(bytes.subarray(0, Math.round(share * bytes.length)), [targetOf(turnedGrid)]));
        },
      ),
      { numRuns: 300 },
    );
    expect(await codeOf(read(plain.subarray(0, plain.length - 1), [targetOf(turnedGrid)]))).toBe('TRUNCATED_PIXEL_DATA');
    expect(await codeOf(read(packed.subarray(0, packed.length - 20), [targetOf(turnedGrid)]))).toBe('TRUNCATED_FILE');
  });
});

describe.skipIf(!oraclesThere)('NIfTI labels and nibabel', () => {
  type Affine = number[][];
  interface Said {
    shape: Triple;
    affine: Affine;
    qform: Affine;
    codes: [number, number];
    intent: string;
    description: string;
    labels: number[];
    comments: string[];
  }
  const rasOf = (affine: Affine, at: Triple) =>
    affine.slice(0, 3).map((row) => row[0]! * at[0] + row[1]! * at[1] + row[2]! * at[2] + row[3]!);
  const affineOf = (g: VolumeGeometry): Affine => {
    const at = (i: number, j: number, k: number) => {
      const [x, y, z] = indexToLps(g, i, j, k);
      return [-x, -y, z];
    };
    const origin = at(0, 0, 0);
    const steps = [at(1, 0, 0), at(0, 1, 0), at(0, 0, 1)].map((end) => end.map((v, n) => v - origin[n]!));
    return [...[0, 1, 2].map((row) => [...steps.map((step) => step[row]!), origin[row]!]), [0, 0, 0, 1]];
  };

  test('[9.1-interop] nibabel reads the same labels at the same points, on every grid, and nothing of the patient', async () => {
    const written = await Promise.all(
      Object.entries(grids).map(async ([name, geometry]) => {
        const masks = [maskWhere(geometry, (value) => value < 700), maskWhere(geometry, (value) => value > 760)] as const;
        const path = join(root, `out-${name}.nii.gz`);
        writeFileSync(path, (await writeNifti(inputOf(geometry, [...masks], [3, 9], path), quiet)).bytes);
        return { name, geometry, masks, path };
      }),
    );
    const saidOfAll = runOracle<Said[]>('nifti_labels', ['read', ...written.map(({ path }) => path)]);
    for (const [which, { name, geometry, masks }] of written.entries()) {
      const said = saidOfAll[which]!;
      expect(said).toMatchObject({ shape: geometry.dimensions, intent: 'label', description: 'Lamina' });
      expect(said.codes).toEqual(name === 'tilted' ? [1, 0] : [1, 1]);
      const [nx, ny, nz] = geometry.dimensions;
      const corners: Triple[] = [
        [0, 0, 0],
        [nx - 1, 0, 0],
        [0, ny - 1, 0],
        [0, 0, nz - 1],
      ];
      for (const affine of name === 'tilted' ? [said.affine] : [said.affine, said.qform])
        for (const at of corners) {
          const [x, y, z] = indexToLps(geometry, ...at);
          const wanted = [-x, -y, z];
          for (const [n, mm] of rasOf(affine, at).entries()) expect(Math.abs(mm - wanted[n]!)).toBeLessThan(0.001);
        }
      expect(said.labels).toEqual(Array.from(masks[0], (value, n) => (masks[1][n] ? 9 : value * 3)));
      expect(said.comments).toEqual([`Lamina tracking\n3 ${uidFrom('fixture segment 0')}\n9 ${uidFrom('fixture segment 1')}`]);
    }
  });

  test('[9.1-interop] labels that nibabel wrote, in any order of axes, with sform, qform or both, lie on the same voxels', async () => {
    const labels = Array.from(low, (value, n) => (high[n] ? 40 : value * 2));
    const files = ['RAS', 'LPS', 'SRA', 'PIL', 'ILA'].flatMap((order) =>
      ['both', 'sform', 'qform'].map((form) => ({ order, form, path: join(root, `by-nibabel-${order}-${form}.nii.gz`) })),
    );
    const spec = join(root, 'spec.json');
    writeFileSync(spec, JSON.stringify({ shape: turnedGrid.dimensions, affine: affineOf(turnedGrid), labels, dtype: 'int16', files }));
    runOracle('nifti_labels', ['write', spec]);
    for (const { order, form, path } of files) {
      const back = await read(readFileSync(path), [targetOf(turnedGrid)]);
      expect(
        back?.segments.map(({ number, bits }) => [number, unpackMask(bits)]),
        `${order} ${form}`,
      ).toEqual([
        [2, low],
        [40, high],
      ]);
    }
  });
});
