import { Choice } from '../../design/Choice.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { type ChainDraft, changeStep, usePreprocessing } from '../../stores/preprocessing.ts';
import { borderValue } from '../../stores/preprocessing-settings.ts';
import { Row } from './Row.tsx';
import { StepSection } from './StepSection.tsx';
import type { Chain } from './use-chain.ts';

const axes = ['columns', 'rows', 'slices'] as const;

/** Zero-padding: each axis to a multiple or to a size, the image in the middle. */
export function PadSection({ chain }: { chain: Chain }) {
  const draft = usePreprocessing((s) => s.draft);
  const { by, multiple, size, value } = draft.pad;
  const numbers = by === 'multiple' ? multiple : size;
  const auto = borderValue(draft, chain.context.units);
  const change = (next: Partial<ChainDraft['pad']>) => changeStep('pad', next);
  return (
    <StepSection
      step="pad"
      title="Zero-padding"
      clause="8.1"
      words="A border round the image, which stays in the middle."
      missing={chain.refusals.pad}
    >
      <div className="opt">
        <span className="lb">Up to</span>
        <Choice
          grow
          label="Pad to"
          value={by}
          options={[
            { value: 'multiple', label: 'a multiple of', tip: 'As networks with several scales want it' },
            { value: 'size', label: 'at least', tip: 'Every axis at least this long' },
          ]}
          onChange={(v) => change({ by: v as 'multiple' | 'size' })}
        />
      </div>
      {axes.map((name, a) => (
        <Row key={name} name={a === 0 ? 'Voxels' : ''} words={name}>
          <NumberField
            label={`${name}, ${by === 'multiple' ? 'multiple of' : 'at least'}`}
            unit="vox"
            value={numbers[a] as number}
            min={1}
            max={4096}
            whole
            onChange={(v) => v !== null && change({ [by]: numbers.map((n, m) => (m === a ? v : n)) as typeof numbers })}
          />
        </Row>
      ))}
      <Row name="With" words={value === null ? 'chosen by the steps before' : 'as given'}>
        <NumberField
          label="Value of the border"
          unit={chain.context.units === 'HU' && !draft.on.normalize ? 'HU' : ''}
          value={value}
          min={-32768}
          max={32767}
          empty={String(auto)}
          onChange={(v) => change({ value: v })}
        />
      </Row>
    </StepSection>
  );
}
