import type { AcquisitionCheck, ScanQuality } from '../../../contract/acquisition.ts';
import { count, hu, significant } from '../../design/numbers.ts';
import { StatusIcon } from '../../design/Status.tsx';
import { testids } from '../../testids.ts';
import { judgementOf } from './judgement-words.ts';
import { boneFromHu, histogramPath, motionWords, qualityFigures, shownRange, valueMarks } from './quality-figures.ts';

const tags = { ok: 's-ok', warn: 's-warn', bad: 's-bad', unknown: 's-unk', info: 's-info' };
const verdicts = { meets: 'plausible', warning: 'with warnings', unusable: 'not plausible', unknown: 'not measured' };

function Histogram({ quality, isHu }: { quality: ScanQuality; isHu: boolean }) {
  const { from, to, counts } = shownRange(quality.histogram);
  const percent = (value: number) => ((value - from) / (to - from)) * 100;
  const marks = isHu ? valueMarks(quality).filter((m) => m.value > from && m.value < to) : [];
  const bone = isHu && boneFromHu > from && boneFromHu < to ? percent(boneFromHu) : null;
  const total = quality.histogram.counts.reduce((a, b) => a + b, 0);
  return (
    <div className="histogram">
      <svg viewBox="0 0 1000 100" preserveAspectRatio="none" role="img" aria-label={`Histogram of ${count(total)} voxels`}>
        {bone !== null && <rect x={bone * 10} y="0" width={1000 - bone * 10} height="100" fill="var(--bg-3)" />}
        <path d={histogramPath(counts)} fill="#565c67" />
        {marks.map((m) => (
          <line key={m.words} x1={percent(m.value) * 10} x2={percent(m.value) * 10} y1="0" y2="100" />
        ))}
      </svg>
      <div className="axis num">
        {marks.map((m) => (
          <span
            key={m.words}
            style={m.side === 'start' ? { left: `${Math.max(0, percent(m.value) - 0.5)}%` } : { right: `${100 - percent(m.value)}%` }}
          >
            {m.words}
          </span>
        ))}
        {bone !== null && <span style={{ right: 0 }}>bone, {hu(boneFromHu)} HU and above</span>}
        {!isHu && (
          <>
            <span style={{ left: 0 }}>{significant(from)}</span>
            <span style={{ right: 0 }}>{significant(to)}</span>
          </>
        )}
      </div>
    </div>
  );
}

/** Image quality as measured in the voxels (7.3): the values, noise, edges, metal, motion, and what could not be measured. */
export function Quality({
  check,
  without = 'Nothing could be measured in this series.',
}: {
  check: AcquisitionCheck;
  /** What is said where there is no measurement. */
  without?: string;
}) {
  const { quality } = check;
  const { shape } = judgementOf(check.qualityJudgement);
  const isHu = check.profile.modality === 'CT';
  return (
    <section className="card" aria-label="Image quality" data-testid={testids.quality} data-judgement={check.qualityJudgement}>
      <header>
        <h2>Image quality</h2>
        <span className="cap xl">measured, clause 7.3</span>
        <span className={`tag ${tags[shape]}`}>
          <StatusIcon of={shape} size={12} silent />
          {verdicts[check.qualityJudgement]}
        </span>
      </header>
      {quality ? (
        <div className="quality">
          <Histogram quality={quality} isHu={isHu} />
          <dl className="num">
            {qualityFigures(quality, isHu ? 'HU' : 'intensity').map((f) => (
              <div key={f.name}>
                <dt>{f.name}</dt>
                <dd>
                  {f.value} {f.unit && <u>{f.unit}</u>}
                </dd>
              </div>
            ))}
          </dl>
          {(quality.notes.length > 0 || quality.motion.hint) && (
            <ul className="cap quality-notes">
              {quality.motion.hint && <li>{motionWords(quality.motion.slices)}</li>}
              {quality.notes.map((n) => (
                <li key={n}>{n}</li>
              ))}
            </ul>
          )}
        </div>
      ) : (
        <p style={{ padding: '10px 14px' }}>{without}</p>
      )}
    </section>
  );
}
