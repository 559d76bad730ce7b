import { ArrowRight } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { CaseSeries, CaseState } from '../../../contract/case.ts';
import type { Coded } from '../../../contract/errors.ts';
import { Choice } from '../../design/Choice.tsx';
import { Note } from '../../design/Note.tsx';
import { spacing } from '../../design/numbers.ts';
import { icon } from '../../frame/step-names.tsx';
import { type CheckSource, dropCheck, showCheck, useCheckOf } from '../../stores/acquisition.ts';
import { acknowledge } from '../../stores/acts.ts';
import { showSeries, useCase } from '../../stores/case.ts';
import { tellProblem } from '../../stores/notices.ts';
import { useProfiles } from '../../stores/profiles.ts';
import { useScan } from '../../stores/scan.ts';
import { useViewer } from '../../stores/viewer.ts';
import { useWorkspace } from '../../stores/workspace.ts';
import { testids } from '../../testids.ts';
import { CheckFindings, FindingList } from './CheckFindings.tsx';
import { Conditions } from './Conditions.tsx';
import { Files } from './Files.tsx';
import { GeometryStrip } from './GeometryStrip.tsx';
import { conditionsVerdict } from './gate-words.ts';
import { geometryRows } from './geometry-words.ts';
import { countJudgements, otherFindings } from './judgement-words.ts';
import { KernelFacts } from './KernelFacts.tsx';
import { Quality } from './Quality.tsx';
import { type SeriesItem, SeriesList } from './SeriesList.tsx';
import { Verdict } from './Verdict.tsx';
import { VolumeSlice } from './VolumeSlice.tsx';
import { VolumeValues } from './VolumeValues.tsx';
import { volumeThumbnail } from './volume-thumbnail.ts';
import { WallTrust } from './WallTrust.tsx';

type Page = 'conditions' | 'geometry' | 'files';
const pages: { value: Page; label: string }[] = [
  { value: 'conditions', label: 'Conditions' },
  { value: 'geometry', label: 'Geometry and findings' },
  { value: 'files', label: 'Files' },
];

function Side({ series, source }: { series: CaseSeries; source: CheckSource | null }) {
  const { check } = useCheckOf(source);
  // What the import found stands on the page of findings, and with it what the check said then.
  const others = check ? otherFindings(check) : [];
  return (
    <aside className="side pside" aria-label="The volume">
      <VolumeSlice />
      {check && <WallTrust check={check} />}
      <GeometryStrip positions={series.slicePositionsMm} resampled={series.resampled} />
      {!check?.quality && <VolumeValues units={series.voxels.units} />}
      {check && <KernelFacts check={check} />}
      {others.length > 0 && <CheckFindings sentences={others} findings={[]} />}
    </aside>
  );
}

