import { ArrowRight } from 'lucide-react';
import { useMemo } from 'react';
import type { CaseSeries } from '../../../contract/case.ts';
import { Note } from '../../design/Note.tsx';
import { fixed, hu, spacing } from '../../design/numbers.ts';
import { Section } from '../../design/Section.tsx';
import { StatusIcon } from '../../design/Status.tsx';
import { icon } from '../../frame/step-names.tsx';
import { acknowledge } from '../../stores/acts.ts';
import { showSeries, useCase } from '../../stores/case.ts';
import { rebin, useHistogram } from '../../stores/histogram.ts';
import { tellProblem } from '../../stores/notices.ts';
import { useScan } from '../../stores/scan.ts';
import { useViewer } from '../../stores/viewer.ts';
import { useWorkspace } from '../../stores/workspace.ts';
import { testids } from '../../testids.ts';
import { gapsMm, geometryRows } from './geometry-words.ts';
import { Thumbnail } from './Thumbnail.tsx';
import { Verdict } from './Verdict.tsx';
import { VolumeSlice } from './VolumeSlice.tsx';
import { volumeThumbnail } from './volume-thumbnail.ts';

/** One tick a slice, at its true place: a gap shows as a gap. */
function SliceTicks({ positions }: { positions: number[] }) {
  const low = Math.min(...positions);
  const span = Math.max(...positions) - low || 1;
  const width = Math.max(0.5, Math.min(3, (281 / positions.length) * 0.62));
  return (
    <svg className="ticks" viewBox="0 0 284 30" preserveAspectRatio="none" role="img" aria-label={`${positions.length} slice positions`}>
      {positions.map((p) => (
        <rect key={p} x={((p - low) / span) * (284 - width)} y="4" width={width} height="22" rx=".5" fill="#6d747f" />
      ))}
    </svg>
  );
}

function Values({ units }: { units: string }) {
  const histogram = useHistogram((s) => s.histogram);
  if (!histogram) return <div className="pad cap">counting values</div>;
  const from = Math.max(histogram.minimum, -1100);
  const to = Math.max(from + 10, Math.min(histogram.maximum, units === 'HU' ? 2200 : histogram.maximum));
  const sums = rebin(histogram, from, to, 120).map(Math.sqrt);
  const top = [...sums].sort((a, b) => b - a)[2] || 1;
  const path = sums.map((s, n) => `L${(n / 119) * 300} ${44 - Math.min(1, s / top) * 42}`).join('');
  const marks = units === 'HU' ? [-1000, 0, 1000, 2000].filter((v) => v > from && v < to) : [];
  return (
    <div className="pad">
      <svg viewBox="0 0 300 60" style={{ width: '100%', display: 'block' }} role="img" aria-label="Histogram of the values">
        <path d={`M0 44${path}L300 44Z`} fill="var(--bg-5)" />
        <path d="M0 44.5H300" stroke="var(--line-2)" />
        {marks.map((v) => (
          <text
            key={v}
            x={((v - from) / (to - from)) * 300}
            y="57"
            fontSize="10.5"
            fill="var(--text-3)"
            textAnchor={(v - from) / (to - from) < 0.06 ? 'start' : (v - from) / (to - from) > 0.94 ? 'end' : 'middle'}
          >
            {hu(v)}
          </text>
        ))}
      </svg>
      <div className="row num" style={{ justifyContent: 'space-between' }}>
        <span className="cap">lowest {hu(histogram.minimum)}</span>
        <span className="cap">
          highest {hu(histogram.maximum)} {units}
        </span>
      </div>
    </div>
  );
}

function Side({ series }: { series: CaseSeries }) {
  const gaps = gapsMm(series.slicePositionsMm);
  const even = !gaps || gaps.most - gaps.least < 0.001;
  return (
    <aside className="side pside" aria-label="The volume">
      <VolumeSlice />
      <Section
        title="Geometry"
        end={
          <span className={series.resampled ? 'tag s-warn' : 'tag s-ok'}>
            <StatusIcon of={series.resampled ? 'warn' : 'ok'} size={12} silent />
            {series.resampled ? 'resampled' : 'exact'}
          </span>
        }
      >
        <div className="pad">
          <SliceTicks positions={series.slicePositionsMm} />
          <div className="row num" style={{ justifyContent: 'space-between' }}>
            <span className="cap">slice 1</span>
            <span className="cap">
              {series.dimensions[2]} slices{gaps && even ? `, every gap ${fixed(gaps.most, 3)} mm` : ''}
            </span>
            <span className="cap">{series.dimensions[2]}</span>
          </div>
        </div>
      </Section>
      <Section title={series.voxels.units === 'HU' ? 'HU in the volume' : 'Values in the volume'}>
        <Values units={series.voxels.units} />
      </Section>
    </aside>
  );
}

