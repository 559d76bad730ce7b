import type { SeriesEntry } from '../../../contract/volume.ts';
import { fieldValue, pixelPoint, type Rendered, type Truth } from './generated-bytes.fixture.ts';
import type { Point } from './generated-scene.fixture.ts';
import { axesOf, dot, type Stack } from './generated-stacks.fixture.ts';

/** An imported volume with its voxels. */
export interface Imported {
  entry: SeriesEntry;
  values: Int16Array | Float32Array;
}

/** A voxel farther than this from where its own header puts it is wrong. */
export const worstMm = 0.05;
export const placeWords = 'a voxel lies';

/** The patient point of a voxel by the entry's geometry. */
export function voxelPoint({ originLps, spacingMm, directionLps: d }: SeriesEntry, i: number, j: number, k: number): Point {
  const [a, b, c] = [i * spacingMm[0], j * spacingMm[1], k * spacingMm[2]];
  return [
    originLps[0] + a * d[0] + b * d[3] + c * d[6],
    originLps[1] + a * d[1] + b * d[4] + c * d[7],
    originLps[2] + a * d[2] + b * d[5] + c * d[8],
  ];
}
const distance = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

export interface PlaceCheck {
  /** What makes the volume wrong. */
  wrong: string[];
  /** Images whose place is in the volume. */
  used: Set<Truth>;
  /** Largest distance of a voxel from where its header puts it. */
  worstMm: number;
}

/**
 * Holds every voxel of a volume that was not resampled against the image at its place: there within 0.05 mm, with that pixel's value.
 * @param straightened the cosines were no unit vectors at right angles, and the import said so
 */
export function placeCheck({ entry, values }: Imported, truths: Truth[], straightened: boolean): PlaceCheck {
  const [columns, rows, count] = entry.dimensions;
  const out: PlaceCheck = { wrong: [], used: new Set(), worstMm: 0 };
  if (values.length !== columns * rows * count) return { ...out, wrong: [`${values.length} voxels for ${entry.dimensions}`] };
  let value = '';
  for (let k = 0; k < count; k++) {
    const corner = voxelPoint(entry, 0, 0, k);
    const truth = truths.reduce((a, b) => (distance(b.position, corner) < distance(a.position, corner) ? b : a));
    const { picture } = truth;
    if (picture.columns !== columns || picture.rows !== rows) return { ...out, wrong: [`matrix ${entry.dimensions}`] };
    out.used.add(truth);
    const own = straightened ? { ...truth, ...axesOf(truth) } : truth;
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) {
        const far = distance(voxelPoint(entry, i, j, k), pixelPoint(own, i, j));
        if (!(far <= out.worstMm)) out.worstMm = far;
        if (truth.padded && i === 0 && j === 0) continue;
        const due = truth.real[j * columns + i] as number;
        const got = values[(k * rows + j) * columns + i] as number;
        if (!(Math.abs(got - due) <= 1e-4 + 2e-7 * Math.abs(due)) && value === '')
          value = `value ${got} instead of ${due} at ${i} ${j} ${k}`;
      }
  }
  // True places alone are not enough: a slanted grid must not pass for a box.
  const d = entry.directionLps;
  const along = entry.spacingMm[2] * Math.max(1, count - 1);
  const slantMm = along * Math.hypot(dot(d.slice(6), d.slice(0, 3)), dot(d.slice(6), d.slice(3, 6)));
  if (!(slantMm <= 0.06)) out.wrong.push(`the last slice lies ${slantMm.toFixed(3)} mm beside the first`);
  if (!(out.worstMm <= worstMm)) out.wrong.push(`${placeWords} ${out.worstMm.toFixed(3)} mm from where its header puts it`);
  if (value !== '') out.wrong.push(value);
  return out;
}

/** Geometry stated finer than its effect on a small matrix shows, for series of even positions. */
export function geometryFaults(entry: SeriesEntry, stack: Stack): string[] {
  const out: string[] = [];
  const first = stack.truths[0] as Truth;
  const near = (what: string, got: readonly number[], due: readonly number[], tolerance: number) => {
    if (!got.every((v, n) => Math.abs(v - (due[n] as number)) <= tolerance)) out.push(`${what} ${got} instead of ${due}`);
  };
  near('dimensions', entry.dimensions, [first.picture.columns, first.picture.rows, stack.at.length], 0);
  near('spacing', entry.spacingMm, [first.columnSpacingMm, first.rowSpacingMm, stack.stepMm], 1e-3);
  near('origin', entry.originLps, first.position, 1e-3);
  near('row', entry.directionLps.slice(0, 3), stack.axes.row, 1e-4);
  near('column', entry.directionLps.slice(3, 6), stack.axes.column, 1e-4);
  if (entry.slicePositionsMm.length !== stack.at.length) out.push(`${entry.slicePositionsMm.length} slice positions`);
  else {
    const from = (entry.slicePositionsMm[0] as number) - (stack.at[0] as number);
    near('slice positions', entry.slicePositionsMm, stack.at.map((v) => v + from), 2e-3); // biome-ignore format: one line
  }
  if (entry.resampled) out.push('resampled without need');
  return out;
}

