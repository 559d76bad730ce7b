import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { blocksOf, spansOf, titleOf } from './help-text.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'assets', 'help');
const files = readdirSync(folder).filter((name) => name.endsWith('.md'));
const words = (spans: { text: string }[]) => spans.map((span) => span.text).join('');

describe('help texts', () => {
  test('marks in a line; an underscore inside a word stays', () => {
    expect(spansOf('Press **Make** or `Ctrl+K`, see _model_.')).toEqual([
      { text: 'Press ', as: 'plain' },
      { text: 'Make', as: 'bold' },
      { text: ' or ', as: 'plain' },
      { text: 'Ctrl+K', as: 'code' },
      { text: ', see ', as: 'plain' },
      { text: 'model', as: 'em' },
      { text: '.', as: 'plain' },
    ]);
    expect(spansOf('the code NOT_A_CASE')).toEqual([{ text: 'the code NOT_A_CASE', as: 'plain' }]);
    expect(spansOf('')).toEqual([]);
  });

  test('headings, joined paragraphs, lists of both kinds, tables without their rule', () => {
    const text = '# Title\n\none\ntwo\n\n- a\n- b\n1. c\n\n| x | y |\n| - | - |\n| 1 | **2** |\nafter';
    const blocks = blocksOf(text);
    expect(blocks.map((block) => block.kind)).toEqual(['heading', 'paragraph', 'list', 'list', 'table', 'paragraph']);
    expect(blocks[1]).toMatchObject({ spans: [{ text: 'one two' }] });
    expect(blocks[2]).toMatchObject({ ordered: false, items: [[{ text: 'a' }], [{ text: 'b' }]] });
    expect(blocks[3]).toMatchObject({ ordered: true });
    expect(blocks[4]).toMatchObject({ head: [[{ text: 'x' }], [{ text: 'y' }]], rows: [[[{ text: '1' }], [{ text: '2', as: 'bold' }]]] });
  });

  test.each(files)('%s is read whole: no word of it is lost, no mark is left over', (name) => {
    const text = readFileSync(path.join(folder, name), 'utf8');
    const shown = blocksOf(text)
      .flatMap((block) =>
        block.kind === 'list'
          ? block.items.map(words)
          : block.kind === 'table'
            ? [...block.head, ...block.rows.flat()].map(words)
            : [words(block.spans)],
      )
      .join(' ');
    const letters = (of: string) => of.replace(/[^\p{L}\p{N}]/gu, '');
    const source = text
      .split('\n')
      .map((line) => line.replace(/^\s*\d+\.\s/, ''))
      .join('\n');
    expect(letters(shown)).toBe(letters(source));
    expect(shown).not.toMatch(/\*\*|^#|\|/);
    expect(titleOf(text)).not.toBe('Help');
  });
});
