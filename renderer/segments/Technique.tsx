import type { Segment } from '../../contract/case.ts';
import { count } from '../design/numbers.ts';
import { testids } from '../testids.ts';
import { parameterWords } from './technique-words.ts';

/** How a segment was made and what was done to it since. */
export function Technique({ segment }: { segment: Segment }) {
  return (
    <ol className="tech" aria-label={`How ${segment.name} was made`} data-testid={testids.technique}>
      {segment.technique.map((t) => (
        <li key={t.sequence}>
          <b>{t.name}</b>
          {parameterWords(t.parameters) && <span> · {parameterWords(t.parameters)}</span>}
        </li>
      ))}
      {segment.networkWording && <li className="first-capital">{segment.networkWording}</li>}
      <li className="num">{count(segment.voxels)} voxels</li>
    </ol>
  );
}