export interface FieldCheck {
  wrong: string[];
  /** Voxels between acquired planes that were compared. */
  compared: number;
  /** Largest error, as a distance along the steepest way of the field. */
  worstMm: number;
}

/**
 * Holds a volume that was resampled with consent against the linear field: true where two acquired planes lie over and under a point, nothing
 * that looks measured where there is none, and no acquired pixel outside.
 */
export function fieldCheck({ entry, values }: Imported, rendered: Rendered, stack: Stack): FieldCheck {
  const out: FieldCheck = { wrong: [], compared: 0, worstMm: 0 };
  const [nx, ny, nz] = entry.dimensions;
  const { axes, truths, at } = stack;
  const first = truths[0] as Truth;
  const d = entry.directionLps;
  const near = (got: readonly number[], due: readonly number[]) => got.every((v, n) => Math.abs(v - (due[n] as number)) <= 1e-4);
  if (!near(d.slice(0, 3), axes.row) || !near(d.slice(3, 6), axes.column) || !near(d.slice(6), axes.normal))
    out.wrong.push(`axes ${d} are not those of the planes`);
  if (Math.abs(entry.spacingMm[0] - first.columnSpacingMm) > 1e-3 || Math.abs(entry.spacingMm[1] - first.rowSpacingMm) > 1e-3)
    out.wrong.push(`in-plane spacing ${entry.spacingMm}`);
  // Both ends stay planes, so the wished spacing gives way a little.
  if (entry.spacingMm[2] > 1.3 * stack.gaps.max) out.wrong.push(`slices ${entry.spacingMm[2]} mm apart, coarser than any gap`);
  if (!entry.resampled) out.wrong.push('not marked as resampled');
  if (
    entry.slicePositionsMm.length !== at.length ||
    entry.slicePositionsMm.some(
      (v, n) => Math.abs(v - (entry.slicePositionsMm[0] as number) - ((at[n] as number) - (at[0] as number))) > 2e-3,
    )
  )
    out.wrong.push('true positions were not kept');
  const spacing = entry.spacingMm;
  for (const t of truths)
    for (const [i, j] of [
      [0, 0],
      [first.picture.columns - 1, first.picture.rows - 1],
    ] as const) {
      // biome-ignore format: one line
      const from = pixelPoint(t, i, j).map((v, n) => v - (entry.originLps[n] as number));
      const index = [dot(from, axes.row) / spacing[0], dot(from, axes.column) / spacing[1], dot(from, axes.normal) / spacing[2]];
      const room = [0.05 / spacing[0] + 0.01, 0.05 / spacing[1] + 0.01, 0.06 / spacing[2] + 0.01];
      if (index.some((v, n) => v < -(room[n] as number) || v > (entry.dimensions[n] as number) - 1 + (room[n] as number)))
        out.wrong.push(`an acquired pixel lies outside the volume at ${index.map((v) => v.toFixed(2))}`);
    }
  const lowest = Math.min(...truths.map(({ real }) => real.reduce((a, b) => Math.min(a, b))));
  const steep = Math.hypot(...rendered.field.gradient);
  const noise = 0.5 * Math.max(...truths.map(({ picture }) => Math.abs(picture.slope ?? 1))) + 0.51;
  let below = 0;
  const marginMm = 0.001;
  for (let k = 0; k < nz; k++)
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        const point = voxelPoint(entry, i, j, k);
        const height = dot(point, axes.normal);
        while (below > 0 && (at[below] as number) > height) below--;
        while (below < at.length - 2 && (at[below + 1] as number) <= height) below++;
        // How far inside each of the two planes the point lies; negative outside.
        const inside = [truths[below] as Truth, truths[below + 1] as Truth].map((t) => {
          const from = point.map((v, n) => v - (t.position[n] as number));
          const u = dot(from, axes.row);
          const v = dot(from, axes.column);
          return Math.min(u, v, (first.picture.columns - 1) * t.columnSpacingMm - u, (first.picture.rows - 1) * t.rowSpacingMm - v);
        }) as [number, number];
        const got = values[(k * ny + j) * nx + i] as number;
        const within = height >= (at[0] as number) - 1e-6 && height <= (at[at.length - 1] as number) + 1e-6;
        if (within && inside[0] > worstMm + marginMm && inside[1] > worstMm + marginMm) {
          out.compared++;
          const error = Math.abs(got - fieldValue(rendered.field, stack.phase, point));
          out.worstMm = Math.max(out.worstMm, (error - noise) / steep);
        } else if (inside[0] < -1.02 * spacing[0] - 1.02 * spacing[1] && inside[1] < -1.02 * spacing[0] - 1.02 * spacing[1]) {
          if (got > lowest + 1 && out.wrong.length === 0) out.wrong.push(`${got} where nothing was acquired`);
        }
      }
  // Slices may lie beside their line by as much as goes unsaid; the planes then answer for one another.
  if (!(out.worstMm <= worstMm * 1.25)) out.wrong.push(`values lie ${out.worstMm.toFixed(3)} mm from their true places`);
  return out;
}
