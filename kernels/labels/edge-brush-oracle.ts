import { lpsToIndex, type Triple } from '../volume/geometry.ts';
import { brushFootprint } from './brush-oracle.ts';
import { type EdgeBrushSegment, stationsOf } from './edge-brush.ts';

/**
 * Slow twin of `paintEdgeSegment` for tests: at every station the footprint by asking the whole grid, then the set grown neighbour by
 * neighbour until nothing joins. Answers the voxels that the segment takes, whatever mask, gate and masks say. Spheres, and circles whose
 * path lies in their plane. Cost: stations times the grid, many times.
 */
export function edgeFootprint(brush: EdgeBrushSegment): Set<number> {
  const { geometry: g, values, fromLps, toLps, edgeHu } = brush;
  const [nx, ny] = g.dimensions;
  const along = toLps.map((v, n) => v - fromLps[n]) as Triple;
  const stations = stationsOf(brush, along);
  const taken = new Set(brushFootprint({ ...brush, shape: 'sphere', diameterMm: 1e-9 }));
  for (let n = stations === 0 ? 0 : 1; n <= stations; n++) {
    const t = stations === 0 ? 0 : n / stations;
    const centre = fromLps.map((v, m) => v + t * along[m]) as Triple;
    const cell = lpsToIndex(g, ...centre).map((v) => Math.floor(v + 0.5));
    if (cell.some((v, m) => v < 0 || v >= g.dimensions[m])) continue;
    const seed = (cell[2] * ny + cell[1]) * nx + cell[0];
    const free = new Set(
      brushFootprint({ ...brush, fromLps: centre, toLps: centre }).filter((v) => Math.abs(values[v] - values[seed]) <= edgeHu),
    );
    const joined = new Set([seed]);
    for (let grown = true; grown; ) {
      grown = false;
      for (const v of free) {
        if (joined.has(v)) continue;
        const i = v % nx;
        const j = Math.floor(v / nx) % ny;
        const beside = [i > 0 && v - 1, i < nx - 1 && v + 1, j > 0 && v - nx, j < ny - 1 && v + nx, v - nx * ny, v + nx * ny];
        if (!beside.some((w) => w !== false && joined.has(w))) continue;
        joined.add(v);
        grown = true;
      }
    }
    for (const v of joined) taken.add(v);
  }
  return taken;
}
