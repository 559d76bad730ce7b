import { FolderOpen } from 'lucide-react';
import type { Finding } from '../../../contract/errors.ts';
import { allowCode, type SeriesSummary } from '../../../contract/volume.ts';
import { Note } from '../../design/Note.tsx';
import { dicomDate, spacing } from '../../design/numbers.ts';
import { Section } from '../../design/Section.tsx';
import { type Judgement, StatusIcon } from '../../design/Status.tsx';
import { askAndOpen } from '../../frame/ask-path.ts';
import { icon } from '../../frame/step-names.tsx';
import { importSeries } from '../../stores/acts.ts';
import { useCase } from '../../stores/case.ts';
import { forgetScan, useScan } from '../../stores/scan.ts';
import { useWorkspace } from '../../stores/workspace.ts';
import { testids } from '../../testids.ts';
import { Thumbnail } from './Thumbnail.tsx';
import { Verdict } from './Verdict.tsx';

const kindWords = { volume: 'volume', localizer: 'localizer', single: 'single image', other: 'no image' };
/** What the consent button of a code says; the code itself is what the import is given. */
const consents = {
  GANTRY_TILT: 'Straighten and import',
  VARIABLE_SPACING: 'Resample and import',
  MISSING_SLICES: 'Fill and import',
} as const;

const sizeWords = (s: SeriesSummary) =>
  `${s.dimensions.slice(0, 2).join(' × ')}${s.dimensions[2] > 1 ? ` × ${s.dimensions[2]}` : ' · one image'}${s.spacingMm ? ` · ${spacing(s.spacingMm[2])} mm` : ''}`;

function judge(s: SeriesSummary): Judgement {
  if (s.kind !== 'volume') return 'unknown';
  return s.reasons.length > 0 ? 'bad' : s.warnings.length > 0 ? 'warn' : 'ok';
}

