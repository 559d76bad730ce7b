import type { CaseSeries, CaseState } from '../../../contract/case.ts';
import { type DicomSource, dicomSource } from '../../../contract/dicom-source.ts';
import { importedOf } from '../cases/derivations.ts';
import type { Session } from '../open-cases.ts';

/** The DICOM headers of a series that was imported; null: it was no DICOM, or was read by an earlier version. */
export async function headersOf(session: Session, series: CaseSeries): Promise<DicomSource | null> {
  if (series.source === null) return null;
  return dicomSource.parse(JSON.parse(new TextDecoder().decode(await session.files.readBlob(series.source))));
}

const gridWords = ({ dimensions, spacingMm, originLps, directionLps }: CaseSeries): string =>
  JSON.stringify([dimensions, spacingMm, originLps, directionLps]);

/**
 * The headers that stand behind a series' frame of reference: of the series it was imported as; of one that was registered, of the series
 * that it was brought onto. `onSourceGrid`: its slices are the source's images, so that one may name the other; `straightened`: they are not
 * since the import put them on a straight grid.
 */
export async function sourceOf(
  session: Session,
  state: CaseState,
  series: CaseSeries,
): Promise<{ source: DicomSource | null; onSourceGrid: boolean; straightened: boolean }> {
  const frame = importedOf(state, registeredOnto(state, series));
  const source = await headersOf(session, frame);
  const onSourceGrid =
    source !== null && !frame.resampled && gridWords(frame) === gridWords(series) && source.instances.length === series.dimensions[2];
  return { source, onSourceGrid, straightened: frame.resampled };
}

/** The series whose frame a series lies in. */
function registeredOnto(state: CaseState, series: CaseSeries): CaseSeries {
  const { derivation } = series;
  if (!derivation) return series;
  const onto = derivation.settings.register?.onto;
  const next = state.series.find((one) => one.seriesInstanceUid === (onto ?? derivation.from));
  return next ? registeredOnto(state, next) : series;
}
