import type { AcquisitionCheck } from '../../../contract/acquisition.ts';
import { fixed } from '../../design/numbers.ts';
import { Section } from '../../design/Section.tsx';
import { testids } from '../../testids.ts';
import { millimetres } from './quality-figures.ts';
import { wallAxis } from './wall-axis.ts';

const box = { left: 76, width: 206, row: 20, top: 4 };
const place = (share: number) => box.left + share * box.width;

function Axis({ check }: { check: AcquisitionCheck }) {
  const { bars, limit, ticks } = wallAxis(check.walls, check.thinnestWall?.mm ?? null);
  const foot = box.top + Math.max(1, bars.length) * box.row + 2;
  return (
    <svg className="walls" viewBox={`0 0 290 ${foot + 24}`} role="img" aria-label={bars.map((b) => b.words).join('; ')}>
      <defs>
        <pattern id="unseen" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="1" height="7" fill="var(--text-off)" />
        </pattern>
        <pattern id="unseen-wall" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect width="5" height="5" fill="var(--inferred)" />
          <rect width="1.4" height="5" fill="#6d6320" />
        </pattern>
      </defs>
      {limit !== null && (
        <rect x={box.left} y={box.top} width={place(limit) - box.left} height={foot - box.top} fill="url(#unseen)" opacity=".5" />
      )}
      {bars.map((b, n) => {
        const y = box.top + n * box.row + 6;
        return (
          <g key={b.name}>
            <text x="0" y={y + 8} className="wall-name">
              {b.name.length > 14 ? `${b.name.slice(0, 13)}…` : b.name}
              <title>{b.words}</title>
            </text>
            {b.split > b.from && (
              <rect x={place(b.from)} y={y} width={place(b.split) - place(b.from)} height="9" rx="2" fill="url(#unseen-wall)" />
            )}
            {b.to > b.split && <rect x={place(b.split)} y={y} width={place(b.to) - place(b.split)} height="9" rx="2" fill="#e9e0d0" />}
          </g>
        );
      })}
      <line x1={box.left} x2={box.left + box.width} y1={foot} y2={foot} stroke="var(--line-2)" />
      {ticks.map((t) => (
        <g key={t.mm}>
          <line x1={place(t.at)} x2={place(t.at)} y1={foot} y2={foot + 4} stroke="var(--line-3)" />
          <text x={place(t.at)} y={foot + 17} textAnchor="middle">
            {t.mm}
          </text>
        </g>
      ))}
      <text x="0" y={foot + 17}>
        mm
      </text>
      {limit !== null && <line x1={place(limit)} x2={place(limit)} y1="0" y2={foot} stroke="#fff" strokeWidth="1.5" />}
    </svg>
  );
}

/** The thinnest wall that this series can be trusted to show, against the walls of the anatomy; hatched is what it cannot show. */
export function WallTrust({ check }: { check: AcquisitionCheck }) {
  const wall = check.thinnestWall;
  // The profile names no walls and nothing is known of any: the verdict says why.
  if (!wall && check.walls.length === 0) return null;
  return (
    <Section title="Thinnest wall to trust" testid={testids.wallTrust}>
      <div className="pad">
        <div className="one-number">
          {wall ? (
            <>
              <b className="num">{fixed(wall.mm, wall.mm < 0.5 ? 2 : 1)}</b>
              <span>mm</span>
              <span className="cap grow r">
                edge width {millimetres(wall.blurMm)} mm, {wall.basis === 'measured' ? 'measured' : 'from kernel and spacing'}
              </span>
            </>
          ) : (
            <span>Nothing can be said of it for this series; the verdict says why.</span>
          )}
        </div>
        {check.walls.length > 0 && <Axis check={check} />}
        {wall && <p className="cap">{wall.text}</p>}
      </div>
    </Section>
  );
}
