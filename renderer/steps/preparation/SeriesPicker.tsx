import { FolderOpen } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import type { ScanResult, SeriesSummary } from '../../../contract/volume.ts';
import { Note } from '../../design/Note.tsx';
import { count, dicomDate } from '../../design/numbers.ts';
import { askAndOpen } from '../../frame/ask-path.ts';
import { icon } from '../../frame/step-names.tsx';
import { type CheckSource, dropCheck, showCheck, useAcquisition, useCheckOf } from '../../stores/acquisition.ts';
import { importAll, importSeries } from '../../stores/acts.ts';
import { useCase } from '../../stores/case.ts';
import { useProfiles } from '../../stores/profiles.ts';
import { forgetScan, select, useScan } from '../../stores/scan.ts';
import { useWorkspace } from '../../stores/workspace.ts';
import { testids } from '../../testids.ts';
import { CheckFindings } from './CheckFindings.tsx';
import { Conditions } from './Conditions.tsx';
import { GeometryForecast } from './GeometryStrip.tsx';
import { badgeOf, gateOf, importWords, originWords, sizeWords, verdictOf } from './gate-words.ts';
import { isVolumeFile } from './geometry-words.ts';
import { importAllWords } from './import-all.ts';
import { countJudgements, otherFindings } from './judgement-words.ts';
import { KernelFacts } from './KernelFacts.tsx';
import { Quality } from './Quality.tsx';
import { type SeriesItem, SeriesList } from './SeriesList.tsx';
import { Thumbnail } from './Thumbnail.tsx';
import { Verdict } from './Verdict.tsx';
import { WallTrust } from './WallTrust.tsx';

const titleOf = (s: SeriesSummary) => s.description || 'Without description';

/** A series that the import refuses, or that is no volume, is not examined: its verdict stands. */
const examined = (s: SeriesSummary) => !['no volume', 'refused'].includes(gateOf(s).state);

