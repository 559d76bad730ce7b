import type { ReactNode } from 'react';
import type { Segment } from '../../../contract/case.ts';
import { Choice } from '../../design/Choice.tsx';
import { NumberField } from '../../design/NumberField.tsx';
import { testids } from '../../testids.ts';
import { asksForOthers, type EffectDraft } from './effect-draft.ts';

type Six = NonNullable<EffectDraft['box']>;
type Change = (next: Partial<EffectDraft>) => void;

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="opt">
      <span className="lb">{name}</span>
      {children}
    </div>
  );
}

/** One number of the draft: what it means, then the field. */
function Amount({
  name,
  words,
  unit,
  of,
  min,
  max,
  whole,
  draft,
  onChange,
}: {
  name: string;
  words: string;
  unit: string;
  of: 'mm' | 'voxels' | 'marginMm' | 'shellMm' | 'smoothMm' | 'growMm' | 'locality' | 'most' | 'minimumMm3' | 'neckMm';
  min: number;
  max: number;
  whole?: boolean;
  draft: EffectDraft;
  onChange: Change;
}) {
  return (
    <Row name={name}>
      <span className="grow cap">{words}</span>
      <NumberField
        label={`${name}, ${words}`}
        {...{ unit, min, max }}
        whole={whole ?? false}
        value={draft[of]}
        testid={testids.effectSetting(of)}
        onChange={(v) => v !== null && onChange({ [of]: v })}
      />
    </Row>
  );
}

function Reach({ draft, onChange }: { draft: EffectDraft; onChange: Change }) {
  return (
    <>
      <Row name="Reach">
        <Choice
          grow
          label="Unit of the reach"
          testid={testids.effectSetting('unit')}
          value={draft.unit}
          options={[
            { value: 'mm', label: 'mm', tip: 'A ball, whatever the spacing' },
            { value: 'voxels', label: 'Voxels', tip: 'So many rounds with a neighbourhood' },
          ]}
          onChange={(unit) => onChange({ unit })}
        />
      </Row>
      {draft.unit === 'mm' ? (
        <Amount name="" words="radius of the ball" unit="mm" of="mm" min={0.01} max={50} {...{ draft, onChange }} />
      ) : (
        <>
          <Amount name="" words="rounds" unit="×" of="voxels" min={1} max={50} whole {...{ draft, onChange }} />
          <Row name="Through">
            <Choice
              grow
              label="Neighbourhood of a round"
              value={draft.neighbours}
              options={[
                { value: 6, label: '6', tip: 'faces' },
                { value: 18, label: '18', tip: 'faces and edges' },
                { value: 26, label: '26', tip: 'faces, edges and corners' },
              ]}
              onChange={(neighbours) => onChange({ neighbours })}
            />
          </Row>
        </>
      )}
    </>
  );
}

function Others({ draft, others, onChange }: { draft: EffectDraft; others: Segment[]; onChange: Change }) {
  return (
    <div className="opt top">
      <span className="lb">With</span>
      <div className="grow others">
        {others.length === 0 && <span className="cap">no other segment on this series</span>}
        {others.map(({ id, name }) => (
          <label key={id} className="row">
            <input
              type="checkbox"
              checked={draft.with.includes(id)}
              data-testid={testids.effectSetting('with')}
              onChange={(e) => onChange({ with: e.target.checked ? [...draft.with, id] : draft.with.filter((one) => one !== id) })}
            />
            <span>{name}</span>
          </label>
        ))}
      </div>
    </div>
  );
}

const axes = ['R to L', 'A to P', 'I to S'] as const;

function Box({ draft, volume, onChange }: { draft: EffectDraft; volume: Six; onChange: Change }) {
  const box = draft.box ?? volume;
  const side = (at: number, name: string) => (
    <NumberField
      label={name}
      unit="mm"
      value={Math.round((box[at] as number) * 10) / 10}
      min={-10_000}
      max={10_000}
      testid={testids.effectSetting(`box-${at}`)}
      onChange={(v) => v !== null && onChange({ box: box.with(at, v) as Six })}
    />
  );
  return (
    <>
      <Row name="Keep">
        <Choice
          grow
          label="What is kept"
          value={draft.keep}
          options={[
            { value: 'inside', label: 'Inside' },
            { value: 'outside', label: 'Outside' },
          ]}
          onChange={(keep) => onChange({ keep })}
        />
      </Row>
      {axes.map((name, n) => (
        <Row key={name} name={name}>
          {side(n, `${name}, from`)}
          {side(n + 3, `${name}, to`)}
        </Row>
      ))}
    </>
  );
}

