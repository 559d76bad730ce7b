import { create } from 'zustand';
import { type ScanResult, type SeriesSummary, scanResult } from '../../contract/volume.ts';
import { api } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';
import { JobCancelled, runJob } from './jobs.ts';
import { tellProblem } from './notices.ts';
import { useWorkspace } from './workspace.ts';

/** What lies in a folder that has been opened but not imported yet. */
interface ScanState {
  paths: string[];
  reading: boolean;
  result: ScanResult | null;
  /** Why nothing of it can be used, when the whole folder was refused. */
  refusal: ApiProblem | null;
  selected: string | null;
  /** Thumbnails by SeriesInstanceUID; they outlive the scan, for the list of the imported case. */
  thumbnails: Record<string, NonNullable<SeriesSummary['thumbnail']>>;
}

export const useScan = create<ScanState>()(() => ({
  paths: [],
  reading: false,
  result: null,
  refusal: null,
  selected: null,
  thumbnails: {},
}));

/** Reads headers and thumbnails of a folder or files and goes to Prepare. Nothing is written. */
export async function scan(paths: string[]): Promise<void> {
  useScan.setState({ paths, reading: true, result: null, refusal: null, selected: null });
  useWorkspace.getState().set({ step: 'prepare' });
  try {
    const result = scanResult.parse(await runJob(api.scan(paths)));
    if (useScan.getState().paths !== paths) return;
    const usable = result.series.filter((s) => s.kind === 'volume');
    const size = (n: number[]) => n.reduce((a, b) => a * b, 1);
    const best = [...(usable.length > 0 ? usable : result.series)].sort(
      (a, b) => Number(a.reasons.length > 0) - Number(b.reasons.length > 0) || size(b.dimensions) - size(a.dimensions),
    )[0];
    const thumbnails = Object.fromEntries(result.series.flatMap((s) => (s.thumbnail ? [[s.seriesInstanceUid, s.thumbnail]] : [])));
    useScan.setState({ reading: false, result, thumbnails, selected: best?.seriesInstanceUid ?? null });
  } catch (cause) {
    if (useScan.getState().paths !== paths) return;
    if (cause instanceof ApiProblem) useScan.setState({ reading: false, refusal: cause });
    else {
      useScan.setState({ paths: [], reading: false });
      useWorkspace.getState().set({ step: null });
      if (!(cause instanceof JobCancelled)) tellProblem('Reading the folder', cause);
    }
  }
}

/** Chooses a series of the list. */
export const select = (uid: string) => useScan.setState({ selected: uid });

export const forgetScan = () => useScan.setState({ paths: [], reading: false, result: null, refusal: null, selected: null });
