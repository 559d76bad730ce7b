import { Choice } from '../../design/Choice.tsx';
import { spacing } from '../../design/numbers.ts';
import { type ChainDraft, changeStep, usePreprocessing } from '../../stores/preprocessing.ts';
import { caseSpacings } from '../../stores/preprocessing-settings.ts';
import { testids } from '../../testids.ts';
import { NumberRow, Row } from './Row.tsx';
import { StepSection } from './StepSection.tsx';
import type { Chain } from './use-chain.ts';

type Draft = ChainDraft['interpolate'];
const change = (next: Partial<Draft>) => changeStep('interpolate', next);

/** Interpolate: to which spacing, in the slices or across them too, and how segments that go along are made coarser. */
export function InterpolateSection({ chain }: { chain: Chain }) {
  const draft = usePreprocessing((s) => s.draft.interpolate);
  const { smallest, largest } = caseSpacings(chain.context.series);
  return (
    <StepSection
      step="interpolate"
      title="Interpolate"
      clause="8.3"
      words={draft.plane === '2d' ? 'New pixels in each slice; the slices stay.' : 'New pixels, and slices as close as they are fine.'}
      missing={chain.refusals.interpolate}
    >
      <div className="opt">
        <span className="lb">Spacing</span>
        <Choice
          grow
          label="Spacing"
          testid={testids.interpolateSpacing}
          value={draft.spacing}
          options={[
            { value: 'smallest', label: 'smallest', tip: `of the imported series: ${spacing(smallest)} mm` },
            { value: 'largest', label: 'largest', tip: `of the imported series: ${spacing(largest)} mm` },
            { value: 'given', label: 'given' },
          ]}
          onChange={(v) => change({ spacing: v as Draft['spacing'] })}
        />
      </div>
      {draft.spacing === 'given' ? (
        <NumberRow
          name=""
          words="between pixels"
          label="Spacing of pixels"
          unit="mm"
          value={draft.spacingMm}
          min={0.05}
          max={20}
          testid={testids.interpolateMm}
          onChange={(spacingMm) => change({ spacingMm })}
        />
      ) : (
        <Row name="" words={`of the imported series: ${spacing(draft.spacing === 'smallest' ? smallest : largest)} mm`} />
      )}
      <div className="opt">
        <span className="lb">Across</span>
        <Choice
          grow
          label="2D or 3D"
          testid={testids.interpolatePlane}
          value={draft.plane}
          options={[
            { value: '2d', label: '2D', tip: 'Within the slices; the slices stay' },
            { value: '3d', label: '3D', tip: 'Slices as close as the pixels' },
          ]}
          onChange={(v) => change({ plane: v as Draft['plane'] })}
        />
      </div>
      <div className="opt">
        <span className="lb">Between</span>
        <Choice
          grow
          label="Interpolation"
          value={draft.interpolation}
          options={[
            { value: 'linear', label: 'linear', tip: 'Never beyond the values that were there' },
            { value: 'cubic', label: 'cubic', tip: 'Sharper; may overshoot beside strong edges' },
          ]}
          onChange={(v) => change({ interpolation: v as Draft['interpolation'] })}
        />
      </div>
      <div className="opt">
        <span className="lb">Segments</span>
        <Choice
          grow
          label="How segments are made coarser"
          value={draft.labels}
          options={[
            { value: 'majority', label: 'by most', tip: 'A coarser voxel is bone when most of it is' },
            { value: 'present', label: 'by any part', tip: 'A coarser voxel is bone when any of it is: keeps thin walls, adds volume' },
          ]}
          onChange={(v) => change({ labels: v as Draft['labels'] })}
        />
      </div>
    </StepSection>
  );
}
