import type { Finding } from '../../../contract/errors.ts';
import { Note } from '../../design/Note.tsx';
import { Section } from '../../design/Section.tsx';
import { StatusIcon } from '../../design/Status.tsx';
import { testids } from '../../testids.ts';

/** What the check found and what the folder held besides: facts short of a refusal, in sentences. */
export function CheckFindings({ sentences, findings }: { sentences: readonly string[]; findings: readonly Finding[] }) {
  const n = sentences.length + findings.length;
  return (
    <Section title="Findings" testid={testids.findings} end={<span className="cap num">{n > 0 ? n : ''}</span>}>
      <ul className="finding-list">
        {sentences.map((text) => (
          <li key={text}>
            <StatusIcon of="info" size={14} silent />
            <span className="grow selectable">{text}</span>
          </li>
        ))}
      </ul>
      <div className="pad stack">
        {n === 0 && <span>Nothing was left out of this folder.</span>}
        {findings.map((f, at) => (
          <Note key={at} of="info" title={f.text} code={f.code}>
            {f.path && <span className="cap selectable">{f.path.split(/[\\/]/).at(-1)}</span>}
          </Note>
        ))}
      </div>
    </Section>
  );
}
