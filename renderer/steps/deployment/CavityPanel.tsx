import type { CavitySettings } from '../../../contract/cavity.ts';
import { Choice } from '../../design/Choice.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { Section } from '../../design/Section.tsx';
import { testids } from '../../testids.ts';

/** What a person sets for the orbit cavity; the eyes are looked for. */
export type CavityChoice = Pick<CavitySettings, 'boneHu' | 'airHu' | 'closeMm' | 'side'>;
export const firstCavityChoice: CavityChoice = { boneHu: 400, airHu: -600, closeMm: 6, side: 'both' };

/** Bounds of bone and air, what is closed, and which orbit. */
export function CavityPanel({ choice, onChange }: { choice: CavityChoice; onChange: (change: Partial<CavityChoice>) => void }) {
  return (
    <Section title="Cavity">
      <div className="opt">
        <span className="lb">Orbit</span>
        <Choice
          grow
          label="Orbit"
          value={choice.side}
          testid={testids.cavitySide}
          options={[
            { value: 'both', label: 'Both' },
            { value: 'right', label: 'Right', tip: "the patient's right" },
            { value: 'left', label: 'Left', tip: "the patient's left" },
          ]}
          onChange={(side) => onChange({ side })}
        />
      </div>
      <div className="opt">
        <span className="lb">Bone</span>
        <span className="grow cap">at or above</span>
        <NumberField
          label="Bone at or above"
          unit="HU"
          value={choice.boneHu}
          min={choice.airHu + 1}
          max={3000}
          whole
          testid={testids.cavityBone}
          onChange={(v) => v !== null && onChange({ boneHu: v })}
        />
      </div>
      <div className="opt">
        <span className="lb">Air</span>
        <span className="grow cap">at or below</span>
        <NumberField
          label="Air at or below"
          unit="HU"
          value={choice.airHu}
          min={-1024}
          max={choice.boneHu - 1}
          whole
          onChange={(v) => v !== null && onChange({ airHu: v })}
        />
      </div>
      <div className="opt">
        <span className="lb">Close</span>
        <span className="grow cap">openings narrower than</span>
        <NumberField
          label="Close openings narrower than"
          unit="mm"
          value={choice.closeMm}
          min={2}
          max={15}
          onChange={(v) => v !== null && onChange({ closeMm: v })}
        />
      </div>
    </Section>
  );
}
