import dicomParser from 'dicom-parser';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../../contract/errors.ts';
import { uidFrom } from '../dicom-write.ts';
import { type DicomItem, writeDataset } from './dicom-dataset.ts';
import { bytesOf, itemsOf, numberOf, numbersOf, readDataset, textOf } from './dicom-dataset-read.ts';
import { grids, objectInput } from './object-input.fixture.ts';
import { commonInstanceReference, frameOfReferenceModule, objectModules } from './object-modules.ts';

const sample: DicomItem = {
  SOPClassUID: '1.2.840.10008.5.1.4.1.1.66',
  SOPInstanceUID: uidFrom('sample'),
  PatientName: 'Grün^Ägidia=山田^太郎',
  PatientID: 'P-7',
  ImageType: ['DERIVED', 'PRIMARY'],
  ImagePositionPatient: [-0.1, 1e-9, 123.456789012345],
  SegmentSequence: [
    { SegmentNumber: 1, SegmentLabel: 'Knochen, dünn', RecommendedDisplayCIELabValue: [65535, 0, 300], AnatomicRegionSequence: [] },
    { SegmentNumber: 2, SegmentLabel: '' },
  ],
  DimensionIndexValues: [1, 70000],
  FrameIncrementPointer: 0x00209056,
  EncapsulatedDocument: Uint8Array.of(1, 2, 3),
  ContourData: undefined,
};

describe('data sets by keyword', () => {
  test('[9.1-interop] come back as they were written, text in UTF-8 and numbers within their representation', () => {
    const bytes = writeDataset(sample);
    const { item, sopClassUid } = readDataset(bytes);
    expect(sopClassUid).toBe(sample.SOPClassUID);
    expect(textOf(item, 'PatientName')).toBe('Grün^Ägidia=山田^太郎');
    expect(textOf(item, 'ImageType')).toBe('DERIVED\\PRIMARY');
    expect(numbersOf(item, 'ImagePositionPatient')).toEqual([-0.1, 1e-9, 123.456789012345]);
    expect(numbersOf(item, 'DimensionIndexValues')).toEqual([1, 70000]);
    expect(numberOf(item, 'FrameIncrementPointer')).toBe(0x00209056);
    expect(itemsOf(item, 'SegmentSequence').map((one) => [numberOf(one, 'SegmentNumber'), textOf(one, 'SegmentLabel')])).toEqual([
      [1, 'Knochen, dünn'],
      [2, ''],
    ]);
    expect(numbersOf(itemsOf(item, 'SegmentSequence')[0], 'RecommendedDisplayCIELabValue')).toEqual([65535, 0, 300]);
    expect([...(bytesOf(item, 'EncapsulatedDocument') ?? [])]).toEqual([1, 2, 3, 0]);
    expect('ContourData' in item).toBe(false);
    expect(Buffer.from(bytes).equals(Buffer.from(writeDataset({ ...sample })))).toBe(true);
  });

  test('[9.1-interop] another parser reads the same elements, in order, even in length', () => {
    const set = dicomParser.parseDicom(writeDataset(sample));
    expect(set.string('x00020010')).toBe('1.2.840.10008.1.2.1');
    expect(set.string('x00080005')).toBe('ISO_IR 192');
    expect(set.uint16('x00020000')).toBeGreaterThan(100);
    expect(set.elements.x00620002?.items?.length).toBe(2);
    expect(set.elements.x00620002?.items?.[0]?.dataSet?.uint16('x00620004')).toBe(1);
    const walk = (elements: typeof set.elements): void =>
      Object.values(elements).forEach((element) => {
        expect(element.length % 2).toBe(0);
        for (const { dataSet } of element.items ?? []) if (dataSet) walk(dataSet.elements);
      });
    walk(set.elements);
  });

  test('[9.1-interop] text is cut at the most letters, freed of control characters and backslashes; a wrong code is a mistake', () => {
    const long = '𝔸'.repeat(80);
    const back = readDataset(
      writeDataset({ ...sample, SeriesDescription: `a\\b\u0000c${long}`, StudyID: 'x'.repeat(40), PatientName: 'A\nB' }),
    );
    expect([...textOf(back.item, 'SeriesDescription')].length).toBe(64);
    expect(textOf(back.item, 'SeriesDescription').startsWith('a/b c𝔸')).toBe(true);
    expect(textOf(back.item, 'StudyID')).toBe('x'.repeat(16));
    expect(textOf(back.item, 'PatientName')).toBe('A B');
    for (const wrong of [{ Modality: 'lower' }, { StudyDate: '2024-01-01' }, { StudyInstanceUID: '1.02' }, { SliceThickness: 'thin' }])
      expect(() => writeDataset({ ...sample, ...wrong })).toThrow(RangeError);
    expect(() => writeDataset({ ...sample, NoSuchThing: '1' })).toThrow('no attribute');
  });

  test('[9.1-interop] damaged bytes are refused and never a crash', () => {
    const bytes = writeDataset(sample);
    const refusedOrRead = (damaged: Uint8Array) => {
      try {
        readDataset(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(Refusal);
      }
    };
    for (let length = 0; length < bytes.length; length++) refusedOrRead(bytes.subarray(0, length));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }), (flips) => {
        const damaged = new Uint8Array(bytes);
        for (const [at, value] of flips) damaged[at] = value;
        refusedOrRead(damaged);
      }),
      { numRuns: 500 },
    );
  });
});

