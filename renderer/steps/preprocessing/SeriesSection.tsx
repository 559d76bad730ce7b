import { Section } from '../../design/Section.tsx';
import { useCase } from '../../stores/case.ts';
import { testids } from '../../testids.ts';
import { SeriesChoices } from './SeriesChoices.tsx';
import type { Chain } from './use-chain.ts';

/** The series that the chain is applied to, how it was made, and the others of the case. */
export function SeriesSection({ chain }: { chain: Chain }) {
  const series = useCase((s) => s.state?.series) ?? [];
  const made = chain.series?.derivation;
  return (
    <Section title="Series" end={<span className="cap num">{series.length > 1 ? `${series.length} in the case` : ''}</span>}>
      <div style={{ padding: '0 6px' }}>
        <SeriesChoices />
      </div>
      {made && (
        <ol className="tech" style={{ paddingLeft: 38 }} aria-label="How the series shown was made" data-testid={testids.derivation}>
          {made.steps.map((s) => (
            <li key={s.step}>
              <b>{s.text}</b>
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}
