import type { NetworkSettings } from '../../../contract/segmentation.ts';
import type { SegmentWish } from '../../api/client.ts';
import { Choice } from '../../design/Choice.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { Section } from '../../design/Section.tsx';
import { Slider } from '../../design/Slider.tsx';
import { Switch } from '../../design/Switch.tsx';
import { cubeAround } from '../../stores/network-region.ts';
import { useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';
import { corticalWords } from './words.ts';

/** What a person sets for the three network methods; switching between them keeps it. */
export interface NetworkChoice {
  region: 'auto' | 'box';
  sizeMm: number;
  /** Null: as the method has it of itself. */
  mirror: boolean | null;
  overlapHu: [number, number];
  corticalWeight: number;
  outside: boolean;
  minimumMm3: number;
}
export const firstNetworkChoice: NetworkChoice = {
  region: 'auto',
  sizeMm: 70,
  mirror: null,
  overlapHu: [200, 300],
  corticalWeight: 0.5,
  outside: true,
  minimumMm3: 2,
};

/** The request's settings; the box is taken where the crosshair stands when it is run. */
export function networkSettingsOf(method: NetworkSettings['method'], choice: NetworkChoice): SegmentWish {
  const { crosshairLps } = useViewer.getState();
  const shared = {
    roiLps: choice.region === 'box' ? cubeAround(crosshairLps, choice.sizeMm) : null,
    probability: 0.5,
    ...(choice.mirror === null ? {} : { mirror: choice.mirror }),
  };
  if (method === 'unet') return { method, ...shared };
  if (method === 'multi-unet') return { method, ...shared, overlapHu: choice.overlapHu, corticalWeight: choice.corticalWeight };
  return { method, ...shared, outsideHu: choice.outside ? 200 : null, minimumMm3: choice.minimumMm3 };
}

interface NetworkPanelProps {
  method: NetworkSettings['method'];
  choice: NetworkChoice;
  onChange: (change: Partial<NetworkChoice>) => void;
}

/** Settings of a network run: where, mirror images, and what the method has of its own. */
export function NetworkPanel({ method, choice, onChange }: NetworkPanelProps) {
  return (
    <Section title="Run">
      <div className="opt">
        <span className="lb">Region</span>
        <Choice
          grow
          label="Region"
          value={choice.region}
          testid={testids.networkRegion}
          options={[
            { value: 'auto', label: 'Find orbits', tip: 'A volume smaller than the region is taken whole' },
            { value: 'box', label: 'Crosshair box', tip: 'A cube round the crosshair, outlined on the planes' },
          ]}
          onChange={(region) => onChange({ region })}
        />
      </div>
      {choice.region === 'box' && (
        <div className="opt">
          <span className="lb" />
          <span className="grow cap">cube round the crosshair</span>
          <NumberField
            label="Side of the box"
            unit="mm"
            value={choice.sizeMm}
            min={20}
            max={250}
            testid={testids.networkRegionMm}
            onChange={(v) => v !== null && onChange({ sizeMm: v })}
          />
        </div>
      )}
      <div className="opt">
        <span className="grow">
          Uncertainty by mirror image
          <span className="cap block">twice the time; shows where the two disagree</span>
        </span>
        <Switch
          label="Uncertainty by mirror image"
          on={choice.mirror ?? method === 'default'}
          testid={testids.mirror}
          onChange={(mirror) => onChange({ mirror })}
        />
      </div>
      {method === 'multi-unet' && (
        <>
          <div className="opt">
            <span className="lb">Overlap</span>
            <span className="grow" />
            <NumberField
              label="Overlap from"
              unit="HU"
              value={choice.overlapHu[0]}
              min={-1000}
              max={choice.overlapHu[1]}
              whole
              onChange={(v) => v !== null && onChange({ overlapHu: [v, choice.overlapHu[1]] })}
            />
            <NumberField
              label="Overlap to"
              unit="HU"
              value={choice.overlapHu[1]}
              min={choice.overlapHu[0]}
              max={3000}
              whole
              onChange={(v) => v !== null && onChange({ overlapHu: [choice.overlapHu[0], v] })}
            />
          </div>
          <div className="opt">
            <span className="lb">Cortical</span>
            <Slider
              label="Say of the cortical network in the overlap"
              value={choice.corticalWeight}
              min={0}
              max={1}
              step={0.05}
              text={corticalWords(choice.corticalWeight)}
              onChange={(corticalWeight) => onChange({ corticalWeight })}
            />
            <span className="num">{choice.corticalWeight.toFixed(2)}</span>
          </div>
          <p className="cap pad">{corticalWords(choice.corticalWeight)}</p>
        </>
      )}
      {method === 'default' && (
        <>
          <div className="opt">
            <span className="lb">Outside</span>
            <Choice
              grow
              label="Outside of the region"
              value={choice.outside ? 'threshold' : 'nothing'}
              options={[
                { value: 'threshold', label: '≥ 200 HU', tip: 'Outside of the region bone is a threshold' },
                { value: 'nothing', label: 'Nothing', tip: 'The segment ends with the region' },
              ]}
              onChange={(v) => onChange({ outside: v === 'threshold' })}
            />
          </div>
          <div className="opt">
            <span className="grow">Drop parts below</span>
            <NumberField
              label="Drop parts below"
              unit="mm³"
              value={choice.minimumMm3}
              min={0}
              max={10000}
              onChange={(v) => v !== null && onChange({ minimumMm3: v })}
            />
          </div>
        </>
      )}
    </Section>
  );
}
