import { hu, significant } from '../../design/numbers.ts';
import { Section } from '../../design/Section.tsx';
import { rebin, useHistogram } from '../../stores/histogram.ts';
import { drawnRange } from './value-range.ts';

function Values({ units }: { units: string }) {
  const histogram = useHistogram((s) => s.histogram);
  if (!histogram) return <div className="pad cap">counting values</div>;
  const { from, to, columns } = drawnRange(histogram, units);
  const sums = rebin(histogram, from, to, columns).map(Math.sqrt);
  // The tallest columns (air, padding) would flatten everything else; of two or three values each is drawn as it is.
  const ranked = [...sums].sort((a, b) => b - a);
  const top = (columns > 10 ? ranked[2] : ranked[0]) || 1;
  const y = (s: number) => 44 - Math.min(1, s / top) * 42;
  const path = sums.map((s, n) => `L${(n / columns) * 300} ${y(s)}H${((n + 1) / columns) * 300}`).join('');
  const say = units === 'HU' ? hu : significant;
  const marks = units === 'HU' ? [-1000, 0, 1000, 2000].filter((v) => v > from && v < to) : [];
  return (
    <div className="pad">
      <svg viewBox="0 0 300 60" style={{ width: '100%', display: 'block' }} role="img" aria-label="Histogram of the values">
        <path d={`M0 44${path}L300 44Z`} fill="var(--bg-5)" />
        <path d="M0 44.5H300" stroke="var(--line-2)" />
        {marks.map((v) => (
          <text
            key={v}
            x={((v - from) / (to - from)) * 300}
            y="57"
            fontSize="10.5"
            fill="var(--text-3)"
            textAnchor={(v - from) / (to - from) < 0.06 ? 'start' : (v - from) / (to - from) > 0.94 ? 'end' : 'middle'}
          >
            {hu(v)}
          </text>
        ))}
      </svg>
      <div className="row num" style={{ justifyContent: 'space-between' }}>
        <span className="cap">lowest {say(histogram.minimum)}</span>
        <span className="cap">
          highest {say(histogram.maximum)} {units}
        </span>
      </div>
    </div>
  );
}

/** The values of the volume on screen, for a case whose quality was not measured. */
export function VolumeValues({ units }: { units: string }) {
  return (
    <Section title={units === 'HU' ? 'HU in the volume' : 'Values in the volume'}>
      <Values units={units} />
    </Section>
  );
}
