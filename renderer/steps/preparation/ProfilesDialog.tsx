import { Building2, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { AcquisitionProfile } from '../../../contract/acquisition.ts';
import { Note } from '../../design/Note.tsx';
import { StatusIcon } from '../../design/Status.tsx';
import { Modal } from '../../frame/Modal.tsx';
import { icon } from '../../frame/step-names.tsx';
import { loadProfiles, removeProfile, saveProfile, useProfiles } from '../../stores/profiles.ts';
import { testids } from '../../testids.ts';
import { ProfileEditor } from './ProfileEditor.tsx';
import { ProfileSheet } from './ProfileSheet.tsx';
import { copyOf, draftFault } from './profile-draft.ts';

interface RowProps {
  profile: AcquisitionProfile;
  own: boolean;
  on: boolean;
  /** A draft is open: it is saved or discarded first. */
  held: boolean;
  onShow: () => void;
}

function Row({ profile, own, on, held, onShow }: RowProps) {
  return (
    <button
      type="button"
      className={on ? 'profile-row on' : 'profile-row'}
      aria-pressed={on}
      data-testid={testids.profileRow}
      data-profile={profile.id}
      disabled={held && !on}
      title={held && !on ? 'Save or discard the draft first' : undefined}
      onClick={onShow}
    >
      <b className="clip">{profile.name}</b>
      <span className="cap">
        {profile.modality} · {profile.criteria.length} conditions
      </span>
      {own && (
        <span className="tag">
          <Building2 size={12} strokeWidth={1.5} aria-hidden="true" />
          own
        </span>
      )}
    </button>
  );
}

/**
 * The conditions that the check asks: read, copied, edited in plain fields, saved as the hospital's own and removed again. A profile is
 * data in a file; where the files lie is said, and a file that cannot be used is shown with its reason.
 */
export function ProfilesDialog({ first }: { first: string | null }) {
  const { list, fault } = useProfiles();
  const [chosen, setChosen] = useState(first);
  const [draft, setDraft] = useState<AcquisitionProfile | null>(null);
  const [saving, setSaving] = useState(false);
  useEffect(() => void loadProfiles(), []);
  const close = () => useProfiles.setState({ dialog: null });
  const profile = list?.profiles.find((p) => p.id === chosen) ?? list?.profiles[0] ?? null;
  const own = (id: string) => list?.own.includes(id) ?? false;
  const wrong = draft ? draftFault(draft) : null;
  const [held, setHeld] = useState(false);
  // A draft is not lost by a key: Esc and a press beside the dialog leave it, and say so.
  const leave = () => (draft ? setHeld(true) : close());
  const carry = async (work: () => Promise<boolean>, next: string | null) => {
    setSaving(true);
    const done = await work();
    setSaving(false);
    if (!done) return;
    setDraft(null);
    setHeld(false);
    setChosen(next);
  };
  return (
    <Modal className="profiles-dialog" label="Profiles" testid={testids.profilesDialog} onClose={leave}>
      <header>
        <h1>Profiles</h1>
        <span className="cap">What the check of 7.3 asks, by anatomy and modality. They judge; they never refuse a series.</span>
        <button type="button" className="tb" aria-label="Close" onClick={leave}>
          <X {...icon} />
        </button>
      </header>
      {fault && (
        <div className="profile-notes">
          <Note of="warn" title="The profiles could not be read">
            {fault}
          </Note>
        </div>
      )}
      {list && list.faults.length > 0 && (
        <div className="profile-notes">
          {list.faults.map((f) => (
            <Note key={`${f.path}${f.text}`} of="warn" title="A file of your folder cannot be used" testid={testids.profileFault}>
              <span className="selectable">{f.text}</span>
              {f.path && <span className="cap selectable"> {f.path}</span>}
            </Note>
          ))}
        </div>
      )}
      <div className="profile-body">
        <nav aria-label="Profiles" className="profile-list">
          {list?.profiles.map((p) => (
            <Row
              key={p.id}
              profile={p}
              own={own(p.id)}
              on={p.id === (draft?.id ?? profile?.id)}
              held={draft !== null}
              onShow={() => draft === null && setChosen(p.id)}
            />
          ))}
        </nav>
        <div className="profile-page">
          {draft ? (
            <ProfileEditor draft={draft} onChange={setDraft} />
          ) : profile ? (
            <ProfileSheet profile={profile} own={own(profile.id)} />
          ) : (
            !fault && <p>Reading the profiles</p>
          )}
        </div>
      </div>
      <footer>
        <span className="cap clip selectable grow" title={list?.folder}>
          {list ? `Your own profiles lie in ${list.folder}` : ''}
        </span>
        {draft ? (
          <>
            {(wrong || held) && (
              <span className="row s-bad clip" role="alert" title={wrong ?? undefined}>
                <StatusIcon of={wrong ? 'bad' : 'warn'} size={14} silent />
                {wrong ?? 'Save or discard the draft first'}
              </span>
            )}
            <button
              type="button"
              className="btn"
              onClick={() => {
                setDraft(null);
                setHeld(false);
              }}
            >
              Discard
            </button>
            <button
              type="button"
              className="btn pri"
              data-testid={testids.profileSave}
              disabled={wrong !== null || saving}
              onClick={() => void carry(() => saveProfile(draft), draft.id)}
            >
              Save as our own
            </button>
          </>
        ) : (
          profile && (
            <>
              {own(profile.id) && (
                <button
                  type="button"
                  className="btn"
                  data-testid={testids.profileRemove}
                  disabled={saving}
                  title="Deletes the file of your folder; where it stands in for a profile of Lamina, that one comes back"
                  onClick={() => void carry(() => removeProfile(profile.id), profile.id)}
                >
                  Remove our own
                </button>
              )}
              <button type="button" className="btn" onClick={() => setDraft(copyOf(profile, list?.profiles.map((p) => p.id) ?? []))}>
                Copy under a new name
              </button>
              <button
                type="button"
                className="btn pri"
                data-testid={testids.profileEdit}
                onClick={() => setDraft(structuredClone(profile))}
              >
                {own(profile.id) ? 'Edit' : 'Edit our own edition'}
              </button>
            </>
          )
        )}
      </footer>
    </Modal>
  );
}
