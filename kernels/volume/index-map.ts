import { indexToLps, lpsToIndex, type Triple, type VolumeGeometry } from './geometry.ts';

/** How an index of one grid reads on another: other = origin + map * index, `map` row by row. */
export interface IndexMap {
  origin: Triple;
  map: Float64Array;
}

/** The map from the indices of one grid to those of another, both LPS mm. Throws RangeError on a grid without volume. */
export function indexMap(of: VolumeGeometry, onto: VolumeGeometry): IndexMap {
  const place = (i: number, j: number, k: number): Triple => lpsToIndex(onto, ...indexToLps(of, i, j, k));
  const origin = place(0, 0, 0);
  const map = new Float64Array(9);
  const axes: Triple[] = [place(1, 0, 0), place(0, 1, 0), place(0, 0, 1)];
  for (let a = 0; a < 3; a++) for (let r = 0; r < 3; r++) map[3 * r + a] = axes[a]![r]! - origin[r]!;
  // Grids that share their axes meet exactly: what is left of the last digits would only blur.
  const clean = (v: number) => (Math.abs(v - Math.round(v)) < 1e-6 ? Math.round(v) : v);
  return { origin: [clean(origin[0]), clean(origin[1]), clean(origin[2])], map: map.map(clean) };
}
