import type { SeriesSummary } from '../../../contract/volume.ts';
import { fixed, spacing } from '../../design/numbers.ts';
import { Section } from '../../design/Section.tsx';
import { StatusIcon } from '../../design/Status.tsx';
import { uneven } from './gate-words.ts';
import { gapsMm, geometryChecks } from './geometry-words.ts';

const width = 284;

/** One tick a slice, at its true place: a gap shows as a gap. */
export function SliceTicks({ positions }: { positions: readonly number[] }) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const p of positions) {
    low = Math.min(low, p);
    high = Math.max(high, p);
  }
  const span = high - low || 1;
  const tick = Math.max(0.5, Math.min(3, (width / positions.length) * 0.62));
  return (
    <svg
      className="ticks"
      viewBox={`0 0 ${width} 30`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${positions.length} slice positions`}
    >
      {positions.map((p, n) => (
        <rect key={n} x={((p - low) / span) * (width - tick)} y="4" width={tick} height="22" rx=".5" fill="#6d747f" />
      ))}
    </svg>
  );
}

/** The slices at their true places after the import, and what was decided of them. */
export function GeometryStrip({ positions, resampled }: { positions: readonly number[]; resampled: boolean }) {
  const gaps = gapsMm(positions);
  const even = gaps !== null && gaps.most - gaps.least < 0.001;
  return (
    <Section
      title="Geometry"
      end={
        <span className={resampled ? 'tag s-warn' : 'tag s-ok'}>
          <StatusIcon of={resampled ? 'warn' : 'ok'} size={12} silent />
          {resampled ? 'resampled' : 'exact'}
        </span>
      }
    >
      <div className="pad">
        <SliceTicks positions={positions} />
        <div className="row num" style={{ justifyContent: 'space-between' }}>
          <span className="cap">slice 1</span>
          <span className="cap">
            {positions.length} slices
            {gaps && (even ? `, every gap ${fixed(gaps.most, 3)} mm` : `, gaps ${fixed(gaps.least, 2)} to ${fixed(gaps.most, 2)} mm`)}
          </span>
          <span className="cap">{positions.length}</span>
        </div>
      </div>
    </Section>
  );
}

/** Before the import: what the slice positions, or the one grid of a file, say of tilt, gaps and duplicates. */
export function GeometryForecast({ series, oneGrid }: { series: SeriesSummary; oneGrid: boolean }) {
  const { dimensions, spacingMm } = series;
  const axes = uneven(series) ? [0, 1] : [0, 1, 2];
  const along = (print: (mm: number, axis: number) => string) => axes.map((axis) => print(spacingMm?.[axis] ?? 0, axis)).join(' × ');
  return (
    <Section title="Geometry" end={<span className="cap">{oneGrid ? 'as the file states it' : 'from the slice positions'}</span>}>
      <div className="fact">
        <span>Matrix</span>
        <span>{dimensions.join(' × ')}</span>
      </div>
      <div className="fact">
        <span>{uneven(series) ? 'Pixels' : 'Spacing'}</span>
        <span>
          {spacingMm ? (
            <>
              {along((mm) => spacing(mm))} <u>mm</u>
            </>
          ) : (
            'not known'
          )}
        </span>
      </div>
      {spacingMm && (
        <div className="fact">
          <span>Field</span>
          <span>
            {along((mm, axis) => fixed((dimensions[axis] ?? 0) * mm, 1))} <u>mm</u>
          </span>
        </div>
      )}
      <ul className="finding-list">
        {geometryChecks(series, oneGrid).map((c) => (
          <li key={c.text}>
            <StatusIcon of={c.of} size={14} silent />
            <span className="grow">{c.text}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
