import { Choice } from '../../design/Choice.tsx';
import { StatusIcon } from '../../design/Status.tsx';
import { type ChainDraft, changeStep, usePreprocessing } from '../../stores/preprocessing.ts';
import { testids } from '../../testids.ts';
import { NumberRow } from './Row.tsx';
import { StepSection } from './StepSection.tsx';
import { thinWallWords } from './thin-walls.ts';
import type { Chain } from './use-chain.ts';

type Draft = ChainDraft['denoise'];
const change = (next: Partial<Draft>) => changeStep('denoise', next);

const methods: { value: Draft['method']; label: string; tip: string }[] = [
  { value: 'gaussian', label: 'Gaussian', tip: 'Blurs everything alike.' },
  { value: 'median', label: 'Median', tip: 'Middle value of the neighbours; keeps steps, eats thin walls' },
  { value: 'non-local-means', label: 'Non-local', tip: 'Non-local means: averages places that look alike, keeps edges' },
  { value: 'anisotropic', label: 'Diffusion', tip: 'Anisotropic diffusion: smooths within edges, not across them' },
];

function PlaneRow({ plane }: { plane: Draft['plane'] }) {
  return (
    <div className="opt">
      <span className="lb">Across</span>
      <Choice
        grow
        label="Neighbours"
        value={plane}
        options={[
          { value: '2d', label: 'each slice', tip: '2D' },
          { value: '3d', label: 'slices too', tip: '3D' },
        ]}
        onChange={(v) => change({ plane: v as Draft['plane'] })}
      />
    </div>
  );
}

function Settings({ draft, units }: { draft: Draft; units: string }) {
  switch (draft.method) {
    case 'gaussian':
      return (
        <NumberRow
          name="Width"
          words="sigma, in every direction"
          label="Sigma"
          unit="mm"
          value={draft.sigmaMm}
          min={0.05}
          max={10}
          testid={testids.denoiseSigma}
          onChange={(sigmaMm) => change({ sigmaMm })}
        />
      );
    case 'median':
      return (
        <div className="opt">
          <span className="lb">Window</span>
          <Choice
            grow
            label="Window of the median"
            value={draft.radius}
            options={[
              { value: 1, label: '3 voxels' },
              { value: 2, label: '5 voxels' },
            ]}
            onChange={(v) => change({ radius: v as 1 | 2 })}
          />
        </div>
      );
    case 'non-local-means':
      return (
        <>
          <NumberRow
            name="Strength"
            words="about the noise"
            label="Strength"
            unit={units}
            value={draft.strengthHu}
            min={1}
            max={1000}
            testid={testids.denoiseStrength}
            onChange={(strengthHu) => change({ strengthHu })}
          />
          <NumberRow
            name="Search"
            words="looks around"
            label="Search radius"
            unit="vox"
            value={draft.searchRadius}
            min={1}
            max={5}
            whole
            onChange={(searchRadius) => change({ searchRadius })}
          />
          <NumberRow
            name="Patch"
            words="compares"
            label="Patch radius"
            unit="vox"
            value={draft.patchRadius}
            min={1}
            max={3}
            whole
            onChange={(patchRadius) => change({ patchRadius })}
          />
        </>
      );
    case 'anisotropic':
      return (
        <>
          <NumberRow
            name="Edges"
            words="stronger ones stay"
            label="Contrast of an edge"
            unit={units}
            value={draft.contrastHu}
            min={1}
            max={2000}
            onChange={(contrastHu) => change({ contrastHu })}
          />
          <NumberRow
            name="Rounds"
            words="more smooth more"
            label="Rounds"
            unit="x"
            value={draft.iterations}
            min={1}
            max={50}
            whole
            onChange={(iterations) => change({ iterations })}
          />
        </>
      );
  }
}

/** Denoise: which filter, in words, and what it costs thin walls. */
export function DenoiseSection({ chain }: { chain: Chain }) {
  const draft = usePreprocessing((s) => s.draft.denoise);
  const units = chain.context.units === 'HU' ? 'HU' : 'val';
  const walls = thinWallWords(draft, chain.series?.spacingMm ?? [1, 1, 1], chain.context.units);
  return (
    <StepSection
      step="denoise"
      title="Denoise"
      clause="8.1"
      words={methods.find((m) => m.value === draft.method)?.tip ?? ''}
      missing={chain.refusals.denoise}
    >
      <div className="opt">
        <Choice
          grow
          label="Filter"
          testid={testids.denoiseMethod}
          value={draft.method}
          options={methods}
          onChange={(method) => change({ method })}
        />
      </div>
      <Settings draft={draft} units={units} />
      {draft.method !== 'gaussian' && <PlaneRow plane={draft.plane} />}
      <div className="pad row step-finding" data-testid={testids.thinWalls}>
        <StatusIcon of={walls.warn ? 'warn' : 'info'} />
        <span className={walls.warn ? 'grow' : 'grow cap'}>{walls.text}</span>
      </div>
    </StepSection>
  );
}