describe('modules of every object', () => {
  const own = { sopClassUid: '1.2.840.10008.5.1.4.1.1.66', modality: 'SEG', seriesNumber: 7, seriesDescription: 'Segmentation' };
  const geometry = grids.turned!;

  test('[9.1-interop] patient, study and frame of reference are those of the image', () => {
    const input = objectInput(geometry, []);
    const { item } = readDataset(
      writeDataset({ ...objectModules(input, own), ...frameOfReferenceModule(input), ...commonInstanceReference(input) }),
    );
    expect(textOf(item, 'PatientName')).toBe('Grün^Ägidia');
    expect(textOf(item, 'StudyInstanceUID')).toBe(input.source?.studyInstanceUid);
    expect(textOf(item, 'FrameOfReferenceUID')).toBe(input.source?.frameOfReferenceUid);
    expect(textOf(item, 'SeriesInstanceUID')).not.toBe(input.source?.seriesInstanceUid);
    expect([textOf(item, 'ContentDate'), textOf(item, 'ContentTime')]).toEqual(['20260203', '040506']);
    expect(textOf(item, 'Manufacturer')).toBe('Lamina');
    expect(itemsOf(itemsOf(item, 'ReferencedSeriesSequence')[0], 'ReferencedInstanceSequence').length).toBe(geometry.dimensions[2]);
  });

  test("[9.1-interop] without DICOM headers the study is the case's own, and values that DICOM does not allow are left out", () => {
    const bare = objectInput(geometry, [], { source: null });
    const { item } = readDataset(writeDataset({ ...objectModules(bare, own), ...commonInstanceReference(bare) }));
    expect(textOf(item, 'PatientName')).toBe('Grün^Ägidia');
    expect(item.PatientID).toBe('');
    expect(textOf(item, 'StudyInstanceUID')).toMatch(/^2\.25\./);
    expect('ReferencedSeriesSequence' in item).toBe(false);
    const source = {
      ...bare.source,
      ...objectInput(geometry, []).source!,
      studyInstanceUid: '1.02.3',
      attributes: { StudyDate: '6.5.2024', PatientSex: 'female?' },
    };
    const odd = readDataset(writeDataset(objectModules({ ...bare, source }, own))).item;
    expect([odd.StudyDate, odd.PatientSex]).toEqual(['', '']);
    expect(textOf(odd, 'StudyInstanceUID')).toMatch(/^2\.25\./);
  });
});
