/** Distances on a grid of sections and angles around an axis, mm; NaN: unknown. Angles are fastest and go round. */
export interface RadiiGrid {
  radii: Float32Array;
  sections: number;
  angles: number;
  stepMm: number;
}

/** A radius that lies this far outside of its closed surroundings is a hole in the wall. */
const holeMm = 1;
/** How much a narrowing orbit may widen from one section to the next. */
const slackMm = 0.1;
const rounds = 600;

/** Least or greatest of a window that is `mm` wide along the axis and around it. */
function windowed(grid: RadiiGrid, mm: number, pick: (a: number, b: number) => number, reach: Float32Array): Float32Array {
  const { radii, sections, angles, stepMm } = grid;
  const half = Math.round(mm / 2 / stepMm);
  const along = new Float32Array(radii.length);
  for (let n = 0; n < sections; n++)
    for (let t = 0; t < angles; t++) {
      let v = radii[n * angles + t]!;
      for (let m = Math.max(0, n - half); m <= Math.min(sections - 1, n + half); m++) v = pick(v, radii[m * angles + t]!);
      along[n * angles + t] = v;
    }
  const out = new Float32Array(radii.length);
  for (let n = 0; n < sections; n++) {
    // As many angles as fit into half the width at this section's own size; never more than a third of the way round.
    const wide = Math.min(Math.floor(angles / 6), Math.round((mm / 2 / Math.max(1, reach[n]!)) * (angles / (2 * Math.PI))));
    for (let t = 0; t < angles; t++) {
      let v = along[n * angles + t]!;
      for (let u = t - wide; u <= t + wide; u++) v = pick(v, along[n * angles + ((u + angles) % angles)]!);
      out[n * angles + t] = v;
    }
  }
  return out;
}

/** Median radius of each section; unknown ones do not count. */
function medians({ radii, sections, angles }: RadiiGrid): Float32Array {
  return Float32Array.from({ length: sections }, (_, n) => {
    const known = radii
      .slice(n * angles, (n + 1) * angles)
      .filter((v) => !Number.isNaN(v))
      .sort();
    return known.length === 0 ? 1 : known[known.length >> 1]!;
  });
}

/** Behind this section the cavity tapers to its apex. */
const tailSections = 30;

/**
 * Size of each section: the median of its walls where most of them are seen; from the first section on where they are not (the apex, with
 * its fissure and canal), as the line through the last well-seen ones goes on.
 */
function sizes(seen: Uint8Array, { radii, sections, angles }: RadiiGrid, globe: number): { size: Float32Array; tail: number } {
  const size = new Float32Array(sections).fill(Number.NaN);
  let tail = sections;
  let poor = 0;
  for (let n = 0; n < sections; n++) {
    const known = radii
      .slice(n * angles, (n + 1) * angles)
      .filter((_, t) => seen[n * angles + t] === 1)
      .sort();
    if (known.length >= 0.55 * angles) {
      size[n] = known[known.length >> 1]!;
      poor = 0;
    } else if (n > globe && ++poor === 4) {
      tail = n - 3;
      break;
    }
  }
  // A straight line by least squares through the last stretch.
  const at: number[] = [];
  for (let n = Math.max(globe, tail - tailSections); n < tail; n++) if (!Number.isNaN(size[n]!)) at.push(n);
  const mean = at.reduce((sum, n) => sum + n, 0) / Math.max(1, at.length);
  const level = at.length === 0 ? 1 : at.reduce((sum, n) => sum + size[n]!, 0) / at.length;
  const spread = at.reduce((sum, n) => sum + (n - mean) ** 2, 0);
  const slope = spread > 0 ? Math.min(0, at.reduce((sum, n) => sum + (n - mean) * (size[n]! - level), 0) / spread) : 0;
  let known = level;
  for (let n = sections - 1; n >= 0; n--) {
    if (n >= tail) size[n] = Math.max(0.1, level + slope * (n - mean));
    else if (Number.isNaN(size[n]!)) size[n] = known;
    known = size[n]!;
  }
  return { size, tail };
}

/**
 * Closes the openings of a wall that is given by its distance from an axis: what no square of `closeMm` rolled along the inside could enter
 * (an opening of the distances, as morphology has it) is a hole, and so is what leaves a narrowing orbit behind the globe. Holes and unknown
 * places are spanned by a membrane from their edges, relative to the size of the section, so that it goes on as a cone at the apex.
 * @param globe section just behind the globe
 * @returns the closed distances, and 1 where a wall was seen
 * Cost: some tens of operations a cell and six hundred rounds over the holes.
 */
export function closeRadii(grid: RadiiGrid, closeMm: number, globe: number): { radii: Float32Array; seen: Uint8Array } {
  const { radii, sections, angles } = grid;
  const far = radii.map((v) => (Number.isNaN(v) ? 1e3 : v));
  const low = windowed({ ...grid, radii: far }, closeMm, Math.min, medians(grid));
  const opened = windowed({ ...grid, radii: low }, closeMm, Math.max, medians(grid));
  const seen = new Uint8Array(radii.length);
  const limit = new Float32Array(angles).fill(1e3);
  for (let n = 0; n < sections; n++)
    for (let t = 0; t < angles; t++) {
      const c = n * angles + t;
      if (far[c]! < 1e3 && far[c]! <= opened[c]! + holeMm && far[c]! <= limit[t]! + holeMm) seen[c] = 1;
      if (n >= globe) limit[t] = Math.min(limit[t]! + slackMm, seen[c] ? far[c]! : limit[t]!);
    }
  const { size, tail } = sizes(seen, grid, globe);
  const share = new Float32Array(radii.length);
  const holes: number[] = [];
  for (let c = 0; c < radii.length; c++) {
    const n = Math.floor(c / angles);
    if (n >= tail && Math.abs(far[c]! - size[n]!) > 0.35 * size[n]!) seen[c] = 0;
    share[c] = seen[c] ? far[c]! / size[n]! : 1;
    if (!seen[c]) holes.push(c);
  }
  for (let round = 0; round < rounds; round++)
    for (const c of holes) {
      const t = c % angles;
      const left = share[t === 0 ? c + angles - 1 : c - 1]!;
      const right = share[t === angles - 1 ? c - angles + 1 : c + 1]!;
      share[c] = (left + right + share[c >= angles ? c - angles : c]! + share[c + angles < share.length ? c + angles : c]!) / 4;
    }
  return { radii: share.map((v, c) => v * size[Math.floor(c / angles)]!), seen };
}
