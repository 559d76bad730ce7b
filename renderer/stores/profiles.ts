import { create } from 'zustand';
import type { AcquisitionProfile } from '../../contract/acquisition.ts';
import { api, type ProfileList } from '../api/client.ts';
import { forgetAnswers } from './acquisition.ts';
import { tellProblem } from './notices.ts';

interface ProfilesState {
  /** Null until read. */
  list: ProfileList | null;
  /** Why they could not be read. */
  fault: string | null;
  /** The dialog with its first profile, or null when it is shut. */
  dialog: { profile: string | null } | null;
  /** Counts the changes, so that a check that is shown is asked for again. */
  edition: number;
}

export const useProfiles = create<ProfilesState>()(() => ({ list: null, fault: null, dialog: null, edition: 0 }));

/** Reads the profiles of 7.3. What goes wrong is said where they are listed. */
export async function loadProfiles(): Promise<void> {
  try {
    useProfiles.setState({ list: await api.profiles(), fault: null });
  } catch (cause) {
    useProfiles.setState({ fault: cause instanceof Error ? cause.message : String(cause) });
  }
}

async function change(words: string, work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    const list = await api.profiles();
    forgetAnswers(list.profiles.map((p) => p.id));
    useProfiles.setState((s) => ({ list, fault: null, edition: s.edition + 1 }));
    return true;
  } catch (cause) {
    tellProblem(words, cause);
    return false;
  }
}

/** Writes a profile as the hospital's own; with the id of one of ours it takes its place. @returns whether it was written */
export const saveProfile = (profile: AcquisitionProfile) => change('Save the profile', () => api.saveProfile(profile));

/** Removes the hospital's own profile; where it stood in for one of ours, ours comes back. @returns whether it was removed */
export const removeProfile = (id: string) => change('Remove the profile', () => api.removeProfile(id));
