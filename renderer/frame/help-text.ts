/** The little of Markdown that the help texts use: headings, paragraphs, lists, tables; in a line bold, emphasis and code. */
export type Span = { text: string; as: 'plain' | 'bold' | 'em' | 'code' };
export type Block =
  | { kind: 'heading'; level: number; spans: Span[] }
  | { kind: 'paragraph'; spans: Span[] }
  | { kind: 'list'; ordered: boolean; items: Span[][] }
  | { kind: 'table'; head: Span[][]; rows: Span[][][] };

const marks = /\*\*(.+?)\*\*|`([^`]+)`|_([^_]+)_(?![A-Za-z0-9])/g;

/** One line with its marks; an underscore inside a word is none. */
export function spansOf(line: string): Span[] {
  const spans: Span[] = [];
  let at = 0;
  const plain = (to: number): void => {
    if (to > at) spans.push({ text: line.slice(at, to), as: 'plain' });
  };
  for (const found of line.matchAll(marks)) {
    if (found[3] !== undefined && /[A-Za-z0-9]$/.test(line.slice(0, found.index))) continue;
    plain(found.index);
    const [whole, bold, code, em] = found;
    spans.push({ text: bold ?? code ?? em ?? '', as: bold !== undefined ? 'bold' : code !== undefined ? 'code' : 'em' });
    at = found.index + whole.length;
  }
  plain(line.length);
  return spans;
}

const cellsOf = (line: string): Span[][] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => spansOf(cell.trim()));
const item = /^\s*(?:([-*])|(\d+)\.)\s+(.*)$/;

/** The blocks of a help text, in order. What is none of the kinds is a paragraph. */
export function blocksOf(text: string): Block[] {
  const blocks: Block[] = [];
  const lines = text.split(/\r?\n/);
  for (let n = 0; n < lines.length; n++) {
    const line = lines[n] as string;
    if (line.trim() === '') continue;
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    const listed = item.exec(line);
    if (heading) blocks.push({ kind: 'heading', level: (heading[1] as string).length, spans: spansOf(heading[2] as string) });
    else if (line.trim().startsWith('|')) {
      const rows: Span[][][] = [];
      for (; n < lines.length && lines[n]?.trim().startsWith('|'); n++)
        if (!/^[\s|:-]+$/.test(lines[n] as string)) rows.push(cellsOf(lines[n] as string));
      n--;
      const [head = [], ...rest] = rows;
      blocks.push({ kind: 'table', head, rows: rest });
    } else if (listed) {
      const items: Span[][] = [];
      const ordered = listed[2] !== undefined;
      for (; n < lines.length; n++) {
        const next = item.exec(lines[n] as string);
        if (!next || (next[2] !== undefined) !== ordered) break;
        items.push(spansOf(next[3] as string));
      }
      n--;
      blocks.push({ kind: 'list', ordered, items });
    } else {
      const part = [line.trim()];
      while (
        n + 1 < lines.length &&
        lines[n + 1]?.trim() !== '' &&
        !item.test(lines[n + 1] as string) &&
        !/^(#{1,6}\s|\s*\|)/.test(lines[n + 1] as string)
      )
        part.push((lines[++n] as string).trim());
      blocks.push({ kind: 'paragraph', spans: spansOf(part.join(' ')) });
    }
  }
  return blocks;
}

/** Title of a help text: its first heading. */
export function titleOf(text: string): string {
  const first = blocksOf(text).find((block) => block.kind === 'heading');
  return first?.kind === 'heading' ? first.spans.map((span) => span.text).join('') : 'Help';
}
