import { Building2, SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import type { AcquisitionCheck } from '../../../contract/acquisition.ts';
import { Note } from '../../design/Note.tsx';
import { StatusIcon } from '../../design/Status.tsx';
import { icon } from '../../frame/step-names.tsx';
import { type CheckSource, chooseProfile, showCheck, useAcquisition, useCheckOf } from '../../stores/acquisition.ts';
import { useJobs } from '../../stores/jobs.ts';
import { useProfiles } from '../../stores/profiles.ts';
import { testids } from '../../testids.ts';
import { judgementOf } from './judgement-words.ts';

/** The profiles of this modality in a fixed order, the one in force among them. */
function offered(check: AcquisitionCheck, order: readonly string[]): { id: string; name: string }[] {
  const all = [{ id: check.profile.id, name: check.profile.name }, ...check.profiles.filter((p) => p.id !== check.profile.id)];
  const place = (id: string) => (order.includes(id) ? order.indexOf(id) : order.length);
  return all.sort((a, b) => place(a.id) - place(b.id) || a.name.localeCompare(b.name));
}

function ProfileSwitch({ check, source, modality }: { check: AcquisitionCheck; source: CheckSource; modality: string }) {
  const list = useProfiles((s) => s.list);
  const chosen = useAcquisition((s) => s.chosen[modality]);
  const profiles = offered(check, list?.profiles.map((p) => p.id) ?? []);
  // What was pressed shows at once; the rows follow when its check has come.
  const value = profiles.some((p) => p.id === chosen) ? chosen : check.profile.id;
  const choose = (id: string) => chooseProfile(source, modality, id);
  const own = (id: string) => list?.own.includes(id) ?? false;
  if (profiles.length > 5)
    return (
      <select
        className="pick"
        aria-label="Profile"
        data-testid={testids.profileSwitch}
        value={value}
        onChange={(e) => choose(e.target.value)}
      >
        {profiles.map((p) => (
          <option key={p.id} value={p.id}>
            {own(p.id) ? `${p.name} (own)` : p.name}
          </option>
        ))}
      </select>
    );
  return (
    <fieldset className="seg" aria-label="Profile" data-testid={testids.profileSwitch}>
      {profiles.map((p) => (
        <label key={p.id} className={p.id === value ? 'on' : ''} title={own(p.id) ? 'The hospital’s own profile' : undefined}>
          <input type="radio" name="acquisition-profile" value={p.id} checked={p.id === value} onChange={() => choose(p.id)} />
          <span className="own-mark">
            {own(p.id) && <Building2 size={12} strokeWidth={1.5} aria-label="own" role="img" />}
            {p.name}
          </span>
        </label>
      ))}
    </fieldset>
  );
}

function Progress({ running }: { running: { jobId: string | null } | null }) {
  const job = useJobs((s) => s.running.find((j) => j.id === running?.jobId));
  if (!running) return null;
  const percent = Math.round((job?.fraction ?? 0) * 100);
  return (
    <div className="checking" role="status" data-testid={testids.checkProgress}>
      <span
        className="prog"
        role="progressbar"
        aria-label="Checking the series"
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <i style={{ width: `${percent}%` }} />
      </span>
      <span className="cap num">
        Checking the series{job ? `, ${percent} %` : ''}
        {job?.note ? `: ${job.note}` : ''}
      </span>
    </div>
  );
}

/** What a judgement means: one line where the window is narrow, whole when it is pressed; elsewhere always whole. */
function RowNote({ text }: { text: string }) {
  const [whole, setWhole] = useState(false);
  return (
    <button type="button" className="row-note cap" aria-expanded={whole} title={text} onClick={() => setWhole(!whole)}>
      {text}
    </button>
  );
}

function Rows({ rows }: { rows: AcquisitionCheck['rows'] }) {
  return (
    <table className="conditions">
      <thead>
        <tr>
          <th scope="col">Parameter</th>
          <th scope="col">Asked</th>
          <th scope="col">Found</th>
          <th scope="col">Judgement</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((r) => {
          const { shape, words } = judgementOf(r.judgement);
          return (
            <tr key={r.parameter} data-testid={testids.condition(r.parameter)} data-judgement={r.judgement}>
              <th scope="row">{r.name}</th>
              <td>{r.asked}</td>
              <td className="num selectable">{r.judgement === 'unknown' ? r.found : <b>{r.found}</b>}</td>
              <td>
                <span className={`judged j-${shape}`}>
                  <StatusIcon of={shape} silent />
                  <span className="grow">
                    {words}
                    {r.note && <RowNote key={r.note} text={r.note} />}
                  </span>
                </span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** Table A.1 for the chosen series: asked, found, judgement, and what a miss means; the profile that asks can be changed. */
export function Conditions({ source, modality }: { source: CheckSource; modality: string }) {
  const { check, running, fault } = useCheckOf(source);
  return (
    <section
      className="card"
      aria-label="Scanning conditions"
      data-testid={testids.conditions}
      data-profile={check?.profile.id}
      aria-busy={running !== null}
    >
      <header className="conditions-head">
        <h2>Scanning conditions</h2>
        <span className="source cap clip" title={check?.profile.source}>
          {check?.profile.source}
        </span>
        {check && <ProfileSwitch check={check} source={source} modality={modality} />}
        <button
          type="button"
          className="tb small"
          aria-label="Profiles"
          title="Profiles: look at them and edit them"
          data-testid={testids.profiles}
          onClick={() => useProfiles.setState({ dialog: { profile: check?.profile.id ?? null } })}
        >
          <SlidersHorizontal {...icon} />
        </button>
      </header>
      <Progress running={running} />
      {check && <Rows rows={check.rows} />}
      {!check && running && (
        <div className="stack" style={{ padding: 14 }} aria-hidden="true">
          {[58, 74, 66, 49, 70, 61].map((w) => (
            <div key={w} className="skel" style={{ width: `${w}%` }} />
          ))}
        </div>
      )}
      {fault && (
        <div style={{ padding: 12 }}>
          <Note
            of="warn"
            title={fault.title}
            code={fault.code}
            testid={testids.checkFault}
            actions={
              <button type="button" className="btn" onClick={() => showCheck(source, modality, true)}>
                Check again
              </button>
            }
          >
            {fault.text} {fault.remedy}
          </Note>
        </div>
      )}
    </section>
  );
}
