import type { AcquisitionProfile, Criterion } from '../../../contract/acquisition.ts';
import { NumberField } from '../../design/NumberField.tsx';
import { testids } from '../../testids.ts';
import { type LimitKey, limitMost, parameterNames, withCriterion, withLimit } from './profile-draft.ts';

const keys: { key: LimitKey; words: string }[] = [
  { key: 'min', words: 'from' },
  { key: 'max', words: 'to' },
  { key: 'below', words: 'below' },
];

interface EditorProps {
  draft: AcquisitionProfile;
  onChange: (draft: AcquisitionProfile) => void;
}

function Limits({ draft, onChange, at, which }: EditorProps & { at: number; which: 'meets' | 'usable' }) {
  const c = draft.criteria[at] as Criterion;
  const { name, unit } = parameterNames[c.parameter];
  return (
    <div className="limit-fields">
      {keys.map(({ key, words }) => (
        <span key={key} className="limit-field">
          <span className="cap">{words}</span>
          <NumberField
            label={`${name}, ${which === 'meets' ? 'meets' : 'usable'} ${words}`}
            value={c[which]?.[key] ?? null}
            unit={unit ?? ''}
            min={0}
            max={limitMost}
            empty="–"
            testid={testids.profileLimit(c.parameter, which, key)}
            onChange={(value) => onChange(withLimit(draft, at, which, key, value))}
          />
        </span>
      ))}
    </div>
  );
}

/** The fields of one parameter: what is asked in words, and limits or words that meet. */
function CriterionFields({ draft, onChange, at }: EditorProps & { at: number }) {
  const c = draft.criteria[at] as Criterion;
  const { name, unit } = parameterNames[c.parameter];
  const set = (change: Partial<Criterion>) => onChange(withCriterion(draft, at, change));
  return (
    <fieldset className="criterion" aria-label={name}>
      <b>{name}</b>
      <label className="wide">
        <span className="cap">asked, as shown in the table</span>
        <input
          className="text"
          value={c.asked}
          maxLength={120}
          data-testid={testids.profileAsked(c.parameter)}
          onChange={(e) => set({ asked: e.target.value })}
        />
      </label>
      {unit !== null && (
        <>
          <span className="cap">meets</span>
          <Limits draft={draft} onChange={onChange} at={at} which="meets" />
          <span className="cap">usable with warning</span>
          <Limits draft={draft} onChange={onChange} at={at} which="usable" />
        </>
      )}
      {c.oneOf && (
        <label className="wide">
          <span className="cap">words that meet, with commas between</span>
          <input
            className="text"
            value={c.oneOf.join(', ')}
            onChange={(e) => set({ oneOf: e.target.value.split(',').map((w) => w.trimStart()) })}
            onBlur={() => set({ oneOf: c.oneOf?.map((w) => w.trim()).filter((w) => w !== '') })}
          />
        </label>
      )}
      <label className="wide">
        <span className="cap">what a miss means</span>
        <input
          className="text"
          value={c.consequence ?? ''}
          maxLength={300}
          onChange={(e) => set({ consequence: e.target.value === '' ? undefined : e.target.value })}
        />
      </label>
    </fieldset>
  );
}

/** A copy of a profile in plain fields; nothing is kept until it is saved. */
export function ProfileEditor({ draft, onChange }: EditorProps) {
  return (
    <>
      <div className="criterion">
        <label className="wide">
          <span className="cap">name, as shown on the switch</span>
          <input
            className="text"
            value={draft.name}
            maxLength={40}
            data-testid={testids.profileName}
            onChange={(e) => onChange({ ...draft, name: e.target.value })}
          />
        </label>
        <label className="wide">
          <span className="cap">source</span>
          <input className="text" value={draft.source} maxLength={200} onChange={(e) => onChange({ ...draft, source: e.target.value })} />
        </label>
        <span className="cap">
          Saved as {draft.id}.json. The file may hold walls and further parameters; what is not shown here stays as it is.
        </span>
      </div>
      {draft.criteria.map((c, at) => (
        <CriterionFields key={c.parameter} draft={draft} onChange={onChange} at={at} />
      ))}
    </>
  );
}