/** The volume's geometry as it was decided, and what the import found; warnings stay here when they are acknowledged. */
function GeometryPage({ series, state, known }: { series: CaseSeries; state: CaseState; known: Coded[] }) {
  const findings = state.importReport?.findings ?? [];
  return (
    <>
      <div className="card">
        <header>
          <h2>Geometry</h2>
          <span className="cap">patient coordinates, LPS, mm</span>
        </header>
        <table>
          <tbody>
            {geometryRows(series).map((r) => (
              <tr key={r.name}>
                <th scope="row">{r.name}</th>
                <td className="num selectable">
                  <b>{r.found}</b>
                </td>
                <td className="cap">{r.note}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {(findings.length > 0 || known.length > 0) && (
        <div className="card">
          <header>
            <h2>Findings</h2>
            <span className="cap">kept in the journal</span>
          </header>
          {known.length > 0 && (
            <div className="stack" style={{ padding: '12px 14px 4px' }}>
              {known.map((w) => (
                <Note key={`${w.code}${w.message}`} of="ok" title={w.message} code={w.code}>
                  acknowledged
                </Note>
              ))}
            </div>
          )}
          <div style={{ padding: '6px 0' }}>
            <FindingList sentences={[]} findings={findings} />
          </div>
        </div>
      )}
    </>
  );
}

/** What is said of the geometry while the check, whose sentence says it too, has no answer. */
const geometryWords = (series: CaseSeries | undefined) =>
  series?.derivation
    ? 'Preprocessed: the conditions are those of the scan that it was made of.'
    : series?.resampled
      ? 'The slices were resampled to an even grid, with your consent.'
      : (series?.acquisition?.format ?? 'DICOM') === 'DICOM'
        ? 'Geometry is exact: it was decided from the slice positions alone.'
        : 'Geometry is as the file states it.';

const show = (uid: string) => void showSeries(uid).catch((cause) => tellProblem('Loading the series', cause));

/** After the import: the scanning conditions, geometry as decided, every file, and the warnings that someone has to acknowledge once. */
export function ImportReport() {
  const { state, series: shown, busy } = useCase();
  const thumbnails = useScan((s) => s.thumbnails);
  const volume = useViewer((s) => s.volume);
  const edition = useProfiles((s) => s.edition);
  const [page, setPage] = useState<Page>('conditions');
  const own = useMemo(() => volume && volumeThumbnail(volume, useViewer.getState().window), [volume]);
  const series = state?.series.find((s) => s.seriesInstanceUid === shown) ?? state?.series[0];
  const caseId = state?.id;
  const uid = series?.seriesInstanceUid;
  const source = useMemo<CheckSource | null>(() => (caseId && uid ? { of: 'case', caseId, uid } : null), [caseId, uid]);
  const { check } = useCheckOf(source);
  const modality = series?.modality ?? '';
  useEffect(() => {
    if (source) showCheck(source, modality);
  }, [source, modality, edition]);
  useEffect(() => dropCheck, []);
  const items = useMemo<SeriesItem[]>(
    () =>
      (state?.series ?? []).map((s) => ({
        uid: s.seriesInstanceUid,
        title: s.description || 'Without description',
        size: `${s.dimensions.join(' × ')} · ${spacing(s.spacingMm[2])} mm`,
        origin: [s.modality, s.voxels.units, s.acquisition?.kernel && `kernel ${s.acquisition.kernel}`, s.derivation && 'preprocessed']
          .filter(Boolean)
          .join(' · '),
        badge: null,
        thumbnail: thumbnails[s.seriesInstanceUid] ?? (own && volume?.seriesInstanceUid === s.seriesInstanceUid ? own : null),
      })),
    [state, thumbnails, own, volume],
  );
  const names = useMemo(() => Object.fromEntries(items.map((i) => [i.uid, i.title])), [items]);
  if (!state) return null;
  const report = state.importReport;
  const open = state.unacknowledged;
  const known = (report?.warnings ?? []).filter((w) => !open.some((o) => o.code === w.code && o.message === w.message));
  const goOn = () => useWorkspace.getState().set({ step: 'segment' });
  const verdict = open.length > 0 ? { of: 'warn' as const, title: 'Imported with warnings' } : null;
  const conditions = check ? conditionsVerdict(check, false) : null;
  return (
    <div className="prep" data-testid={testids.importReport}>
      <section className="col" aria-label="Series">
        <header>
          <h2>Series</h2>
          <span className="cap num">{state.series.length} in the case</span>
        </header>
        <SeriesList items={items} selected={uid ?? null} onSelect={show} />
        <div className="cap selectable col-foot" style={{ overflowWrap: 'anywhere' }}>
          {state.folder}
        </div>
      </section>
      <section className={page === 'files' ? 'gate fixed' : 'gate'} aria-label="Import report">
        <Verdict
          of={verdict?.of ?? conditions?.of ?? 'ok'}
          title={verdict?.title ?? (conditions && conditions.of !== 'ok' ? `Imported. ${conditions.title}` : 'Imported')}
          counts={check ? countJudgements(check.rows) : []}
        >
          {check?.sentence ?? geometryWords(series)}
          {open.length > 0 && ' Acknowledge the warnings once; they stay in the journal and in every export.'}
        </Verdict>
        {open.map((w) => (
          <Note key={`${w.code}${w.message}`} of="warn" edge title={w.message} code={w.code} />
        ))}
        <div className="row">
          <Choice label="Part of the report" value={page} options={pages} testid={testids.reportPage} onChange={setPage} />
        </div>
        {page === 'conditions' && source && (
          <>
            <Conditions source={source} modality={modality} />
            {check && <Quality check={check} />}
          </>
        )}
        {page === 'geometry' && series && <GeometryPage series={series} state={state} known={known} />}
        {page === 'files' && <Files caseId={state.id} names={names} />}
        <div className="acts">
          {open.length > 0 && !state.readOnly && (
            <button
              type="button"
              className="btn big pri"
              data-testid={testids.acknowledge}
              disabled={busy !== null}
              onClick={() => void acknowledge()}
            >
              Acknowledge {open.length} {open.length === 1 ? 'warning' : 'warnings'}
            </button>
          )}
          <button type="button" className={open.length > 0 && !state.readOnly ? 'btn big' : 'btn big pri'} onClick={goOn}>
            Go on to Segment
            <ArrowRight {...icon} />
          </button>
        </div>
      </section>
      {series && <Side series={series} source={source} />}
    </div>
  );
}
