import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { dciodvfy, oraclesThere, runOracle } from '../../fixtures/oracles.fixture.ts';
import { ctSlice } from '../dicom-write.ts';
import { writeLabelmapSeg } from './labelmap-seg-write.ts';
import { grids, maskWhere, objectInput } from './object-input.fixture.ts';
import type { ObjectInput } from './object-input.ts';

const quiet = () => undefined;
const bone = (g: VolumeGeometry) => maskWhere(g, (value) => value > 690 && value < 760);
const other = (g: VolumeGeometry) => maskWhere(g, (value) => value >= 640 && value < 690);

/** dciodvfy's release of 2022 knows neither the class, which is of 2023, nor that a label map describes its background as segment 0. */
const knownOfLabelMaps = [/^Error - Information Object Not found$/, /^Error - SegmentNumber not monotonically .* SegmentNumber of 0$/];
const faults = (path: string) => dciodvfy(path).filter((line) => !knownOfLabelMaps.some((known) => known.test(line.trim())));

let root = '';
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'lamina-label-map-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
async function written(name: string, input: ObjectInput): Promise<string> {
  writeFileSync(join(root, name), (await writeLabelmapSeg(input, quiet)).bytes);
  return join(root, name);
}

describe('label map SEG under other eyes', () => {
  test.each(Object.entries(grids))('[9.1-interop] %s grid: dciodvfy finds nothing but what it does not know', async (name, g) => {
    const wide = objectInput(g, [bone(g)], { kind: 'labelmap-seg' });
    wide.segments[0]!.number = 60000;
    const inputs = [
      objectInput(g, [bone(g), other(g)], { kind: 'labelmap-seg' }),
      objectInput(g, [bone(g)], { kind: 'labelmap-seg', onSourceGrid: false }),
      objectInput(g, [bone(g)], { kind: 'labelmap-seg', onSourceGrid: false, source: null }),
      wide,
    ];
    for (const [n, input] of inputs.entries()) expect(faults(await written(`${name}-${n}.dcm`, input))).toEqual([]);
  });

  test.skipIf(!oraclesThere)('[9.1-interop] highdicom counts and names the segments as it does in a label map of its own', async () => {
    const g = grids.turned as VolumeGeometry;
    const masks = [bone(g), other(g)];
    const folder = join(root, 'ct');
    mkdirSync(folder);
    const about = { uidSeed: 'e', patientName: 'A^B', patientId: '1', studyDescription: '', seriesDescription: '', date: '20240101' };
    const scan = { ...about, geometry: g, hu: new Int16Array(masks[0]!.length), time: '120000', kernel: 'B', imageComments: '' };
    for (let k = 0; k < g.dimensions[2]; k++) writeFileSync(join(folder, `${String(k).padStart(3, '0')}.dcm`), ctSlice(scan, k));
    for (const [n, mask] of masks.entries()) writeFileSync(join(root, `${n}.u8`), mask);
    runOracle('dicom_seg', ['write', folder, 'LABELMAP:', root, ...masks.map((_, n) => join(root, `${n}.u8`))]);
    const theirs = join(root, 'LABELMAP-.dcm');
    const ours = await written('ours.dcm', objectInput(g, masks, { kind: 'labelmap-seg' }));
    interface Seen {
      numbers: number[];
      counted: number;
      background: string[];
    }
    const [own, made] = runOracle<Seen[]>('dicom_seg', ['read', ours, theirs]);
    expect(own!.numbers).toEqual([1, 2]);
    // Its number_of_segments takes the background away twice; of ours it says what it says of its own.
    expect([own!.numbers, own!.counted, own!.background]).toEqual([made!.numbers, made!.counted, made!.background]);
    // The exceptions are not ours alone.
    expect(dciodvfy(theirs)).toEqual(dciodvfy(ours));
  });
});
