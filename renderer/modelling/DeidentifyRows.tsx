import { type DeidentifyOptions, deidentifyOptions } from '../../contract/object-files.ts';
import { Switch } from '../design/Switch.tsx';
import { testids } from '../testids.ts';
import { retainedWords } from './object-words.ts';

/** PS3.15 E.1-1: the Basic Profile, and what is kept of it by name. Null: the file names the patient. */
export function DeidentifyRows({
  options,
  choose,
}: {
  options: DeidentifyOptions | null;
  choose: (next: DeidentifyOptions | null) => void;
}) {
  return (
    <>
      <div className="opt">
        <span className="lb">Patient</span>
        <span className="grow">{options ? 'de-identified, Basic Profile' : 'named in the file'}</span>
        <Switch
          label="De-identify (PS3.15 Basic Profile)"
          on={options !== null}
          testid={testids.deidentify}
          onChange={(on) => choose(on ? deidentifyOptions.parse({}) : null)}
        />
      </div>
      {options && (
        <>
          <label className="opt">
            <span className="lb">Called</span>
            <input
              className="text grow"
              maxLength={64}
              autoComplete="off"
              aria-label="Pseudonym"
              value={options.pseudonym}
              onChange={(e) => choose({ ...options, pseudonym: e.target.value })}
            />
          </label>
          <fieldset className="pad stack" style={{ gap: 4, border: 0, margin: 0 }}>
            <legend className="cap">Kept all the same</legend>
            {(Object.keys(retainedWords) as (keyof typeof retainedWords)[]).map((name) => (
              <label key={name} className="row">
                <input type="checkbox" checked={options[name]} onChange={(e) => choose({ ...options, [name]: e.target.checked })} />
                <span>{retainedWords[name]}</span>
              </label>
            ))}
          </fieldset>
        </>
      )}
    </>
  );
}
