import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import type { Segment } from '../../../contract/case.ts';
import type { CrfChoice } from '../../../contract/segmentation.ts';
import { NumberField } from '../../design/NumberField.tsx';
import { Section } from '../../design/Section.tsx';
import { Switch } from '../../design/Switch.tsx';
import { icon } from '../../frame/step-names.tsx';
import { testids } from '../../testids.ts';
import { effectOf } from './crf-words.ts';

interface Row {
  key: keyof CrfChoice;
  name: string;
  words: string;
  unit: string;
  min: number;
  max: number;
  whole?: boolean;
}

const rows: Row[] = [
  { key: 'crfAppearanceMm', name: 'Near', words: 'for like HU', unit: 'mm', min: 0.3, max: 20 },
  { key: 'crfAppearanceHu', name: 'Like', words: 'grey values', unit: 'HU', min: 2, max: 1000 },
  { key: 'crfAppearanceWeight', name: 'Weight', words: 'of near and like', unit: 'x', min: 0, max: 20 },
  { key: 'crfSmoothMm', name: 'Near', words: 'whatever the HU', unit: 'mm', min: 0.1, max: 10 },
  { key: 'crfSmoothWeight', name: 'Weight', words: 'of near alone', unit: 'x', min: 0, max: 20 },
  { key: 'crfSheetMm', name: 'Thin', words: 'only gains', unit: 'mm', min: 0, max: 10 },
  { key: 'crfIterations', name: 'Rounds', words: 'of the field', unit: 'x', min: 1, max: 50, whole: true },
  { key: 'crfTrust', name: 'Trust', words: 'in a plain segment', unit: 'p', min: 0.51, max: 0.99 },
];

/** The field: on or off, its widths and weights behind Advanced, and what it last did to the segment. */
export function CrfSection({
  on,
  choice,
  segment,
  onChange,
}: {
  on: boolean;
  choice: CrfChoice;
  segment: Segment | null;
  onChange: (on: boolean, choice: CrfChoice) => void;
}) {
  const [advanced, setAdvanced] = useState(false);
  const effect = segment && effectOf(segment);
  const Arrow = advanced ? ChevronDown : ChevronRight;
  return (
    <Section
      title="Thin structures (CRF)"
      end={<Switch label="Recover thin structures" on={on} testid={testids.crf} onChange={(next) => onChange(next, choice)} />}
    >
      <p className="pad cap">
        Near voxels of like grey value get the same label, weighed against the{' '}
        {segment?.network ? "network's probability" : 'segment as it is'}.{' '}
        {choice.crfSheetMm > 0 ? `Bone thinner than ${choice.crfSheetMm} mm can only gain, thicker bone only lose.` : ''} What a hand has
        set stays.
      </p>
      {effect && (
        <div className="opt top" data-testid={testids.crfEffect}>
          <span className="lb">Last run</span>
          <span className="grow">{effect}</span>
        </div>
      )}
      {on && (
        <div className="opt">
          <span className="lb">Advanced</span>
          <span className="grow cap">widths and weights</span>
          <button
            type="button"
            className="btn"
            aria-expanded={advanced}
            aria-label={advanced ? 'Hide widths and weights' : 'Show widths and weights'}
            data-testid={testids.crfAdvanced}
            onClick={() => setAdvanced(!advanced)}
          >
            <Arrow {...icon} />
          </button>
        </div>
      )}
      {on &&
        advanced &&
        rows.map((row) => (
          <div className="opt" key={row.key}>
            <span className="lb">{row.name}</span>
            <span className="grow cap">{row.words}</span>
            <NumberField
              label={`${row.name}, ${row.words}`}
              unit={row.unit}
              value={choice[row.key]}
              min={row.min}
              max={row.max}
              whole={row.whole ?? false}
              testid={testids.crfNumber(row.key)}
              onChange={(v) => v !== null && onChange(on, { ...choice, [row.key]: v })}
            />
          </div>
        ))}
    </Section>
  );
}
