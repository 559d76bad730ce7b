import dicomParser from 'dicom-parser';
import { describe, expect, test } from 'vitest';
import type { VolumeGeometry } from '../../kernels/volume/geometry.ts';
import { type CtSeries, ctSlice, uidFrom } from './dicom-write.ts';

const geometry: VolumeGeometry = {
  dimensions: [3, 2, 4],
  spacingMm: [0.5, 0.75, 1.25],
  originLps: [-10.5, 20.25, -30.125],
  directionLps: [0, 1, 0, 0, 0, 1, 1, 0, 0],
};
const hu = Int16Array.from({ length: 24 }, (_, n) => (n === 8 ? -1024 : n === 9 ? 3071 : n * 10 - 120));
const series: CtSeries = {
  geometry,
  hu,
  uidSeed: 'test',
  patientName: 'PHANTOM^SYNTHETIC',
  patientId: 'P-1',
  studyDescription: 'Study',
  seriesDescription: 'Synthetic odd',
  date: '20240101',
  time: '120000',
  kernel: 'STANDARD',
  imageComments: 'synthetic',
};

describe('CT writer', () => {
  test('[7.2-dicom] another parser reads geometry and HU back', () => {
    const file = ctSlice(series, 1);
    const set = dicomParser.parseDicom(file);
    expect(set.string('x00020010')).toBe('1.2.840.10008.1.2.1');
    expect(set.string('x00080016')).toBe('1.2.840.10008.5.1.4.1.1.2');
    expect(set.string('x00080018')).toBe(set.string('x00020003'));
    expect(set.string('x00100010')).toBe('PHANTOM^SYNTHETIC');
    expect(set.string('x00200032')).toBe('-9.25\\20.25\\-30.125');
    expect(set.string('x00200037')).toBe('0\\1\\0\\0\\0\\1');
    expect(set.string('x00280030')).toBe('0.75\\0.5');
    expect([set.uint16('x00280010'), set.uint16('x00280011'), set.uint16('x00280103')]).toEqual([2, 3, 1]);
    expect([set.string('x00281053'), set.string('x00281052')]).toEqual(['1', '0']);
    const { dataOffset, length } = set.elements.x7fe00010!;
    expect(length).toBe(12);
    const pixels = new DataView(file.buffer, file.byteOffset + dataOffset, length);
    expect(Array.from({ length: 6 }, (_, n) => pixels.getInt16(2 * n, true))).toEqual([...hu.subarray(6, 12)]);
  });

  test('[7.2-dicom] slices share study, series and frame of reference and differ in their own UID', () => {
    const [a, b] = [dicomParser.parseDicom(ctSlice(series, 0)), dicomParser.parseDicom(ctSlice(series, 3))];
    for (const tag of ['x0020000d', 'x0020000e', 'x00200052']) expect(a.string(tag)).toBe(b.string(tag));
    expect(a.string('x00080018')).not.toBe(b.string('x00080018'));
    const other = dicomParser.parseDicom(ctSlice({ ...series, uidSeed: 'other' }, 0));
    expect(other.string('x0020000e')).not.toBe(a.string('x0020000e'));
    expect(Buffer.from(ctSlice(series, 2)).equals(Buffer.from(ctSlice(series, 2)))).toBe(true);
  });

  test('UIDs are UUIDs under 2.25', () => {
    for (let n = 0; n < 200; n++) {
      const uid = uidFrom(`text ${n}`);
      expect(uid).toMatch(/^2\.25\.[1-9]\d{0,38}$/);
      const hex = BigInt(uid.slice(5)).toString(16).padStart(32, '0');
      expect(hex[12]).toBe('8');
      expect('89ab').toContain(hex[16]);
    }
  });

  test('refuses values that do not fill the grid, a mirrored or slanted grid, and a slice that is not there', () => {
    expect(() => ctSlice({ ...series, hu: new Int16Array(23) }, 0)).toThrow(RangeError);
    expect(() => ctSlice({ ...series, geometry: { ...geometry, directionLps: [1, 0, 0, 0, 1, 0, 0, 0, -1] } }, 0)).toThrow(RangeError);
    expect(() => ctSlice({ ...series, geometry: { ...geometry, directionLps: [1, 0, 0, 0, 1, 0, 0, 0.6, 0.8] } }, 0)).toThrow(RangeError);
    expect(() => ctSlice(series, 4)).toThrow(RangeError);
  });
});