/** After the import: geometry as decided, findings, and the warnings that someone has to acknowledge once. */
export function ImportReport() {
  const { state, series: shown, busy } = useCase();
  const thumbnails = useScan((s) => s.thumbnails);
  const volume = useViewer((s) => s.volume);
  const own = useMemo(() => volume && volumeThumbnail(volume, useViewer.getState().window), [volume]);
  if (!state) return null;
  const series = state.series.find((s) => s.seriesInstanceUid === shown) ?? state.series[0];
  const report = state.importReport;
  const open = state.unacknowledged;
  const known = (report?.warnings ?? []).filter((w) => !open.some((o) => o.code === w.code && o.message === w.message));
  const goOn = () => useWorkspace.getState().set({ step: 'segment' });
  return (
    <div className="prep" data-testid={testids.importReport}>
      <section className="col" aria-label="Series">
        <header>
          <h2>Series</h2>
          <span className="cap num">{state.series.length} in the case</span>
        </header>
        <div className="ser-list">
          {state.series.map((s) => (
            <button
              key={s.seriesInstanceUid}
              type="button"
              className={s === series ? 'ser on' : 'ser'}
              aria-pressed={s === series}
              data-testid={testids.seriesRow}
              data-uid={s.seriesInstanceUid}
              onClick={() => showSeries(s.seriesInstanceUid).catch((cause) => tellProblem('Loading the series', cause))}
            >
              <Thumbnail
                of={thumbnails[s.seriesInstanceUid] ?? (own && volume?.seriesInstanceUid === s.seriesInstanceUid ? own : null)}
                label={`Thumbnail of ${s.description}`}
              />
              <span className="grow">
                <b className="clip" style={{ display: 'block' }}>
                  {s.description || 'Without description'}
                </b>
                <span className="clip num" style={{ display: 'block' }}>
                  {s.dimensions.join(' × ')} · {spacing(s.spacingMm[2])} mm
                </span>
                <span className="cap clip" style={{ display: 'block' }}>
                  {[s.modality, s.voxels.units].filter(Boolean).join(' · ')}
                </span>
              </span>
            </button>
          ))}
        </div>
        <div className="cap selectable" style={{ padding: '12px 14px', marginTop: 'auto', overflowWrap: 'anywhere' }}>
          {state.folder}
        </div>
      </section>
      <section className="gate" aria-label="Import report">
        <Verdict
          of={open.length > 0 ? 'warn' : 'ok'}
          title={open.length > 0 ? 'Imported with warnings' : 'Imported'}
          counts={[
            { of: 'ok', n: known.length },
            { of: 'warn', n: open.length },
            { of: 'info', n: report?.findings.length ?? 0 },
          ]}
        >
          {series?.resampled
            ? 'The slices were resampled to an even grid, with your consent.'
            : 'Geometry is exact: it was decided from the slice positions alone.'}
          {open.length > 0 && ' Acknowledge the warnings once; they stay in the journal and in every export.'}
        </Verdict>
        {open.map((w) => (
          <Note key={`${w.code}${w.message}`} of="warn" edge title={w.message} code={w.code} />
        ))}
        {series && (
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
        )}
        {((report?.findings.length ?? 0) > 0 || known.length > 0) && (
          <div className="card">
            <header>
              <h2>Findings</h2>
              <span className="cap">kept in the journal</span>
            </header>
            <div className="stack" style={{ padding: 14 }}>
              {known.map((w) => (
                <Note key={`${w.code}${w.message}`} of="ok" title={w.message} code={w.code}>
                  acknowledged
                </Note>
              ))}
              {report?.findings.map((f, n) => (
                <Note key={n} of="info" title={f.text} code={f.code}>
                  {f.path && <span className="cap selectable">{f.path}</span>}
                </Note>
              ))}
            </div>
          </div>
        )}
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
      {series && <Side series={series} />}
    </div>
  );
}
