import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { boneLabel, type LabelTable, labelEntry, labelTable } from '../../contract/labels.ts';
import { labelValues } from '../../contract/segmentation.ts';
import { oraclesThere, runOracle } from '../fixtures/oracles.fixture.ts';
import { sourcedCodes } from './label-codes.fixture.ts';
import { createLabelTables } from './label-tables.ts';

let own = '';
beforeEach(async () => {
  own = await mkdtemp(path.join(tmpdir(), 'lamina-labels-'));
});
afterEach(() => rm(own, { recursive: true, force: true }));

const list = () => createLabelTables({ own }).list();
const terms = async () =>
  (await list()).labels.flatMap(({ category, type, modifier }) => [category, type, ...(modifier ? [modifier] : [])]);
const row = (key: string, value: number, change: object = {}) => ({ ...boneLabel, key, name: key, value, ...change });
const table = (...rows: object[]) => ({ schema: 'lamina-labels/1', id: 'house', name: 'House', clause: '', source: 'ours', rows });
async function put(name: string, content: object | string): Promise<void> {
  await mkdir(path.join(own, 'label-tables'), { recursive: true });
  await writeFile(path.join(own, 'label-tables', name), typeof content === 'string' ? content : JSON.stringify(content));
}

describe('the label table that comes with Lamina', () => {
  test('[9.1-values] ISO/IEC 3532-2, 9.1: bone is 1 and other is 0, which is no row of the table', async () => {
    const { labels, own: ids, faults } = await list();
    expect([labelValues.bone, labelValues.other]).toEqual([1, 0]);
    expect(labels.filter((one) => one.value === 1).map((one) => one.key)).toEqual(['bone']);
    expect(Math.min(...labels.map((one) => one.value))).toBe(1);
    expect([ids, faults]).toEqual([[], []]);
  });

  test('[9.1-values] the label of every segment that nobody labelled is the table’s bone, to the letter', async () => {
    const { subclassOf, ...bone } = (await list()).labels[0]!;
    expect(bone).toEqual(boneLabel);
    expect(subclassOf).toBeNull();
  });

  test('[9.1-values] sub-classes of bone are 2, 3 and 4, and each sub-class names a row that is there', async () => {
    const { labels } = await list();
    expect(labels.filter((one) => one.subclassOf === 'bone').map(({ key, value }) => [key, value])).toEqual([
      ['cortical', 2],
      ['trabecular', 3],
      ['thin', 4],
    ]);
    for (const { subclassOf } of labels) if (subclassOf !== null) expect(labels.map((one) => one.key)).toContain(subclassOf);
  });

  test('[9.1-values] every SNOMED CT code has the meaning that DICOM PS3.16 gives it; what has no code there is marked as ours', async () => {
    for (const { value, scheme, meaning } of await terms()) {
      if (scheme === '99LAMINA') expect(['cortical', 'trabecular', 'thin']).toContain(value);
      else expect([scheme, value, sourcedCodes[value]?.meaning]).toEqual(['SCT', value, meaning]);
    }
    const used = new Set((await terms()).map((one) => one.value));
    expect(Object.keys(sourcedCodes).filter((code) => !used.has(code))).toEqual([]);
  });

  test.skipIf(!oraclesThere)('[9.1-values] pydicom’s dictionary says the same of every code', async () => {
    const found = runOracle<Record<string, Record<string, number[]>>>('coded_terms', Object.keys(sourcedCodes));
    for (const [code, { meaning, contextGroup }] of Object.entries(sourcedCodes))
      expect(found[code]?.[meaning], `${code} ${meaning}`).toContain(contextGroup);
  });

  test('[9.1-values] two rows never have the same code: what is read back from a file is one row again', async () => {
    const coded = (await list()).labels.map(({ type, modifier }) => `${type.scheme} ${type.value} ${modifier?.value ?? ''}`);
    expect(new Set(coded).size).toBe(coded.length);
  });
});

describe('a hospital’s own tables', () => {
  test('[9.1-values] further rows come behind ours; a row with a key of ours takes its place', async () => {
    await put('house.json', table(row('implant', 200), row('mandible', 10, { name: 'Unterkiefer' })));
    const { labels, own: ids, faults } = await list();
    expect([ids, faults]).toEqual([['house'], []]);
    expect(labels.at(-1)).toMatchObject({ key: 'implant', value: 200 });
    expect(labels.find((one) => one.value === 10)).toMatchObject({ key: 'mandible', name: 'Unterkiefer' });
  });

  test.each([
    ['bone with another value', table(row('bone', 7)), /bone has the value 7, but bone and it alone is 1/],
    ['another row with the value of bone', table(row('metal', 1)), /metal has the value 1, but bone/],
    ['a value that ours has', table(row('metal', 10)), /metal has the value 10, which is that of mandible/],
    ['a sub-class of nothing', table(row('metal', 300, { subclassOf: 'steel' })), /sub-class of steel, which no table has/],
    ['a value twice', table(row('a', 300), row('b', 300)), /two rows have the value 300/],
    ['a key twice', table(row('a', 300), row('a', 301)), /two rows have the key a/],
    ['a sub-class of itself', table(row('a', 300, { subclassOf: 'a' })), /sub-class of itself/],
    ['0, which is other', table(row('air', 0)), /value/],
    ['no row', table(), /rows/],
    ['no JSON', '{"schema":', /is not JSON/],
    ['too long', ' '.repeat(300 * 1024), /longer than 256 KiB/],
  ])('[9.1-values] a table is not taken, and the fault is named: %s', async (_, content, why) => {
    await put('wrong.json', content);
    const { labels, own: ids, faults } = await list();
    expect(ids).toEqual([]);
    expect(labels.map(({ key, value }) => [key, value])).toEqual(
      (await createLabelTables({ own: `${own}-none` }).list()).labels.map(({ key, value }) => [key, value]),
    );
    expect(faults).toMatchObject([
      { text: expect.stringMatching(/wrong\.json was not taken/), path: path.join(own, 'label-tables', 'wrong.json') },
    ]);
    expect(faults[0]!.text).toMatch(why);
  });
});

test('[9.1-values] the file that ships is a table of the contract, and what a segment keeps of a row has no more than a label', async () => {
  const file: LabelTable = labelTable.parse(
    JSON.parse(await readFile(path.join(import.meta.dirname, '..', '..', 'assets', 'label-tables', 'bone.json'), 'utf8')),
  );
  expect(file.clause).toContain('ISO/IEC 3532-2:2024, clause 9.1');
  for (const { subclassOf: _, ...label } of file.rows) expect(labelEntry.parse(label)).toEqual(label);
});