/** The few settings of the chosen effect. `volume`: the box of the whole volume, LPS mm. */
export function EffectSettingsRows({
  draft,
  others,
  volume,
  onChange,
}: {
  draft: EffectDraft;
  others: Segment[];
  volume: Six;
  onChange: Change;
}) {
  const { effect } = draft;
  const row = { draft, onChange };
  return (
    <>
      {(effect === 'open' || effect === 'close' || effect === 'erode' || effect === 'dilate') && <Reach {...row} />}
      {effect === 'margin' && <Amount name="Margin" words="below 0 shrinks" unit="mm" of="marginMm" min={-50} max={50} {...row} />}
      {effect === 'hollow' && (
        <>
          <Amount name="Shell" words="thickness" unit="mm" of="shellMm" min={0.01} max={50} {...row} />
          <Row name="Segment">
            <Choice
              grow
              label="The segment becomes which surface of the shell"
              value={draft.surface}
              options={[
                { value: 'inside', label: 'Inside', tip: 'The shell lies around the segment' },
                { value: 'medial', label: 'Medial', tip: 'Half on either side' },
                { value: 'outside', label: 'Outside', tip: 'The shell lies in the segment' },
              ]}
              onChange={(surface) => onChange({ surface })}
            />
          </Row>
        </>
      )}
      {effect === 'smooth' && (
        <>
          <Row name="By">
            <Choice
              grow
              label="How it is smoothed"
              testid={testids.effectSetting('filter')}
              value={draft.filter}
              options={[
                { value: 'median', label: 'Median', tip: 'What most of the ball has' },
                { value: 'gaussian', label: 'Gaussian', tip: 'Blurred, cut at a half' },
                { value: 'joint', label: 'Joint', tip: 'Together with others: neither gap nor overlap where they meet' },
              ]}
              onChange={(filter) => onChange({ filter })}
            />
          </Row>
          <Amount
            name=""
            words={draft.filter === 'median' ? 'radius of the ball' : 'standard deviation'}
            unit="mm"
            of="smoothMm"
            min={0.01}
            max={20}
            {...row}
          />
        </>
      )}
      {effect === 'combine' && (
        <Row name="As">
          <Choice
            grow
            label="How they are combined"
            testid={testids.effectSetting('operation')}
            value={draft.operation}
            options={[
              { value: 'union', label: 'Union', tip: 'What either has' },
              { value: 'intersect', label: 'Intersect', tip: 'What both have' },
              { value: 'subtract', label: 'Subtract', tip: 'What the other has not' },
            ]}
            onChange={(operation) => onChange({ operation })}
          />
        </Row>
      )}
      {asksForOthers(draft) && <Others {...{ draft, others, onChange }} />}
      {effect === 'roi' && <Box {...{ draft, volume, onChange }} />}
      {effect === 'grow-from-seeds' && (
        <>
          <Amount name="Room" words="around all seeds" unit="mm" of="growMm" min={0} max={200} {...row} />
          <Amount name="Nearness" words="0: by image alone" unit="of 1" of="locality" min={0} max={1} {...row} />
        </>
      )}
      {effect === 'fill-between-slices' && (
        <Row name="Along">
          <Choice
            grow
            label="Axis that has gaps"
            value={draft.axis}
            options={[
              { value: 'auto', label: 'Found', tip: 'The axis that has gaps' },
              { value: 'i', label: 'i' },
              { value: 'j', label: 'j' },
              { value: 'k', label: 'k' },
            ]}
            onChange={(axis) => onChange({ axis })}
          />
        </Row>
      )}
      {effect === 'split' && (
        <>
          <Amount name="At most" words="segments, largest first" unit="×" of="most" min={1} max={32} whole {...row} />
          <Amount name="From" words="smaller islands stay out" unit="mm³" of="minimumMm3" min={0} max={1e9} {...row} />
          <Amount name="Necks" words="0: only what is apart" unit="mm" of="neckMm" min={0} max={50} {...row} />
        </>
      )}
    </>
  );
}