function SeriesRow({ series, selected }: { series: SeriesSummary; selected: boolean }) {
  const of = judge(series);
  const n = series.reasons.length || series.warnings.length;
  return (
    <button
      type="button"
      className={selected ? 'ser on' : 'ser'}
      aria-pressed={selected}
      data-testid={testids.seriesRow}
      data-uid={series.seriesInstanceUid}
      onClick={() => useScan.setState({ selected: series.seriesInstanceUid })}
    >
      <Thumbnail of={series.thumbnail} label={`Thumbnail of ${series.description}`} />
      <span className="grow">
        <span className="row">
          <b className="grow clip">{series.description || 'Without description'}</b>
          {of !== 'ok' && (
            <span className={`tag ${of === 'bad' ? 's-bad' : of === 'warn' ? 's-warn' : 's-unk'}`}>
              <StatusIcon of={of} size={12} />
              {of === 'unknown' ? 'view' : n}
            </span>
          )}
        </span>
        <span className="clip num" style={{ display: 'block' }}>
          {sizeWords(series)}
        </span>
        <span className="cap clip" style={{ display: 'block' }}>
          {[series.modality, series.kind === 'volume' ? null : kindWords[series.kind], dicomDate(series.studyDate)]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </span>
    </button>
  );
}

function Chosen({ series }: { series: SeriesSummary }) {
  const paths = useScan((s) => s.paths);
  const busy = useCase((s) => s.busy);
  const of = judge(series);
  const asked = allowCode.options.filter((code) => series.reasons.some((r) => r.code === code));
  const hopeless = series.reasons.filter((r) => !asked.some((a) => a === r.code));
  const start = (allow: typeof asked) =>
    void importSeries({ paths, folder: null, seriesInstanceUid: series.seriesInstanceUid, allow }).then(
      () => useCase.getState().state && forgetScan(),
    );
  const title =
    series.kind !== 'volume'
      ? 'Cannot become a model'
      : of === 'bad'
        ? hopeless.length > 0
          ? 'Not usable'
          : 'Needs your consent'
        : of === 'warn'
          ? 'Usable with warnings'
          : 'Usable';
  const words =
    series.kind !== 'volume'
      ? `This is a ${kindWords[series.kind]}: it has no volume to segment. Choose another series.`
      : of === 'bad'
        ? hopeless.length > 0
          ? 'It would give a wrong model, so it is refused. Nothing was written.'
          : 'The slices are not regular. They can be resampled if you agree; the journal and the export will say so.'
        : 'The import decides the geometry from the slice positions alone.';
  const rows: [string, string][] = [
    ['Modality', series.modality || 'not in the header'],
    ['Description', series.description || 'not in the header'],
    ['Patient', series.patientName || 'not in the header'],
    ['Study', dicomDate(series.studyDate) || 'not in the header'],
    ['Matrix', `${series.dimensions[0]} × ${series.dimensions[1]}`],
    ['Slices', String(series.dimensions[2])],
    ['Spacing', series.spacingMm ? `${series.spacingMm.map(spacing).join(' × ')} mm` : 'unknown'],
  ];
  return (
    <>
      <Verdict
        of={of}
        title={title}
        counts={[
          { of: 'warn', n: series.warnings.length },
          { of: 'bad', n: series.reasons.length },
        ]}
      >
        {words}
      </Verdict>
      {series.reasons.map((r) => (
        <Note key={`${r.code}${r.message}`} of="bad" edge title={r.message} code={r.code}>
          {asked.some((a) => a === r.code)
            ? 'Import it resampled with the button below, or choose another series.'
            : 'Choose another series, or export the slices again from the scanner.'}
        </Note>
      ))}
      {series.warnings.map((w) => (
        <Note key={`${w.code}${w.message}`} of="warn" edge title={w.message} code={w.code}>
          You are asked to acknowledge this once after the import.
        </Note>
      ))}
      <div className="card">
        <header>
          <h2>Series</h2>
          <span className="cap">as the headers say</span>
        </header>
        <table>
          <tbody>
            {rows.map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td className="num selectable">
                  <b>{value}</b>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="acts">
        {series.kind === 'volume' && of !== 'bad' && (
          <button
            type="button"
            className="btn big pri"
            data-testid={testids.importButton}
            disabled={busy !== null}
            onClick={() => start([])}
          >
            {series.warnings.length > 0
              ? `Import with ${series.warnings.length} ${series.warnings.length === 1 ? 'warning' : 'warnings'}`
              : 'Import'}
          </button>
        )}
        {of === 'bad' && hopeless.length === 0 && asked[0] && (
          <button
            type="button"
            className="btn big pri"
            data-testid={testids.importButton}
            disabled={busy !== null}
            onClick={() => start(asked)}
          >
            {asked.length === 1 ? consents[asked[0]] : 'Resample and import'}
          </button>
        )}
        <button type="button" className="btn big" onClick={() => void askAndOpen()}>
          <FolderOpen {...icon} />
          Other folder
        </button>
        <span className="grow" />
        <span className="cap xl">Findings stay in the journal and in the report.</span>
      </div>
    </>
  );
}

function Reading() {
  return (
    <section className="gate" aria-busy="true" aria-label="Reading">
      <Verdict of="info" title="Reading the folder">
        Headers and one picture of each series. Nothing is written; Cancel is in the status line below.
      </Verdict>
      <div className="card stack" style={{ padding: 18 }} aria-hidden="true">
        {[46, 62, 54, 30].map((w) => (
          <div key={w} className="skel" style={{ width: `${w}%` }} />
        ))}
      </div>
    </section>
  );
}

/** The chosen series as a picture, and what was found in the folder besides. */
function Side({ series, findings }: { series: SeriesSummary; findings: Finding[] }) {
  return (
    <aside className="side pside" aria-label="Picture and findings">
      <div className="slice" style={{ height: 230, display: 'grid', placeItems: 'center' }}>
        <Thumbnail of={series.thumbnail} label={`Picture of ${series.description}`} />
      </div>
      <Section title="Findings" end={<span className="cap num">{findings.length > 0 ? findings.length : ''}</span>}>
        <div className="pad stack">
          {findings.length === 0 && <span>Nothing was left out of this folder.</span>}
          {findings.map((f) => (
            <Note key={`${f.text}${f.path}`} of="info" title={f.text} code={f.code}>
              {f.path && <span className="cap selectable">{f.path.split(/[\\/]/).at(-1)}</span>}
            </Note>
          ))}
        </div>
      </Section>
    </aside>
  );
}

/** The series of a folder with what speaks for and against each, and the button that imports the chosen one. */
export function SeriesPicker() {
  const { result, reading, refusal, selected, paths } = useScan();
  const imported = useCase((s) => s.state !== null);
  const series = result?.series.find((s) => s.seriesInstanceUid === selected) ?? null;
  const reasons = refusal
    ? refusal.reasons.length > 0
      ? refusal.reasons
      : [{ code: refusal.code, message: refusal.detail }]
    : (result?.reasons ?? []);
  const back = () => {
    forgetScan();
    if (!imported) useWorkspace.getState().set({ step: null });
  };
  return (
    <div className="prep">
      <section className="col" aria-label="Series">
        <header>
          <h2>Series</h2>
          <span className="cap num">{result ? `${result.series.length} found` : reading ? 'reading' : ''}</span>
        </header>
        <div className="ser-list">
          {result?.series.map((s) => (
            <SeriesRow key={s.seriesInstanceUid} series={s} selected={s.seriesInstanceUid === selected} />
          ))}
          {reading &&
            [0, 1, 2].map((n) => (
              <div key={n} className="ser" aria-hidden="true">
                <span className="thumb" />
                <span className="grow stack">
                  <span className="skel" style={{ width: '70%' }} />
                  <span className="skel" style={{ width: '50%' }} />
                </span>
              </div>
            ))}
        </div>
        <div className="cap" style={{ padding: '12px 14px', marginTop: 'auto' }}>
          {imported ? (
            <button type="button" className="btn ghost" onClick={back}>
              Back to the open case
            </button>
          ) : (
            <span className="clip selectable" style={{ display: 'block' }} title={paths.join('\n')}>
              {paths[0]}
            </span>
          )}
        </div>
      </section>
      {reading ? (
        <Reading />
      ) : (
        <section className="gate" aria-label="Chosen series">
          {series ? (
            <Chosen key={series.seriesInstanceUid} series={series} />
          ) : (
            <>
              {paths.length > 0 ? (
                <Verdict of="bad" title="Nothing here can be imported" counts={[{ of: 'bad', n: reasons.length }]}>
                  Nothing was written.
                </Verdict>
              ) : (
                <Verdict of="unknown" title="No folder is open">
                  Open a folder with a CT or MR series.
                </Verdict>
              )}
              {paths.length > 0 && reasons.length === 0 && (
                <Note of="bad" edge title="No image series was found">
                  Choose another folder, or the folder above or below it.
                </Note>
              )}
              {reasons.map((r) => (
                <Note key={r.message} of="bad" edge title={r.message} code={r.code}>
                  {refusal?.remedy ?? 'Choose another folder, or the folder above or below it.'}
                </Note>
              ))}
              <div className="acts">
                <button type="button" className="btn big pri" onClick={() => void askAndOpen()}>
                  <FolderOpen {...icon} />
                  {paths.length > 0 ? 'Other folder' : 'Open folder'}
                </button>
                <button type="button" className="btn big" onClick={back}>
                  Back
                </button>
              </div>
            </>
          )}
        </section>
      )}
      {series && !reading && <Side series={series} findings={result?.findings ?? []} />}
    </div>
  );
}
