import { lpsToIndex, type Triple, type VolumeGeometry } from '../volume/geometry.ts';
import { cross } from '../volume/stack.ts';
import { type BitGrid, emptyBits } from './bits.ts';
import { dot, indexFrame } from './brush-frame.ts';
import { loopMask, NoLoop } from './loop-mask.ts';

/** Contours of one plane: of one slice of the grid (`slice`), or of a plane that is none. */
interface Group {
  slice: string | null;
  normalLps: Triple;
  loopsLps: Triple[][];
}

/** Points that lie so close to a slice of the grid, or to one plane, lie on it: what files round to. */
const flatMm = 0.05;
/** Normals are those of the grid when they are turned from it by no more than this (its cosine is one less). */
const turnedBy = 1e-4;

const minus = (a: Triple, b: Triple): Triple => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
const onto = (p: Triple, normal: Triple, offset: number): Triple => p.map((v, n) => v + normal[n] * (offset - dot(p, normal))) as Triple;

/** Unit normal of the plane through the points of a loop that span it most; null where they lie on one line. */
function planeNormal(loop: readonly Triple[]): Triple | null {
  const far = loop.reduce((best, p) => (Math.hypot(...minus(p, loop[0])) > Math.hypot(...minus(best, loop[0])) ? p : best));
  const along = minus(far, loop[0]);
  let widest: Triple = [0, 0, 0];
  for (const p of loop) {
    const span = cross(along, minus(p, loop[0]));
    if (Math.hypot(...span) > Math.hypot(...widest)) widest = span;
  }
  const size = Math.hypot(...widest);
  return size > 1e-9 * dot(along, along) ? (widest.map((v) => v / size) as Triple) : null;
}

/**
 * Closed contours filled (9.1), each on the slice that it lies on: of several on one slice, what is inside of an odd number of them, so that
 * holes may be contours of their own or be joined to their outline by a doubled line (PS3.3 C.8.8.6.3); what different slices give is put
 * together. A contour within 0.05 mm of a plane of the grid's voxel centres, or between two such planes and parallel to them, is of the
 * nearest slice of the grid (midway: of the one higher in index); any other is filled on its own plane, as `loopMask` does.
 * @param contoursLps closed by themselves, LPS mm
 * @param normalLps of all their planes; null: the points say
 * @returns a mask of the whole grid; a contour whose points lie on one line encloses nothing
 * @throws NoLoop on fewer than three points, points that are not finite or that leave their plane by more than 0.05 mm; RangeError on a normal
 * without length, or a grid without volume
 * Cost: as `loopMask` for the rows of each slice that has contours: some 0.1 ms a slice.
 */
export function contoursMask(
  geometry: VolumeGeometry,
  contoursLps: readonly (readonly Triple[])[],
  normalLps: Triple | null = null,
): BitGrid {
  const frame = indexFrame(geometry);
  const size = normalLps === null ? 1 : Math.hypot(...normalLps);
  if (!(size > 0 && Number.isFinite(size))) throw new RangeError('a normal has a length');
  const given = normalLps && (normalLps.map((v) => v / size) as Triple);
  const normals = [2, 1, 0].map((axis) => {
    const across = cross(frame.steps[(axis + 1) % 3], frame.steps[(axis + 2) % 3]);
    return { axis, normal: across.map((v) => v / Math.hypot(...across)) as Triple };
  });
  const groups: Group[] = [];
  const add = (slice: string | null, normal: Triple, loop: Triple[]): void => {
    const flat = (group: Group): boolean =>
      Math.abs(dot(group.normalLps, normal)) > 1 - 1e-9 &&
      loop.every((p) => Math.abs(dot(minus(p, group.loopsLps[0][0]), group.normalLps)) <= flatMm);
    const group = groups.find((one) => (slice === null ? one.slice === null && flat(one) : one.slice === slice));
    if (group) group.loopsLps.push(loop);
    else groups.push({ slice, normalLps: normal, loopsLps: [loop] });
  };
  for (const contour of contoursLps) {
    if (contour.length < 3) throw new NoLoop(`a contour has three points or more, not ${contour.length}`);
    if (!contour.every((p) => p.every(Number.isFinite))) throw new NoLoop('a point of the contour is no point');
    const own = given ?? planeNormal(contour);
    if (own === null) continue;
    const spread = (normal: Triple): number => {
      const offsets = contour.map((p) => dot(p, normal));
      return offsets.reduce((most, v) => Math.max(most, v)) - offsets.reduce((least, v) => Math.min(least, v));
    };
    // The first of equals is k's: files draw on the slices that were acquired.
    const [on] = normals
      .map(({ axis, normal }) => ({ axis, normal, mm: spread(normal) }))
      .filter(({ normal, mm }) => mm <= 2 * flatMm && (given === null || Math.abs(dot(given, normal)) > 1 - turnedBy))
      .sort((a, b) => a.mm - b.mm);
    if (!on) add(null, own, [...contour]);
    else {
      const { axis, normal } = on;
      const middle = contour.reduce((sum, p) => sum + dot(p, normal), 0) / contour.length;
      const loop = contour.map((p) => onto(p, normal, middle));
      const slice = Math.round(lpsToIndex(geometry, ...loop[0])[axis]);
      const there = dot(geometry.originLps, normal) + slice * dot(frame.steps[axis], normal);
      add(
        `${axis} ${slice}`,
        normal,
        loop.map((p) => onto(p, normal, there)),
      );
    }
  }
  const mask = emptyBits(geometry.dimensions);
  for (const { loopsLps, normalLps: normal } of groups)
    loopMask(geometry, { loopsLps, normalLps: normal, depth: 'slice', eyeLps: null }, mask);
  return mask;
}
