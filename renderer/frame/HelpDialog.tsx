import { X } from 'lucide-react';
import { type ReactNode, useEffect, useRef } from 'react';
import { closeHelp, openHelp, useHelp } from '../stores/help.ts';
import { testids } from '../testids.ts';
import { type Block, blocksOf, type Span, titleOf } from './help-text.ts';
import { Modal } from './Modal.tsx';
import { icon } from './step-names.tsx';

const texts = import.meta.glob<string>('../../assets/help/*.md', { query: '?raw', import: 'default', eager: true });
/** In the order of the work; what is not named here comes behind. */
const order = [
  'getting-started',
  'keys',
  'prepare',
  'preprocess',
  'threshold',
  'network',
  'segments',
  'brush',
  'drawing-tools',
  'clean',
  'model',
  'export',
];
const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
const pages = Object.entries(texts)
  .map(([file, text]) => ({ name: file.replace(/^.*\/|\.md$/g, ''), title: titleOf(text), text }))
  .sort((a, b) => place(a.name) - place(b.name) || a.title.localeCompare(b.title));

function Line({ spans }: { spans: Span[] }): ReactNode {
  return spans.map((span, n) => {
    const key = `${n} ${span.text}`;
    if (span.as === 'bold') return <b key={key}>{span.text}</b>;
    if (span.as === 'code') return <code key={key}>{span.text}</code>;
    const page = span.as === 'em' ? pages.find((one) => one.name === span.text.toLowerCase().replaceAll(' ', '-')) : undefined;
    if (page)
      return (
        <button type="button" key={key} className="link" onClick={() => openHelp(page.name)}>
          {span.text}
        </button>
      );
    return span.as === 'em' ? <em key={key}>{span.text}</em> : <span key={key}>{span.text}</span>;
  });
}

const keyed = <T,>(list: readonly T[]): [string, T][] => list.map((one, n) => [`${n}`, one]);

function Part({ block }: { block: Block }): ReactNode {
  if (block.kind === 'paragraph')
    return (
      <p>
        <Line spans={block.spans} />
      </p>
    );
  if (block.kind === 'heading') {
    const Heading = block.level === 1 ? 'h1' : block.level === 2 ? 'h2' : 'h3';
    return (
      <Heading>
        <Line spans={block.spans} />
      </Heading>
    );
  }
  if (block.kind === 'list') {
    const List = block.ordered ? 'ol' : 'ul';
    return (
      <List>
        {keyed(block.items).map(([key, spans]) => (
          <li key={key}>
            <Line spans={spans} />
          </li>
        ))}
      </List>
    );
  }
  return (
    <table>
      <thead>
        <tr>
          {keyed(block.head).map(([key, cell]) => (
            <th key={key} scope="col">
              <Line spans={cell} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {keyed(block.rows).map(([key, row]) => (
          <tr key={key}>
            {keyed(row).map(([at, cell]) => (
              <td key={at}>
                <Line spans={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Help({ page }: { page: string }) {
  const text = useRef<HTMLDivElement>(null);
  const shown = pages.find((one) => one.name === page) ?? pages[0];
  useEffect(() => {
    text.current?.scrollTo(0, 0);
  }, [page]);
  return (
    <Modal className="help" label="Help" testid={testids.help} onClose={closeHelp}>
      <nav aria-label="Help texts">
        {pages.map((one) => (
          <button
            type="button"
            key={one.name}
            aria-current={one === shown ? 'page' : undefined}
            className={one === shown ? 'on' : ''}
            onClick={() => openHelp(one.name)}
          >
            {one.title}
          </button>
        ))}
      </nav>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text is scrolled by keyboard */}
      <div className="text-of-help" ref={text} tabIndex={0} role="document" data-testid={testids.helpText}>
        {shown && keyed(blocksOf(shown.text)).map(([key, block]) => <Part key={key} block={block} />)}
      </div>
      <button type="button" className="tb close" aria-label="Close" onClick={closeHelp}>
        <X {...icon} />
      </button>
    </Modal>
  );
}

/** The help texts that come with Lamina, read in the window; nothing is fetched. */
export function HelpDialog() {
  const page = useHelp((s) => s.page);
  return page === null ? null : <Help page={page} />;
}
