import { Choice } from '../../design/Choice.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { Switch } from '../../design/Switch.tsx';
import { type ChainDraft, changeStep, usePreprocessing } from '../../stores/preprocessing.ts';
import { testids } from '../../testids.ts';
import { NumberRow, Row } from './Row.tsx';
import { StepSection } from './StepSection.tsx';
import type { Chain } from './use-chain.ts';

type Draft = ChainDraft['normalize'];
const change = (next: Partial<Draft>) => changeStep('normalize', next);

const words: Record<Draft['method'], string> = {
  range: 'Formula (1): values are first limited to the range, then stretched to the new one.',
  'z-score': 'Mean 0 and standard deviation 1, over the whole series or what lies above a value.',
  percentile: 'Formula (1) between two percentiles of the image: for values without a unit, as in MR.',
};

function NewRange({ draft }: { draft: Draft }) {
  return (
    <>
      <Row name="Becomes" words="lowest">
        <NumberField
          label="New minimum"
          unit=""
          value={draft.newMin}
          min={-1e6}
          max={1e6}
          onChange={(v) => v !== null && change({ newMin: v })}
        />
      </Row>
      <Row name="" words="highest">
        <NumberField
          label="New maximum"
          unit=""
          value={draft.newMax}
          min={-1e6}
          max={1e6}
          onChange={(v) => v !== null && change({ newMax: v })}
        />
      </Row>
      <Row name="Round" words="whole numbers, as 8-bit images have">
        <Switch label="Round to whole numbers" on={draft.round} testid={testids.normalizeRound} onChange={(round) => change({ round })} />
      </Row>
    </>
  );
}

/** Normalize: formula (1) of 8.2, z-score, or between percentiles. */
export function NormalizeSection({ chain }: { chain: Chain }) {
  const draft = usePreprocessing((s) => s.draft.normalize);
  const units = chain.context.units === 'HU' ? 'HU' : 'val';
  return (
    <StepSection step="normalize" title="Normalize" clause="8.2" words={words[draft.method]} missing={chain.refusals.normalize}>
      <div className="opt">
        <Choice
          grow
          label="How"
          testid={testids.normalizeMethod}
          value={draft.method}
          options={[
            { value: 'range', label: 'Range' },
            { value: 'z-score', label: 'z-score' },
            { value: 'percentile', label: 'Percentiles' },
          ]}
          onChange={(v) => change({ method: v as Draft['method'] })}
        />
      </div>
      {draft.method === 'range' && (
        <>
          <NumberRow
            name="From"
            label="Lowest value"
            unit={units}
            value={draft.min}
            min={-32768}
            max={32767}
            onChange={(min) => change({ min })}
          />
          <NumberRow
            name="To"
            label="Highest value"
            unit={units}
            value={draft.max}
            min={-32768}
            max={32767}
            onChange={(max) => change({ max })}
          />
          <NewRange draft={draft} />
        </>
      )}
      {draft.method === 'percentile' && (
        <>
          <NumberRow name="From" label="Lower percentile" unit="%" value={draft.low} min={0} max={50} onChange={(low) => change({ low })} />
          <NumberRow
            name="To"
            label="Upper percentile"
            unit="%"
            value={draft.high}
            min={50}
            max={100}
            onChange={(high) => change({ high })}
          />
          <NewRange draft={draft} />
        </>
      )}
      {draft.method === 'z-score' && (
        <Row name="Over" words={draft.inside === null ? 'all voxels' : 'voxels above'}>
          <NumberField
            label="Only voxels above"
            unit={units}
            value={draft.inside}
            min={-32768}
            max={32767}
            empty="all"
            onChange={(inside) => change({ inside })}
          />
        </Row>
      )}
      <p className="pad cap">
        {units === 'HU'
          ? 'The new series is no longer in HU: presets in HU and the networks do not run on it.'
          : 'The new values have no unit; bounds on them are set by eye.'}
      </p>
    </StepSection>
  );
}
