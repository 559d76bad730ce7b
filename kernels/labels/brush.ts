import { lpsToIndex, type Triple, type VolumeGeometry } from '../volume/geometry.ts';

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
  value: 0 | 1;
  /** Receives the index of every voxel that changed, once each. */
  changed: { push(index: number): unknown };
}

const dot = (a: Triple, b: Triple): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const minus = (a: Triple, b: Triple): Triple => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/**
 * Draws one segment of a brush stroke. A sphere sets the voxels whose centre lies within half the diameter of the segment. A circle does
 * so measured within the plane through `fromLps` (`toLps` is brought onto it), for centres within half a voxel extent of that plane: one layer on a plane of the grid.
 * The voxels that the segment itself passes through are always set, so that a brush smaller than a voxel draws a line without gaps.
 * Segments of one path may be drawn one by one: together they set what the whole path would.
 * @returns voxels that changed, and voxels that would have changed had the gate let them
 * @throws RangeError on a diameter that is not positive, points that are not finite, arrays that do not fit, or a grid without volume
 * Cost: the voxels of the segment's bounding box; nothing is allocated for a voxel.
 */
export function paintSegment(brush: BrushSegment): { changed: number; blocked: number } {
  const { mask, geometry: g, values, fromLps, toLps, gateHu, value } = brush;
  const [nx, ny, nz] = g.dimensions;
  const radius = brush.diameterMm / 2;
  if (!(radius > 0 && Number.isFinite(radius))) throw new RangeError(`a brush of ${brush.diameterMm} mm`);
  if (![...fromLps, ...toLps].every(Number.isFinite)) throw new RangeError('the stroke leaves space');
  if (mask.length !== nx * ny * nz || (values && values.length !== mask.length)) throw new RangeError('mask and grid do not fit');
  if (gateHu && !values) throw new RangeError('a gated brush needs the values of the volume');
  const low = gateHu ? gateHu[0] : 0;
  const high = gateHu ? gateHu[1] : 0;
  let changed = 0;
  let blocked = 0;
  const touch = (index: number): void => {
    if (mask[index] === value) return;
    if (gateHu && !(values![index] >= low && values![index] <= high)) {
      blocked++;
      return;
    }
    mask[index] = value;
    brush.changed.push(index);
    changed++;
  };

  const frame = indexFrame(g);
  const slab = brush.shape === 'circle' ? layer(frame, fromLps, brush.planeNormalLps) : null;
  const along = minus(toLps, fromLps);
  if (slab) for (let n = 0, lift = dot(along, slab.normal); n < 3; n++) along[n] -= lift * slab.normal[n];
  const lengthSquared = dot(along, along);
  // The tolerance makes centres exactly on the rim belong, however the path was split.
  const reach = radius * radius * (1 + 1e-9);

  const a = lpsToIndex(g, ...fromLps);
  const b = lpsToIndex(g, fromLps[0] + along[0], fromLps[1] + along[1], fromLps[2] + along[2]);
  const lowest = [0, 0, 0];
  const highest = [0, 0, 0];
  for (let n = 0; n < 3; n++) {
    const margin =
      radius * Math.hypot(...frame.gradients[n]) + (slab ? slab.half * Math.abs(dot(frame.gradients[n], slab.normal)) : 0) + 1e-6;
    lowest[n] = Math.max(0, Math.ceil(Math.min(a[n], b[n]) - margin));
    highest[n] = Math.min(g.dimensions[n] - 1, Math.floor(Math.max(a[n], b[n]) + margin));
  }
  const [si, sj, sk] = frame.steps;
  for (let k = lowest[2]; k <= highest[2]; k++) {
    for (let j = lowest[1]; j <= highest[1]; j++) {
      for (let i = lowest[0]; i <= highest[0]; i++) {
        let x = g.originLps[0] - fromLps[0] + i * si[0] + j * sj[0] + k * sk[0];
        let y = g.originLps[1] - fromLps[1] + i * si[1] + j * sj[1] + k * sk[1];
        let z = g.originLps[2] - fromLps[2] + i * si[2] + j * sj[2] + k * sk[2];
        if (slab) {
          const [p, q, r] = slab.normal;
          const off = x * p + y * q + z * r;
          if (off <= slab.tolerance - slab.half || off > slab.half + slab.tolerance) continue;
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
        if (x * x + y * y + z * z <= reach) touch((k * ny + j) * nx + i);
      }
    }
  }
  walkCells(a, b, g.dimensions, touch);
  return { changed, blocked };
}

interface IndexFrame {
  /** One voxel's step along i, j, k in mm. */
  steps: [Triple, Triple, Triple];
  /** How fast i, j, k grow per mm. */
  gradients: [Triple, Triple, Triple];
}

function indexFrame(g: VolumeGeometry): IndexFrame {
  const [sx, sy, sz] = g.spacingMm;
  const d = g.directionLps;
  const [ox, oy, oz] = g.originLps;
  const x = lpsToIndex(g, ox + 1, oy, oz);
  const y = lpsToIndex(g, ox, oy + 1, oz);
  const z = lpsToIndex(g, ox, oy, oz + 1);
  return {
    steps: [
      [d[0] * sx, d[1] * sx, d[2] * sx],
      [d[3] * sy, d[4] * sy, d[5] * sy],
      [d[6] * sz, d[7] * sz, d[8] * sz],
    ],
    gradients: [
      [x[0], y[0], z[0]],
      [x[1], y[1], z[1]],
      [x[2], y[2], z[2]],
    ],
  };
}

/**
 * The slab of centres that a circle may set. Open below and closed above, so that a plane midway between two layers takes one of them;
 * the normal is turned along the grid, so that it is the layer in which `walkCells` rounds.
 */
function layer(frame: IndexFrame, fromLps: Triple, planeNormalLps: Triple): { normal: Triple; half: number; tolerance: number } {
  const size = Math.hypot(...planeNormalLps);
  if (!(size > 0 && Number.isFinite(size))) throw new RangeError('a circle needs the normal of its plane');
  const lean = frame.steps.map((step) => dot(step, planeNormalLps) / size);
  const steepest = lean.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
  const scale = Math.sign(steepest) / size;
  const half = lean.reduce((sum, value) => sum + Math.abs(value), 0) / 2;
  const tolerance = 1e-9 * (half + Math.hypot(...fromLps));
  return { normal: [planeNormalLps[0] * scale, planeNormalLps[1] * scale, planeNormalLps[2] * scale], half, tolerance };
}

/** Visits every cell (the voxel nearest by index) that the segment a-b passes through, both ends included. */
function walkCells(a: Triple, b: Triple, dimensions: Triple, visit: (index: number) => void): void {
  const [nx, ny, nz] = dimensions;
  const cuts = [0, 1];
  for (let n = 0; n < 3; n++) {
    const delta = b[n] - a[n];
    if (delta === 0) continue;
    // Faces between cells lie at half indices; those outside the grid are of no interest.
    const first = Math.max(-1, Math.floor(Math.min(a[n], b[n]))) + 0.5;
    const last = Math.min(dimensions[n], Math.max(a[n], b[n]));
    for (let face = first; face <= last; face++) {
      const t = (face - a[n]) / delta;
      if (t > 0 && t < 1) cuts.push(t);
    }
  }
  cuts.sort((s, t) => s - t);
  const cellAt = (t: number): void => {
    const i = Math.floor(a[0] + t * (b[0] - a[0]) + 0.5);
    const j = Math.floor(a[1] + t * (b[1] - a[1]) + 0.5);
    const k = Math.floor(a[2] + t * (b[2] - a[2]) + 0.5);
    if (i >= 0 && j >= 0 && k >= 0 && i < nx && j < ny && k < nz) visit((k * ny + j) * nx + i);
  };
  cellAt(0);
  for (let n = 1; n < cuts.length; n++) cellAt((cuts[n - 1] + cuts[n]) / 2);
  cellAt(1);
}
