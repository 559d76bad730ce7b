import { useEffect } from 'react';
import { useCase } from '../../stores/case.ts';
import { loadProfiles, useProfiles } from '../../stores/profiles.ts';
import { useScan } from '../../stores/scan.ts';
import { ImportReport } from './ImportReport.tsx';
import { ProfilesDialog } from './ProfilesDialog.tsx';
import { SeriesPicker } from './SeriesPicker.tsx';

/** Prepare: before the import the series of the folder, after it what was decided and what to acknowledge. */
export function PrepareScreen() {
  const scanning = useScan((s) => s.paths.length > 0);
  const imported = useCase((s) => s.state !== null);
  const dialog = useProfiles((s) => s.dialog);
  useEffect(() => void loadProfiles(), []);
  return (
    <>
      {scanning || !imported ? <SeriesPicker /> : <ImportReport />}
      {dialog && <ProfilesDialog first={dialog.profile} />}
    </>
  );
}
