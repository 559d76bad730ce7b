import { Wrench } from 'lucide-react';
import type { MeshReport, MeshSettings } from '../../contract/mesh.ts';
import { count, fixed, significant } from '../design/numbers.ts';
import { Section } from '../design/Section.tsx';
import { StatusIcon } from '../design/Status.tsx';
import { icon } from '../frame/step-names.tsx';
import { testids } from '../testids.ts';
import { meshChecks } from './checks.ts';
import { finishLines } from './finish-words.ts';

/** The checks with their numbers; the verdict stands in the title, and what a setting mends has its button. */
export function Checks({
  report,
  settings,
  refusal = null,
  onRepair,
  onShowWalls,
}: {
  report: MeshReport;
  /** What it was made with: the limits that it is held against. */
  settings: MeshSettings;
  /** Why nothing can be mended now. */
  refusal?: string | null;
  /** Without it the list only tells. */
  onRepair?: (change: Partial<MeshSettings>) => void;
  /** Colours the model by its walls. */
  onShowWalls?: (() => void) | undefined;
}) {
  const rows = meshChecks(report, settings);
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
          {r.why && <div className="cap check-why">{r.why}</div>}
          {r.repair && onRepair && (
            <div className="check-why check-mend">
              <button
                type="button"
                className="btn small"
                data-testid={testids.repair(r.id)}
                disabled={refusal !== null}
                title={refusal ?? 'Sets this and makes the model again'}
                onClick={() => r.repair && onRepair(r.repair.change)}
              >
                <Wrench {...icon} />
                {r.repair.words}
              </button>
              {r.id === 'walls' && onShowWalls && (
                <button
                  type="button"
                  className="btn small"
                  data-testid={testids.showWalls}
                  disabled={refusal !== null}
                  onClick={onShowWalls}
                >
                  Show
                </button>
              )}
            </div>
          )}
        </div>
      ))}
    </Section>
  );
}

/** What was done between the mask and the file. */
export function Done({ report }: { report: MeshReport }) {
  if (!report.finish) return null;
  return (
    <Section title="What was done">
      <div className="done-lines">
        {finishLines(report.finish).map((line) => (
          <div key={line.id} className="done-line" data-testid={testids.finishLine(line.id)}>
            <span>{line.name}</span>
            <span className="num">{line.text}</span>
          </div>
        ))}
      </div>
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
      {report.genus !== null && (
        <div className="fact">
          <span>Through holes (genus)</span>
          <span>{count(report.genus)}</span>
        </div>
      )}
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
