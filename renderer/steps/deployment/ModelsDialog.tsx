import { ShieldCheck, X } from 'lucide-react';
import { useEffect } from 'react';
import type { ModelEntry } from '../../../contract/model.ts';
import { Note } from '../../design/Note.tsx';
import { fixed } from '../../design/numbers.ts';
import { type Judgement, StatusIcon } from '../../design/Status.tsx';
import { Modal } from '../../frame/Modal.tsx';
import { icon } from '../../frame/step-names.tsx';
import { useJobs } from '../../stores/jobs.ts';
import { deployModel, loadModels, useModels } from '../../stores/models.ts';
import { useWorkspace } from '../../stores/workspace.ts';
import { testids } from '../../testids.ts';
import { providerWords } from './words.ts';

const states: Record<ModelEntry['state'], { of: Judgement; tag: string; words: string }> = {
  found: { of: 'unknown', tag: 's-unk', words: 'found, not checked yet' },
  enabled: { of: 'ok', tag: 's-ok', words: 'enabled' },
  refused: { of: 'bad', tag: 's-bad', words: 'refused' },
};
const stepStates: Record<ModelEntry['steps'][number]['state'], Judgement> = { passed: 'ok', failed: 'bad', waiting: 'unknown' };
const tryStates: Record<ModelEntry['providers'][number]['state'], Judgement> = { chosen: 'ok', refused: 'warn', 'not tried': 'unknown' };
const stepNames: Record<ModelEntry['steps'][number]['step'], string> = {
  load: 'Load',
  contract: 'Contract',
  'known-answer': 'Known answer',
  environment: 'Environment',
};

function figures({ milliseconds, largestDifference }: ModelEntry['providers'][number]): string {
  const parts = [
    milliseconds === null ? null : `${fixed(milliseconds, 0)} ms`,
    largestDifference === null ? null : largestDifference === 0 ? 'as the CPU' : `differs by at most ${largestDifference.toExponential(1)}`,
  ].filter((p) => p !== null);
  return parts.length > 0 ? ` (${parts.join(', ')})` : '';
}

function Model({ model }: { model: ModelEntry }) {
  const deploying = useModels((s) => s.deploying);
  const job = useJobs((s) => s.running.at(-1));
  const state = states[model.state];
  const mine = deploying === model.id;
  return (
    <article className="model" data-testid={testids.modelRow} data-model={model.id} aria-label={model.title}>
      <header>
        <h2 className="clip first-capital">{model.title}</h2>
        <span className={`tag ${state.tag}`} data-testid={testids.modelState} data-state={model.state}>
          <StatusIcon of={state.of} size={12} silent />
          {state.words}
        </span>
        <button
          type="button"
          className="btn"
          data-testid={testids.modelDeploy}
          disabled={deploying !== null || model.state === 'enabled'}
          title={model.state === 'enabled' ? 'Checked in this run of the program' : undefined}
          onClick={() => void deployModel(model.id)}
        >
          <ShieldCheck {...icon} />
          Check and enable
        </button>
      </header>
      <span className="cap num selectable">
        <b>{model.id}</b> · SHA-256 {model.sha256.slice(0, 12)} · {model.licence}
      </span>
      {mine && job && (
        <span className="row">
          <span className="prog grow" role="progressbar" aria-label={job.title} aria-valuenow={Math.round(job.fraction * 100)}>
            <i style={{ width: `${job.fraction * 100}%` }} />
          </span>
          <span className="cap">{job.note}</span>
        </span>
      )}
      <div className="two">
        <div className="steps">
          {model.steps.map((s) => (
            <div key={s.step}>
              <StatusIcon of={stepStates[s.state]} />
              <span>{stepNames[s.step]}</span>
              <span className="few" title={s.note}>
                {s.note || s.state}
              </span>
            </div>
          ))}
        </div>
        <div className="steps">
          {model.providers.map((p) => (
            <div key={p.provider}>
              <StatusIcon of={tryStates[p.state]} />
              <span>
                <b>{providerWords(p.provider)}</b>
              </span>
              <span className="few" title={p.note}>
                {p.state}
                {figures(p)}: {p.note}
              </span>
            </div>
          ))}
          {model.providers.length === 0 && <span className="cap">Providers are tried when the model is checked.</span>}
        </div>
      </div>
      {model.reasons.map((r) => (
        <Note key={r.code + r.message} of="bad" title="Refused" code={r.code} edge>
          {r.message}
        </Note>
      ))}
      <div className="row" style={{ alignItems: 'flex-start' }}>
        <StatusIcon of="warn" silent />
        <span className="grow selectable">{model.wording}</span>
      </div>
      <details>
        <summary>
          Intended use and {model.risks.length} known {model.risks.length === 1 ? 'risk' : 'risks'}
        </summary>
        <p className="selectable" style={{ paddingTop: 4 }}>
          {model.intendedUse}
        </p>
        <ul>
          {model.risks.map((r) => (
            <li key={r}>{r}</li>
          ))}
        </ul>
      </details>
    </article>
  );
}

function Models() {
  const { models } = useModels();
  const close = () => useWorkspace.getState().set({ models: false });
  useEffect(() => void loadModels(), []);
  return (
    <Modal className="models-dialog" label="Models" testid={testids.modelsDialog} onClose={close}>
      <header>
        <h1>Models</h1>
        <span className="cap">A network runs on an image only after all four steps, in this run of the program.</span>
        <button type="button" className="tb" aria-label="Close" onClick={close}>
          <X {...icon} />
        </button>
      </header>
      <div className="body">
        {models === null && <p className="cap">Reading the packages</p>}
        {models?.length === 0 && (
          <Note of="info" title="No model package was found">
            Packages lie in the folder models beside the program; each is a folder with card.json and its network.
          </Note>
        )}
        {models?.map((m) => (
          <Model key={m.id} model={m} />
        ))}
      </div>
    </Modal>
  );
}

/** The networks on this machine: what they are, whether they may run, on what, and what is known against them. */
export function ModelsDialog() {
  return useWorkspace((s) => s.models) ? <Models /> : null;
}
