import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const states = ['planned', 'partial', 'done'] as const;
export type State = (typeof states)[number];
/** One duty of docs/requirements.md. `window` and `command` are empty while there is no way to it. */
export interface Row {
  id: string;
  duty: string;
  state: string;
  window: string;
  command: string;
}
/** A test title that cites a duty. */
export interface Citation {
  id: string;
  file: string;
  title: string;
}
export interface Verdict {
  faults: string[];
  notes: string[];
  counts: Record<State, number>;
}

/** What an id looks like: 13-ccl, 7.2-dicom, D.4-experiment, M-threshold. Other brackets in titles, [checklist 3] say, are not ours. */
const idShape = /^(?:[A-Z](?:\.\d+)?|\d{1,2}(?:\.\d+)?)-[a-z][a-z-]*$/;

/** Rows of every Markdown table whose first cell has the shape of an id. Cells of `-` count as empty. */
export function readTable(markdown: string): Row[] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim())
        .map((cell) => (cell === '-' ? '' : cell)),
    )
    .filter(([id]) => idShape.test(id ?? ''))
    .map(([id = '', duty = '', state = '', window = '', command = '']) => ({ id, duty, state, window, command }));
}

/** Titles that begin with ids in brackets, one citation for each id. Titles of skipped and to-do tests prove nothing and are left out. */
export function readCitations(file: string, source: string): Citation[] {
  const found: Citation[] = [];
  for (const match of source.matchAll(/(?<before>[\w.]*\(?\s*)(?<quote>['"`])(?<title>(?:\[[^\]\n]+\]\s*)+[^\n]*?)\k<quote>/g)) {
    const { before = '', title = '' } = match.groups ?? {};
    if (/\.(skip|todo)\(\s*$/.test(before)) continue;
    const brackets = /^(?:\[[^\]]+\]\s*)+/.exec(title)?.[0] ?? '';
    for (const [, id = ''] of brackets.matchAll(/\[([^\]]+)\]/g)) if (idShape.test(id)) found.push({ id, file, title });
  }
  return found;
}

/**
 * What the table owes. `standardIds` are the ids of the standard's list where it is at hand, else null. A fault fails the run: a missing
 * or doubled row, a state that is none, a title over an unknown id, a done row without test, window route or command.
 */
export function judge(rows: Row[], citations: Citation[], standardIds: string[] | null): Verdict {
  const faults: string[] = [];
  const notes: string[] = [];
  const counts: Record<State, number> = { planned: 0, partial: 0, done: 0 };
  const known = new Map(rows.map((row) => [row.id, row]));
  if (rows.length === 0) faults.push('docs/requirements.md has no rows');
  for (const [n, row] of rows.entries()) if (rows.findIndex(({ id }) => id === row.id) !== n) faults.push(`${row.id}: two rows`);
  for (const id of standardIds ?? []) if (!known.has(id)) faults.push(`${id}: no row in docs/requirements.md`);
  if (standardIds)
    for (const { id } of rows) if (!standardIds.includes(id)) faults.push(`${id}: a row that the standard's list does not have`);
  for (const { id, file, title } of citations) if (!known.has(id)) faults.push(`${file}: '${title}' cites ${id}, which is no row`);
  for (const row of known.values()) {
    if (!isState(row.state)) {
      faults.push(`${row.id}: '${row.state}' is none of ${states.join(', ')}`);
      continue;
    }
    counts[row.state]++;
    if (row.duty === '') faults.push(`${row.id}: no words for the duty`);
    const tested = citations.some(({ id }) => id === row.id);
    if (row.state === 'done') {
      if (!tested) faults.push(`${row.id}: done, but no test cites it`);
      if (row.window === '') faults.push(`${row.id}: done, but no way to it in the window`);
      if (row.command === '') faults.push(`${row.id}: done, but no command`);
    }
    if (row.state === 'partial' && !tested) notes.push(`${row.id}: partial, and no test cites it yet`);
    if (row.state === 'planned' && tested) notes.push(`${row.id}: planned, though tests cite it`);
  }
  return { faults, notes, counts };
}

const isState = (state: string): state is State => (states as readonly string[]).includes(state);

/** The traceability matrix: each duty, its state, the ways to it, and the tests that show it. */
export function matrix(rows: Row[], citations: Citation[]): string {
  const cells = rows.map((row) => {
    const files = new Map<string, number>();
    for (const { id, file } of citations) if (id === row.id) files.set(file, (files.get(file) ?? 0) + 1);
    const tests = [...files].sort().map(([file, count]) => `${file} (${count})`);
    return [row.id, row.duty, row.state, row.window || '-', row.command || '-', tests.join('<br>') || '-'];
  });
  return [
    '# Traceability matrix',
    '',
    'Made by `npm run requirements -- --write` from docs/requirements.md and the titles of the tests. In brackets: how many tests of the file cite the row.',
    '',
    ...aligned([['id', 'duty', 'state', 'in the window', 'command', 'tests'], ...cells]),
    '',
  ].join('\n');
}

/** A Markdown table as the formatter leaves it, so that a written page passes the lint. */
function aligned([head = [], ...body]: string[][]): string[] {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...body].map((row) => (row[column] ?? '').length)));
  const line = (row: string[], fill: string) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`;
  return [
    line(head, ' '),
    line(
      head.map(() => ''),
      '-',
    ),
    ...body.map((row) => line(row, ' ')),
  ];
}

/** Prints, and answers with the exit status: 0 when nothing is owed. */
function run(root: string, flags: string[]): number {
  const table = readTable(readFileSync(join(root, 'docs/requirements.md'), 'utf8'));
  const standard = join(root, '../shared/standard/requirements.md');
  const ids = existsSync(standard) ? readTable(readFileSync(standard, 'utf8')).map(({ id }) => id) : null;
  const files = globSync('{contract,kernels,electron,renderer,scripts,bench,e2e}/**/*.{test.ts,test.tsx,spec.ts}', { cwd: root });
  const citations = files.sort().flatMap((file) => readCitations(file.replaceAll('\\', '/'), readFileSync(join(root, file), 'utf8')));
  const page = matrix(table, citations);
  if (flags.includes('--matrix')) {
    process.stdout.write(page);
    return 0;
  }
  const place = join(root, 'docs/traceability.md');
  if (flags.includes('--write')) writeFileSync(place, page);
  const { faults, notes, counts } = judge(table, citations, ids);
  if (!existsSync(place) || readFileSync(place, 'utf8') !== page)
    notes.push('docs/traceability.md is older than the tests: npm run requirements -- --write');
  for (const note of notes) process.stdout.write(`note   ${note}\n`);
  for (const fault of faults) process.stdout.write(`FAULT  ${fault}\n`);
  process.stdout.write(
    `${table.length} duties: ${counts.done} done, ${counts.partial} partial, ${counts.planned} planned; ${citations.length} tests cite ${new Set(citations.map(({ id }) => id)).size} of them; ${ids ? 'compared with the standard’s list' : 'the standard’s list is not at hand'}\n`,
  );
  return faults.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = run(join(dirname(fileURLToPath(import.meta.url)), '..'), process.argv.slice(2));
