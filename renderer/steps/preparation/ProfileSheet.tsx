import type { AcquisitionProfile, Criterion } from '../../../contract/acquisition.ts';
import { limitWords, parameterNames } from './profile-draft.ts';

const wordsOf = (c: Criterion, which: 'meets' | 'usable') => limitWords(c[which], parameterNames[c.parameter].unit);

/** A profile as it stands: what each parameter is asked for, and what of it meets and is usable. */
export function ProfileSheet({ profile, own }: { profile: AcquisitionProfile; own: boolean }) {
  return (
    <>
      <div className="profile-head">
        <h2>{profile.name}</h2>
        <span className="cap selectable">
          {profile.id} · {profile.modality} · {profile.source || 'no source named'}
          {own ? ' · your own file' : ' · comes with Lamina'}
        </span>
      </div>
      {profile.walls.length > 0 && (
        <p className="cap">Walls: {profile.walls.map((w) => `${w.name} ${w.thinnestMm} to ${w.thickestMm} mm`).join(', ')}</p>
      )}
      <table>
        <thead>
          <tr>
            <th scope="col">Parameter</th>
            <th scope="col">Asked, as shown</th>
            <th scope="col">Meets</th>
            <th scope="col">Usable with warning</th>
          </tr>
        </thead>
        <tbody>
          {profile.criteria.map((c) => (
            <tr key={c.parameter} title={c.consequence}>
              <th scope="row">{parameterNames[c.parameter].name}</th>
              <td>{c.asked}</td>
              <td className="num">{c.oneOf ? c.oneOf.join(', ') : wordsOf(c, 'meets')}</td>
              <td className="num">{c.oneOf && !c.usable ? 'everything else' : c.usable ? wordsOf(c, 'usable') : 'everything else'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
