import { FileText, X } from 'lucide-react';
import { useState } from 'react';
import type { EvaluateCaseRequest } from '../../../contract/evaluation.ts';
import { surfaceDiceToleranceMm } from '../../../contract/evaluation.ts';
import { Choice } from '../../design/Choice.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { ml } from '../../design/numbers.ts';
import { Section } from '../../design/Section.tsx';
import { segmentColour } from '../../design/segment-colours.ts';
import { ExperimentPanel } from '../../experiment/ExperimentPanel.tsx';
import { askLabelmap } from '../../frame/ask-path.ts';
import { icon } from '../../frame/step-names.tsx';
import { activeSegmentOf, useCase } from '../../stores/case.ts';
import { evaluate } from '../../stores/evaluation.ts';
import { tellProblem } from '../../stores/notices.ts';
import { useViewer } from '../../stores/viewer.ts';
import { useWorkspace } from '../../stores/workspace.ts';
import { testids } from '../../testids.ts';

const nameOf = (path: string) => path.split(/[\\/]/).at(-1) ?? path;

/** A labelmap file by its name, with the buttons that choose it or leave it out. */
function FileRow({
  label,
  path,
  none,
  testid,
  onChange,
}: {
  label: string;
  path: string | null;
  none: string;
  testid: string;
  onChange: (path: string | null) => void;
}) {
  const choose = () =>
    askLabelmap(`Choose the ${label.toLowerCase()}`)
      .then((found) => found !== null && onChange(found))
      .catch((cause) => tellProblem('Choosing a file', cause));
  return (
    <div className="opt">
      <span className={path ? 'grow clip' : 'grow clip cap'} title={path ?? undefined} data-testid={testid} data-path={path ?? ''}>
        {path ? nameOf(path) : none}
      </span>
      {path && (
        <button type="button" className="tb" aria-label={`Leave the ${label.toLowerCase()} out`} onClick={() => onChange(null)}>
          <X {...icon} />
        </button>
      )}
      <button
        type="button"
        className="btn"
        data-testid={`${testid}-choose`}
        aria-label={`Choose the ${label.toLowerCase()}`}
        onClick={choose}
      >
        <FileText {...icon} />
        {path ? 'Change' : 'Choose'}
      </button>
    </div>
  );
}

/** Evaluate: which segment, against what, where; one button. */
export function EvaluateSide() {
  const { state, busy } = useCase();
  const activeId = useViewer((s) => s.activeSegment);
  const segment = activeSegmentOf(state, activeId);
  const [against, setAgainst] = useState<'file' | 'segment'>('file');
  const [file, setFile] = useState<string | null>(null);
  const [otherId, setOther] = useState<string | null>(null);
  const [roi, setRoi] = useState<string | null>(null);
  const [toleranceMm, setTolerance] = useState(surfaceDiceToleranceMm);
  const segments = state?.segments ?? [];
  const others = segments.filter((s) => s.id !== segment?.id && s.series === segment?.series);
  const other = others.find((s) => s.id === otherId) ?? others[0] ?? null;
  const truth: EvaluateCaseRequest['truth'] | null =
    against === 'file' ? (file === null ? null : { file }) : other && { segment: other.id };
  const why = !segment
    ? null
    : busy
      ? `${busy} is running.`
      : truth
        ? null
        : against === 'file'
          ? 'Choose the file that holds the truth.'
          : 'This case has no second segment of the same series.';
  if (!segment)
    return (
      <>
        <Section title="Evaluate">
          <div className="empty">
            <b>No segment yet</b>
            <span>There must be a result before it can be compared.</span>
            <button type="button" className="btn" onClick={() => useWorkspace.getState().set({ step: 'segment' })}>
              Go to Segment
            </button>
          </div>
        </Section>
        <ExperimentPanel />
      </>
    );
  return (
    <>
      <Section title="Result">
        <div className="opt">
          <span className="chip" style={{ width: 12, height: 12, borderRadius: 3, background: segmentColour(segment.colour) }} />
          <select
            className="pick grow"
            aria-label="Segment to evaluate"
            data-testid={testids.evaluateSegment}
            value={segment.id}
            onChange={(e) => useViewer.getState().set({ activeSegment: e.target.value })}
          >
            {segments.map((s) => (
              <option key={s.id} value={s.id}>
                {s.name}
              </option>
            ))}
          </select>
          <span className="num">{ml(segment.volumeMm3)} ml</span>
        </div>
      </Section>
      <Section title="Truth">
        <div className="opt">
          <Choice
            grow
            label="What the truth is"
            testid={testids.evaluateAgainst}
            value={against}
            options={[
              { value: 'file', label: 'Labelmap file', tip: 'NIfTI on the grid of the series; every value but 0 is bone' },
              { value: 'segment', label: 'Another segment', tip: 'Two observers or two methods on the same images' },
            ]}
            onChange={setAgainst}
          />
        </div>
        {against === 'file' ? (
          <>
            <FileRow label="Truth" path={file} none="NIfTI, .nii or .nii.gz" testid={testids.evaluateTruth} onChange={setFile} />
            <p className="cap pad">
              Every value but 0 is bone. Labels 1 cortical, 2 trabecular, 3 thin wall also tell how much of the thin walls was found.
            </p>
          </>
        ) : other ? (
          <div className="opt">
            <span className="chip" style={{ width: 12, height: 12, borderRadius: 3, background: segmentColour(other.colour) }} />
            <select
              className="pick grow"
              aria-label="Segment taken as the truth"
              data-testid={testids.evaluateOther}
              value={other.id}
              onChange={(e) => setOther(e.target.value)}
            >
              {others.map((s) => (
                <option key={s.id} value={s.id}>
                  {s.name}
                </option>
              ))}
            </select>
            <span className="num">{ml(other.volumeMm3)} ml</span>
          </div>
        ) : (
          <p className="pad">There is one segment only. Draw or make a second one on the same series.</p>
        )}
      </Section>
      <Section title="Region">
        <FileRow label="Region" path={roi} none="the whole grid" testid={testids.evaluateRoi} onChange={setRoi} />
        <p className="cap pad">
          {roi
            ? 'Voxels and surfaces inside it count; its file and size are stated with the figures.'
            : 'Specificity and accuracy grow with the air around a head. A region makes them mean something.'}
        </p>
      </Section>
      <Section title="Surface Dice">
        <div className="opt">
          <span className="lb">Within</span>
          <span className="grow cap">counts as the same surface</span>
          <NumberField
            label="Tolerance of the surface Dice"
            unit="mm"
            value={toleranceMm}
            min={0}
            max={20}
            testid={testids.evaluateTolerance}
            onChange={(v) => v !== null && setTolerance(v)}
          />
        </div>
      </Section>
      <ExperimentPanel />
      <div className="dock">
        {state?.readOnly && <span className="cap">The case is read-only: the figures are shown and not kept.</span>}
        {why && <span className="cap">{why}</span>}
        <button
          type="button"
          className="btn big pri wide"
          data-testid={testids.evaluateRun}
          disabled={why !== null || truth === null}
          onClick={() => truth && void evaluate({ segment: segment.id, truth, roi, toleranceMm })}
        >
          Evaluate
        </button>
      </div>
    </>
  );
}
