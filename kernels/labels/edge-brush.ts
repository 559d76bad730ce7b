import { lpsToIndex, type Triple } from '../volume/geometry.ts';
import { type BrushCounts, type BrushSegment, brushTouch } from './brush.ts';
import { circleSlab, dot, indexFrame, reachOf, walkCells } from './brush-frame.ts';

export interface EdgeBrushSegment extends BrushSegment {
  values: Int16Array | Float32Array;
  /** How far a voxel's value may lie from that of the voxel under the pointer. */
  edgeHu: number;
}

/** Kept between calls, so that a stroke allocates nothing for a dab. */
let room = new Uint8Array(0);
let stack = new Int32Array(0);

/**
 * Draws one segment of an edge-aware stroke: at stations along it the voxels of the brush's footprint (ball, or disc of the plane's slab)
 * that are joined, face to face inside of the footprint, to the voxel under the pointer by voxels whose values differ from that one's by at
 * most `edgeHu`. Stations lie half the radius apart at most, so that what they draw has no gaps; the voxels that the path passes
 * through are always taken, each being the middle of its own edge.
 * @returns voxels that changed, and voxels that would have changed had gate and masks let them
 * @throws RangeError on what `paintSegment` throws for, and on a tolerance that is no number of 0 or more
 * Cost: stations times the voxels of a footprint; nothing is allocated after the first of its size.
 */
export function paintEdgeSegment(brush: EdgeBrushSegment): BrushCounts {
  const { geometry: g, fromLps, toLps, edgeHu } = brush;
  if (!(edgeHu >= 0)) throw new RangeError(`an edge of ${edgeHu}`);
  const { touch, counts } = brushTouch(brush);
  const frame = indexFrame(g);
  const normal = brush.shape === 'circle' ? circleSlab(frame, fromLps, brush.planeNormalLps).normal : null;
  const along: Triple = [toLps[0] - fromLps[0], toLps[1] - fromLps[1], toLps[2] - fromLps[2]];
  if (normal) for (let n = 0, lift = dot(along, normal); n < 3; n++) along[n] -= lift * normal[n];
  const stations = stationsOf(brush, along);
  for (let n = stations === 0 ? 0 : 1; n <= stations; n++) {
    const t = stations === 0 ? 0 : n / stations;
    dab(brush, [fromLps[0] + t * along[0], fromLps[1] + t * along[1], fromLps[2] + t * along[2]], touch);
  }
  const a = lpsToIndex(g, ...fromLps);
  const b = lpsToIndex(g, fromLps[0] + along[0], fromLps[1] + along[1], fromLps[2] + along[2]);
  walkCells(a, b, g.dimensions, touch);
  return counts;
}

/** Steps of a segment after its start, which the segment before it has drawn; 0: it is a single dab. */
export function stationsOf({ geometry: g, diameterMm }: EdgeBrushSegment, along: Triple): number {
  const most = Math.max(Math.min(...g.spacingMm), diameterMm / 4);
  return Math.ceil(Math.hypot(...along) / most);
}

