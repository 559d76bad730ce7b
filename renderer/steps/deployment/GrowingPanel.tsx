import type { RegionGrowingSettings } from '../../../contract/region-growing.ts';
import { Choice } from '../../design/Choice.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { Section } from '../../design/Section.tsx';
import { type Point, useViewer } from '../../stores/viewer.ts';
import { testids } from '../../testids.ts';
import { beginSeeds } from './use-seeds.ts';

/** What a person sets for region growing; the number of rounds is the contract's own. */
export type GrowingChoice = Pick<
  RegionGrowingSettings,
  'seedLps' | 'radiusMm' | 'deviations' | 'connectivity' | 'lowHu' | 'highHu' | 'reachMm'
>;
export const firstGrowingChoice: GrowingChoice = {
  seedLps: [],
  radiusMm: 2,
  deviations: 2.5,
  connectivity: 6,
  lowHu: null,
  highHu: null,
  reachMm: null,
};

interface GrowingPanelProps {
  choice: GrowingChoice;
  units: string;
  onChange: (change: Partial<GrowingChoice>) => void;
}

function Seeds({ seeds, onChange }: { seeds: Point[]; onChange: (seeds: Point[]) => void }) {
  const tool = useViewer((s) => s.tool);
  const last = seeds.at(-1);
  return (
    <>
      <div className="opt">
        <span className="lb">Seeds</span>
        <span className="grow cap" data-testid={testids.growingSeeds} data-count={seeds.length}>
          {last ? `${seeds.length}, the last at ${last.map((v) => v.toFixed(1)).join(', ')} mm` : 'Click in a plane'}
        </span>
        <button type="button" className="btn small" disabled={seeds.length === 0} onClick={() => onChange([])}>
          Clear
        </button>
      </div>
      <div className="opt">
        <span className="lb" />
        <button type="button" className="btn small" disabled={tool === 'point'} onClick={beginSeeds}>
          Click seeds
        </button>
        <button
          type="button"
          className="btn small"
          data-testid={testids.growingCrosshair}
          title="Where the three planes meet"
          onClick={() => onChange([...seeds, useViewer.getState().crosshairLps.map((v) => Math.round(v * 100) / 100) as Point])}
        >
          From crosshair
        </button>
      </div>
    </>
  );
}

/** Seeds, how unlike the region a voxel may be, and the bounds that growth never leaves. */
export function GrowingPanel({ choice, units, onChange }: GrowingPanelProps) {
  return (
    <Section title="Growing">
      <Seeds seeds={choice.seedLps} onChange={(seedLps) => onChange({ seedLps })} />
      <div className="opt">
        <span className="lb">Within</span>
        <span className="grow cap">of the region’s mean</span>
        <NumberField
          label="Deviations from the mean"
          unit="SD"
          value={choice.deviations}
          min={0.1}
          max={20}
          testid={testids.growingDeviations}
          onChange={(v) => v !== null && onChange({ deviations: v })}
        />
      </div>
      <div className="opt">
        <span className="lb">First</span>
        <span className="grow cap">ball around every seed</span>
        <NumberField
          label="Radius of the first ball"
          unit="mm"
          value={choice.radiusMm}
          min={0.1}
          max={20}
          onChange={(v) => v !== null && onChange({ radiusMm: v })}
        />
      </div>
      <div className="opt">
        <span className="lb">Reach</span>
        <span className="grow cap">from the nearest seed</span>
        <NumberField
          label="Furthest from a seed"
          unit="mm"
          empty="no limit"
          value={choice.reachMm}
          min={0.1}
          max={1000}
          testid={testids.growingReach}
          onChange={(reachMm) => onChange({ reachMm })}
        />
      </div>
      <div className="opt">
        <span className="lb">From</span>
        <NumberField
          label="Never below"
          unit={units}
          empty="no limit"
          value={choice.lowHu}
          min={-32768}
          max={choice.highHu ?? 65535}
          onChange={(lowHu) => onChange({ lowHu })}
        />
        <span className="cap">to</span>
        <NumberField
          label="Never above"
          unit={units}
          empty="no limit"
          value={choice.highHu}
          min={choice.lowHu ?? -32768}
          max={65535}
          onChange={(highHu) => onChange({ highHu })}
        />
      </div>
      <div className="opt">
        <span className="lb">Through</span>
        <Choice
          grow
          label="Neighbours"
          value={choice.connectivity}
          options={[
            { value: 6, label: '6', tip: 'faces' },
            { value: 18, label: '18', tip: 'faces and edges' },
            { value: 26, label: '26', tip: 'faces, edges and corners' },
          ]}
          onChange={(connectivity) => onChange({ connectivity })}
        />
      </div>
    </Section>
  );
}
