import type { Segment } from '../../../contract/case.ts';
import { type CavitySide, cavityReport } from '../../../contract/cavity.ts';
import { Section } from '../../design/Section.tsx';
import { testids } from '../../testids.ts';

const inMl = (mm3: number): string => (mm3 / 1000).toFixed(2);

function Side({ name, side, testid }: { name: string; side: CavitySide | null; testid: string }) {
  return (
    <div className="fact">
      <span>{name}</span>
      <span data-testid={testid} data-mm3={side?.volumeMm3}>
        {side ? inMl(side.volumeMm3) : 'not asked for'} {side && <u>ml</u>}
      </span>
    </div>
  );
}

/** Both orbits' volumes of a segment that the orbit cavity made; nothing for any other. */
export function CavityResult({ segment }: { segment: Segment }) {
  const read = cavityReport.safeParse(segment.technique.findLast((t) => t.parameters.cavity)?.parameters.cavity);
  if (!read.success) return null;
  const { left, right } = read.data;
  const seen = [right, left].flatMap((side) => (side ? [`${Math.round(100 * side.wallSeen)} %`] : []));
  return (
    <Section title="Orbit volume">
      <Side name="Right" side={right} testid={testids.cavityRight} />
      <Side name="Left" side={left} testid={testids.cavityLeft} />
      {left && right && (
        <div className="fact">
          <span>Left minus right</span>
          <span data-testid={testids.cavityDifference}>
            {inMl(left.volumeMm3 - right.volumeMm3)} <u>ml</u>
          </span>
        </div>
      )}
      <div className="fact">
        <span>Wall seen</span>
        <span>{seen.join(', ')}</span>
      </div>
      <div className="pad cap" style={{ padding: '4px 14px 8px' }}>
        Volumes as measured, before strokes and cleaning. Checked on synthetic heads only.
      </div>
    </Section>
  );
}
