import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { qualityOf } from './check.fixture.ts';
import { filesText, fileWords, filterFiles, sharedFolder } from './file-list.ts';
import { histogramPath, motionWords, qualityFigures, shownRange, valueMarks } from './quality-figures.ts';
import { rowWindow } from './row-window.ts';
import { wallAxis } from './wall-axis.ts';

const walls = [
  { name: 'medial wall', thinnestMm: 0.1, thickestMm: 0.5 },
  { name: 'floor', thinnestMm: 0.2, thickestMm: 1 },
  { name: 'rim', thinnestMm: 3, thickestMm: 5 },
];

describe('the thinnest wall on its axis', () => {
  it('[7.3-acquisition] splits each wall where trust begins', () => {
    const { bars, limit, ticks } = wallAxis(walls, 0.5);
    expect(limit).not.toBeNull();
    expect(bars.map((b) => b.words.split(': ')[1])).toEqual(['cannot be trusted', 'can be trusted from 0.5 mm', 'can be trusted']);
    expect(bars[0]?.split).toBe(bars[0]?.to);
    expect(bars[1]?.split).toBeCloseTo(limit as number);
    expect(bars[2]?.split).toBe(bars[2]?.from);
    expect(ticks[0]).toEqual({ at: 0, mm: 0.1 });
    expect(ticks.at(-1)).toEqual({ at: 1, mm: 5 });
  });
  it('[7.3-acquisition] says that trust is not known where nothing can be said, and hatches nothing', () => {
    const { bars, limit } = wallAxis(walls, null);
    expect(limit).toBeNull();
    expect(bars.every((b) => b.split === b.from && b.words.endsWith('trust is not known'))).toBe(true);
  });
  it('keeps every bar on the axis and a factor of two equally wide everywhere', () => {
    const thickness = fc.double({ min: 0.06, max: 18, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(thickness, thickness), { minLength: 1, maxLength: 6 }), thickness, (pairs, limitMm) => {
        const given = pairs.map(([a, b], n) => ({ name: String(n), thinnestMm: Math.min(a, b), thickestMm: Math.max(a, b) }));
        const { bars, limit, ticks } = wallAxis(given, limitMm);
        const [low, high] = [ticks[0]?.mm as number, ticks.at(-1)?.mm as number];
        expect(limit).toBeCloseTo(Math.log(limitMm / low) / Math.log(high / low), 9);
        for (const b of bars) {
          expect(b.from).toBeGreaterThanOrEqual(0);
          expect(b.to).toBeLessThanOrEqual(1);
          expect(b.split).toBeGreaterThanOrEqual(b.from);
          expect(b.split).toBeLessThanOrEqual(b.to);
        }
      }),
    );
  });
});

describe('measured quality in figures', () => {
  it('[7.3-quality] every figure has its unit, and what was not measured has a dash and none', () => {
    const figures = qualityFigures(qualityOf({ metal: { share: 0.0021, hint: true }, motion: { slices: [4, 5], hint: true } }), 'HU');
    expect(figures.map((f) => `${f.value} ${f.unit}`.trim())).toEqual([
      '8.0 HU',
      '12.0 HU',
      '0.94 mm',
      '–',
      '0.21 % of voxels, streaks seen',
      '2 slices',
    ]);
    expect(qualityFigures(qualityOf({ noiseAirHu: null }), 'HU')[0]).toEqual({ name: 'Noise in air', value: '–', unit: '' });
    expect(qualityFigures(qualityOf(), 'intensity')[0]?.unit).toBe('');
  });
  it('[7.3-quality] a little metal is never rounded to none', () => {
    expect(qualityFigures(qualityOf(), 'HU')[4]).toMatchObject({ value: 'none', unit: '' });
    expect(qualityFigures(qualityOf({ metal: { share: 1e-6, hint: false } }), 'HU')[4]).toMatchObject({
      value: 'below 0.01',
      unit: '% of voxels',
    });
  });
  it('[7.3-quality] slices are counted from one, as on screen', () => {
    expect(motionWords([0])).toBe('Slice 1 may have moved.');
    expect(motionWords([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])).toBe('Slices 1, 2, 3, 4, 5, 6, 7, 8 and 2 more may have moved.');
  });
  it('[7.3-quality] only what was measured is marked below the histogram', () => {
    expect(valueMarks(qualityOf()).map((m) => m.words)).toEqual(['air −998', 'fat −98', 'soft tissue 42']);
    expect(valueMarks(qualityOf({ fatHu: null })).map((m) => m.words)).toEqual(['air −998', 'soft tissue 42']);
  });
  it('the histogram is drawn as square roots, and one hot voxel does not press the rest together', () => {
    expect(histogramPath([0, 4, 4, 4])).toBe('M0 100L125.0 100.0L375.0 4.0L625.0 4.0L875.0 4.0L1000 100Z');
    const counts = [0, 500_000, 500_000, ...new Array(96).fill(0), 1];
    expect(shownRange({ low: 0, high: 1000, counts })).toEqual({ from: 10, to: 30, counts: [500_000, 500_000] });
    expect(shownRange({ low: 0, high: 2, counts: [0, 0] }).counts.length).toBeGreaterThan(0);
  });
});

describe('files of the input', () => {
  const files = [
    { path: 'a/IM1.dcm', series: '1.2', why: '' },
    { path: 'a/README.txt', series: null, why: 'not DICOM' },
    { path: 'a/x\ty\nz', series: null, why: '' },
  ];
  it('[7.2-dicom] finds the files that were left out, by path and by reason', () => {
    expect(filterFiles(files, 'all', '')).toHaveLength(3);
    expect(filterFiles(files, 'used', '')).toEqual([files[0]]);
    expect(filterFiles(files, 'left out', 'NOT dicom')).toEqual([files[1]]);
    expect(filterFiles(files, 'used', 'readme')).toEqual([]);
  });
  it('[7.2-dicom] copies one line a file, also where its name holds a line end', () => {
    const lines = filesText(files).split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[1]).toBe('a/IM1.dcm\tused\t1.2\t');
    expect(lines[3]).toBe('a/x y z\tleft out\t\t');
  });
  it('names the folder that all share, whole names only', () => {
    const of = (...paths: string[]) => sharedFolder(paths.map((path) => ({ path, series: null, why: '' })));
    expect(of('/a/b/IM1', '/a/b/IM2')).toBe('/a/b/');
    expect(of('/a/bc/IM1', '/a/bd/IM2')).toBe('/a/');
    expect(of('C:\\ct\\IM1', 'C:\\ct\\sub\\IM2')).toBe('C:\\ct\\');
    expect(of('IM1', '/a/IM2')).toBe('');
    expect(of('/a/IM1')).toBe('/a/');
    expect(sharedFolder([])).toBe('');
  });
  it('says what became of a file', () => {
    expect(files.map((f) => fileWords(f, { '1.2': 'Head' }))).toEqual(['part of Head', 'not DICOM', 'left out']);
  });
});

describe('rows of a long list', () => {
  it('draws what is in view and a few beside it, never more than there are', () => {
    expect(rowWindow(200, 80, 0, 800)).toEqual([0, 16]);
    expect(rowWindow(200, 80, 8000, 800)).toEqual([94, 116]);
    expect(rowWindow(3, 80, 0, 800)).toEqual([0, 3]);
    expect(rowWindow(0, 80, 500, 800)).toEqual([0, 0]);
  });
});
