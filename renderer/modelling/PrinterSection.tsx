import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { type MeshSettings, thickenSides } from '../../contract/mesh.ts';
import { NumberField } from '../design/NumberField.tsx';
import { Section } from '../design/Section.tsx';
import { Switch } from '../design/Switch.tsx';
import { icon } from '../frame/step-names.tsx';
import { testids } from '../testids.ts';

const axes = ['Width', 'Depth', 'Height'] as const;

/** What the printer can do, and what is done for it: thin walls thickened, small parts left out, crossings mended. */
export function PrinterSection({ settings, onChange }: { settings: MeshSettings; onChange: (change: Partial<MeshSettings>) => void }) {
  const [shown, setShown] = useState(false);
  const { minimumWallMm, buildMm, thickenToMm, thickenSide, dropPartsBelowMm3, mendSelfIntersections } = settings;
  const Arrow = shown ? ChevronDown : ChevronRight;
  const summary = [
    `wall ${minimumWallMm} mm`,
    ...(thickenToMm > 0 ? [`thickened to ${thickenToMm}`] : []),
    ...(dropPartsBelowMm3 > 0 ? [`parts from ${dropPartsBelowMm3} mm³`] : []),
  ].join(', ');
  return (
    <Section
      title="Printer"
      end={
        <button
          type="button"
          className="btn ghost small"
          aria-expanded={shown}
          aria-label={shown ? 'Hide the printer settings' : 'Show the printer settings'}
          data-testid={testids.printerSettings}
          onClick={() => setShown(!shown)}
        >
          {!shown && <span className="cap num">{summary}</span>}
          <Arrow {...icon} />
        </button>
      }
    >
      {shown && (
        <>
          <div className="opt">
            <span className="lb">Wall</span>
            <span className="grow cap">thinnest it prints</span>
            <NumberField
              label="Thinnest wall that the printer prints"
              unit="mm"
              value={minimumWallMm}
              min={0.01}
              max={20}
              testid={testids.modelSetting('wall')}
              onChange={(v) => v !== null && onChange({ minimumWallMm: v })}
            />
          </div>
          {axes.map((name, axis) => (
            <div className="opt" key={name}>
              <span className="lb">{axis === 0 ? 'Build' : ''}</span>
              <span className="grow cap">{name.toLowerCase()}</span>
              <NumberField
                label={`${name} that the printer builds`}
                unit="mm"
                value={buildMm[axis] ?? null}
                min={1}
                max={5000}
                testid={testids.modelSetting(`build-${axis}`)}
                onChange={(v) => v !== null && onChange({ buildMm: buildMm.with(axis, v) as MeshSettings['buildMm'] })}
              />
            </div>
          ))}
          <div className="opt">
            <span className="lb">Thicken</span>
            <span className="grow cap">{thickenToMm > 0 ? 'thinner walls to' : 'no wall is'}</span>
            <NumberField
              label="Thin walls are thickened to"
              unit="mm"
              value={thickenToMm}
              min={0}
              max={20}
              testid={testids.modelSetting('thicken')}
              onChange={(v) => v !== null && onChange({ thickenToMm: v })}
            />
          </div>
          {thickenToMm > 0 && (
            <div className="opt">
              <span className="lb" />
              <span className="grow cap">seen from the patient</span>
              <select
                className="pick"
                aria-label="Side that thickening grows to"
                data-testid={testids.modelSetting('side')}
                value={thickenSide}
                onChange={(e) => onChange({ thickenSide: e.target.value as MeshSettings['thickenSide'] })}
              >
                {thickenSides.map((side) => (
                  <option key={side} value={side}>
                    {side === 'both' ? 'both sides' : `to ${side}`}
                  </option>
                ))}
              </select>
            </div>
          )}
          <div className="opt">
            <span className="lb">Parts</span>
            <span className="grow cap">{dropPartsBelowMm3 > 0 ? 'leave out below' : 'all are kept'}</span>
            <NumberField
              label="Bodies below this volume are left out"
              unit="mm³"
              value={dropPartsBelowMm3}
              min={0}
              max={1e9}
              testid={testids.modelSetting('drop')}
              onChange={(v) => v !== null && onChange({ dropPartsBelowMm3: v })}
            />
          </div>
          <div className="opt">
            <span className="lb">Crossings</span>
            <span className="grow cap">mend, as little as it needs</span>
            <Switch
              label="Mend self-intersections"
              on={mendSelfIntersections}
              testid={testids.modelSetting('mend')}
              onChange={(on) => onChange({ mendSelfIntersections: on })}
            />
          </div>
        </>
      )}
    </Section>
  );
}
