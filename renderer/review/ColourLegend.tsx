import { useMemo } from 'react';
import { significant } from '../design/numbers.ts';
import { testids } from '../testids.ts';
import { type MeshColours, placeOn, rebin } from './colour-scale.ts';
import type { Rgb } from './ramp.ts';

const heightPx = 168;
const bins = 28;
const barPx = 34;

const css = (colours: Rgb[]) => `linear-gradient(0deg, ${colours.map((rgb) => `rgb(${rgb.join(' ')})`).join(', ')})`;
const signed = (mm: number) => (mm > 0 ? `+${significant(mm)}` : significant(mm));

/** Ticks on the scale, from high to low; the ends say where values go on. */
function ticks({ kind, scale, minMm, maxMm }: MeshColours): { mm: number; words: string }[] {
  const { lowMm, highMm } = scale;
  if (kind === 'deviation')
    return [
      { mm: highMm, words: `${signed(highMm)}${maxMm > highMm ? ' +' : ''}` },
      { mm: 0, words: '0' },
      { mm: lowMm, words: `${signed(lowMm)}${minMm < lowMm ? ' −' : ''}` },
    ];
  return [1, 2 / 3, 1 / 3, 0].map((share) => ({
    mm: highMm * share,
    words: `${significant(highMm * share, 2)}${share === 1 && maxMm > highMm ? '+' : ''}`,
  }));
}

/** What the colours mean: scale in mm, how much surface has which value, and the printer's limit as a line. */
export function ColourLegend({ colours, ramp }: { colours: MeshColours; ramp: Rgb[] }) {
  const { kind, scale, limitMm } = colours;
  const areas = useMemo(() => rebin(colours.histogram, scale, bins), [colours.histogram, scale]);
  const most = Math.max(...areas, 1e-9);
  const at = (mm: number) => heightPx * (1 - placeOn(scale, mm));
  const limitAt = limitMm === null ? null : at(limitMm);
  return (
    <figure className="legend" data-testid={testids.colourLegend} data-kind={kind} data-min={colours.minMm} data-max={colours.maxMm}>
      <figcaption>
        <b>{kind === 'thickness' ? 'Wall thickness' : 'Deviation'}</b> <span className="cap">mm</span>
      </figcaption>
      <div className="legend-body" style={{ height: heightPx }}>
        <i className="legend-ramp" style={{ background: css(ramp.filter((_, n) => n % 8 === 0 || n === ramp.length - 1)) }} />
        <svg width={barPx} height={heightPx} aria-hidden="true">
          {areas.map((area, n) => {
            const h = heightPx / bins;
            return <rect key={n} x={0} y={heightPx - (n + 1) * h + 0.5} width={(area / most) * barPx} height={h - 1} rx={1} />;
          })}
        </svg>
        {ticks(colours)
          .filter(({ mm }) => limitAt === null || Math.abs(at(mm) - limitAt) > 13)
          .map(({ mm, words }) => (
            <span key={words} className="legend-tick num" style={{ top: at(mm) }}>
              {words}
            </span>
          ))}
        {limitAt !== null && (
          <span className="legend-limit num" style={{ top: limitAt }}>
            <i />
            printer {significant(limitMm as number, 2)}
          </span>
        )}
      </div>
      <span className="cap">{kind === 'thickness' ? 'bars: share of the surface' : 'above 0: outside of the mask'}</span>
    </figure>
  );
}