/** One dab: marks what of the footprint lies within the tolerance, in a box of its own, then floods from the middle. */
function dab(brush: EdgeBrushSegment, centreLps: Triple, touch: (index: number) => void): void {
  const { geometry: g, values, edgeHu } = brush;
  const [nx, ny] = g.dimensions;
  const at = lpsToIndex(g, ...centreLps);
  const seed = at.map((v) => Math.floor(v + 0.5)) as Triple;
  if (seed.some((v, n) => v < 0 || v >= g.dimensions[n])) return;
  const value = values[(seed[2] * ny + seed[1]) * nx + seed[0]];
  const frame = indexFrame(g);
  const slab = brush.shape === 'circle' ? circleSlab(frame, centreLps, brush.planeNormalLps) : null;
  const radius = brush.diameterMm / 2;
  const reach = radius * radius * (1 + 1e-9);
  const low = [0, 0, 0];
  const side = [0, 0, 0];
  const wide = reachOf(frame, radius, slab);
  for (let n = 0; n < 3; n++) {
    low[n] = Math.max(0, Math.min(seed[n], Math.ceil(at[n] - wide[n])));
    side[n] = Math.min(g.dimensions[n] - 1, Math.max(seed[n], Math.floor(at[n] + wide[n]))) - low[n] + 1;
  }
  const [sx, sy, sz] = side;
  // A rim of zeros all round, so that the flood asks for no bounds.
  const across = sx + 2;
  const layer = across * (sy + 2);
  const size = layer * (sz + 2);
  if (room.length < size) {
    room = new Uint8Array(size);
    stack = new Int32Array(size);
  } else room.fill(0, 0, size);
  const [si, sj, sk] = frame.steps;
  const [p, q, r] = slab ? slab.normal : [0, 0, 0];
  const rowStep = dot(si, si);
  for (let k = 0; k < sz; k++)
    for (let j = 0; j < sy; j++) {
      const x0 = g.originLps[0] - centreLps[0] + low[0] * si[0] + (j + low[1]) * sj[0] + (k + low[2]) * sk[0];
      const y0 = g.originLps[1] - centreLps[1] + low[0] * si[1] + (j + low[1]) * sj[1] + (k + low[2]) * sk[1];
      const z0 = g.originLps[2] - centreLps[2] + low[0] * si[2] + (j + low[1]) * sj[2] + (k + low[2]) * sk[2];
      const row = ((k + low[2]) * ny + j + low[1]) * nx + low[0];
      const place = (k + 1) * layer + (j + 1) * across + 1;
      // The row's nearest approach to the middle: a row that passes it by is left out whole.
      const bend = (x0 * si[0] + y0 * si[1] + z0 * si[2]) / rowStep;
      const nearest = slab ? 0 : x0 * x0 + y0 * y0 + z0 * z0 - bend * bend * rowStep;
      if (nearest > reach * (1 + 1e-6)) continue;
      const chord = slab ? sx : Math.sqrt(Math.max(0, reach - nearest) / rowStep) + 1;
      const first = slab ? 0 : Math.max(0, Math.floor(-bend - chord));
      const end = slab ? sx : Math.min(sx, Math.ceil(-bend + chord) + 1);
      for (let i = first; i < end; i++) {
        const x = x0 + i * si[0];
        const y = y0 + i * si[1];
        const z = z0 + i * si[2];
        let far = x * x + y * y + z * z;
        if (slab) {
          const off = x * p + y * q + z * r;
          if (off <= slab.tolerance - slab.half || off > slab.half + slab.tolerance) continue;
          far -= off * off;
        }
        if (far <= reach && Math.abs(values[row + i] - value) <= edgeHu) room[place + i] = 1;
      }
    }
  const start = (seed[2] - low[2] + 1) * layer + (seed[1] - low[1] + 1) * across + (seed[0] - low[0] + 1);
  room[start] = 2;
  let held = 0;
  stack[held++] = start;
  while (held > 0) {
    const here = stack[--held];
    const k = (here / layer) | 0;
    const rest = here - k * layer;
    const j = (rest / across) | 0;
    touch(((k - 1 + low[2]) * ny + j - 1 + low[1]) * nx + (rest - j * across) - 1 + low[0]);
    if (room[here - 1] === 1) {
      room[here - 1] = 2;
      stack[held++] = here - 1;
    }
    if (room[here + 1] === 1) {
      room[here + 1] = 2;
      stack[held++] = here + 1;
    }
    if (room[here - across] === 1) {
      room[here - across] = 2;
      stack[held++] = here - across;
    }
    if (room[here + across] === 1) {
      room[here + across] = 2;
      stack[held++] = here + across;
    }
    if (room[here - layer] === 1) {
      room[here - layer] = 2;
      stack[held++] = here - layer;
    }
    if (room[here + layer] === 1) {
      room[here + layer] = 2;
      stack[held++] = here + layer;
    }
  }
}
