import type { CaseEvaluation, Evaluation } from '../../../contract/evaluation.ts';
import { Note } from '../../design/Note.tsx';
import { clock, count, day } from '../../design/numbers.ts';
import { StatusIcon } from '../../design/Status.tsx';
import { useCase } from '../../stores/case.ts';
import { shownEvaluation, useEvaluation } from '../../stores/evaluation.ts';
import { testids } from '../../testids.ts';
import { distanceRows, headFigures, millimetres, overlapRows, percent, verdictOf } from './figures.ts';
import { Validity } from './Validity.tsx';

function Heads({ of }: { of: Evaluation }) {
  return (
    <div className="ev-heads num">
      {headFigures(of).map((f) => (
        <div key={f.name} className="card" data-testid={testids.figure(f.name)}>
          <span className="cap">{f.name}</span>
          <b>
            {f.value} <u>{f.unit}</u>
          </b>
          <span className="cap clip">{f.note}</span>
        </div>
      ))}
    </div>
  );
}

function Overlap({ of }: { of: Evaluation }) {
  const { tp, fp, fn, tn } = of.voxels;
  return (
    <div className="card">
      <header>
        <h2>Overlap in the region</h2>
        <span className="cap">clause 11.2</span>
      </header>
      <div className="ev-two">
        <table className="ev-table">
          <tbody>
            {overlapRows(of).map((r) => (
              <tr key={r.id} data-testid={testids.figureRow(r.id)}>
                <th scope="row">{r.name}</th>
                <td className="num r">
                  <b>{r.value}</b>
                </td>
                <td className="cap">{r.meaning}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <table className="ev-counts num" aria-label="Voxels by truth and result">
          <thead>
            <tr>
              <td />
              <th scope="col">bone in truth</th>
              <th scope="col">not in truth</th>
            </tr>
          </thead>
          <tbody>
            <tr>
              <th scope="row">bone in result</th>
              <td>
                <b>{count(tp)}</b>
                <span className="cap">TP</span>
              </td>
              <td>
                <i style={{ background: 'var(--extra)' }} />
                <b>{count(fp)}</b>
                <span className="cap">FP, extra</span>
              </td>
            </tr>
            <tr>
              <th scope="row">not in result</th>
              <td>
                <i style={{ background: 'var(--missed)' }} />
                <b>{count(fn)}</b>
                <span className="cap">FN, missed</span>
              </td>
              <td>
                <b>{count(tn)}</b>
                <span className="cap">TN</span>
              </td>
            </tr>
          </tbody>
        </table>
      </div>
    </div>
  );
}

function Distances({ of }: { of: Evaluation }) {
  return (
    <div className="card">
      <header>
        <h2>Between the surfaces</h2>
        <span className="cap">area-weighted, exact on the grid's own spacing</span>
      </header>
      <table className="ev-table ev-distances num">
        <thead>
          <tr>
            <th />
            <th scope="col">truth to result</th>
            <th scope="col">result to truth</th>
            <th scope="col">figure</th>
            <th />
          </tr>
        </thead>
        <tbody>
          {distanceRows(of).map((r) => (
            <tr key={r.id} data-testid={testids.figureRow(r.id)}>
              <th scope="row">{r.name}</th>
              <td className="r">{r.there}</td>
              <td className="r">{r.back}</td>
              <td className="r">
                <b>{r.value}</b>
              </td>
              <td className="cap">{r.meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** All evaluations of the case, newest first: observers and methods stand side by side. */
function History({ all, shown }: { all: CaseEvaluation[]; shown: CaseEvaluation }) {
  return (
    <div className="card">
      <header>
        <h2>Evaluations of this case</h2>
        <span className="cap">kept in the journal, newest first</span>
      </header>
      <table className="ev-table ev-history num">
        <thead>
          <tr>
            <th scope="col">Segment</th>
            <th scope="col">Truth</th>
            <th scope="col">DSC</th>
            <th scope="col">HD95</th>
            <th scope="col">ASSD</th>
            <th scope="col">When</th>
          </tr>
        </thead>
        <tbody>
          {all.toReversed().map((e) => (
            <tr key={e.sequence} className={e === shown ? 'on' : ''}>
              <th scope="row">
                <button
                  type="button"
                  aria-current={e === shown ? 'true' : undefined}
                  data-testid={testids.evaluation}
                  onClick={() => useEvaluation.getState().set({ shown: e.sequence })}
                >
                  {e.segmentName}
                  {!e.current && <StatusIcon of="warn" size={12} />}
                </button>
              </th>
              <td className="clip">{e.figures.truth.name}</td>
              <td className="r">{e.figures.state === 'ok' ? percent(e.figures.dsc) : e.figures.state}</td>
              <td className="r">{millimetres(e.figures.hd95Mm)}</td>
              <td className="r">{millimetres(e.figures.assdMm)}</td>
              <td className="cap r">{day(e.time).startsWith('today') ? clock(e.time) : day(e.time)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Evaluate: what was compared in which region, the figures with their definitions, and every earlier one beside them. */
export function EvaluateScreen() {
  const state = useCase((s) => s.state);
  const busy = useCase((s) => s.busy);
  const shown = shownEvaluation(state, useEvaluation());
  if (!state || !shown)
    return (
      <div className="ev-none">
        <div>
          <h1>{busy === 'Evaluate' ? 'Measuring' : 'Nothing measured yet'}</h1>
          <p>
            A segment is compared with a truth on the same voxels: a labelmap that an expert drew, or a second segment of this case that
            another observer drew. Choose it at the right.
          </p>
        </div>
      </div>
    );
  const verdict = verdictOf(shown.figures);
  const { roi } = shown.figures;
  return (
    <div className="gate ev" data-testid={testids.evaluationShown} data-state={shown.figures.state}>
      <div className="verdict">
        <div className={`verdict-icon ${verdict.of}`}>
          <StatusIcon of={verdict.of} size={20} silent />
        </div>
        <div className="grow">
          <h1 className="clip">{verdict.title}</h1>
          <div data-testid={testids.evaluationRegion}>{verdict.text}</div>
          {shown.figures.state !== 'ok' && <div className="cap">{roi.text}</div>}
        </div>
      </div>
      {!shown.current && (
        <Note of="warn" edge title={`${shown.segmentName} has changed since it was measured`}>
          These figures are of the mask as it was. Evaluate again for the one on screen.
        </Note>
      )}
      <Validity state={state} shown={shown} />
      <Heads of={shown.figures} />
      <Overlap of={shown.figures} />
      <Distances of={shown.figures} />
      {state.evaluations.length > 1 && <History all={state.evaluations} shown={shown} />}
    </div>
  );
}
