import {
  Box,
  Brush,
  Bubbles,
  CopyCheck,
  Download,
  Eraser,
  Eye,
  FileInput,
  Pencil,
  PencilRuler,
  Scissors,
  Share,
  Signature,
  SlidersHorizontal,
  SquareSplitHorizontal,
  Tag,
  Trash2,
} from 'lucide-react';
import { memo, useEffect, useMemo, useRef } from 'react';
import type { JournalLine } from '../../../contract/case.ts';
import { clock } from '../../design/numbers.ts';
import { Section } from '../../design/Section.tsx';
import { useCase } from '../../stores/case.ts';
import { testids } from '../../testids.ts';

const icons: Partial<Record<JournalLine['act'], typeof Box>> = {
  create: FileInput,
  import: Download,
  preprocess: SlidersHorizontal,
  carry: CopyCheck,
  segment: SquareSplitHorizontal,
  clean: Bubbles,
  stroke: Brush,
  rename: Pencil,
  remove: Trash2,
  effect: Scissors,
  load: FileInput,
  describe: Tag,
  markup: PencilRuler,
  review: Eye,
  mesh: Box,
  sign: Signature,
  export: Share,
};

/**
 * Splits the journal at the point where the case stands: what is done (with branches that were left), and what redo would bring back.
 * Undo and redo themselves are not lines: they move the point.
 */
export function splitJournal(journal: JournalLine[]): { before: JournalLine[]; after: JournalLine[] } {
  const acts = journal.filter((l) => l.act !== 'undo' && l.act !== 'redo');
  const last = acts.findLastIndex((l) => l.state === 'done');
  return { before: acts.slice(0, last + 1), after: acts.slice(last + 1) };
}

/** Drawn again only when its own line changes: a stroke adds one to three hundred. */
const Line = memo(function Line({ line, kind }: { line: JournalLine; kind: '' | 'now' | 'redo' | 'gone' }) {
  const Icon = line.act === 'stroke' && /eras/i.test(line.name) ? Eraser : (icons[line.act] ?? Pencil);
  return (
    <div
      className={`j ${kind}`}
      data-testid={testids.journalLine}
      data-state={line.state}
      data-sequence={line.sequence}
      title={`${line.name} · ${line.who} · clause ${line.clause}`}
    >
      <Icon size={14} strokeWidth={1.5} aria-hidden="true" />
      <span className="n clip">{line.name}</span>
      <span className="t num">{kind === 'redo' ? 'redo' : clock(line.time, false)}</span>
    </div>
  );
});

const most = 300;
/** Of what redo would bring back: the next ones are of interest. */
const mostAfter = 100;

/** The journal with 'you are here' between what undo and redo would move. */
export function Journal() {
  const journal = useCase((s) => s.journal);
  const canRedo = useCase((s) => s.state?.redo !== null);
  const here = useRef<HTMLDivElement>(null);
  const { before, after } = useMemo(() => splitJournal(journal), [journal]);
  useEffect(() => {
    const [line, box] = [here.current, here.current?.parentElement];
    if (!line || !box) return;
    // The list alone is scrolled: the panel around it stays where the hand is.
    const [at, around] = [line.getBoundingClientRect(), box.getBoundingClientRect()];
    box.scrollTop += Math.max(0, at.bottom - around.bottom) - Math.max(0, around.top - at.top);
  }, [journal]);
  const shown = before.slice(-most);
  return (
    <Section title="Journal" fill testid={testids.journal} end={<span className="cap num">{journal.length} entries</span>}>
      <div className="journal">
        {before.length > most && <div className="pad cap">{before.length - most} earlier lines</div>}
        {shown.map((l, n) => (
          <Line key={l.sequence} line={l} kind={n === shown.length - 1 ? 'now' : l.state === 'undone' ? 'gone' : ''} />
        ))}
        <div className="jline" ref={here} data-testid={testids.journalHere}>
          you are here
        </div>
        {after.slice(0, mostAfter).map((l) => (
          <Line key={l.sequence} line={l} kind={canRedo ? 'redo' : 'gone'} />
        ))}
        {after.length > mostAfter && <div className="pad cap">{after.length - mostAfter} later lines</div>}
      </div>
    </Section>
  );
}
