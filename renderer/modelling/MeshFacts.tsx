import type { MeshReport } from '../../contract/mesh.ts';
import { count, fixed, significant } from '../design/numbers.ts';
import { Section } from '../design/Section.tsx';
import { StatusIcon } from '../design/Status.tsx';
import { testids } from '../testids.ts';
import { meshChecks } from './checks.ts';

/** The checks with their numbers; the verdict stands in the title. */
export function Checks({ report }: { report: MeshReport }) {
  const rows = meshChecks(report);
  const bad = rows.filter((r) => r.of === 'bad').length;
  const look = rows.filter((r) => r.of === 'warn').length;
  return (
    <Section
      title="Checks"
      end={
        <span className={bad > 0 ? 'tag s-bad' : look > 0 ? 'tag s-warn' : 'tag s-ok'}>
          <StatusIcon of={bad > 0 ? 'bad' : look > 0 ? 'warn' : 'ok'} size={12} silent />
          {bad > 0 ? `${bad} failed` : look > 0 ? `${look} to look at` : 'passed'}
        </span>
      }
    >
      {rows.map((r) => (
        <div key={r.id}>
          <div className="check" data-testid={testids.check(r.id)} data-judgement={r.of}>
            <StatusIcon of={r.of} />
            <b>{r.name}</b>
            <span>{r.found}</span>
          </div>
          {r.why && (
            <div className="cap" style={{ padding: '0 14px 3px 40px' }}>
              {r.why}
            </div>
          )}
        </div>
      ))}
    </Section>
  );
}

export function Deviation({ report }: { report: MeshReport }) {
  const d = report.deviationMm;
  return (
    <Section title="Distance from the mask" end={<span className="cap">mm</span>} testid={testids.deviation}>
      {d ? (
        <div className="figs num">
          {(['mean', 'p95', 'max'] as const).map((name) => (
            <div key={name}>
              <b>{fixed(d[name], 2)}</b>
              <span className="cap">{name}</span>
            </div>
          ))}
        </div>
      ) : (
        <p className="pad">Not measured for this model.</p>
      )}
    </Section>
  );
}

export function Measures({ report }: { report: MeshReport }) {
  const { min, max } = report.boundsLps;
  const size = [0, 1, 2].map((n) => fixed((max[n] ?? 0) - (min[n] ?? 0), 0)).join(' × ');
  return (
    <Section title="Measures" end={<span className="cap num">{count(report.triangles)} triangles</span>}>
      <div className="fact">
        <span>Volume</span>
        <span>
          {significant(report.volumeMm3 / 1000, 1)} <u>ml</u>
        </span>
      </div>
      <div className="fact">
        <span>Area</span>
        <span>
          {significant(report.areaMm2 / 100, 1)} <u>cm²</u>
        </span>
      </div>
      <div className="fact">
        <span>Size L × P × S</span>
        <span>
          {size} <u>mm</u>
        </span>
      </div>
      <div className="fact">
        <span>From, LPS</span>
        <span>
          {min.map((v) => fixed(v, 1)).join(', ')} <u>mm</u>
        </span>
      </div>
      <div className="fact">
        <span>To, LPS</span>
        <span>
          {max.map((v) => fixed(v, 1)).join(', ')} <u>mm</u>
        </span>
      </div>
    </Section>
  );
}
