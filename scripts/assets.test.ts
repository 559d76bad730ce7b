import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { acquisitionProfile, kernelList } from '../contract/acquisition.ts';
import { reasonCodes } from '../contract/errors.ts';
import { boneLabel, labelTable, segmentColours } from '../contract/labels.ts';
import { labelValues } from '../contract/segmentation.ts';

const root = join(import.meta.dirname, '..');
const text = (file: string) => readFileSync(join(root, file), 'utf8');
const json = (file: string) => JSON.parse(text(file));

describe('help', () => {
  const help = text('assets/help/codes.md');
  const rows = new Map(
    help
      .split('\n')
      .map((line) => line.split('|').map((cell) => cell.trim()))
      .filter((cells) => /^[A-Z][A-Z0-9_]+$/.test(cells[1] ?? ''))
      .map((cells) => [cells[1] as string, cells]),
  );
  test.each([...reasonCodes])('%s has its meaning and its remedy', (code) => {
    expect(rows.get(code)?.[2]?.length).toBeGreaterThan(5);
    expect(rows.get(code)?.[3]?.length).toBeGreaterThan(5);
  });
  test('no code is explained that is not in the list', () => {
    expect([...rows.keys()].filter((code) => !(reasonCodes as readonly string[]).includes(code))).toEqual([]);
  });
});

test('the segments’ colours are those of the tokens, in their order', () => {
  const tokens = text('renderer/design/tokens.css');
  const colours: { place: number; token: string; colour: string }[] = json('assets/segment-colours.json');
  expect(colours.map(({ place }) => place)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  for (const { token, colour } of colours) expect(tokens).toContain(`--${token}: ${colour};`);
});

test('files that carry a colour carry that of the table', () => {
  const colours: { colour: string }[] = json('assets/segment-colours.json');
  const hex = segmentColours.map((rgb) => `#${rgb.map((v) => v.toString(16).padStart(2, '0')).join('')}`);
  expect(hex).toEqual(colours.map(({ colour }) => colour));
});

test('[9.1-values] the label table says what the contract says: bone 1, and no row is 0, which is other', () => {
  const { rows } = labelTable.parse(json('assets/label-tables/bone.json'));
  expect(rows[0]).toEqual({ ...boneLabel, subclassOf: null });
  expect(boneLabel.value).toBe(labelValues.bone);
  expect(rows.map(({ value }) => value)).not.toContain(labelValues.other);
});

describe('acquisition profiles', () => {
  const files = readdirSync(join(root, 'assets/profiles'));
  test.each(files)('%s is as the contract says, under its own id, and cites its clause', (file) => {
    const profile = acquisitionProfile.parse(json(`assets/profiles/${file}`));
    expect(`${profile.id}.json`).toBe(file);
    expect(profile.source).toMatch(/ISO\/IEC 3532-2:2024, (Annex A, Table A\.1|7\.2\.3)/);
  });
  test('the vendors’ kernel names are as the contract says; a source stands beside every list', () => {
    const { vendors } = kernelList.parse(json('assets/kernels.json'));
    for (const { source } of vendors) expect(source.length).toBeGreaterThan(10);
  });
});
