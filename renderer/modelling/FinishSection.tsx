import type { MeshSettings } from '../../contract/mesh.ts';
import { Choice } from '../design/Choice.tsx';
import { NumberField } from '../design/NumberField.tsx';
import { Section } from '../design/Section.tsx';
import { Slider } from '../design/Slider.tsx';
import { testids } from '../testids.ts';

/** How the surface is found, smoothed and reduced. `inHu`: the image can place points; without HU bone need not be the brighter side. */
export function FinishSection({
  settings,
  inHu,
  onChange,
}: {
  settings: MeshSettings;
  inHu: boolean;
  onChange: (change: Partial<MeshSettings>) => void;
}) {
  const { surface, smoothIterations: smooth, decimateErrorMm: error, decimateTo } = settings;
  const grey = surface === 'grey' && inHu;
  const percent = Math.round(decimateTo * 1000) / 10;
  return (
    <Section title="Finish">
      <div className="opt">
        <span className="lb">Surface</span>
        <Choice
          grow
          label="Where the surface lies"
          testid={testids.modelSetting('surface')}
          value={grey ? 'grey' : 'mask'}
          disabled={!inHu}
          options={[
            { value: 'grey', label: 'Grey values', tip: 'Sub-voxel from grey values: half way between bone and what lies beside it' },
            { value: 'mask', label: 'Mask', tip: 'Between the voxels inside and outside' },
          ]}
          onChange={(next) => onChange({ surface: next })}
        />
      </div>
      <p className="cap pad">
        {grey
          ? 'Sub-voxel: each point lies half way between bone and what lies beside it, where the image shows an edge near the mask.'
          : inHu
            ? 'Between the voxels inside and outside; the image is not asked.'
            : 'The series is not in HU, so the mask alone decides.'}
      </p>
      <div className="opt">
        <span className="lb">Smooth</span>
        <Slider
          label="Smoothing rounds"
          min={0}
          max={60}
          step={1}
          value={smooth}
          text={`${smooth} rounds`}
          onChange={(v) => onChange({ smoothIterations: v })}
        />
        <NumberField
          label="Smoothing rounds"
          unit="×"
          value={smooth}
          min={0}
          max={200}
          whole
          testid={testids.modelSetting('smooth')}
          onChange={(v) => v !== null && onChange({ smoothIterations: v })}
        />
      </div>
      <div className="opt">
        <span className="lb">Reduce</span>
        <Slider
          label="Reduction error"
          min={0}
          max={0.3}
          step={0.01}
          value={error}
          text={`${error} mm`}
          onChange={(v) => onChange({ decimateErrorMm: v })}
        />
        <NumberField
          label="Reduction error"
          unit="mm"
          value={error}
          min={0}
          max={20}
          testid={testids.modelSetting('reduce')}
          onChange={(v) => v !== null && onChange({ decimateErrorMm: v })}
        />
      </div>
      <div className="opt">
        <span className="lb" />
        <span className="grow cap">kept triangles</span>
        <NumberField
          label="Triangles that are kept"
          unit="%"
          value={percent}
          min={0.1}
          max={100}
          testid={testids.modelSetting('keep')}
          onChange={(v) => v !== null && onChange({ decimateTo: v / 100 })}
        />
      </div>
      <p className="cap pad">
        {smooth === 0
          ? 'The surface as it is found.'
          : `Smoothing moves no point further than ${grey ? "0.1 mm, or half the voxel's diagonal where only the mask decides" : "half the voxel's diagonal"}.`}{' '}
        {reduceWords(error, decimateTo)}
      </p>
    </Section>
  );
}

/** What the two limits of the reduction mean together. */
function reduceWords(errorMm: number, to: number): string {
  if (errorMm === 0 && to === 1) return 'Every triangle is kept.';
  const percent = `${Math.round(to * 1000) / 10} %`;
  if (errorMm === 0) return `Reduced to ${percent}, whatever it costs; the report says how much.`;
  return to === 1 ? `Reduced as far as ${errorMm} mm allows.` : `Reduced to ${percent}, or as far as ${errorMm} mm allows.`;
}
