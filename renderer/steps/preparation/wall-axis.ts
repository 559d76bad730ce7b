/** A wall of the anatomy on the logarithmic axis of millimetres, as shares of the axis; `split` is where trust begins. */
export interface WallBar {
  name: string;
  from: number;
  to: number;
  /** Share of the axis up to which the bar cannot be trusted: `from` for none of it, `to` for all of it. */
  split: number;
  words: string;
}

export interface WallAxis {
  bars: WallBar[];
  /** Share of the axis at which trust begins; null: not known. */
  limit: number | null;
  ticks: { at: number; mm: number }[];
}

const ticksMm = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20];

/**
 * Lays the walls of a profile out beside the thinnest wall that a series can be trusted to show. The axis is logarithmic and ends on
 * ticks, so that a wall half as thick stands as far to the left everywhere.
 * @param walls thicknesses in mm, all positive
 * @param limitMm the thinnest wall to trust, or null where nothing can be said
 */
export function wallAxis(walls: readonly { name: string; thinnestMm: number; thickestMm: number }[], limitMm: number | null): WallAxis {
  const all = [...walls.flatMap((w) => [w.thinnestMm, w.thickestMm]), ...(limitMm === null ? [] : [limitMm])].filter((mm) => mm > 0);
  const least = all.length > 0 ? Math.min(...all) : 0.1;
  const most = all.length > 0 ? Math.max(...all) : 5;
  const low = ticksMm.findLast((t) => t <= least) ?? least;
  const high = ticksMm.find((t) => t >= most && t > low) ?? most * 1.2;
  const share = (mm: number) => Math.min(1, Math.max(0, Math.log(mm / low) / Math.log(high / low)));
  return {
    bars: walls.map((w) => {
      const [thin, thick] = [Math.min(w.thinnestMm, w.thickestMm), Math.max(w.thinnestMm, w.thickestMm)];
      const [from, to] = [share(thin), share(thick)];
      const split = limitMm === null ? from : Math.min(to, Math.max(from, share(limitMm)));
      const range = `${w.name}, ${thin} to ${thick} mm`;
      const trust =
        limitMm === null
          ? 'trust is not known'
          : thick <= limitMm
            ? 'cannot be trusted'
            : thin >= limitMm
              ? 'can be trusted'
              : `can be trusted from ${limitMm} mm`;
      return { name: w.name, from, to, split, words: `${range}: ${trust}` };
    }),
    limit: limitMm === null ? null : share(limitMm),
    ticks: ticksMm.filter((t) => t >= low && t <= high).map((mm) => ({ at: share(mm), mm })),
  };
}
