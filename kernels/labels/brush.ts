import { lpsToIndex, type Triple, type VolumeGeometry } from '../volume/geometry.ts';
import { circleSlab, dot, flat, indexFrame, reachOf, walkCells } from './brush-frame.ts';

export interface BrushSegment {
  /** 0 and 1, i fastest; changed in place. */
  mask: Uint8Array;
  geometry: VolumeGeometry;
  /** HU of the same grid for the gate; null where there is none. */
  values: Int16Array | Float32Array | null;
  fromLps: Triple;
  toLps: Triple;
  diameterMm: number;
  shape: 'sphere' | 'circle';
  /** Unit normal of the plane that the stroke is drawn on; only a circle looks at it. */
  planeNormalLps: Triple;
  /** Inclusive HU range that may change; null: everything may. */
  gateHu: readonly [number, number] | null;
  /** Only where this mask is 1 voxels change; null and absent: everywhere. */
  only?: Uint8Array | null;
  /** Where one of these masks is 1 nothing changes. */
  never?: readonly Uint8Array[];
  value: 0 | 1;
  /** Receives the index of every voxel that changed, once each. */
  changed: { push(index: number): unknown };
}

/** What one segment did: voxels that changed, and voxels that would have changed had gate and masks let them. */
export interface BrushCounts {
  changed: number;
  blocked: number;
}

/**
 * What a brush does to one voxel, with the counts of it. Throws RangeError on a diameter that is not positive, points that are not finite,
 * and arrays that do not fit.
 */
export function brushTouch(brush: BrushSegment): { touch(index: number): void; counts: BrushCounts } {
  const { mask, geometry: g, values, gateHu, value, only = null, never = [] } = brush;
  const [nx, ny, nz] = g.dimensions;
  const radius = brush.diameterMm / 2;
  if (!(radius > 0 && Number.isFinite(radius))) throw new RangeError(`a brush of ${brush.diameterMm} mm`);
  if (![...brush.fromLps, ...brush.toLps].every(Number.isFinite)) throw new RangeError('the stroke leaves space');
  if (mask.length !== nx * ny * nz || (values && values.length !== mask.length)) throw new RangeError('mask and grid do not fit');
  if ([...never, ...(only ? [only] : [])].some((m) => m.length !== mask.length)) throw new RangeError('masks do not fit the grid');
  if (gateHu && !values) throw new RangeError('a gated brush needs the values of the volume');
  const low = gateHu ? gateHu[0] : 0;
  const high = gateHu ? gateHu[1] : 0;
  const counts = { changed: 0, blocked: 0 };
  const touch = (index: number): void => {
    if (mask[index] === value) return;
    let free = !gateHu || (values![index] >= low && values![index] <= high);
    if (only !== null && only[index] === 0) free = false;
    for (let n = 0; free && n < never.length; n++) free = never[n][index] === 0;
    if (!free) {
      counts.blocked++;
      return;
    }
    mask[index] = value;
    brush.changed.push(index);
    counts.changed++;
  };
  return { touch, counts };
}

/**
 * Draws one segment of a brush stroke. A sphere sets the voxels whose centre lies within half the diameter of the segment. A circle does
 * so measured within the plane through `fromLps` (`toLps` is brought onto it), for centres within half a voxel extent of that plane: one layer on a plane of the grid.
 * The voxels that the segment itself passes through are always set, so that a brush smaller than a voxel draws a line without gaps.
 * Segments of one path may be drawn one by one: together they set what the whole path would.
 * @returns voxels that changed, and voxels that would have changed had gate and masks let them
 * @throws RangeError on a diameter that is not positive, points that are not finite, arrays that do not fit, or a grid without volume
 * Cost: the rows of the segment's bounding box (each is cut once: what it covers of a row is one piece) and the voxels set.
 */
