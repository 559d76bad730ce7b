import { ExternalLink, FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { desktop } from '../api/desktop.ts';
import { Choice } from '../design/Choice.tsx';
import { fixed } from '../design/numbers.ts';
import { Section } from '../design/Section.tsx';
import { askNewFolder } from '../frame/ask-path.ts';
import { icon } from '../frame/step-names.tsx';
import { runExperiment, type ShownExperiment, useExperiment } from '../stores/experiment.ts';
import { tellProblem } from '../stores/notices.ts';
import { testids } from '../testids.ts';

const percent = (mean: number | null) => (mean === null ? '–' : fixed(100 * mean, 1));

function Figures({ shown: { path, page, result } }: { shown: ShownExperiment }) {
  return (
    <>
      <table className="xp" data-testid={testids.experimentFigures}>
        <thead>
          <tr>
            <th scope="col">Mean of {result.heads.length}</th>
            <th scope="col">
              DSC <u>%</u>
            </th>
            <th scope="col">
              DSC thin <u>%</u>
            </th>
            <th scope="col">
              walls found <u>%</u>
            </th>
            <th scope="col">
              HD95 <u>mm</u>
            </th>
          </tr>
        </thead>
        <tbody>
          {result.methods.map(({ id, title }) => {
            const s = result.summary[id];
            const hd95 = s?.whole.hd95Mm.mean ?? null;
            return (
              <tr key={id} data-method={id}>
                <th scope="row">{title}</th>
                <td>{percent(s?.whole.dsc.mean ?? null)}</td>
                <td>{percent(s?.thin.dsc.mean ?? null)}</td>
                <td>{percent(s?.thinWalls.exact.mean ?? null)}</td>
                <td>{hd95 === null ? '–' : fixed(hd95, 2)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <div className="pad stack">
        <span className="cap">Synthetic figures. Networks {result.wording}.</span>
        <span className="cap selectable" style={{ overflowWrap: 'anywhere' }} data-testid={testids.experimentPath} data-path={path}>
          Plots, intervals and every head: experiment.html in {path}
        </span>
        {!desktop() && (
          <a className="btn wide" style={{ textDecoration: 'none' }} href={page} target="_blank" rel="noreferrer">
            <ExternalLink {...icon} />
            Open the page
          </a>
        )}
      </div>
    </>
  );
}

/** D.4 in the window: the standard's methods and ours on synthetic heads, with means here and the whole of it as a page on disk. */
export function ExperimentPanel() {
  const { running, shown } = useExperiment();
  const [heads, setHeads] = useState(3);
  const start = async () => {
    const out = await askNewFolder('experiment');
    if (out) await runExperiment(heads, out);
  };
  return (
    <Section title="Methods compared" testid={testids.experiment}>
      <p className="pad">Methods A, B and C of Annex D and ours, on synthetic heads with exact truth. A head takes a minute or more.</p>
      <div className="opt">
        <span className="lb">Heads</span>
        <Choice
          grow
          label="Number of heads"
          value={heads}
          disabled={running}
          options={[1, 3, 10].map((value) => ({ value, label: String(value) }))}
          onChange={setHeads}
        />
      </div>
      <div className="pad stack">
        <button
          type="button"
          className="btn wide"
          disabled={running}
          data-testid={testids.experimentRun}
          onClick={() => void start().catch((cause) => tellProblem('Experiment', cause))}
        >
          <FlaskConical {...icon} />
          {running ? 'Running; the status bar shows how far' : 'Compare the methods'}
        </button>
      </div>
      {shown && <Figures shown={shown} />}
    </Section>
  );
}
