import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { boneLabel, labelTable } from '../../contract/labels.ts';
import { codeWords, labelsFor } from './label-search.ts';

const { rows } = labelTable.parse(JSON.parse(readFileSync(path.join(import.meta.dirname, '../../assets/label-tables/bone.json'), 'utf8')));
const keys = (query: string) => labelsFor(rows, query).map((row) => row.key);

test('[9.1-values] labels are found by name, by code and by value, what begins so first; all of them without words', () => {
  expect(keys('')).toEqual(rows.map((row) => row.key));
  expect(keys('mand')[0]).toBe('mandible');
  expect(keys('91609006')).toEqual(['mandible']);
  expect(keys('Zygoma left')).toEqual(['zygomatic-left']);
  expect(keys('10')).toContain('mandible');
  expect(keys('bone')[0]).toBe('bone');
  expect(keys('femur')).toEqual([]);
});

test('[9.1-values] a code in words has its scheme, its value, its meaning and the side', () => {
  expect(codeWords(boneLabel)).toBe('SCT 272673000 Bone');
  expect(codeWords(rows.find((row) => row.key === 'orbit-left')!)).toBe('SCT 363654007 Orbital structure, left');
});