export function paintSegment(brush: BrushSegment): BrushCounts {
  const { geometry: g, fromLps, toLps } = brush;
  const { touch, counts } = brushTouch(brush);
  const [nx, ny] = g.dimensions;
  const radius = brush.diameterMm / 2;
  const frame = indexFrame(g);
  const slab = brush.shape === 'circle' ? circleSlab(frame, fromLps, brush.planeNormalLps) : null;
  const along: Triple = [toLps[0] - fromLps[0], toLps[1] - fromLps[1], toLps[2] - fromLps[2]];
  if (slab) for (let n = 0, lift = dot(along, slab.normal); n < 3; n++) along[n] -= lift * slab.normal[n];
  const lengthSquared = dot(along, along);
  // The tolerance makes centres exactly on the rim belong, however the path was split.
  const reach = radius * radius * (1 + 1e-9);

  const a = lpsToIndex(g, ...fromLps);
  const b = lpsToIndex(g, fromLps[0] + along[0], fromLps[1] + along[1], fromLps[2] + along[2]);
  const lowest = [0, 0, 0];
  const highest = [0, 0, 0];
  const margin = reachOf(frame, radius, slab);
  for (let n = 0; n < 3; n++) {
    lowest[n] = Math.max(0, Math.ceil(Math.min(a[n], b[n]) - margin[n]));
    highest[n] = Math.min(g.dimensions[n] - 1, Math.floor(Math.max(a[n], b[n]) + margin[n]));
  }
  const [si, sj, sk] = frame.steps;
  // Row by row: what the shape, which is convex, covers of a row is one piece. The quadratics find it, the exact test settles its ends.
  const step: Triple = slab ? flat(si, slab.normal) : si;
  for (let k = lowest[2]; k <= highest[2]; k++) {
    for (let j = lowest[1]; j <= highest[1]; j++) {
      const x0 = g.originLps[0] - fromLps[0] + j * sj[0] + k * sk[0];
      const y0 = g.originLps[1] - fromLps[1] + j * sj[1] + k * sk[1];
      const z0 = g.originLps[2] - fromLps[2] + j * sj[2] + k * sk[2];
      const base: Triple = slab ? flat([x0, y0, z0], slab.normal) : [x0, y0, z0];
      const piece = capsuleOnRow(base, step, along, lengthSquared, reach);
      if (!piece) continue;
      const inside = (i: number): boolean => {
        let x = x0 + i * si[0];
        let y = y0 + i * si[1];
        let z = z0 + i * si[2];
        if (slab) {
          const [p, q, r] = slab.normal;
          const off = x * p + y * q + z * r;
          if (off <= slab.tolerance - slab.half || off > slab.half + slab.tolerance) return false;
          x -= off * p;
          y -= off * q;
          z -= off * r;
        }
        if (lengthSquared > 0) {
          const t = Math.min(1, Math.max(0, (x * along[0] + y * along[1] + z * along[2]) / lengthSquared));
          x -= t * along[0];
          y -= t * along[1];
          z -= t * along[2];
        }
        return x * x + y * y + z * z <= reach;
      };
      // Half a voxel more to each side than the quadratics say: rounding there is far below it.
      let first = Math.max(lowest[0], Math.ceil(piece[0] - 0.5));
      let last = Math.min(highest[0], Math.floor(piece[1] + 0.5));
      while (first <= last && !inside(first)) first++;
      while (last > first && !inside(last)) last--;
      const row = (k * ny + j) * nx;
      for (let i = first; i <= last; i++) touch(row + i);
    }
  }
  walkCells(a, b, g.dimensions, touch);
  return counts;
}

/**
 * Where the line base + t*step comes within sqrt(reach) of the segment from 0 to `along`: the first and last t, or null. It is the hull of
 * what the two end balls and the cylinder between them cover.
 */
function capsuleOnRow(base: Triple, step: Triple, along: Triple, lengthSquared: number, reach: number): [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  const take = (a: number, b: number, c: number, from: number, to: number): void => {
    // a t² + 2 b t + c <= 0; a row that does not move (a = 0) is inside everywhere or nowhere.
    if (a < 1e-18) {
      if (c > 0) return;
      low = Math.min(low, from);
      high = Math.max(high, to);
      return;
    }
    const root = b * b - a * c;
    if (root < -1e-12 * b * b) return;
    const half = Math.sqrt(Math.max(0, root));
    const first = Math.max(from, (-b - half) / a);
    const last = Math.min(to, (-b + half) / a);
    if (first > last) return;
    low = Math.min(low, first);
    high = Math.max(high, last);
  };
  const everywhere = 1e9;
  const a = dot(step, step);
  const b = dot(base, step);
  const c = dot(base, base) - reach;
  take(a, b, c, -everywhere, everywhere);
  if (lengthSquared > 0) {
    const end: Triple = [base[0] - along[0], base[1] - along[1], base[2] - along[2]];
    take(a, dot(end, step), dot(end, end) - reach, -everywhere, everywhere);
    const p = dot(base, along);
    const q = dot(step, along);
    let from = -everywhere;
    let to = everywhere;
    if (Math.abs(q) > 1e-12) {
      from = Math.min(-p / q, (lengthSquared - p) / q);
      to = Math.max(-p / q, (lengthSquared - p) / q);
    }
    if (Math.abs(q) > 1e-12 || (p >= 0 && p <= lengthSquared))
      take(a - (q * q) / lengthSquared, b - (p * q) / lengthSquared, c - (p * p) / lengthSquared, from, to);
  }
  return low <= high ? [low, high] : null;
}
