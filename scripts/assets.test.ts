import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { reasonCodes } from '../contract/errors.ts';
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

test('[9.1-values] the label table says what the contract says: bone 1, other 0', () => {
  const table: { values: { value: number; name: string }[]; subclasses: Record<string, { value: number }[]> } =
    json('assets/label-tables/bone.json');
  expect(Object.fromEntries(table.values.map(({ name, value }) => [name, value]))).toEqual(labelValues);
  const all = [...table.values, ...Object.values(table.subclasses).flat()].map(({ value }) => value);
  expect(new Set(all).size).toBe(all.length);
});

describe('acquisition profiles', () => {
  const files = readdirSync(join(root, 'assets/acquisition-profiles'));
  test.each(files)('%s cites its clause, and every range has its ends in order', (file) => {
    const profile = json(`assets/acquisition-profiles/${file}`);
    expect(`${profile.id}.json`).toBe(file);
    expect(profile.clause).toContain('Annex A');
    const orbit = json('assets/acquisition-profiles/orbit.json').parameters;
    for (const [name, asked] of Object.entries<{ from?: number; to?: number }>(profile.parameters)) {
      if (asked.from !== undefined && asked.to !== undefined) expect(asked.from).toBeLessThan(asked.to);
      // what differs from the clause's own values says so
      if (JSON.stringify(asked) !== JSON.stringify(orbit[name])) expect(profile.adjusted).toContain(name);
    }
  });
});
