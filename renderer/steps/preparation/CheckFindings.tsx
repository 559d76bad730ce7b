import type { Finding } from '../../../contract/errors.ts';
import { count } from '../../design/numbers.ts';
import { Section } from '../../design/Section.tsx';
import { StatusIcon } from '../../design/Status.tsx';
import { testids } from '../../testids.ts';

/** Findings as lines; one that belongs to a file names it. */
export function FindingList({ sentences, findings }: { sentences: readonly string[]; findings: readonly Finding[] }) {
  return (
    <ul className="finding-list">
      {sentences.map((text) => (
        <li key={text}>
          <StatusIcon of="info" size={14} silent />
          <span className="grow selectable">{text}</span>
        </li>
      ))}
      {findings.map((f, at) => (
        <li key={at}>
          <StatusIcon of="info" size={14} silent />
          <span className="grow selectable">
            {f.text}
            {f.path && <span className="cap"> {f.path.split(/[\\/]/).at(-1)}</span>}
          </span>
          {f.code && <code>{f.code}</code>}
        </li>
      ))}
    </ul>
  );
}

const shownAtOnce = 40;

/** What the check found and what the folder held besides: facts short of a refusal, in sentences. */
export function CheckFindings({ sentences, findings }: { sentences: readonly string[]; findings: readonly Finding[] }) {
  const n = sentences.length + findings.length;
  return (
    <Section title="Findings" testid={testids.findings} end={<span className="cap num">{n > 0 ? count(n) : ''}</span>}>
      {n === 0 && <span className="pad">Nothing was left out of this folder.</span>}
      <FindingList sentences={sentences} findings={findings.slice(0, shownAtOnce)} />
      {findings.length > shownAtOnce && (
        <span className="pad cap">and {count(findings.length - shownAtOnce)} more; after the import the report lists every file</span>
      )}
    </Section>
  );
}
