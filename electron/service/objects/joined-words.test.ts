import { expect, test } from 'vitest';
import { joinedWords } from './joined-words.ts';

test('[9.1-interop] what is said of several segments is said once, with their number', () => {
  expect(joinedWords([])).toEqual([]);
  expect(joinedWords([{ name: 'Skull', words: 'Not looked for.' }])).toEqual(['Skull: Not looked for.']);
  expect(
    joinedWords([
      { name: 'Skull', words: 'Not looked for.' },
      { name: 'Jaw', words: '2 of 9 not reviewed.' },
      { name: 'Teeth', words: 'Not looked for.' },
    ]),
  ).toEqual(['2 segments (Skull, Teeth): Not looked for.', 'Jaw: 2 of 9 not reviewed.']);
  const many = Array.from({ length: 31 }, (_, n) => ({ name: `S${n + 1}`, words: 'Not looked for.' }));
  expect(joinedWords(many)).toEqual(['31 segments (S1, S2, S3 and 28 more): Not looked for.']);
});
