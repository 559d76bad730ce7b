import { describe, expect, test } from 'vitest';
import type { ObjectKind } from '../../../contract/object-files.ts';
import type { VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import { writeAim } from './aim-write.ts';
import { citationWords } from './cited-images.ts';
import type { DicomItem } from './dicom-dataset.ts';
import { itemsOf, readDataset } from './dicom-dataset-read.ts';
import { writeLabelmapSeg } from './labelmap-seg-write.ts';
import { grids, maskWhere, objectInput } from './object-input.fixture.ts';
import type { ObjectInput } from './object-input.ts';
import { markupsOn } from './object-markups.fixture.ts';
import { writeRtstruct } from './rtstruct-write.ts';
import { writeSeg } from './seg-write.ts';

const quiet = () => undefined;
const turned = grids.turned as VolumeGeometry;
const mask = maskWhere(turned, (value) => value > 690 && value < 760);
const inputOf = (kind: ObjectKind, change: Partial<ObjectInput>) =>
  objectInput(turned, [mask], { kind, markups: markupsOn(turned), ...change });
const straightened = { onSourceGrid: false, straightened: true };

/** How many frames or contours of a file name an image, of how many. */
async function citing(input: ObjectInput): Promise<[number, number]> {
  if (input.kind === 'rtstruct') {
    const { item } = readDataset((await writeRtstruct(input, quiet)).bytes);
    const contours = itemsOf(item, 'ROIContourSequence').flatMap((one) => itemsOf(one, 'ContourSequence'));
    return [contours.filter((one) => itemsOf(one, 'ContourImageSequence').length > 0).length, contours.length];
  }
  const { item } = readDataset((await (input.kind === 'seg' ? writeSeg : writeLabelmapSeg)(input, quiet)).bytes);
  const frames = itemsOf(item, 'PerFrameFunctionalGroupsSequence');
  const named = (frame: DicomItem) => itemsOf(frame, 'DerivationImageSequence').length > 0;
  return [frames.filter(named).length, frames.length];
}

describe('images that are not named', () => {
  test.each([
    ['rtstruct', 'contours'],
    ['seg', 'frames'],
    ['labelmap-seg', 'frames'],
  ] as const)('[P-export] %s of a straightened series: %s name no image, and it is said', async (kind, what) => {
    const off = inputOf(kind, straightened);
    expect(citationWords(off)).toEqual([
      `The grid was straightened at import; ${what} lie between the source images and name none of them.`,
    ]);
    const [none, all] = await citing(off);
    expect(none).toBe(0);
    expect(all).toBeGreaterThan(0);
    const on = inputOf(kind, {});
    expect(citationWords(on)).toEqual([]);
    expect((await citing(on))[0]).toBeGreaterThan(0);
    expect(citationWords(inputOf(kind, { onSourceGrid: false }))).toEqual([
      `The grid is not that of the source images, so that ${what} name none of them.`,
    ]);
  });

  test('[P-export] AIM of a straightened series: each markup names all images, and it is said', async () => {
    const input = inputOf('aim', { ...straightened, segments: [] });
    expect(citationWords(input)).toEqual([
      'The grid was straightened at import; markups lie between the source images and each name all of them.',
    ]);
    const xml = Buffer.from((await writeAim(input, quiet)).bytes).toString('utf8');
    for (const { sopInstanceUid } of input.source!.instances) expect(xml.split(sopInstanceUid).length - 1).toBe(input.markups.length);
    expect(citationWords({ ...input, markups: [] })).toEqual([]);
  });

  test('[P-export] a report, a model and a scan that was not DICOM have no images to name', () => {
    for (const kind of ['sr', 'encapsulated-stl', 'nifti'] as const) expect(citationWords(inputOf(kind, straightened))).toEqual([]);
    expect(citationWords(inputOf('rtstruct', { ...straightened, source: null }))).toEqual([]);
  });
});
