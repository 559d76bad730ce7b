import { useCase } from '../../stores/case.ts';
import { useScan } from '../../stores/scan.ts';
import { ImportReport } from './ImportReport.tsx';
import { SeriesPicker } from './SeriesPicker.tsx';

/** Prepare: before the import the series of the folder, after it what was decided and what to acknowledge. */
export function PrepareScreen() {
  const scanning = useScan((s) => s.paths.length > 0);
  const imported = useCase((s) => s.state !== null);
  return scanning || !imported ? <SeriesPicker /> : <ImportReport />;
}