function SeriesFacts({ series }: { series: SeriesSummary }) {
  const rows: [string, string][] = [
    ['Description', series.description],
    ['Modality', series.modality],
    ['Patient', series.patientName],
    ['Study', dicomDate(series.studyDate)],
  ];
  return (
    <section className="card" aria-label="Series">
      <header>
        <h2>Series</h2>
        <span className="cap">as the headers say</span>
      </header>
      <dl className="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="selectable">{value || 'not in the header'}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Chosen({ series, source }: { series: SeriesSummary; source: CheckSource }) {
  const paths = useScan((s) => s.paths);
  const found = useScan((s) => s.result?.series);
  const busy = useCase((s) => s.busy);
  const { check } = useCheckOf(source);
  const all = importAllWords(found ?? []);
  const gate = gateOf(series);
  const words = importWords(series);
  const shown = examined(series) ? check : null;
  const verdict = verdictOf(series, shown);
  const begin = (work: () => Promise<void>) => {
    dropCheck();
    void work().then(() => {
      // Still here: the import was refused or stopped. Entering the case forgets the folder.
      if (examined(series) && useScan.getState().selected === series.seriesInstanceUid) showCheck(source, series.modality);
    });
  };
  const start = () => {
    if (words) begin(() => importSeries({ paths, folder: null, seriesInstanceUid: series.seriesInstanceUid, allow: words.allow }));
  };
  return (
    <>
      <Verdict
        of={verdict.of}
        title={verdict.title}
        counts={
          shown
            ? countJudgements(shown.rows)
            : [
                { of: 'warn', n: series.warnings.length },
                { of: 'bad', n: series.reasons.length },
              ]
        }
      >
        {verdict.text}
      </Verdict>
      {series.reasons.map((r) => (
        <Note key={`${r.code}${r.message}`} of="bad" edge title={r.message} code={r.code}>
          {gate.state === 'asks'
            ? 'Import it resampled with the button below, or choose another series.'
            : 'Choose another series, or export the slices again from the scanner.'}
        </Note>
      ))}
      {series.warnings.map((w) => (
        <Note key={`${w.code}${w.message}`} of="warn" edge title={w.message} code={w.code}>
          {words && 'You are asked to acknowledge this once after the import.'}
        </Note>
      ))}
      {examined(series) && <Conditions source={source} modality={series.modality} />}
      {shown && (
        <Quality
          check={shown}
          without={gate.state === 'asks' ? 'The voxels are measured when they are read: after your consent.' : undefined}
        />
      )}
      <SeriesFacts series={series} />
      <div className="acts">
        {words && (
          <button type="button" className="btn big pri" data-testid={testids.importButton} disabled={busy !== null} onClick={start}>
            {words.text}
          </button>
        )}
        {all && (
          <button
            type="button"
            className="btn big"
            data-testid={testids.importAll}
            disabled={busy !== null || all.refusal !== null}
            aria-describedby={all.refusal ? 'import-all-refusal' : undefined}
            onClick={() => begin(importAll)}
          >
            {all.text}
          </button>
        )}
        <button type="button" className="btn big" onClick={() => void askAndOpen()}>
          <FolderOpen {...icon} />
          Other folder
        </button>
        {all?.refusal ? (
          <span className="cap grow" id="import-all-refusal" data-testid={testids.importAllRefusal}>
            {all.refusal}
          </span>
        ) : (
          <>
            <span className="grow" />
            <span className="cap xl">Findings stay in the journal and in the report.</span>
          </>
        )}
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

/** The chosen series as a picture, what can be trusted in it, its geometry, and what was found in the folder besides. */
function Side({ series, source, result }: { series: SeriesSummary; source: CheckSource | null; result: ScanResult }) {
  const { check } = useCheckOf(source);
  const shown = examined(series) ? check : null;
  return (
    <aside className="side pside" aria-label="Picture and findings">
      <div className="slice picture">
        <Thumbnail of={series.thumbnail} label={`Middle slice of ${titleOf(series)}`} />
        <span className="tl plain">{series.dimensions[2] > 1 ? 'Middle slice' : 'The image'}</span>
      </div>
      {shown && <WallTrust check={shown} />}
      <GeometryForecast series={series} oneGrid={source?.of === 'files' && isVolumeFile(source.paths)} />
      {shown && <KernelFacts check={shown} />}
      <CheckFindings sentences={shown ? otherFindings(shown) : []} findings={result.findings} />
    </aside>
  );
}

function Refused({ back }: { back: () => void }) {
  const { result, refusal, paths } = useScan();
  const reasons = refusal
    ? refusal.reasons.length > 0
      ? refusal.reasons
      : [{ code: refusal.code, message: refusal.detail }]
    : (result?.reasons ?? []);
  return (
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
  );
}

/** The series of a folder with what speaks for and against each, the gate of the chosen one, and the button that imports it. */
export function SeriesPicker() {
  const { result, reading, selected, paths } = useScan();
  const imported = useCase((s) => s.state !== null);
  const kernels = useAcquisition((s) => s.kernels);
  const edition = useProfiles((s) => s.edition);
  const series = result?.series.find((s) => s.seriesInstanceUid === selected) ?? null;
  // The check reads the series' own files; the import reads all that was opened, so that its report tells every file.
  const own = series?.paths ?? paths;
  const source = useMemo<CheckSource | null>(
    () => (selected === null ? null : { of: 'files', paths: own, uid: selected }),
    [own, selected],
  );
  const modality = series?.modality ?? '';
  const check = series !== null && examined(series);
  useEffect(() => {
    if (source && check) showCheck(source, modality);
    else dropCheck();
  }, [source, check, modality, edition]);
  useEffect(() => dropCheck, []);
  const items = useMemo<SeriesItem[]>(
    () =>
      (result?.series ?? []).map((s) => ({
        uid: s.seriesInstanceUid,
        title: titleOf(s),
        size: sizeWords(s),
        origin: originWords(s, kernels[s.seriesInstanceUid]),
        badge: badgeOf(s),
        thumbnail: s.thumbnail,
      })),
    [result, kernels],
  );
  const back = () => {
    forgetScan();
    if (!imported) useWorkspace.getState().set({ step: null });
  };
  return (
    <div className="prep">
      <section className="col" aria-label="Series">
        <header>
          <h2>Series</h2>
          <span className="cap num">{result ? `${count(result.series.length)} found` : reading ? 'reading' : ''}</span>
        </header>
        <SeriesList items={items} selected={selected} onSelect={select}>
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
        </SeriesList>
        <div className="cap col-foot">
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
          {series && source ? <Chosen series={series} source={source} /> : <Refused back={back} />}
        </section>
      )}
      {series && result && !reading && <Side series={series} source={source} result={result} />}
    </div>
  );
}
