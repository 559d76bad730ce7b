import { HistogramRange } from '../../design/HistogramRange.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { useHistogram } from '../../stores/histogram.ts';
import { changeStep, usePreprocessing } from '../../stores/preprocessing.ts';
import { stepRefusal } from '../../stores/preprocessing-settings.ts';
import { testids } from '../../testids.ts';
import { Row } from './Row.tsx';
import { StepSection } from './StepSection.tsx';
import type { Chain } from './use-chain.ts';

/** Organ window: values are limited to a range of HU. */
export function WindowSection({ chain }: { chain: Chain }) {
  const { lowHu, highHu } = usePreprocessing((s) => s.draft.window);
  const histogram = useHistogram((s) => s.histogram);
  const from = Math.max(histogram?.minimum ?? -1024, -1024);
  const to = Math.max(from + 10, Math.min(histogram?.maximum ?? 2000, 2000));
  const change = (next: { lowHu?: number; highHu?: number }) => changeStep('window', next);
  return (
    <StepSection
      step="window"
      title="Organ window"
      clause="8.1"
      words="Values beyond it become its ends. Bone above the upper bound can no longer be told apart."
      off={stepRefusal('window', chain.context)}
      missing={chain.refusals.window}
    >
      <div className="pad" style={{ padding: '6px 14px 2px' }}>
        <HistogramRange
          label="Organ window"
          unit="HU"
          from={from}
          to={to}
          low={lowHu}
          high={highHu}
          onLow={(v) => change({ lowHu: Math.round(v) })}
          onHigh={(v) => change({ highHu: v ?? to })}
        />
      </div>
      <Row name="From" words="and below">
        <NumberField
          label="Lower bound"
          unit="HU"
          value={lowHu}
          min={-32768}
          max={32767}
          testid={testids.windowLow}
          onChange={(v) => v !== null && change({ lowHu: v })}
        />
      </Row>
      <Row name="To" words="and above">
        <NumberField
          label="Upper bound"
          unit="HU"
          value={highHu}
          min={-32768}
          max={32767}
          testid={testids.windowHigh}
          onChange={(v) => v !== null && change({ highHu: v })}
        />
      </Row>
    </StepSection>
  );
}
