import { describe, expect, test } from 'vitest';
import { judge, matrix, readCitations, readTable } from './requirements.ts';

/** Put together here, so that this file itself cites nothing. */
const tag = (id: string) => `[${id}]`;
const table = (...rows: string[]) => ['| id | duty | state | window | command |', '|---|---|---|---|---|', ...rows, ''].join('\n');
const done = '| 13-ccl | parts of a mask | done | Clean | `lamina clean` |';
const citing = (id: string) => readCitations('a.test.ts', `test('${tag(id)} works', () => {});`);

describe('the table', () => {
  test('rows are read with their cells, headings and other tables are not', () => {
    expect(
      readTable(`# Duties\n${table(done, '| P-export | files | planned | - | - |')}\n| on | view |\n|---|---|\n| text-1 | 18.8 |\n`),
    ).toEqual([
      { id: '13-ccl', duty: 'parts of a mask', state: 'done', window: 'Clean', command: '`lamina clean`' },
      { id: 'P-export', duty: 'files', state: 'planned', window: '', command: '' },
    ]);
  });
});

describe('titles', () => {
  test.each([
    ['single quotes', `test('${tag('13-ccl')} agrees', () => {})`, ['13-ccl']],
    ['double quotes and describe', `describe("${tag('7.2-dicom')} import", () => {})`, ['7.2-dicom']],
    ['each', `test.each([\n  [1, (x) => x],\n])('${tag('D.4-experiment')} case %d', () => {})`, ['D.4-experiment']],
    ['two ids', `it('${tag('I-verify')}${tag('P-export')} signs', () => {})`, ['I-verify', 'P-export']],
    ['template', `test(\`${tag('A-roi')} box\`, () => {})`, ['A-roi']],
    ['brackets that are not ours', `test('${tag('checklist 3')} main', () => {})`, []],
    ['brackets later in the title', `test('keeps ${tag('13-ccl')} in mind', () => {})`, []],
    ['skipped', `test.skip('${tag('13-ccl')} later', () => {})`, []],
    ['to do', `test.todo('${tag('13-ccl')} later')`, []],
  ])('%s', (_name, source, ids) => {
    expect(readCitations('x.test.ts', source).map(({ id }) => id)).toEqual(ids);
  });
});

describe('the verdict', () => {
  test('a done row with test, window and command is in order', () => {
    expect(judge(readTable(table(done)), citing('13-ccl'), ['13-ccl'])).toEqual({
      faults: [],
      notes: [],
      counts: { planned: 0, partial: 0, done: 1 },
    });
  });

  test.each([
    ['a missing row', table(done), '13-ccl', ['13-ccl', '13-crf'], '13-crf: no row'],
    ['a row of our own making', table(done), '13-ccl', ['13-crf'], '13-ccl: a row that'],
    ['two rows', table(done, done), '13-ccl', null, '13-ccl: two rows'],
    ['an unknown id in a title', table(done.replace('done', 'planned')), '13-nothing', null, 'cites 13-nothing'],
    ['a state that is none', table(done.replace('done', 'finished')), '13-ccl', null, "'finished' is none of"],
    ['done without test', table(done, '| 13-crf | field | planned | - | - |'), '13-crf', null, '13-ccl: done, but no test'],
    ['done without window', table(done.replace('Clean |', '- |')), '13-ccl', null, 'no way to it in the window'],
    ['done without command', table(done.replace('`lamina clean`', '-')), '13-ccl', null, 'no command'],
    ['no words', table(done.replace('parts of a mask', '')), '13-ccl', null, 'no words for the duty'],
    ['an empty table', '', '13-ccl', null, 'no rows'],
  ] as const)('fails on %s', (_name, page, cited, standard, fault) => {
    const { faults } = judge(readTable(page), citing(cited), standard ? [...standard] : null);
    expect(faults.join('\n')).toContain(fault);
  });

  test('planned rows are counted, and need nothing', () => {
    const { faults, counts } = judge(readTable(table('| 13-crf | field | planned | - | - |')), [], null);
    expect(faults).toEqual([]);
    expect(counts.planned).toBe(1);
  });
});

test('the matrix names the files that cite a row, with their count', () => {
  const page = matrix(readTable(table(done)), [...citing('13-ccl'), ...citing('13-ccl')]);
  expect(page.replace(/ +/g, ' ')).toContain('| 13-ccl | parts of a mask | done | Clean | `lamina clean` | a.test.ts (2) |');
  expect(readTable(page)).toEqual(readTable(table(done)));
});
