import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { importSeries } from '../processes/tasks/import.ts';
import { sharedSets, unpackedSeries } from './dicom/shared-series.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lamina-uses-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const context = { progress: () => {}, throwIfCancelled: () => {} };
const everyFile = (root: string): string[] =>
  readdirSync(root).flatMap((name) => {
    const path = join(root, name);
    return statSync(path).isDirectory() ? everyFile(path) : [path];
  });

test.skipIf(!sharedSets)(
  '[7.2-dicom] every file of a folder is told once: the series that it went into, or why it went into none',
  async () => {
    const input = join(folder, 'in');
    const into = join(folder, 'out');
    mkdirSync(into);
    const soft = join(unpackedSeries(), 'skull-phantom-philips', 'soft-5mm');
    cpSync(soft, join(input, 'soft'), { recursive: true });
    cpSync(join(unpackedSeries(), 'skull-phantom-philips', 'tilt-plus16.5'), join(input, 'tilt'), { recursive: true });
    writeFileSync(join(input, 'readme.txt'), 'Nothing to import in here.');
    writeFileSync(join(input, 'cut.dcm'), Buffer.concat([Buffer.alloc(128), Buffer.from('DICM'), Buffer.alloc(40, 1)]));
    const copied = everyFile(join(input, 'soft'))[3]!;
    cpSync(copied, join(input, 'copy.dcm'));
    const { report, uses } = await importSeries({ paths: [input], seriesInstanceUid: null, allow: [], into }, context);
    expect(report.series).toHaveLength(1);
    const files = everyFile(input);
    expect(uses.map((one) => one.path).sort()).toEqual(files.sort());
    const used = uses.filter((one) => one.series !== null);
    expect(used).toHaveLength(everyFile(soft).length);
    expect(used.every((one) => one.series === report.series[0]!.seriesInstanceUid && one.why === '')).toBe(true);
    for (const one of uses) if (one.series === null) expect(one.why.length).toBeGreaterThan(10);
    const whyOf = (end: string) => uses.find((one) => one.path.endsWith(end))?.why ?? '';
    expect(whyOf('readme.txt')).toMatch(/not a dicom/i);
    expect(uses.filter((one) => one.path.includes('/tilt/')).every((one) => /slanted/.test(one.why))).toBe(true);
    expect(uses.filter((one) => /copy of an image/i.test(one.why))).toHaveLength(1);
  },
);

test.skipIf(!sharedSets)('[7.2-dicom] a series that was not chosen is said to be so', async () => {
  const into = join(folder, 'out');
  mkdirSync(into);
  const input = join(unpackedSeries(), 'mr-head-patient-positions');
  const both = await importSeries({ paths: [input], seriesInstanceUid: null, allow: [], into }, context);
  const [one] = both.report.series;
  expect(both.report.series.length).toBeGreaterThan(1);
  const { report, uses } = await importSeries({ paths: [input], seriesInstanceUid: one!.seriesInstanceUid, allow: [], into }, context);
  expect(report.series).toHaveLength(1);
  expect(uses).toHaveLength(everyFile(input).length);
  expect(new Set(uses.filter((file) => file.path.endsWith('.dcm')).map((file) => file.series ?? file.why))).toEqual(
    new Set([one!.seriesInstanceUid, 'Of a series that was not chosen.']),
  );
});
