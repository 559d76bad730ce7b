import type { ObjectKind } from '../../../contract/object-files.ts';
import { contoursOfSlice } from '../../../kernels/labels/contours-of.ts';
import { lpsToIndex, type Triple, type VolumeGeometry } from '../../../kernels/volume/geometry.ts';
import type { ObjectInput, ObjectSegment } from './object-input.ts';

/** Kinds that hold markups, and what such a file says of a segment without its outlines. */
const stillSaid: Partial<Record<ObjectKind, string>> = {
  rtstruct: 'the segment itself is in the file',
  sr: 'the report measures the segment itself and draws it; its voxels are exact in DICOM SEG',
  aim: 'the file holds the volume of the segment; its shape is exact in DICOM SEG and RTSTRUCT',
};

const keyOf = (pointsLps: readonly Triple[]): string => pointsLps.map((point) => point.map((mm) => mm.toFixed(4)).join()).join(';');

/** The slice of the grid, on one of its axes, whose voxel faces an outline follows; null: it lies on none. */
function sliceOf(grid: VolumeGeometry, pointsLps: readonly Triple[]): { axis: 0 | 1 | 2; index: number } | null {
  const at = pointsLps.map((point) => lpsToIndex(grid, ...point));
  for (const axis of [2, 0, 1] as const) {
    const index = Math.round(at[0]?.[axis] ?? -1);
    if (index >= 0 && index < grid.dimensions[axis] && at.every((one) => Math.abs(one[axis] - index) < 1e-3)) return { axis, index };
  }
  return null;
}

/** The ids of markups that are contours of the mask as it stands. */
function repeatedOf(input: ObjectInput, { bits, trackingId }: ObjectSegment, tick: () => void): Set<string> {
  const outlines = new Map<string, Set<string>>();
  const repeated = new Set<string>();
  for (const { id, kind, segment, pointsLps } of input.markups) {
    if (kind !== 'polygon' || segment !== trackingId) continue;
    const slice = sliceOf(input.series, pointsLps);
    if (!slice) continue;
    const { axis, index } = slice;
    const where = `${axis} ${index}`;
    let known = outlines.get(where);
    if (!known) {
      tick();
      known = new Set(contoursOfSlice(bits, input.series, axis, index).map(keyOf));
      outlines.set(where, known);
    }
    if (known.has(keyOf(pointsLps))) repeated.add(id);
  }
  return repeated;
}

/**
 * P-export: the input without the outlines that repeat what the mask of a segment of the same file says, which `contours` makes by the
 * thousand. Which those are is told by their points: a polygon that speaks of the segment and is, point for point, a contour of its mask as
 * it stands. One that was changed, or whose mask was changed since, says something of its own and stays; so do all where their segment is
 * not in the file. Before de-identification, which gives segments other ids.
 * Cost: a pass over each slice that has such outlines.
 */
export function withoutRepeatedOutlines(input: ObjectInput, tick: () => void): { input: ObjectInput; findings: string[] } {
  const instead = stillSaid[input.kind];
  if (instead === undefined) return { input, findings: [] };
  const left = new Set<string>();
  const findings: string[] = [];
  for (const segment of input.segments) {
    const ids = repeatedOf(input, segment, tick);
    for (const id of ids) left.add(id);
    if (ids.size > 0)
      findings.push(
        `${ids.size === 1 ? `1 outline of ${segment.name} was` : `${ids.size} outlines of ${segment.name} were`} left out: ${instead}.`,
      );
  }
  return { input: { ...input, markups: input.markups.filter(({ id }) => !left.has(id)) }, findings };
}
