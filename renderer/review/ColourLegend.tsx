import { useMemo } from 'react';
import { fixed, significant } from '../design/numbers.ts';
import { testids } from '../testids.ts';
import { type MeshColours, placeOn, rebin } from './colour-scale.ts';
import type { Rgb } from './ramp.ts';

const heightPx = 168;
const bins = 28;
const barPx = 34;

const css = (colours: Rgb[]) => `linear-gradient(0deg, ${colours.map((rgb) => `rgb(${rgb.join(' ')})`).join(', ')})`;
/** As many decimals as the scale asks for. */
const figure = (mm: number, highMm: number) => fixed(mm, highMm >= 10 ? 0 : highMm >= 1 ? 1 : 2);

/** Ticks on the scale, from high to low; the ends say where values go on. */
function ticks({ kind, scale, minMm, maxMm }: MeshColours): { mm: number; words: string }[] {
  const { lowMm, highMm } = scale;
  if (kind === 'deviation')
    return [
      { mm: highMm, words: `${maxMm > highMm ? 'over ' : ''}+${figure(highMm, highMm)}` },
      { mm: 0, words: '0' },
      { mm: lowMm, words: `${minMm < lowMm ? 'under ' : ''}${figure(lowMm, highMm)}` },
    ];
  return [1, 2 / 3, 1 / 3, 0].map((share) => ({
    mm: highMm * share,
    words: `${figure(highMm * share, highMm)}${share === 1 && maxMm > highMm ? '+' : ''}`,
  }));
}

/** How much of the surface lies beyond the high end of the scale, in words. */
function beyond({ histogram: { fromMm, toMm, areaMm2 }, scale: { highMm } }: MeshColours): string {
  const width = (toMm - fromMm) / areaMm2.length;
  const sum = (areas: number[]) => areas.reduce((a, b) => a + b, 0);
  const all = sum(areaMm2);
  const share = all > 0 ? sum(areaMm2.filter((_, n) => fromMm + (n + 0.5) * width > highMm)) / all : 0;
  return share < 0.005 ? 'bars: surface' : `${fixed(share * 100, 0)} % over ${figure(highMm, highMm)} mm`;
}

/** What the colours mean: scale in mm, how much surface has which value, and the printer's limit as a line. */
export function ColourLegend({ colours, ramp }: { colours: MeshColours; ramp: Rgb[] }) {
  const { kind, scale, limitMm } = colours;
  const areas = useMemo(() => rebin(colours.histogram, scale, bins), [colours.histogram, scale]);
  // The ends hold what lies beyond the scale, often most of it: the bars between them are to be read.
  const most = Math.max(...areas.slice(1, -1), 1e-9);
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
            return <rect key={n} x={0} y={heightPx - (n + 1) * h + 0.5} width={Math.min(1, area / most) * barPx} height={h - 1} rx={1} />;
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
      <span className="cap">{kind === 'thickness' ? beyond(colours) : 'above 0: outside of the mask'}</span>
    </figure>
  );
}
